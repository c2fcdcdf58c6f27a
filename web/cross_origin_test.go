package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"keydeck/web"
)

// TestSameOrigin: a browser without Sec-Fetch-Site is decided by its Origin, and
// one with neither by its Referer.
func TestSameOrigin(t *testing.T) {
	t.Parallel()
	const own, public = "http://127.0.0.1:8080", "https://keys.example.com"
	tests := []struct {
		name    string
		headers []header
		refused bool
		public  bool // with a public address
	}{
		{"own, fetch metadata", []header{{"Sec-Fetch-Site", "same-origin"}}, false, false},
		{"typed in", []header{{"Sec-Fetch-Site", "none"}}, false, false},
		{"foreign, fetch metadata", []header{{"Sec-Fetch-Site", "cross-site"}}, true, false},
		{"sibling, fetch metadata", []header{{"Sec-Fetch-Site", "same-site"}}, true, false},
		{"own form, no-referrer", []header{{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}}, false, false},
		{"foreign with our referer", []header{{"Sec-Fetch-Site", "cross-site"}, {"Referer", own + "/sign-in"}}, true, false},
		{"own origin", []header{{"Origin", own}}, false, false},
		{"foreign origin", []header{{"Origin", "https://elsewhere.example"}}, true, false},
		{"foreign origin with our referer", []header{{"Origin", "https://elsewhere.example"}, {"Referer", own + "/"}}, true, false},
		{"another port", []header{{"Origin", "http://127.0.0.1:8081"}}, true, false},
		{"opaque origin", []header{{"Origin", "null"}}, true, false},
		{"opaque origin with our referer", []header{{"Origin", "null"}, {"Referer", own + "/"}}, true, false},
		{"own referer", []header{{"Referer", own + "/sign-in?next=x"}}, false, false},
		{"foreign referer", []header{{"Referer", "https://elsewhere.example/" + own}}, true, false},
		{"referer with our name as a user", []header{{"Referer", "http://127.0.0.1:8080@elsewhere.example/"}}, true, false},
		{"referer of another port", []header{{"Referer", "http://127.0.0.1:8081/"}}, true, false},
		{"referer without a host", []header{{"Referer", "about:blank"}}, true, false},
		{"unreadable referer", []header{{"Referer", "http://[::1"}}, true, false},
		{"nothing", nil, false, false},
		{"public origin", []header{{"Origin", public}}, false, true},
		{"public referer", []header{{"Referer", public + "/sign-in"}}, false, true},
		{"another's referer", []header{{"Referer", "https://keys.example.com.elsewhere.example/"}}, true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t, func(cfg *web.Config) {
				if test.public {
					cfg.PublicURL = public
				}
			})
			for _, address := range []string{"/sign-in", "/sign-out", keysPage, "/account/preferences"} {
				r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(url.Values{"email": {""}}.Encode()))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				answer := c.browser().do(r, test.headers...)
				refused := answer.status == http.StatusForbidden && strings.Contains(answer.body, "another site")
				if refused != test.refused {
					t.Errorf("%s: %d", address, answer.status)
				}
			}
		})
	}
}
