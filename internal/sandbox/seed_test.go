package sandbox_test

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/sandbox"
)

func TestAccounts(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	keys := map[string]int{owner: 2, admin: 1, member: 0, full: 5, guest: 0, twofa: 1, multi: 1}
	if len(s.Accounts()) != len(keys) {
		t.Fatalf("%d accounts, want %d", len(s.Accounts()), len(keys))
	}
	for _, a := range s.Accounts() {
		if a.Password != "sandbox" || a.Name == "" || a.Note == "" {
			t.Errorf("account %s: %q, %q", a.Email, a.Name, a.Note)
		}
		list := as(t, s, owner).want(200, "GET", s3keys(idOf(t, s, a.Email)), "")
		if len(list.items()) != keys[a.Email] {
			t.Errorf("%s has %d keys, want %d", a.Email, len(list.items()), keys[a.Email])
		}
	}
}

func TestSeededKeys(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	count := func(email string, is func(a answer, i int) bool) int {
		t.Helper()
		n := 0
		a := as(t, s, email).want(200, "GET", "/accesskeys", "")
		for i := range a.items() {
			if a.str("items", i, "metadata", "status") != "AVAILABLE" {
				t.Errorf("a seeded key is %s", a.str("items", i, "metadata", "status"))
			}
			if is(a, i) {
				n++
			}
		}
		return n
	}
	administrative := func(a answer, i int) bool { return a.at("items", i, "metadata", "administrative") == true }
	for email, want := range map[string]int{owner: 2, admin: 1, full: 0, twofa: 0} {
		if n := count(email, administrative); n != want {
			t.Errorf("%s has %d admin keys, want %d", email, n, want)
		}
	}
	hex := regexp.MustCompile(`^[0-9a-f]{20}$`)
	legacy := func(a answer, i int) bool {
		return hex.MatchString(a.str("items", i, "properties", "accessKey")) &&
			a.str("items", i, "metadata", "createdDate")[:4] == "2023" &&
			fmt.Sprint(a.at("items", i, "metadata", "supportedRegions")) == "[de eu-central-2 eu-south-2]"
	}
	if n := count(full, legacy); n != 1 {
		t.Errorf("%d keys from 2023, want 1", n)
	}
	const another = "user00009@keydeck.example"
	if keys := as(t, s, owner).want(200, "GET", s3keys(idOf(t, s, another)), ""); !hex.MatchString(keys.str("items", 0, "id")) {
		t.Errorf("%s has no old key", another)
	}
}

// TestSameAtEveryStart compares everything that an owner can read.
func TestSameAtEveryStart(t *testing.T) {
	read := func() map[string]string {
		s := newSandbox(t, sandbox.Config{Users: 60, Now: newClock().Now})
		c := as(t, s, owner)
		all := map[string]string{}
		users := c.want(200, "GET", cloud+"/um/users?depth=1", "")
		for _, path := range []string{cloud + "/um/users?depth=3", cloud + "/um/groups?depth=1", "/accesskeys", "/regions"} {
			all[path] = c.want(200, "GET", path, "").text
		}
		for i := range users.items() {
			path := s3keys(users.str("items", i, "id")) + "?depth=1"
			all[path] = c.want(200, "GET", path, "").text
		}
		return all
	}
	if !cmp.Equal(read(), read()) { // a diff would print secrets
		t.Error("two starts differ")
	}
}

func TestTenThousandUsers(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	s := newSandbox(t, sandbox.Config{Users: 10_000})
	took := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("%s, %d KB", took, (after.HeapAlloc-before.HeapAlloc)/1024)
	if took > 2*time.Second { // far from what is normal, for a machine under load and -race
		t.Errorf("seeding took %s", took)
	}
	c := as(t, s, owner)
	with, inactive, admins := 0, 0, 0
	for offset := 0; offset < 10_000; offset += 100 {
		a := c.want(200, "GET", fmt.Sprintf("%s/um/users?depth=1&offset=%d", cloud, offset), "")
		if len(a.items()) != 100 {
			t.Fatalf("%d users at %d", len(a.items()), offset)
		}
		for i := range a.items() {
			p := func(name string) any { return a.at("items", i, "properties", name) }
			if p("s3CanonicalUserId") != nil {
				with++
			}
			if p("active") == false {
				inactive++
			}
			if p("administrator") == true {
				admins++
			}
		}
	}
	t.Logf("with keys %d, inactive %d, administrators %d", with, inactive, admins)
	if with < 1000 || inactive < 100 || admins < 50 {
		t.Errorf("with keys %d, inactive %d, administrators %d", with, inactive, admins)
	}
	if next := c.want(200, "GET", cloud+"/um/users?offset=9900", "").at("_links", "next"); next != nil {
		t.Errorf("next after the last page: %v", next)
	}
}

// TestRandomness: what is made at run time comes from Config.Random alone.
func TestRandomness(t *testing.T) {
	made := func() string {
		s := newSandbox(t, sandbox.Config{Now: newClock().Now, Random: strings.NewReader(strings.Repeat("seed of a chaos run ", 50))})
		return as(t, s, member).want(201, "POST", "/accesskeys", "").text
	}
	if first, second := made(), made(); first != second {
		t.Error("the same randomness made two different keys")
	}
}

func TestConfig(t *testing.T) {
	if _, err := sandbox.New(sandbox.Config{Users: -1}); err == nil {
		t.Error("a negative number of users was taken")
	}
}
