package contractkeys

import (
	"slices"
	"time"

	"keydeck/internal/keys"
)

// due reports whether the keys of a user are to be read: for the first time, once
// more after a failure, or because one was changed.
func (r *reading) due(e *Entry, now time.Time) bool {
	switch e.State {
	case Pending:
		return true
	case Failed:
		return now.Sub(e.readAt) >= failureTTL
	case gone:
		return false
	default:
	}
	changed, found := r.changed[e.User.ID]
	return found && e.readAt.Before(changed.Add(settleTime)) && (e.readAt.Before(changed) || now.Sub(e.readAt) >= time.Second)
}

// hasUnknownChange reports whether a user got a key who had none before.
func (r *reading) hasUnknownChange(now time.Time) bool {
	for id, changed := range r.changed {
		if _, found := r.places[id]; !found && now.Sub(changed) < settleTime {
			return true
		}
	}
	return false
}

// dueEntries returns the places of the users whose keys are to be read. Users who
// had no key before a change are added.
func (r *reading) dueEntries() []int {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range r.changed {
		if _, found := r.places[id]; !found && r.listed {
			r.places[id] = len(r.entries)
			r.entries = append(slices.Clip(r.entries), &Entry{User: keys.User{ID: id}})
		}
	}
	var places []int
	for i, e := range r.entries {
		if r.due(e, r.now()) {
			places = append(places, i)
		}
	}
	return places
}

// markChanged records that a key of a user was changed now.
func (r *reading) markChanged(userID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for id, at := range r.changed { // bounded by what can be changed in that time
		if now.Sub(at) > 2*r.ttl {
			delete(r.changed, id)
		}
	}
	r.changed[userID] = now
}
