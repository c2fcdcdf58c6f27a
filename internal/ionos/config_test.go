package ionos_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
)

func TestNewAddresses(t *testing.T) {
	t.Parallel()
	good := ionos.Config{ManagementURL: "https://s3.ionos.com", CloudURL: "https://api.ionos.com/cloudapi/v6/", AuthURL: "http://[::1]:9000/auth/v1"}
	if _, err := ionos.New(good); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{
		"", "s3.ionos.com", "/path", "ftp://a", "https://", "https://:80", "https://user:" + canary + "@a", "https://a?b=c",
		"https://a?", "https://a#b", "https://a#", "https://a/{x}", "https://a b", "https://%zz" + canary,
	} {
		for name, set := range map[string]func(*ionos.Config){
			"Management": func(c *ionos.Config) { c.ManagementURL = address },
			"Cloud":      func(c *ionos.Config) { c.CloudURL = address },
			"Auth":       func(c *ionos.Config) { c.AuthURL = address },
		} {
			cfg := good
			set(&cfg)
			_, err := ionos.New(cfg)
			if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), canary) {
				t.Errorf("%s at %q: got error %v", name, address, err)
			}
		}
	}
}

// TestConfigObserve: every request sent is told of, by its route's pattern alone.
func TestConfigObserve(t *testing.T) {
	t.Parallel()
	type seen struct {
		API, Operation string
		Status         int
	}
	var got []seen
	p := playWith(t, ionos.Config{UserAgent: "keydeck/test", Observe: func(api, operation string, status int, _ time.Duration) {
		got = append(got, seen{api, operation, status})
	}}, says(503, "no"), breaks, answer(200, "{}"), says(409, "no"), says(401, "no"))
	_, _ = p.UserKeyPair(t.Context(), userID, accessKey)
	_, _ = p.RenewOwnKey(t.Context(), resourceID)
	_ = p.client.Revoke(t.Context(), keys.Access{Token: token()}, requestID)
	want := []seen{
		{"cloud", "GET /um/users/{id}/s3keys/{key}", 503},
		{"cloud", "GET /um/users/{id}/s3keys/{key}", 0},
		{"cloud", "GET /um/users/{id}/s3keys/{key}", 200},
		{"management", "PUT /accesskeys/{id}/renew", 409},
		{"auth", "DELETE /tokens/{id}", 401},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, sent := range p.sent {
		if agent := sent.header.Get("User-Agent"); agent != "keydeck/test" {
			t.Errorf("sent as %q", agent)
		}
	}
}
