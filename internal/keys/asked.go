package keys

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Wish is what a key is to become.
type Wish int

// The wishes.
const (
	WishInactive Wish = iota
	WishActive
	WishGone
)

// Asked is a change of a key that the Cloud API has taken on and works on by
// itself: its lists show the old state until the change is done.
type Asked struct {
	AccessKey string
	Wish      Wish
	Change    Change // without an id when the API's answer was lost, or has not come
	At        time.Time
}

// Progress is how far an Asked has come that the lists do not show yet.
type Progress struct {
	Wish    Wish
	Failed  bool   // else it is under way
	Message string // the API's words, on one that failed
}

const (
	// askedFor is how long a change is followed. What takes longer is told by
	// the lists alone.
	askedFor = 10 * time.Minute
	// unansweredFor is how long a change is waited for whose answer was lost.
	unansweredFor = 15 * time.Second
)

// taken reports whether the API is known to have taken the change on. What was
// only noted before it was asked may have been refused since.
func (a Asked) taken() bool { return a.Change.RequestID != "" }

// counts reports whether a change is still to be reckoned with.
func (a Asked) counts(now time.Time) bool {
	if a.taken() {
		return now.Sub(a.At) <= askedFor
	}
	return now.Sub(a.At) <= unansweredFor
}

// Reached reports whether the list shows what was asked for.
func (a Asked) Reached(l Listing) bool {
	k, found := l.Find(a.AccessKey)
	switch {
	case !found || k.Status == StatusDestroying:
		return true
	case a.Wish == WishGone:
		return false
	default:
		return k.Activity == a.Wish.activity()
	}
}

func (w Wish) activity() Activity {
	if w == WishActive {
		return Active
	}
	return Inactive
}

// Expecting is the list as it must be taken to be before another change is
// made: what has been asked to go or to be deactivated is not counted on any
// more, and what has been asked to be activated not yet.
func (l Listing) Expecting(asked []Asked, now time.Time) Listing {
	l.Keys = slices.Clone(l.Keys)
	for _, a := range asked {
		i := slices.IndexFunc(l.Keys, func(k Key) bool { return k.AccessKey == a.AccessKey })
		switch {
		case i < 0 || !a.counts(now):
		case a.Wish == WishGone:
			l.Keys[i].Status = StatusDestroying
		case a.Wish == WishInactive:
			l.Keys[i].Activity = Inactive
		}
	}
	return l
}

// Follow tells how far changes have come. The API is asked about those alone
// that the list does not show yet. If one turns out to be done, the list is
// read again, for it was read before.
func (s *Service) Follow(ctx context.Context, owner Owner, l Listing, asked []Asked) (Listing, map[string]Progress) {
	if l.Missing == Cloud {
		return l, nil
	}
	asked = slices.DeleteFunc(slices.Clone(asked), func(a Asked) bool {
		return a.Reached(l) || s.now().Sub(a.At) > askedFor
	})
	if len(asked) == 0 {
		return l, nil
	}
	states := s.changeStates(ctx, asked)
	if slices.ContainsFunc(states, func(c ChangeState) bool { return c.Done }) {
		l = s.again(ctx, owner, l)
	}
	progress := map[string]Progress{}
	for i, a := range asked {
		if !states[i].Done && !a.Reached(l) {
			progress[a.AccessKey] = Progress{a.Wish, states[i].Failed, states[i].Message}
		}
	}
	return l, progress
}

// changeStates asks about several changes at once. One that nobody can tell
// about is taken to be under way.
func (s *Service) changeStates(ctx context.Context, asked []Asked) []ChangeState {
	states := make([]ChangeState, len(asked))
	var calls sync.WaitGroup
	for i, a := range asked {
		if !a.taken() {
			states[i].Failed = !a.counts(s.now())
			continue
		}
		calls.Go(func() {
			if state, err := s.remote.ChangeState(ctx, a.Change); err == nil {
				states[i] = state
			}
		})
	}
	calls.Wait()
	return states
}

// again brings a list up to what the Cloud API says now.
func (s *Service) again(ctx context.Context, owner Owner, l Listing) Listing {
	cloud, err := s.remote.UserKeys(ctx, owner.UserID)
	if err != nil {
		return l
	}
	l.Keys = slices.DeleteFunc(slices.Clone(l.Keys), func(k Key) bool {
		onlyCloud := k.KnownFrom == Cloud
		return onlyCloud && !slices.ContainsFunc(cloud, func(c Key) bool { return c.AccessKey == k.AccessKey })
	})
	for i, k := range l.Keys {
		if at := slices.IndexFunc(cloud, func(c Key) bool { return c.AccessKey == k.AccessKey }); at >= 0 {
			l.Keys[i].Activity = cloud[at].Activity
		}
	}
	return l
}
