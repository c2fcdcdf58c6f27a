package app

import (
	"io"
	"net/http"
	"net/url"
	"testing"
)

// BenchmarkPages draws pages end to end, over real connections on both sides.
// What asks and the sandbox are part of it: see make bench for what the console
// alone takes.
func BenchmarkPages(b *testing.B) {
	a := newApp(b, testConfig(b))
	start(b, a)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for name, page := range map[string]struct{ as, path string }{
		"keys":    {"full@keydeck.example", "/object-storage/keys"},
		"users":   {"admin@keydeck.example", "/users"},
		"sign-in": {"", "/sign-in"},
	} {
		b.Run(name, func(b *testing.B) {
			var cookies []*http.Cookie
			if page.as != "" {
				response, err := client.PostForm(a.URL()+"/sign-in", url.Values{"email": {page.as}, "password": {"sandbox"}})
				if err != nil {
					b.Fatal(err)
				}
				_ = response.Body.Close()
				cookies = response.Cookies()
			}
			b.ReportAllocs()
			for b.Loop() {
				request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, a.URL()+page.path, http.NoBody)
				if err != nil {
					b.Fatal(err)
				}
				for _, cookie := range cookies {
					request.AddCookie(cookie)
				}
				response, err := client.Do(request)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
					b.Fatal(response.Status, err)
				}
				_ = response.Body.Close()
			}
		})
	}
}
