package sandbox_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keydeck/internal/sandbox"
)

func TestFilter(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Users: 60})
	c := as(t, s, owner)
	users := func(query string) []string {
		t.Helper()
		a := c.want(200, "GET", cloud+"/um/users?depth=1&"+query, "")
		found := []string{}
		for i := range a.items() {
			found = append(found, a.str("items", i, "properties", "email"))
		}
		return found
	}
	for name, tt := range map[string]struct {
		query string
		want  []string
	}{
		"e-mail":         {"filter.email=" + member, []string{member}},
		"in capitals":    {"filter.email=" + strings.ToUpper(member), []string{member}},
		"of none":        {"filter.email=nobody@keydeck.example", []string{}},
		"part of one":    {"filter.email=member", []string{}},
		"two filters":    {"filter.administrator=true&filter.firstname=Tomasz", []string{admin}},
		"two that clash": {"filter.administrator=false&filter.firstname=Tomasz", []string{}},
		"twice the same": {"filter.firstname=Tomasz&filter.firstname=Ingrid", []string{}},
		"a boolean":      {"filter.secAuthActive=true&maxResults=1", []string{twofa}},
		"then a page":    {"filter.administrator=true&orderBy=email&offset=1&limit=1", []string{owner}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := users(tt.query); !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
	for _, spelt := range []string{"orderBy", "order-by"} {
		t.Run(spelt, func(t *testing.T) {
			if got := users(spelt + "=email"); len(got) != 60 || !slices.IsSorted(got) {
				t.Errorf("%d users, not in order", len(got))
			}
		})
	}
	t.Run("unknown properties", func(t *testing.T) {
		for _, path := range []string{"/um/users", "/um/groups", "/contracts", "/requests", "/um/resources", "/um/users/" + idOf(t, s, full) + "/s3keys"} {
			c.want(422, "GET", cloud+path+"?filter.shoesize=44", "")
			c.want(422, "GET", cloud+path+"?orderBy=shoesize", "")
			c.want(400, "GET", cloud+path+"?maxResults=-1", "")
		}
	})
}

func TestFilterOfOtherCollections(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c := as(t, s, owner)
	groups := c.want(200, "GET", cloud+"/um/groups?filter.s3Privilege=true&orderBy=name", "")
	if len(groups.items()) != 2 {
		t.Errorf("%d groups with the privilege", len(groups.items()))
	}
	group := c.want(200, "GET", cloud+"/um/groups?filter.name="+url.QueryEscape("Storage Team"), "").str("items", 0, "id")
	if a := c.want(200, "GET", cloud+"/um/groups/"+group+"/users?filter.email="+member, ""); len(a.items()) != 1 {
		t.Errorf("%d members", len(a.items()))
	}
	if a := c.want(200, "GET", cloud+"/um/groups/"+group+"/users?offset=1&limit=2", ""); len(a.items()) != 2 || a.at("limit") != nil {
		t.Errorf("a page of members: %s", a.text)
	}
	if a := c.want(200, "GET", s3keys(idOf(t, s, full))+"?filter.active=false", ""); len(a.items()) != 1 {
		t.Errorf("%d inactive keys", len(a.items()))
	}
	if a := c.want(200, "GET", cloud+"/contracts?filter.contractNumber="+strconv.Itoa(31718824), ""); len(a.items()) != 1 {
		t.Errorf("%d contracts", len(a.items()))
	}
}

// TestBasic: the Cloud API takes a password, but not that of a user with two
// factors, and needs a contract's number of one who has several.
func TestBasic(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	for name, tt := range map[string]struct {
		email, password, contract string
		status                    int
	}{
		"right":                 {member, "sandbox", "", 200},
		"wrong":                 {member, "Sandbox", "", 401},
		"two factors":           {twofa, "sandbox", "", 401},
		"several contracts":     {multi, "sandbox", "", 403},
		"with one named":        {multi, "sandbox", "32045117", 200},
		"another's contract":    {member, "sandbox", "32045117", 403},
		"no number of contract": {member, "sandbox", "many", 403},
	} {
		t.Run(name, func(t *testing.T) {
			c := withPassword(t, s, tt.email, tt.password)
			var headers []string
			if tt.contract != "" {
				headers = []string{"X-Contract-Number", tt.contract}
			}
			c.want(tt.status, "GET", cloud+"/contracts", "", headers...)
			c.want(401, "GET", "/accesskeys", "") // tokens only
			c.want(401, "GET", "/regions", "")
		})
	}
	withPassword(t, s, owner, "sandbox").want(200, "POST", s3keys(idOf(t, s, member)), "")
}

func TestContracts(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	for _, query := range []string{"", "?depth=0", "?depth=1", "?depth=10"} {
		a := as(t, s, member).want(200, "GET", cloud+"/contracts"+query, "")
		item, _ := a.at("items", 0).(map[string]any)
		if item["id"] != nil || item["href"] != nil || a.str("items", 0, "type") != "contract" {
			t.Errorf("%s: the item %v", query, item)
		}
		p, _ := a.at("items", 0, "properties").(map[string]any)
		if p["contractNumber"] != 31718824.0 || p["owner"] != owner || p["status"] != "BILLABLE" || p["regDomain"] != "ionos.de" {
			t.Errorf("%s: the properties %v", query, p)
		}
		limits, _ := p["resourceLimits"].(map[string]any)
		if _, is := limits["coresPerServer"].(float64); !is || len(limits) != 25 {
			t.Errorf("%s: %d limits", query, len(limits))
		}
	}
	as(t, s, member).want(400, "GET", cloud+"/contracts?depth=11", "")
	if a := as(t, s, multi).want(200, "GET", cloud+"/contracts", ""); len(a.items()) != 2 {
		t.Errorf("%d contracts of a user of two", len(a.items()))
	}
}
