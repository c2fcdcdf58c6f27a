package sandbox_test

import (
	"fmt"
	"sync"
	"testing"
)

// TestConcurrentStorage is for the race detector, and for locks that wait for
// each other: the APIs use the storage, and the storage the state.
func TestConcurrentStorage(t *testing.T) {
	d := newStorageDepot(t)
	c, api, ctl := d.caller(owner, "eu-central-3"), as(t, d.Sandbox, owner), anonymous(t, d.Sandbox)
	c.want(200, "", "PUT", "/box", "")
	c.want(200, "", "PUT", "/box?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for i := range 20 {
				c.do("PUT", fmt.Sprintf("/box/%d", i), "x")
				c.do("GET", "/box?versions", "")
				c.do("DELETE", fmt.Sprintf("/box/%d", i), "")
				c.do("PUT", fmt.Sprintf("/box-%d", n), "")
				ctl.do("POST", "/_sandbox/buckets/box", `{"grant":["`+member+`"]}`)
				api.do("DELETE", "/accesskeys/"+unknownID, "")
				key := api.do("POST", "/accesskeys", "")
				api.do("DELETE", "/accesskeys/"+key.str("id"), "")
			}
		})
	}
	all.Wait()
	if got := len(elements(c.want(200, "", "GET", "/box?versions", "").body, "Version")); got != 160 {
		t.Errorf("%d versions, want 160", got)
	}
	if got := len(c.bucketsOf()); got != 9 {
		t.Errorf("%d buckets, want 9", got)
	}
}
