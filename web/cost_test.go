package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestAllocations holds what drawing a page takes of the memory allocator, the
// sandbox's part in it included: a tenth more than was measured with the race
// detector, so that a change that makes pages dearer is noticed by whoever makes
// it.
func TestAllocations(t *testing.T) {
	c := newConsole(t)
	for path, tt := range map[string]struct {
		as   string
		most float64
	}{
		keysPage:   {full, 2000},
		"/users":   {admin, 3600},
		"/sign-in": {"", 375},
	} {
		b := c.browser()
		if tt.as != "" {
			b = c.signIn(tt.as)
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080"+path, http.NoBody)
		for _, cookie := range b.cookies {
			r.AddCookie(cookie)
		}
		got := testing.AllocsPerRun(50, func() {
			w := httptest.NewRecorder()
			c.server.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d", path, w.Code)
			}
		})
		if got > tt.most {
			t.Errorf("%s takes %.0f allocations, at most %.0f", path, got, tt.most)
		}
	}
}
