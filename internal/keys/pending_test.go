package keys_test

import (
	"testing"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
)

// begin lists, deactivates a key and returns the list from before.
func beginDeactivating(t *testing.T, a apis, owner keys.Owner, fault keystest.Fault) (keys.Listing, keys.PendingChange) {
	t.Helper()
	name := a.Add(owner.UserID, keys.Key{})
	l, err := a.List(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	a.Fail("SetUserKeyActive", fault)
	change, err := a.SetUserKeyActive(t.Context(), owner.UserID, name, false)
	if err != nil {
		t.Fatal(err)
	}
	return l, keys.PendingChange{AccessKey: name, Desired: keys.DesiredInactive, Change: change, At: time.Now()}
}

func pass(d time.Duration) { <-time.After(d) }

func TestRefresh(t *testing.T) {
	t.Parallel()
	refreshCases.run(t)
}

var refreshCases = table{
	"nothing pending": func(t *testing.T, a apis) {
		l, _ := beginDeactivating(t, a, ownKeys, keystest.Fault{})
		if _, progress := a.Refresh(t.Context(), ownKeys, l, nil); len(progress) > 0 || a.Calls("ChangeState") > 0 {
			t.Errorf("progress %v", progress)
		}
	},
	"in progress": func(t *testing.T, a apis) {
		l, p := beginDeactivating(t, a, ownKeys, keystest.Fault{})
		_, progress := a.Refresh(t.Context(), ownKeys, l, []keys.PendingChange{p})
		if got := progress[p.AccessKey]; len(progress) != 1 || got.Failed || got.Desired != keys.DesiredInactive {
			t.Errorf("progress %v", progress)
		}
	},
	"shown by the list": func(t *testing.T, a apis) {
		_, p := beginDeactivating(t, a, ownKeys, keystest.Fault{})
		pass(4 * time.Second)
		l, _ := a.List(t.Context(), ownKeys)
		if _, progress := a.Refresh(t.Context(), ownKeys, l, []keys.PendingChange{p}); len(progress) > 0 || a.Calls("ChangeState") > 0 {
			t.Errorf("progress %v", progress)
		}
	},
	"finished since, the list is read again": func(t *testing.T, a apis) {
		l, p := beginDeactivating(t, a, ownKeys, keystest.Fault{})
		pass(4 * time.Second)
		fresh, progress := a.Refresh(t.Context(), ownKeys, l, []keys.PendingChange{p})
		if k, _ := fresh.Find(p.AccessKey); len(progress) > 0 || k.Activity != keys.Inactive {
			t.Errorf("progress %v, activity %v", progress, k.Activity)
		}
		if k, _ := l.Find(p.AccessKey); k.Activity != keys.Active {
			t.Error("the list itself was changed")
		}
	},
	"finished since, the list cannot be read again": func(t *testing.T, a apis) {
		l, p := beginDeactivating(t, a, ownKeys, keystest.Fault{})
		pass(4 * time.Second)
		a.Fail("UserKeys", failing(keys.ErrUnavailable))
		fresh, progress := a.Refresh(t.Context(), ownKeys, l, []keys.PendingChange{p})
		if k, _ := fresh.Find(p.AccessKey); len(progress) > 0 || k.Activity != keys.Active {
			t.Errorf("progress %v, activity %v", progress, k.Activity)
		}
	},
	"deleted since": func(t *testing.T, a apis) {
		name := a.Add(managedID, keys.Key{})
		a.Add(managedID, keys.Key{})
		l, _ := a.List(t.Context(), managedKeys)
		change, _ := a.DeleteUserKey(t.Context(), managedID, name)
		pass(4 * time.Second)
		fresh, progress := a.Refresh(t.Context(), managedKeys, l, []keys.PendingChange{
			{AccessKey: name, Desired: keys.DesiredDeleted, Change: change, At: time.Now()},
		})
		if _, found := fresh.Find(name); found || len(progress) > 0 || len(fresh.Keys) != 1 {
			t.Errorf("progress %v, keys %v", progress, fresh.Keys)
		}
	},
	"refused in the end": func(t *testing.T, a apis) {
		l, p := beginDeactivating(t, a, ownKeys, keystest.Fault{Refused: "not possible"})
		pass(4 * time.Second)
		_, progress := a.Refresh(t.Context(), ownKeys, l, []keys.PendingChange{p})
		if got := progress[p.AccessKey]; !got.Failed || got.Message != "not possible" {
			t.Errorf("progress %v", progress)
		}
	},
	"state cannot be read": func(t *testing.T, a apis) {
		l, p := beginDeactivating(t, a, ownKeys, keystest.Fault{})
		pass(4 * time.Second)
		a.Fail("ChangeState", failing(keys.ErrUnavailable))
		_, progress := a.Refresh(t.Context(), ownKeys, l, []keys.PendingChange{p})
		if got, found := progress[p.AccessKey]; !found || got.Failed {
			t.Errorf("progress %v", progress)
		}
	},
	"answer lost": func(t *testing.T, a apis) {
		l, p := beginDeactivating(t, a, ownKeys, keystest.Fault{})
		p.Change = keys.Change{}
		_, progress := a.Refresh(t.Context(), ownKeys, l, []keys.PendingChange{p})
		if got, found := progress[p.AccessKey]; !found || got.Failed {
			t.Errorf("progress %v", progress)
		}
		pass(16 * time.Second)
		_, progress = a.Refresh(t.Context(), ownKeys, l, []keys.PendingChange{p})
		if got := progress[p.AccessKey]; !got.Failed || a.Calls("ChangeState") > 0 {
			t.Errorf("later, progress %v", progress)
		}
	},
	"too long ago": func(t *testing.T, a apis) {
		l, p := beginDeactivating(t, a, ownKeys, keystest.Fault{Refused: "not possible"})
		pass(11 * time.Minute)
		if _, progress := a.Refresh(t.Context(), ownKeys, l, []keys.PendingChange{p}); len(progress) > 0 {
			t.Errorf("progress %v", progress)
		}
	},
	"Cloud API did not answer": func(t *testing.T, a apis) {
		l, p := beginDeactivating(t, a, ownKeys, keystest.Fault{})
		l.Missing = keys.Cloud
		if _, progress := a.Refresh(t.Context(), ownKeys, l, []keys.PendingChange{p}); len(progress) > 0 {
			t.Errorf("progress %v", progress)
		}
	},
}

func TestInProgress(t *testing.T) {
	t.Parallel()
	check := func(fault keystest.Fault, accepted bool, after time.Duration, want bool) func(t *testing.T, a apis) {
		return func(t *testing.T, a apis) {
			name := a.Add(managedID, keys.Key{})
			a.Fail("DeleteUserKey", fault)
			change, err := a.DeleteUserKey(t.Context(), managedID, name)
			if err != nil {
				t.Fatal(err)
			}
			p := keys.PendingChange{AccessKey: name, Desired: keys.DesiredDeleted, At: time.Now()}
			if accepted {
				p.Change = change
			}
			<-time.After(after)
			if got := a.InProgress(t.Context(), p); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		}
	}
	table{
		"accepted":                 check(keystest.Fault{}, true, time.Second, true),
		"done":                     check(keystest.Fault{}, true, 4*time.Second, false),
		"refused":                  check(keystest.Fault{Refused: "no"}, true, 4*time.Second, false),
		"answer lost a moment ago": check(keystest.Fault{}, false, 15*time.Second, true),
		"answer lost long ago":     check(keystest.Fault{}, false, 16*time.Second, false),
	}.run(t)
}

func TestPendingFor(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	accepted := keys.Change{RequestID: "c"}
	pending := []keys.PendingChange{
		{AccessKey: "a", Desired: keys.DesiredInactive, Change: accepted, At: now.Add(-time.Minute)},
		{AccessKey: "b", Desired: keys.DesiredDeleted, Change: accepted, At: now.Add(-11 * time.Minute)},
		{AccessKey: "a", Desired: keys.DesiredActive, Change: accepted, At: now},
		{AccessKey: "c", Desired: keys.DesiredActive, At: now.Add(-16 * time.Second)},
	}
	for name, tt := range map[string]struct {
		accessKey string
		desired   keys.DesiredState
		counts    bool
	}{
		"last of two":          {"a", keys.DesiredActive, true},
		"accepted long ago":    {"b", keys.DesiredDeleted, false},
		"answer lost long ago": {"c", keys.DesiredActive, false},
		"none":                 {"d", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, counts := keys.PendingFor(pending, tt.accessKey, now)
			if counts != tt.counts || got.Desired != tt.desired {
				t.Errorf("got %+v, %v", got, counts)
			}
		})
	}
}
