package pages

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keydeck/internal/keys"
	"keydeck/views/links"
)

var noon = time.Date(2025, time.November, 25, 12, 0, 0, 0, time.UTC)

// keyStatuses and activities are all that the APIs say of a key.
var (
	keyStatuses = []keys.Status{
		keys.StatusUnknown, keys.StatusProvisioning, keys.StatusAvailable, keys.StatusDestroying, keys.StatusFailed, "absent",
	}
	activities = []keys.Activity{keys.ActivityUnknown, keys.Active, keys.Inactive}
)

// keyIn returns a key as the APIs tell of it.
func keyIn(accessKey string, status keys.Status, activity keys.Activity) keys.Key {
	return keys.Key{
		AccessKey: accessKey, ResourceID: "11111111-2222-3333-4444-555555555555", Description: "CI artifacts", Status: status, Activity: activity,
		Created: noon.Add(-time.Hour), KnownFrom: keys.Management | keys.Cloud,
	}
}

// TestRotation draws an old and a new key in every state, with every evidence: what
// is ticked and offered follows from these alone.
func TestRotation(t *testing.T) {
	t.Parallel()
	for _, oldStatus := range keyStatuses {
		for _, oldActivity := range activities {
			for _, newStatus := range keyStatuses {
				for _, newActivity := range activities {
					v := rotationBetween(keyIn("OLDKEY", oldStatus, oldActivity), keyIn("NEWKEY", newStatus, newActivity))
					name := fmt.Sprintf("old %q %d, new %q %d", oldStatus, oldActivity, newStatus, newActivity)
					checkRotation(t, name+", no evidence", v)
					v.Tested = noon
					checkRotation(t, name+", tested", v)
					v.Tested, v.InUse = time.Time{}, noon
					checkRotation(t, name+", in use", v)
				}
			}
		}
	}
}

// TestRotationChanging: while a change is in progress, its end is not shown.
func TestRotationChanging(t *testing.T) {
	t.Parallel()
	for _, desired := range []keys.DesiredState{keys.DesiredActive, keys.DesiredInactive, keys.DesiredDeleted} {
		for _, failed := range []bool{false, true} {
			for _, activity := range activities {
				for _, changing := range []string{"OLDKEY", "NEWKEY"} {
					v := rotationBetween(keyIn("OLDKEY", keys.StatusAvailable, activity), keyIn("NEWKEY", keys.StatusAvailable, keys.Active))
					v.Progress = map[string]keys.Progress{changing: {Desired: desired, Failed: failed}}
					v.InUse = noon
					checkRotation(t, fmt.Sprintf("old %d, %s becomes %d, failed %v", activity, changing, desired, failed), v)
				}
			}
		}
	}
}

func rotationBetween(old, successor keys.Key) Rotation {
	v := Rotation{Links: links.Links{}.Own(), Old: old, New: successor, Now: noon}
	for _, k := range []keys.Key{old, successor} {
		if k.Status != "absent" {
			v.Listing.Keys = append(v.Listing.Keys, k)
		}
	}
	return v
}

// checkRotation compares what is drawn with the facts.
func checkRotation(t *testing.T, name string, v Rotation) {
	t.Helper()
	doc := drawn(t, RotationPart(v))
	absent := func(k keys.Key) bool { return k.Status == "absent" }
	changing := func(k keys.Key) bool { p, ok := v.Progress[k.AccessKey]; return ok && !p.Failed }
	usable := func(k keys.Key) bool {
		made := k.Status == keys.StatusAvailable || k.Status == keys.StatusUnknown
		return made && k.Activity == keys.Active && !changing(k)
	}
	evidence := !v.Tested.IsZero() || !v.InUse.IsZero()
	settled := v.Old.Status == keys.StatusAvailable || v.Old.Status == keys.StatusUnknown
	off := settled && v.Old.Activity == keys.Inactive && !changing(v.Old) || v.Old.Status == keys.StatusFailed

	if got, want := doc.Has("a[href*='/delete']"), usable(v.New) && evidence && off; got != want {
		t.Errorf("%s: deleting the old key is offered: %v, want %v", name, got, want)
	}
	if doc.Has("a[href*='/delete']:not(.button-danger)") {
		t.Errorf("%s: the button that deletes is not red", name)
	}
	if got, want := doc.Has("form[action$='/deactivate']"), usable(v.New) && evidence && usable(v.Old); got != want {
		t.Errorf("%s: deactivating the old key is offered: %v, want %v", name, got, want)
	}
	if got := doc.Has("li:nth-child(2)[data-done]"); got != evidence {
		t.Errorf("%s: the step of use is ticked: %v, want %v", name, got, evidence)
	}
	if got := doc.Has("li:nth-child(4)[data-done]"); got != absent(v.Old) {
		t.Errorf("%s: the step of deletion is ticked: %v, want %v", name, got, absent(v.Old))
	}
	if doc.Has("li:nth-child(3)[data-done]") && !off && !absent(v.Old) && !v.oldState().gone() {
		t.Errorf("%s: the step of deactivation is ticked", name)
	}
	if n := doc.Count("li[aria-current=step]"); n > 1 || doc.Has("li[aria-current=step][data-done]") {
		t.Errorf("%s: %d steps are the current one", name, n)
	}
	checkClaims(t, name, doc.Text("#rotation-steps"), facts{old: v.oldState(), rotated: true, key: StateUnknown})
}

// TestRotationUnread: what is not in half a list is not deleted.
func TestRotationUnread(t *testing.T) {
	t.Parallel()
	v := rotationBetween(keyIn("OLDKEY", "absent", keys.ActivityUnknown), keyIn("NEWKEY", keys.StatusAvailable, keys.Active))
	v.Listing.Missing, v.InUse = keys.Management, noon
	doc := drawn(t, RotationPart(v))
	if text := doc.Text("section[aria-label='Old key']"); !strings.Contains(text, "Unknown") || doc.Has("a[href*='/delete']") {
		t.Errorf("it says %s", text)
	}
}

// TestKeyState: every state has its words.
func TestKeyState(t *testing.T) {
	t.Parallel()
	badges := map[string]KeyState{}
	for s := range KeyState(keyStates) {
		_, words := s.badge()
		if other, twice := badges[words]; twice || words == "" {
			t.Errorf("state %d is called %q, as is %d", s, words, other)
		}
		badges[words] = s
		for name, sentence := range map[string]string{
			"before": beforeRotation(s), "successor": besideSuccessor(s), "list": rotationListed(s),
		} {
			if sentence == "" {
				t.Errorf("%s: nothing is said of state %d", name, s)
			}
		}
		for _, words := range []func(KeyState) (string, string){deactivatedWords, deletedWords} {
			if title, _ := words(s); title == "" {
				t.Errorf("a step has no title in state %d", s)
			}
		}
	}
}
