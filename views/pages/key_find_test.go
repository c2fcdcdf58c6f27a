package pages

import (
	"strings"
	"testing"
	"time"

	"keydeck/internal/keys"
	"keydeck/views/links"
)

func TestFind(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	list := []keys.Key{
		{AccessKey: "CCCC-new", Description: "Büro Backup", Activity: keys.Active, Created: day(3), Admin: true},
		{AccessKey: "BBBB", Description: "web active site", Activity: keys.Inactive, Created: day(2)},
		{AccessKey: "AAAA", Status: keys.StatusFailed, Created: day(1)},
		{AccessKey: "DDDD", Status: keys.StatusProvisioning, Activity: keys.Active},
	}
	for _, tt := range []struct {
		query, sort, want string
	}{
		{"", "", "CCCC-new BBBB AAAA DDDD"},
		{"", "oldest", "AAAA BBBB CCCC-new DDDD"},
		{"", "<b>", "CCCC-new BBBB AAAA DDDD"},
		{"bbbb", "", "BBBB"},
		{"BÜRO", "", "CCCC-new"},
		{"active", "", "CCCC-new BBBB DDDD"}, // BBBB by its description
		{"not active", "", "BBBB"},
		{"inactive", "", "BBBB"},
		{"failed", "", "AAAA"},
		{"being made", "", "DDDD"},
		{"admin key", "", "CCCC-new"},
		{"backup web", "", ""},
		{"site web", "", "BBBB"},
		{"nothing", "", ""},
		{strings.Repeat("x", 9000), "", ""},
		{"\xff\xfe", "", "CCCC-new BBBB AAAA DDDD"},
	} {
		var got []string
		for _, k := range NewKeyFind(tt.query, tt.sort, keys.Listing{Keys: list}).Apply(list) {
			got = append(got, k.AccessKey)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%.20q, %q: %v, want %s", tt.query, tt.sort, got, tt.want)
		}
	}
	if list[0].AccessKey != "CCCC-new" {
		t.Error("the list itself was sorted")
	}
}

func TestSaid(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"activate", "deactivate", "describe", "delete", "rotated", "left"} {
		if Said(what, "key", links.Links{}.Own()) == nil {
			t.Errorf("%s is not told", what)
		}
	}
	if Said("<b>", "key", links.Links{}.Own()) != nil {
		t.Error("anything is told")
	}
}
