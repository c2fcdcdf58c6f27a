package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// TestAllocations holds what drawing a page takes of the memory allocator, the
// sandbox's part in it included: a twentieth more than was measured with the race
// detector, so that a change that makes pages dearer is noticed by whoever makes it.
func TestAllocations(t *testing.T) {
	c := newConsole(t)
	for path, tt := range map[string]struct {
		as   string
		most float64
	}{
		keysPage:   {full, 2200},
		"/users":   {admin, 3360},
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

// TestOneRound: what a page asks of the APIs it asks at once, so that it waits
// for the slowest call and not for their sum.
func TestOneRound(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		as   string
		path func(*console) string
	}{
		"Key management":      {full, func(*console) string { return keysPage }},
		"Copy key":            {full, func(*console) string { return keysPage + "/" + fullsKey }},
		"Where a key works":   {full, func(*console) string { return keysPage + "/" + fullsKey + "/regions" }},
		"Users":               {admin, func(*console) string { return "/users" }},
		"a user":              {admin, func(c *console) string { return "/users/" + c.userID(full) }},
		"Object Storage Keys": {admin, func(c *console) string { return "/users/" + c.userID(full) + "/object-storage-keys" }},
		"Groups":              {admin, func(*console) string { return "/groups" }},
		"a group":             {admin, func(c *console) string { return "/groups/" + c.groupID("Storage Team") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.signIn(tt.as)
				path := tt.path(c)
				c.asked()
				c.fault(`{"path":"/","delay":"1s","times":20}`)
				began := time.Now()
				answer := b.get(path)
				if took := time.Since(began); answer.status != http.StatusOK || took != time.Second {
					t.Errorf("%d after %v, asking %v", answer.status, took, c.asked())
				}
			})
		})
	}
}
