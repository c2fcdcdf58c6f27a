package web_test

import (
	"strings"
	"testing"
	"time"
)

func TestWhereAKeyWorks(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	for description, want := range map[string][]string{
		"Legacy NAS":   {"Frankfurt", "s3.eu-central-1.ionoscloud.com", "Logroño", "user-owned buckets only"},
		"CI artifacts": {"Lenexa", "s3.us-central-1.ionoscloud.com", "contract-owned", "all buckets"},
	} {
		page := b.get(keysPage + "/" + b.key(description) + "/regions").doc(t)
		for _, words := range want {
			if !strings.Contains(page.Text("main"), words) {
				t.Errorf("%s: does not say %q: %s", description, words, page.Text("main"))
			}
		}
		if description == "Legacy NAS" && strings.Contains(page.Text("main"), "contract-owned") {
			t.Errorf("%s: %s", description, page.Text("main"))
		}
	}
}

// TestRegionsAreReadOnce an hour, and an old catalogue is better than none.
func TestRegionsAreReadOnce(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	address := keysPage + "/" + b.key("CI artifacts") + "/regions"
	c.fault(`{"path":"/regions","times":9,"status":500}`)
	if page := b.get(address).doc(t).Text("main"); !strings.Contains(page, "endpoints are not known") || !strings.Contains(page, "us-central-1") {
		t.Errorf("without the catalogue: %s", page)
	}
	c.control("DELETE", "faults", "")
	b.get(address)
	c.asked()
	b.get(address)
	if asked := c.asked(); count(asked, "GET /regions") != 0 {
		t.Errorf("asked %v", asked)
	}
	for range 4 {
		c.clock.Advance(20 * time.Minute)
		b.get(keysPage)
	}
	c.asked()
	c.fault(`{"path":"/regions","times":9,"status":500}`)
	if page := b.get(address).doc(t).Text("main"); !strings.Contains(page, "s3.us-central-1.ionoscloud.com") {
		t.Errorf("with an old catalogue: %s", page)
	}
}
