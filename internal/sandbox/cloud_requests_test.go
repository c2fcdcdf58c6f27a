package sandbox_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

func TestRequests(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	c, mine := as(t, s, owner), as(t, s, member)
	user := c.want(202, "POST", cloud+"/um/users", newUser)
	clk.advance(time.Minute)
	key := mine.want(200, "POST", s3keys(idOf(t, s, member)), "").str("id")
	toggled := mine.want(202, "PUT", s3keys(idOf(t, s, member), key), `{"properties":{"active":false}}`)
	id := strings.TrimSuffix(strings.TrimPrefix(toggled.header.Get("Location"), "http://example.com"+cloud+"/requests/"), "/status")

	t.Run("one", func(t *testing.T) {
		a := mine.want(200, "GET", cloud+"/requests/"+id, "")
		if a.str("type") != "request" || a.str("properties", "method") != "PUT" || a.str("properties", "body") != `{"properties":{"active":false}}` ||
			!strings.HasSuffix(a.str("properties", "url"), key) || a.str("metadata", "createdBy") != member ||
			a.str("metadata", "requestStatus", "metadata", "status") != "QUEUED" {
			t.Errorf("%s", a.text)
		}
		status := mine.want(200, "GET", cloud+"/requests/"+id+"/status", "")
		if status.str("type") != "request-status" || status.str("metadata", "targets", 0, "target", "type") != "s3key" ||
			status.str("metadata", "targets", 0, "target", "id") != key || status.str("metadata", "targets", 0, "status") != "QUEUED" {
			t.Errorf("%s", status.text)
		}
	})
	t.Run("no secrets", func(t *testing.T) {
		list := c.want(200, "GET", cloud+"/requests?depth=1", "").text
		if strings.Contains(list, "secret1") || strings.Contains(list, "Bearer") {
			t.Error("a password or token is kept")
		}
	})
	t.Run("whose", func(t *testing.T) {
		for who, want := range map[string]int{owner: 3, admin: 3, member: 2, full: 0} {
			if a := as(t, s, who).want(200, "GET", cloud+"/requests", ""); len(a.items()) != want {
				t.Errorf("%s sees %d", who, len(a.items()))
			}
		}
		other := strings.TrimPrefix(user.header.Get("Location"), "http://example.com")
		mine.want(404, "GET", other, "")
		mine.want(404, "GET", strings.TrimSuffix(other, "/status"), "")
	})
	t.Run("filters", func(t *testing.T) {
		for query, want := range map[string]int{
			"filter.method=POST": 2, "filter.status=DONE": 1, "filter.requestStatus=QUEUED": 2, "filter.createdBy=" + owner: 1,
			"filter.createdAfter=" + url.QueryEscape("2026-03-01 12:00:30"): 2, "filter.createdBefore=2026-03-01T12:00:30Z": 1,
			"filter.body=nothing": 0, "filter.createdDate=2026-03-01T12:00:00Z": 1, "orderBy=method&limit=2": 2,
		} {
			if a := c.want(200, "GET", cloud+"/requests?"+query, ""); len(a.items()) != want {
				t.Errorf("%s: %d, want %d", query, len(a.items()), want)
			}
		}
		c.want(400, "GET", cloud+"/requests?filter.createdAfter=yesterday", "")
		c.want(400, "GET", cloud+"/requests?limit=1001", "")
		if a := c.want(200, "GET", cloud+"/requests", ""); a.at("limit") != 1000.0 || a.at("offset") != 0.0 || a.str("_links", "self") == "" {
			t.Errorf("page %s", a.text)
		}
	})
}

// TestRequestsBound: the oldest go when there are ten thousand.
func TestRequestsBound(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c := as(t, s, owner)
	group := c.want(200, "GET", cloud+"/um/groups", "").str("items", 0, "id")
	first := c.want(202, "DELETE", cloud+"/um/groups/"+group+"/users/"+idOf(t, s, guest), "").header.Get("Location")
	path := cloud + "/um/groups/" + group + "/users/" + idOf(t, s, guest)
	for range 10_000 {
		c.want(202, "DELETE", path, "")
	}
	c.want(404, "GET", strings.TrimPrefix(first, "http://example.com"), "")
	if a := c.want(200, "GET", cloud+"/requests?offset=9000", ""); a.at("_links", "next") != nil {
		t.Error("more requests are kept than ten thousand")
	}
}
