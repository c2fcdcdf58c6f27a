package sandbox_test

import (
	"net/http"
	"testing"
)

// TestStorageFaults: the fault controls reach the storage where they say so.
func TestStorageFaults(t *testing.T) {
	d := newStorageDepot(t)
	c, ctl := d.caller(member, "de"), anonymous(t, d.Sandbox)
	for _, tt := range []struct {
		fault, code string
		status      int
	}{
		{`{"path":"/","storage":true,"status":503,"code":"SlowDown","headers":{"Retry-After":"1"}}`, "SlowDown", 503},
		{`{"path":"/","storage":true,"status":503}`, "ServiceUnavailable", 503},
		{`{"path":"/","storage":true,"status":500,"work":true}`, "InternalError", 500},
	} {
		ctl.want(200, "POST", faults, tt.fault)
		as(t, d.Sandbox, member).want(200, "GET", "/regions", "") // none of it is for the APIs
		c.want(tt.status, tt.code, "PUT", "/box", "")
	}
	c.want(409, "BucketAlreadyOwnedByYou", "PUT", "/box", "") // by the one with work
	ctl.want(400, "POST", faults, `{"path":"/","status":503,"code":"SlowDown"}`)
	for when, status := range map[string]int{"before": 404, "after": 200} {
		ctl.want(200, "POST", faults, `{"path":"/box/`+when+`","storage":true,"drop":"`+when+`"}`)
		r := d.signed(http.MethodPut, "/box/"+when, nil, d.clock.Now(), c.key, c.secret)
		if response, err := plainClient.Do(r); err == nil {
			_ = response.Body.Close()
			t.Errorf("drop %s: answered %d", when, response.StatusCode)
		}
		if a := c.do("GET", "/box/"+when, ""); a.status != status {
			t.Errorf("after a drop %s: %d", when, a.status)
		}
	}
}
