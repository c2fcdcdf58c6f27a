package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestAnAPIThatHangs holds up what needs it, each page for the time of one call
// and no longer, and nothing else.
func TestAnAPIThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b, other := c.signIn(full), c.signIn("owner@keydeck.example")
		c.fault(`{"path":"/accesskeys","delay":"1h","times":1000}`)
		began := time.Now()
		var all sync.WaitGroup
		for range 8 {
			tab := b.clone()
			all.Go(func() {
				page := tab.get(keysPage)
				if took := time.Since(began); page.status != http.StatusOK || took > 20*time.Second || page.doc(t).Count("tbody tr") != 5 {
					t.Errorf("the list: %d after %v", page.status, took)
				}
			})
		}
		synctest.Wait()
		if page := other.get("/users"); page.status != http.StatusOK || time.Since(began) > time.Second {
			t.Errorf("a page that does not need it: %d after %v", page.status, time.Since(began))
		}
		all.Wait()
	})
}

// TestAllAPIsHang: the page that says so comes before anybody gives up on it.
func TestAllAPIsHang(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn(full)
		key := b.key("CI artifacts")
		id := b.requestID()
		c.fault(`{"path":"/","delay":"1h","times":1000}`)
		for name, ask := range map[string]func() answer{
			"list":     func() answer { return b.get(keysPage) },
			"copy key": func() answer { return b.get(keysPage + "/" + key) },
			"generate": func() answer { return b.post(keysPage, url.Values{"request_id": {id}}) },
			"delete":   func() answer { return b.post(keysPage+"/"+key+"/delete", url.Values{"confirm": {key[len(key)-4:]}}) },
			"sign in": func() answer {
				return c.browser().post("/sign-in", url.Values{"email": {full}, "password": {"sandbox"}})
			},
		} {
			began := time.Now()
			answer := ask()
			if took := time.Since(began); answer.status != http.StatusGatewayTimeout || took > 30*time.Second {
				t.Errorf("%s: %d after %v", name, answer.status, took)
			}
			if text := answer.doc(t).Text("main"); !strings.Contains(text, "too long") {
				t.Errorf("%s: %s", name, text)
			}
		}
	})
}

// TestCookiesOfAllKinds get as far as the sign-in, and nowhere else.
func TestCookiesOfAllKinds(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	gone := b.clone()
	if answer := b.post("/sign-out", nil); answer.status != http.StatusSeeOther {
		t.Fatalf("signing out: %d", answer.status)
	}
	b = c.signIn("member@keydeck.example")
	live := b.cookies["__Host-keydeck"].Value
	tests := map[string]string{
		"of a session that is gone": gone.cookies["__Host-keydeck"].Value,
		"empty":                     "",
		"no dot":                    strings.Replace(live, ".", "", 1),
		"another secret":            live[:len(live)-1] + map[bool]string{true: "b", false: "a"}[strings.HasSuffix(live, "a")],
		"upper case":                strings.ToUpper(live),
		"longer":                    live + "a",
		"shorter":                   live[:40],
		"quoted":                    `"` + live + `"x`,
		"bytes":                     "\x01\xff\xfe",
		"a path":                    "../../session/" + live,
		"very long":                 strings.Repeat("a", 30<<10),
	}
	for name, value := range tests {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			r := httptest.NewRequest(method, keysPage, nil)
			r.Header["Cookie"] = []string{"__Host-keydeck=" + value, "keydeck-said=\x00\"; a=b; ==;;"}
			if answer := c.browser().do(r); answer.status != http.StatusSeeOther || !strings.HasPrefix(answer.header.Get("Location"), "/sign-in") {
				t.Errorf("%s: %s gets %d to %q", name, method, answer.status, answer.header.Get("Location"))
			}
		}
	}
	if answer := b.get(keysPage); answer.status != http.StatusOK {
		t.Errorf("the real one: %d", answer.status)
	}
}

// TestAClockThatJumps costs sessions and forms, but no key and no page: whoever
// signs in then goes on, in either direction.
func TestAClockThatJumps(t *testing.T) {
	t.Parallel()
	for name, jump := range map[string]time.Duration{
		"a year ahead": 365 * 24 * time.Hour, "an hour ahead": time.Hour, "a minute back": -time.Minute, "a day back": -24 * time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn("member@keydeck.example")
			form := url.Values{"request_id": {b.requestID()}}
			address := b.generate("before")
			c.clock.Advance(jump)
			if answer := b.get(keysPage); answer.status != http.StatusOK && answer.status != http.StatusSeeOther {
				t.Errorf("the session of before gets %d", answer.status)
			}
			if answer := b.post(keysPage, form); answer.status != http.StatusSeeOther && answer.status != http.StatusUnprocessableEntity {
				t.Errorf("the form of before gets %d", answer.status)
			}
			again := c.signIn("member@keydeck.example")
			if text := again.row(address[strings.LastIndex(address, "/")+1:]); !strings.Contains(text, "before") {
				t.Errorf("the list says %q", text)
			}
			if made := again.generate("after"); made == address {
				t.Error("no other key was made")
			}
			c.clock.Advance(-jump)
			if answer := c.signIn("member@keydeck.example").get(keysPage); answer.status != http.StatusOK {
				t.Errorf("when the clock is right again: %d", answer.status)
			}
		})
	}
}
