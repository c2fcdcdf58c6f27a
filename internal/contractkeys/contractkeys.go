// Package contractkeys reads the access keys of all users of a contract.
//
// The Cloud API lists the keys of one user at a time. [Cache] asks for them once for
// all who look at the contract, eight users at a time and within the rate limit of
// the API, and only for users who can have keys: the others have no Canonical User
// ID. What was read stays when a reading is interrupted, and the next one who asks
// goes on with the rest.
//
// The package knows packages keys and directory, and neither sessions nor pages. It
// holds no secret keys.
package contractkeys

import (
	"time"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// Key is what is kept of an access key.
type Key struct {
	AccessKey string
	Created   time.Time // zero when unknown
	Activity  keys.Activity
}

// Scope returns which buckets the key opens, by [keys.Key.EstimatedScope].
func (k Key) Scope() keys.Scope {
	return keys.Key{AccessKey: k.AccessKey, Created: k.Created}.EstimatedScope()
}

// State is how far the reading of a user's keys has come.
type State int

// The states of an [Entry].
const (
	Pending State = iota // not read yet
	Read
	Failed // could not be read
	gone   // the user was deleted meanwhile
)

// Entry is a user and the keys that were read of them. It does not change once it is
// part of a [Snapshot].
type Entry struct {
	User   keys.User
	State  State
	Keys   []Key // the oldest first; those without a date last
	Reason error // why they could not be read: a kind of error of package keys

	readAt time.Time
}

// Asker is a signed-in person on whose behalf keys are listed.
type Asker struct {
	Contract string      // contract number
	Session  string      // tells the tokens of several askers apart
	Remote   keys.Remote // calls the APIs with the person's own token
}

// Directory is the person as one who lists users.
func (a Asker) Directory() directory.Asker {
	return directory.Asker{Contract: a.Contract, Session: a.Session, Remote: a.Remote}
}

// Snapshot is what is known of a contract's keys at one moment.
type Snapshot struct {
	Contract   string
	Entries    []*Entry // by the name of the user; those who can have keys alone
	Privileges directory.Privileges
	AsOf       time.Time // when reading began

	Users   int           // users of the contract read so far
	Listed  bool          // all users of the contract are known
	Looked  int           // entries that are not pending
	Running bool          // the reading goes on
	Wait    time.Duration // how long the API asks to wait before it goes on
	Err     error         // why the reading has stopped; nil if it runs, waits or is done
	Partial bool          // the list of users has changed while it was read, or is longer than what is read
}

// Done reports whether the keys of all users have been asked for.
func (s Snapshot) Done() bool { return s.Listed && !s.Running && s.Looked == len(s.Entries) }

// Complete reports whether the snapshot holds every key that there was at AsOf.
func (s Snapshot) Complete() bool { return s.Done() && !s.Partial && s.Failed() == 0 }

// Failed returns how many users' keys could not be read.
func (s Snapshot) Failed() int {
	n := 0
	for _, e := range s.Entries {
		if e.State == Failed {
			n++
		}
	}
	return n
}

// progress is the snapshot without anything that was read, for an asker whose
// permission could not be checked yet.
func (s Snapshot) progress(wait time.Duration) Snapshot {
	return Snapshot{Contract: s.Contract, AsOf: s.AsOf, Users: s.Users, Running: true, Wait: max(s.Wait, wait, defaultBackoff)}
}
