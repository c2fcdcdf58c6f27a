package keys

import (
	"context"
	"slices"
	"time"

	"keydeck/internal/parallel"
)

// DesiredState is what a pending change makes of a key.
type DesiredState int

// The desired states.
const (
	DesiredInactive DesiredState = iota
	DesiredActive
	DesiredDeleted
)

// PendingChange is a change of a key that an API carries out asynchronously: its
// lists show the old state until the change has converged.
type PendingChange struct {
	AccessKey string
	Desired   DesiredState
	Change    Change // without an id while the API's answer has not come, or if it was lost
	At        time.Time
}

// Progress is how far a pending change has come that the lists do not show yet.
type Progress struct {
	Desired DesiredState
	Failed  bool   // else it is in progress
	Message string // the API's words, on one that failed
}

const (
	// acceptedTimeout is how long an accepted change is followed. After that the
	// lists alone count.
	acceptedTimeout = 10 * time.Minute
	// unansweredTimeout is how long a change is waited for whose answer was lost.
	unansweredTimeout = 15 * time.Second
)

// Accepted reports whether the API is known to have accepted the change.
func (p PendingChange) Accepted() bool { return p.Change.RequestID != "" }

// Counts reports whether the change may still be carried out.
func (p PendingChange) Counts(now time.Time) bool {
	if p.Accepted() {
		return now.Sub(p.At) <= acceptedTimeout
	}
	return now.Sub(p.At) <= unansweredTimeout
}

// Converged reports whether the list shows the desired state.
func (p PendingChange) Converged(l Listing) bool {
	k, found := l.Find(p.AccessKey)
	switch {
	case !found || k.Status == StatusDestroying:
		return true
	case p.Desired == DesiredDeleted:
		return false
	default:
		return k.Activity == p.Desired.Activity()
	}
}

// Activity returns the activity of a key in the desired state.
func (d DesiredState) Activity() Activity {
	if d == DesiredActive {
		return Active
	}
	return Inactive
}

// PendingFor returns the last pending change of a key, as long as it counts: the
// list may have been read before it was carried out.
func PendingFor(pending []PendingChange, accessKey string, now time.Time) (PendingChange, bool) {
	for _, p := range slices.Backward(pending) {
		if p.AccessKey == accessKey {
			return p, p.Counts(now)
		}
	}
	return PendingChange{}, false
}

// Project returns the list as it must be taken to be before another change is
// decided: keys about to be deleted or deactivated do not count any more, and
// those about to be activated not yet. A deactivation that the API is not known to
// have accepted leaves open whether the key is active.
func (l Listing) Project(pending []PendingChange, now time.Time) Listing {
	l.Keys = slices.Clone(l.Keys)
	for _, p := range pending {
		i := slices.IndexFunc(l.Keys, func(k Key) bool { return k.AccessKey == p.AccessKey })
		switch {
		case i < 0 || !p.Counts(now):
		case p.Desired == DesiredDeleted:
			l.Keys[i].Status = StatusDestroying
		case p.Desired == DesiredInactive && p.Accepted():
			l.Keys[i].Activity = Inactive
		case p.Desired == DesiredInactive && l.Keys[i].Activity == Active:
			l.Keys[i].Activity = ActivityUnknown
		}
	}
	return l
}

// Refresh returns how far pending changes have come. The APIs are called only for
// those that the list does not show yet. If one turns out to be done, the list is
// read again, for it was read before.
func (s *Service) Refresh(ctx context.Context, owner Owner, l Listing, pending []PendingChange) (Listing, map[string]Progress) {
	if l.Missing == Cloud {
		return l, nil
	}
	pending = slices.DeleteFunc(slices.Clone(pending), func(p PendingChange) bool {
		return p.Converged(l) || s.now().Sub(p.At) > acceptedTimeout
	})
	if len(pending) == 0 {
		return l, nil
	}
	states := s.changeStates(ctx, pending)
	if slices.ContainsFunc(states, func(c ChangeState) bool { return c.Done }) {
		l = s.reread(ctx, owner, l)
	}
	progress := map[string]Progress{}
	for i, p := range pending {
		if !states[i].Done && !p.Converged(l) {
			progress[p.AccessKey] = Progress{p.Desired, states[i].Failed, states[i].Message}
		}
	}
	return l, progress
}

// InProgress reports whether the API may still work on a pending change. One
// whose state cannot be read is taken to be in progress.
func (s *Service) InProgress(ctx context.Context, p PendingChange) bool {
	state := s.changeStates(ctx, []PendingChange{p})[0]
	return !state.Done && !state.Failed
}

// Unrefused returns the pending changes that the list does not show, without those that
// the API is known to have refused after it had accepted them.
func (s *Service) Unrefused(ctx context.Context, l Listing, pending []PendingChange) []PendingChange {
	pending = slices.DeleteFunc(slices.Clone(pending), func(p PendingChange) bool {
		return p.Converged(l) || !p.Counts(s.now())
	})
	states := s.changeStates(ctx, pending)
	var unrefused []PendingChange
	for i, p := range pending {
		if !states[i].Failed {
			unrefused = append(unrefused, p)
		}
	}
	return unrefused
}

// changeStates asks about several changes at once. One whose state cannot be read
// is taken to be in progress.
func (s *Service) changeStates(ctx context.Context, pending []PendingChange) []ChangeState {
	states := make([]ChangeState, len(pending))
	parallel.Each(pending, len(pending), func(i int, p PendingChange) {
		if !p.Accepted() {
			states[i].Failed = !p.Counts(s.now())
			return
		}
		if state, err := s.remote.ChangeState(ctx, p.Change); err == nil {
			states[i] = state
		}
	})
	return states
}

// reread brings a list up to what the Cloud API says now.
func (s *Service) reread(ctx context.Context, owner Owner, l Listing) Listing {
	cloud, err := s.remote.UserKeys(ctx, owner.UserID)
	if err != nil {
		return l
	}
	now := NewListing(owner, cloud)
	l.Keys = slices.DeleteFunc(slices.Clone(l.Keys), func(k Key) bool {
		_, found := now.Find(k.AccessKey)
		return k.KnownFrom == Cloud && !found
	})
	for i, k := range l.Keys {
		if fresh, found := now.Find(k.AccessKey); found {
			l.Keys[i].Activity = fresh.Activity
		}
	}
	return l
}
