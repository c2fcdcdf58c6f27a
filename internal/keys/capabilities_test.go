package keys

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCapabilities(t *testing.T) {
	t.Parallel()
	const both = Management | Cloud
	all := Capabilities{Copy: true, Toggle: true, Describe: true, Renew: true, Rotate: true, Delete: true}
	for name, tt := range map[string]struct {
		list Listing
		key  Key
		want Capabilities
	}{
		"available":    {Listing{}, Key{ResourceID: "r", Status: StatusAvailable, Activity: Active, KnownFrom: both}, all},
		"inactive":     {Listing{}, Key{ResourceID: "r", Status: StatusAvailable, Activity: Inactive, KnownFrom: both}, all},
		"being made":   {Listing{}, Key{ResourceID: "r", Status: StatusProvisioning, Activity: Active, KnownFrom: both}, Capabilities{Copy: true, Delete: true}},
		"just made":    {Listing{}, Key{ResourceID: "r", Status: StatusProvisioning, KnownFrom: Management}, Capabilities{Copy: true, Delete: true}},
		"being gone":   {Listing{}, Key{ResourceID: "r", Status: StatusDestroying, Activity: Active, KnownFrom: both}, Capabilities{}},
		"failed":       {Listing{}, Key{ResourceID: "r", Status: StatusFailed, Activity: Active, KnownFrom: both}, Capabilities{Delete: true}},
		"no privilege": {Listing{NoPrivilege: true}, Key{Activity: Active, KnownFrom: Cloud}, Capabilities{Copy: true, Toggle: true, Delete: true}},
		"Cloud alone knows it": {
			Listing{}, Key{Activity: Active, KnownFrom: Cloud},
			Capabilities{Copy: true, Toggle: true, Delete: true},
		},
		"Management alone knows it": {
			Listing{}, Key{ResourceID: "r", Status: StatusAvailable, KnownFrom: Management},
			Capabilities{Describe: true, Renew: true, Rotate: true, Delete: true},
		},
		"Management does not answer": {
			Listing{Missing: Management}, Key{Activity: Active, KnownFrom: Cloud},
			Capabilities{Copy: true, Toggle: true, Delete: true},
		},
		"Cloud does not answer": {
			Listing{Missing: Cloud}, Key{ResourceID: "r", Status: StatusAvailable, KnownFrom: Management},
			Capabilities{Describe: true, Renew: true, Rotate: true, Delete: true},
		},
		"Cloud does not answer, being made": {
			Listing{Missing: Cloud}, Key{ResourceID: "r", Status: StatusProvisioning, KnownFrom: Management},
			Capabilities{Delete: true},
		},
	} {
		if got := tt.list.Capabilities(tt.key); got != tt.want {
			t.Errorf("%s: %s", name, cmp.Diff(tt.want, got))
		}
	}
}

func TestProject(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	active := func(name string) Key { return Key{AccessKey: name, Activity: Active, Status: StatusAvailable} }
	pending := func(name string, desired DesiredState, ago time.Duration) PendingChange {
		return PendingChange{AccessKey: name, Desired: desired, At: now.Add(-ago), Change: Change{RequestID: "taken"}}
	}
	noted := func(a PendingChange) PendingChange { a.Change = Change{}; return a }
	for name, tt := range map[string]struct {
		pending []PendingChange
		want    Confirmation // to deactivate "b"
	}{
		"nothing pending":                      {nil, ConfirmNone},
		"the other one being deactivated":      {[]PendingChange{pending("a", DesiredInactive, time.Second)}, ConfirmYes},
		"the other one being deleted":          {[]PendingChange{pending("a", DesiredDeleted, time.Second)}, ConfirmYes},
		"the other one being activated":        {[]PendingChange{pending("a", DesiredActive, time.Second)}, ConfirmNone},
		"something that is gone":               {[]PendingChange{pending("z", DesiredDeleted, time.Second)}, ConfirmNone},
		"noted, and it may come true":          {[]PendingChange{noted(pending("a", DesiredInactive, 10*time.Second))}, ConfirmYes},
		"noted, and it has not come true":      {[]PendingChange{noted(pending("a", DesiredInactive, 20*time.Second))}, ConfirmNone},
		"too long ago to be counted on":        {[]PendingChange{pending("a", DesiredInactive, time.Hour)}, ConfirmNone},
		"its own, which is known to come true": {[]PendingChange{pending("a", DesiredInactive, time.Second), pending("b", DesiredInactive, time.Second)}, ConfirmNone},
		"its own, which may not come true":     {[]PendingChange{pending("a", DesiredInactive, time.Second), noted(pending("b", DesiredInactive, time.Second))}, ConfirmYes},
		"the last word on the other counts":    {[]PendingChange{pending("a", DesiredActive, time.Minute), pending("a", DesiredInactive, time.Second)}, ConfirmYes},
	} {
		l := Listing{Keys: []Key{active("a"), active("b")}}
		if got := l.Project(tt.pending, now).ToDeactivate("b"); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
		if l.Keys[0].Activity != Active {
			t.Errorf("%s: the list itself was changed", name)
		}
	}
}

func TestConverged(t *testing.T) {
	t.Parallel()
	l := Listing{Keys: []Key{{AccessKey: "on", Activity: Active}, {AccessKey: "off", Activity: Inactive}, {AccessKey: "going", Activity: Active, Status: StatusDestroying}}}
	for _, tt := range []struct {
		key     string
		desired DesiredState
		want    bool
	}{
		{"on", DesiredActive, true}, {"on", DesiredInactive, false}, {"on", DesiredDeleted, false},
		{"off", DesiredActive, false}, {"off", DesiredInactive, true}, {"off", DesiredDeleted, false},
		{"going", DesiredInactive, true}, {"going", DesiredDeleted, true},
		{"gone", DesiredActive, true}, {"gone", DesiredDeleted, true},
	} {
		if got := (PendingChange{AccessKey: tt.key, Desired: tt.desired}).Converged(l); got != tt.want {
			t.Errorf("%s, %v: %v", tt.key, tt.desired, got)
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
		if _, err := CleanDescription(NormalizeDescription(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	if got := NormalizeDescription(" a\nb "); got != "a b" {
		t.Errorf("got %q", got)
	}
}
