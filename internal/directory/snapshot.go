package directory

import (
	"iter"
	"time"

	"keydeck/internal/keys"
)

// Snapshot is what is known of the users of a contract at one moment. While
// they are being read, it holds those read so far.
type Snapshot struct {
	Count    int           // users read so far
	AsOf     time.Time     // when reading began: users created since may be missing
	Done     bool          // the reading has ended
	Bounded  bool          // the contract has more users than are read
	Shifted  bool          // the list changed while it was read: users may be missing
	Filtered bool          // there are those users alone whom the API has found by e-mail
	Wait     time.Duration // how long the API asks to wait before the next page
	Err      error         // why the reading ended early; nil if it did not

	pages   [][]keys.User // in the API's order, without gaps
	changes changes
}

// changes are corrections of a reading by user id; nil stands for a deleted
// user. A map is not changed once it is part of a Snapshot.
type changes map[string]*keys.User

// Complete reports whether the snapshot holds every user who was in the
// contract at AsOf.
func (s Snapshot) Complete() bool {
	return s.Done && !s.Bounded && !s.Shifted && !s.Filtered && s.Err == nil
}

// All returns the users in the API's order, those added since at the end. One who
// is in the API's list twice is returned once.
func (s Snapshot) All() iter.Seq[keys.User] {
	return func(yield func(keys.User) bool) {
		listed := make(map[string]bool, s.Count)
		for _, page := range s.pages {
			for _, u := range page {
				change, changed := s.changes[u.ID]
				switch {
				case listed[u.ID], changed && change == nil:
					continue
				case changed:
					u = *change
				}
				listed[u.ID] = true
				if !yield(u) {
					return
				}
			}
		}
		for id, u := range s.changes {
			if u != nil && !listed[id] && !yield(*u) {
				return
			}
		}
	}
}

// User returns the user with an id.
func (s Snapshot) User(id string) (keys.User, bool) {
	for u := range s.All() {
		if u.ID == id {
			return u, true
		}
	}
	return keys.User{}, false
}

// withoutUsers is the progress alone, for an asker whose permission could not
// be checked yet.
func (s Snapshot) withoutUsers(wait time.Duration) Snapshot {
	return Snapshot{Count: s.Count, Wait: max(s.Wait, wait, defaultBackoff)}
}
