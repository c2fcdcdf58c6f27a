package web_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"keydeck/internal/ionos"
	"keydeck/web"
)

// The limits on a page and on the memory that is allocated for it, whatever the
// APIs answer. All that is allocated bounds what is in use at any moment.
const (
	maxPage   = 1 << 20
	maxMemory = 150 << 20
)

// hostile is a transport on which one path of the APIs answers something else.
type hostile struct {
	http.RoundTripper
	list atomic.Pointer[hostileList] // what is read in the background asks too
}

type hostileList struct{ suffix, body string }

func (h *hostile) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := h.RoundTripper.RoundTrip(r)
	if list := h.list.Load(); err == nil && list != nil && r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, list.suffix) {
		response.Body = io.NopCloser(strings.NewReader(list.body))
		response.ContentLength = int64(len(list.body))
		response.Header.Del("Content-Length")
	}
	return response, err
}

// hostileItems are the items of each collection, with %d for their number and %s
// for a text.
var hostileItems = map[string]string{
	"/accesskeys": `{"id":"7b0a3c52-1d0e-4f62-8a43-%012d","metadata":{"createdDate":"2026-01-01T00:00:00Z","status":"AVAILABLE","supportedRegions":["de","eu-central-3"]},"properties":{"accessKey":"%[1]020d","description":"%[2]s","contractUserId":"","secretKey":""}}`,
	"/s3keys":     `{"id":"%020d","properties":{"active":true,"secretKey":"%[2]s"}}`,
	"/um/users":   `{"id":"7b0a3c52-1d0e-4f62-8a43-%012d","properties":{"firstname":"%[2]s","lastname":"%[2]s","email":"%[2]s","active":true},"entities":{"groups":{"items":[]}}}`,
	"/um/groups":  `{"id":"7b0a3c52-1d0e-4f62-8a43-%012d","properties":{"name":"%[2]s","s3Privilege":true}}`,
	"/groups":     `{"id":"7b0a3c52-1d0e-4f62-8a43-%012d","properties":{"name":"%[2]s","s3Privilege":true}}`,
	"/regions":    `{"id":"r%d","properties":{"location":"%[2]s","endpoint":"https://s3.r%[1]d.example"}}`,
}

// hostileBodies are lists that are too long, in several ways.
func hostileBodies(item string) map[string]string {
	bodies := map[string]string{"empty items": `{"items":[` + strings.Repeat("{},", 1_300_000) + `{}]}`}
	for name, shape := range map[string]struct{ items, text int }{
		"1,000 items": {1000, 20}, "20,000 items": {20_000, 20}, "as many as there can be": {100, 250},
		"long texts": {100, 30_000}, "one long text": {1, 3_900_000}, "1,000 long names": {1000, 3000}, "500 long names": {500, 3000},
	} {
		var b strings.Builder
		b.WriteString(`{"id":"x","type":"collection","items":[`)
		for i := range shape.items {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, item, i, strings.Repeat("&", shape.text))
		}
		b.WriteString(`]}`)
		bodies[name] = b.String()
	}
	return bodies
}

// TestHostileLists has each collection of the APIs answer with a list that is too
// long: no page grows past its limit, and no answer takes more memory than its. It
// does not run in parallel, so that no other test allocates.
func TestHostileLists(t *testing.T) {
	transport := &hostile{}
	c := newConsole(t, func(cfg *web.Config) { cfg.Logger = nil })
	transport.RoundTripper = c.wire
	c = c.on(c.serve(c.store, func(cfg *web.Config) {
		client, err := ionos.New(ionos.Config{
			ManagementURL: "http://apis.test", CloudURL: "http://apis.test/cloudapi/v6", AuthURL: "http://apis.test/auth/v1",
			Transport: transport, Now: c.clock.Now,
		})
		if err != nil {
			t.Fatal(err)
		}
		cfg.Auth, cfg.Logger = client, nil
	}))
	b := c.signIn("owner@keydeck.example")
	user, key := c.userID(full), c.keyOf("owner@keydeck.example")
	pages := []string{
		keysPage, keysPage + "/" + key, keysPage + "/" + key + "/regions", keysPage + "/" + key + "/use/rclone", "/users", "/users?q=a", "/users?q=a@example.com",
		"/users/" + user, "/users/" + user + "/object-storage-keys", "/groups", "/groups/" + c.groupID("Storage Team"),
		"/groups/" + c.groupID("Storage Team") + "/onboard",
	}
	longest, most := 0, uint64(0)
	for suffix, item := range hostileItems {
		for name, body := range hostileBodies(item) {
			transport.list.Store(&hostileList{suffix, body})
			for _, page := range pages {
				allocated := allocations()
				answer := b.get(page)
				if took := allocations() - allocated; took > maxMemory {
					t.Errorf("%s, %s of %d bytes: %s takes %d MB", suffix, name, len(body), page, took>>20)
				} else {
					most = max(most, took)
				}
				if len(answer.body) > maxPage || answer.status == http.StatusInternalServerError {
					t.Errorf("%s, %s: %s answers %d with %d bytes", suffix, name, page, answer.status, len(answer.body))
				}
				longest = max(longest, len(answer.body))
			}
		}
	}
	t.Logf("the longest page has %d KB, the most memory that a request took is %d MB", longest>>10, most>>20)
}

// allocations are the bytes that have ever been allocated.
func allocations() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}
