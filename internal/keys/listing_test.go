package keys

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestJoin(t *testing.T) {
	t.Parallel()
	then := time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)
	got := Merge(
		[]Key{
			{AccessKey: "both", Description: "d", Status: StatusAvailable, Created: then, KnownFrom: Management},
			{AccessKey: "managed", KnownFrom: Management},
		},
		[]Key{
			{AccessKey: "cloudy", Activity: Inactive, KnownFrom: Cloud},
			{AccessKey: "both", Activity: Active, CanonicalUserID: "c", KnownFrom: Cloud},
		},
	)
	want := []Key{
		{AccessKey: "both", Description: "d", Status: StatusAvailable, Activity: Active, Created: then, CanonicalUserID: "c", KnownFrom: Management | Cloud},
		{AccessKey: "managed", KnownFrom: Management},
		{AccessKey: "cloudy", Activity: Inactive, KnownFrom: Cloud},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestListingIsNewestFirst(t *testing.T) {
	t.Parallel()
	day := time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)
	l := NewListing(Owner{Contract: "1", UserID: "u"}, []Key{
		{AccessKey: "ageless"}, {AccessKey: "old", Created: day}, {AccessKey: "b", Created: day.AddDate(0, 0, 1)}, {AccessKey: "a", Created: day.AddDate(0, 0, 1), CanonicalUserID: "c"},
	})
	var order []string
	for _, k := range l.Keys {
		order = append(order, k.AccessKey)
	}
	if diff := cmp.Diff([]string{"a", "b", "old", "ageless"}, order); diff != "" || l.CanonicalUserID != "c" || l.ContractUserID != "1:u" {
		t.Errorf("%s %+v", diff, l)
	}
}

func TestConfirmations(t *testing.T) {
	t.Parallel()
	const key = "key-wxyz"
	tests := []struct {
		name               string
		keys               []Key
		deactivate, remove Confirmation
	}{
		{"alone and active", []Key{{AccessKey: key, Activity: Active}}, ConfirmYes, ConfirmCharacters},
		{"alone and inactive", []Key{{AccessKey: key, Activity: Inactive}}, ConfirmNone, ConfirmCharacters},
		{"one of two active", []Key{{AccessKey: key, Activity: Active}, {AccessKey: "b", Activity: Active}}, ConfirmNone, ConfirmCharacters},
		{"the only active of two", []Key{{AccessKey: key, Activity: Active}, {AccessKey: "b", Activity: Inactive}}, ConfirmYes, ConfirmCharacters},
		{"inactive beside another", []Key{{AccessKey: key, Activity: Inactive}, {AccessKey: "b", Activity: Active}}, ConfirmNone, ConfirmYes},
		{"nobody knows", []Key{{AccessKey: key}, {AccessKey: "b"}}, ConfirmYes, ConfirmCharacters},
		{"the other is being deleted", []Key{{AccessKey: key, Activity: Inactive}, {AccessKey: "b", Activity: Active, Status: StatusDestroying}}, ConfirmNone, ConfirmCharacters},
	}
	for _, tt := range tests {
		l := Listing{Keys: tt.keys}
		if got := l.ToDeactivate(key); got != tt.deactivate {
			t.Errorf("%s: deactivating takes %d", tt.name, got)
		}
		if got := l.ToDelete(key); got != tt.remove {
			t.Errorf("%s: deleting takes %d", tt.name, got)
		}
	}
	for _, tt := range []struct {
		asked   Confirmation
		confirm string
		want    bool
	}{
		{ConfirmNone, "", true},
		{ConfirmYes, "yes", true},
		{ConfirmYes, "", false},
		{ConfirmYes, "YES", false},
		{ConfirmCharacters, "wxyz", true},
		{ConfirmCharacters, "yes", false},
		{ConfirmCharacters, "WXYZ", false},
		{ConfirmCharacters, "", false},
	} {
		if got := tt.asked.Accepts(key, tt.confirm); got != tt.want {
			t.Errorf("%d with %q: %v", tt.asked, tt.confirm, got)
		}
	}
}

// TestBlankDescription: what nothing can be seen of is empty, whoever has set it.
func TestBlankDescription(t *testing.T) {
	t.Parallel()
	for _, blank := range []string{
		"\u200b", "\u2800", "\u2800 \u200b", "\u00a0", "\ufeff", "\u200d", "\u2060", "\u00ad", "\u3164", "\uffa0", "\u115f", "\ufe0f", "\U000e0020",
	} {
		if got, err := CleanDescription(blank); got != "" || err != nil {
			t.Errorf("%q became %q, %v", blank, got, err)
		}
		if got := NormalizeDescription(blank); got != "" {
			t.Errorf("%q became %q", blank, got)
		}
		l := NewListing(Owner{}, []Key{{AccessKey: "key", Description: blank}})
		if got := l.Keys[0].Description; got != "" {
			t.Errorf("in a list %q is %q", blank, got)
		}
	}
	for _, seen := range []string{"a\u200bb", "\u2801", "👩\u200d💻", "é"} {
		if got, err := CleanDescription(seen); got != seen || err != nil {
			t.Errorf("%q became %q, %v", seen, got, err)
		}
	}
}

func TestCleanDescription(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 255)
	for text, want := range map[string]string{"": "", "  backups \t": "backups", "<b>=1+1</b>": "<b>=1+1</b>", long: long, " " + long + "\n": long} {
		if got, err := CleanDescription(text); got != want || err != nil {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	}
	for text, why := range map[string]error{
		long + "x": ErrTooLong, "a\nb": ErrManyLines, "a\rb": ErrManyLines, "a\u2028b": ErrManyLines, "a\u0085b": ErrManyLines,
		"a\x00b": ErrUnseen, "a\x7fb": ErrUnseen, "a\u202eb": ErrUnseen, "a\tb": ErrUnseen, "a\xffb": ErrUnreadable,
	} {
		if got, err := CleanDescription(text); !errors.Is(err, ErrInvalid) || !errors.Is(err, why) || got != "" {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	}
}
