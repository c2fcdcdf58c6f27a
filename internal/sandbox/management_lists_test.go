package sandbox_test

import (
	"testing"

	"keydeck/internal/sandbox"
)

func TestAccessKeyPaging(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c := as(t, s, full)
	for query, want := range map[string]struct {
		status, items int
		prev, next    bool
	}{
		"":                          {200, 5, false, false},
		"offset=0&limit=2":          {200, 2, false, true},
		"offset=2&limit=2":          {200, 2, true, true},
		"offset=4&limit=2":          {200, 1, true, false},
		"offset=9":                  {200, 0, true, false},
		"limit=1000":                {200, 5, false, false},
		"limit=5":                   {200, 5, false, false},
		"filter.accesskeyId=nobody": {200, 0, false, false},
		"limit=0":                   {400, 0, false, false},
		"limit=1001":                {400, 0, false, false},
		"limit=x":                   {400, 0, false, false},
		"limit=":                    {400, 0, false, false},
		"offset=-1":                 {400, 0, false, false},
		"offset=99999999999":        {400, 0, false, false},
	} {
		a := c.want(want.status, "GET", "/accesskeys?"+query, "")
		if len(a.items()) != want.items {
			t.Errorf("%s: %d items, want %d", query, len(a.items()), want.items)
		}
		if got := a.str("_links", "prev") != ""; got != want.prev {
			t.Errorf("%s: prev %v, want %v", query, got, want.prev)
		}
		if got := a.str("_links", "next") != ""; got != want.next {
			t.Errorf("%s: next %v, want %v", query, got, want.next)
		}
	}
	next := c.want(200, "GET", "/accesskeys?limit=2", "").str("_links", "next")
	if a := c.want(200, "GET", next, ""); a.at("offset") != 2.0 || a.at("limit") != 2.0 {
		t.Errorf("next leads to offset %v, limit %v", a.at("offset"), a.at("limit"))
	}
}

func TestRegions(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c := as(t, s, guest)
	list := c.want(200, "GET", "/regions", "")
	if len(list.items()) != 6 {
		t.Fatalf("%d regions, want 6", len(list.items()))
	}
	for i := range list.items() {
		one := c.want(200, "GET", "/regions/"+list.str("items", i, "id"), "")
		if one.str("properties", "endpoint") != list.str("items", i, "properties", "endpoint") {
			t.Errorf("region %s differs from the list's", one.str("id"))
		}
	}
	if got := c.want(200, "GET", "/regions/de", "").str("properties", "endpoint"); got != "s3.eu-central-1.ionoscloud.com" {
		t.Errorf("the endpoint of de is %s", got)
	}
	c.want(404, "GET", "/regions/mars", "")
	c.want(400, "GET", "/regions?limit=0", "")
	anonymous(t, s).want(401, "GET", "/regions", "")
}
