package keys

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOffers(t *testing.T) {
	t.Parallel()
	const both = Management | Cloud
	all := Offers{Copy: true, Toggle: true, Describe: true, Renew: true, Rotate: true, Delete: true}
	for name, tt := range map[string]struct {
		list Listing
		key  Key
		want Offers
	}{
		"available":    {Listing{}, Key{ResourceID: "r", Status: StatusAvailable, Activity: Active, KnownFrom: both}, all},
		"inactive":     {Listing{}, Key{ResourceID: "r", Status: StatusAvailable, Activity: Inactive, KnownFrom: both}, all},
		"being made":   {Listing{}, Key{ResourceID: "r", Status: StatusProvisioning, Activity: Active, KnownFrom: both}, Offers{Copy: true, Delete: true}},
		"just made":    {Listing{}, Key{ResourceID: "r", Status: StatusProvisioning, KnownFrom: Management}, Offers{Copy: true, Delete: true}},
		"being gone":   {Listing{}, Key{ResourceID: "r", Status: StatusDestroying, Activity: Active, KnownFrom: both}, Offers{}},
		"failed":       {Listing{}, Key{ResourceID: "r", Status: StatusFailed, Activity: Active, KnownFrom: both}, Offers{Delete: true}},
		"no privilege": {Listing{NoPrivilege: true}, Key{Activity: Active, KnownFrom: Cloud}, Offers{}},
		"Cloud alone knows it": {
			Listing{}, Key{Activity: Active, KnownFrom: Cloud},
			Offers{Copy: true, Toggle: true, Delete: true},
		},
		"Management alone knows it": {
			Listing{}, Key{ResourceID: "r", Status: StatusAvailable, KnownFrom: Management},
			Offers{Describe: true, Renew: true, Rotate: true, Delete: true},
		},
		"Management does not answer": {
			Listing{Missing: Management}, Key{Activity: Active, KnownFrom: Cloud},
			Offers{Copy: true, Toggle: true, Delete: true},
		},
		"Cloud does not answer": {
			Listing{Missing: Cloud}, Key{ResourceID: "r", Status: StatusAvailable, KnownFrom: Management},
			Offers{Describe: true, Renew: true, Rotate: true, Delete: true},
		},
		"Cloud does not answer, being made": {
			Listing{Missing: Cloud}, Key{ResourceID: "r", Status: StatusProvisioning, KnownFrom: Management},
			Offers{Delete: true},
		},
	} {
		if got := tt.list.Offers(tt.key); got != tt.want {
			t.Errorf("%s: %s", name, cmp.Diff(tt.want, got))
		}
	}
}

func TestExpecting(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	active := func(name string) Key { return Key{AccessKey: name, Activity: Active, Status: StatusAvailable} }
	asked := func(name string, wish Wish, ago time.Duration) Asked {
		return Asked{AccessKey: name, Wish: wish, At: now.Add(-ago), Change: Change{RequestID: "taken"}}
	}
	noted := func(a Asked) Asked { a.Change = Change{}; return a }
	for name, tt := range map[string]struct {
		asked []Asked
		want  Confirmation // to deactivate "b"
	}{
		"nothing asked":                     {nil, ConfirmNone},
		"the other one being deactivated":   {[]Asked{asked("a", WishInactive, time.Second)}, ConfirmYes},
		"the other one being deleted":       {[]Asked{asked("a", WishGone, time.Second)}, ConfirmYes},
		"the other one being activated":     {[]Asked{asked("a", WishActive, time.Second)}, ConfirmNone},
		"something that is gone":            {[]Asked{asked("z", WishGone, time.Second)}, ConfirmNone},
		"noted, and it may come true":       {[]Asked{noted(asked("a", WishInactive, 10*time.Second))}, ConfirmYes},
		"noted, and it has not come true":   {[]Asked{noted(asked("a", WishInactive, 20*time.Second))}, ConfirmNone},
		"too long ago to be counted on":     {[]Asked{asked("a", WishInactive, time.Hour)}, ConfirmNone},
		"the last word on the other counts": {[]Asked{asked("a", WishActive, time.Minute), asked("a", WishInactive, time.Second)}, ConfirmYes},
	} {
		l := Listing{Keys: []Key{active("a"), active("b")}}
		if got := l.Expecting(tt.asked, now).ToDeactivate("b"); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
		if l.Keys[0].Activity != Active {
			t.Errorf("%s: the list itself was changed", name)
		}
	}
}

func TestReached(t *testing.T) {
	t.Parallel()
	l := Listing{Keys: []Key{{AccessKey: "on", Activity: Active}, {AccessKey: "off", Activity: Inactive}, {AccessKey: "going", Activity: Active, Status: StatusDestroying}}}
	for _, tt := range []struct {
		key  string
		wish Wish
		want bool
	}{
		{"on", WishActive, true}, {"on", WishInactive, false}, {"on", WishGone, false},
		{"off", WishActive, false}, {"off", WishInactive, true}, {"off", WishGone, false},
		{"going", WishInactive, true}, {"going", WishGone, true},
		{"gone", WishActive, true}, {"gone", WishGone, true},
	} {
		if got := (Asked{AccessKey: tt.key, Wish: tt.wish}).Reached(l); got != tt.want {
			t.Errorf("%s, %v: %v", tt.key, tt.wish, got)
		}
	}
}

func TestSuccessors(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	l := Listing{Keys: []Key{
		{AccessKey: "old", Description: "backup", Created: at(2)},
		{AccessKey: "older", Description: "backup", Created: at(1)},
		{AccessKey: "newer", Description: "backup", Created: at(3)},
		{AccessKey: "other", Description: "web", Created: at(3)},
		{AccessKey: "failed", Description: "backup", Created: at(3), Status: StatusFailed},
		{AccessKey: "going", Description: "backup", Created: at(3), Status: StatusDestroying},
	}}
	got := l.Successors("old")
	if len(got) != 1 || got[0].AccessKey != "newer" {
		t.Errorf("got %v", got)
	}
	if got := l.Successors("none"); got != nil {
		t.Errorf("of no key: %v", got)
	}
}

// A description that we would refuse does not stand in the way of a rotation.
func TestTidy(t *testing.T) {
	t.Parallel()
	long := ""
	for range 300 {
		long += "ä"
	}
	for _, text := range []string{"backup", " a\nb ", "a\x00b", "\u202eabc", "a\xffb", long, "a\u2028b", ""} {
		if _, err := CleanDescription(tidy(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	if got := tidy(" a\nb "); got != "a b" {
		t.Errorf("got %q", got)
	}
}
