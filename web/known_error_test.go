package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"
)

// TestKnownErrorAtOnce: what is known to fail does not wait for the regions.
func TestKnownErrorAtOnce(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		for _, page := range []string{"", "/key-pair.csv", "/regions", "/use/rclone", "/use/rclone/rclone.conf", "/test"} {
			if (method == http.MethodPost) != (page == "/test") {
				continue
			}
			t.Run(method+page, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c := newConsole(t)
					b := c.signIn("member@keydeck.example")
					c.fault(`{"path":"/regions","times":99,"delay":"1h"}`)
					began := time.Now()
					answer := b.do(form(method, keysPage+"/"+noKey+page, url.Values{"region": {"de"}}))
					if took := time.Since(began); answer.status != http.StatusNotFound || took > time.Second {
						t.Errorf("%d after %v", answer.status, took)
					}
					<-time.After(2 * time.Hour) // for the hanging call to end
				})
			})
		}
	}
}
