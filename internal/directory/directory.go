// Package directory finds people in a contract: who they are, whether they may
// use object storage and why, and who owns an access key.
//
// The Cloud API lists users by the hundred, without a search for a part of a
// name and without their number. To search them, all of them are read, which
// [Cache] does once for all who ask about the same contract. A whole e-mail
// address alone is searched by the API, if it honours the filter for that.
//
// The package knows package keys and neither sessions nor pages.
package directory

import (
	"context"
	"time"

	"keydeck/internal/keys"
)

// Asker is a signed-in person on whose behalf users are listed.
type Asker struct {
	Contract string         // contract number
	Session  string         // tells the tokens of several askers apart
	Remote   keys.Directory // calls the API with the person's own token
}

// Config bounds what a [Cache] keeps and how long. A zero field stands for the
// default.
type Config struct {
	TTL          time.Duration // how long a reading counts as recent: 2 minutes
	MaxAge       time.Duration // how long a reading is kept at all: 15 minutes
	MaxUsers     int           // users of one contract: 20,000
	MaxTotal     int           // users of all contracts together: 80,000
	MaxContracts int           // contracts: 64
	MaxRunning   int           // contracts that are being read at the same time: 4

	Now func() time.Time // time.Now if nil
}

func (c Config) withDefaults() Config {
	setDefault(&c.TTL, 2*time.Minute)
	setDefault(&c.MaxAge, 15*time.Minute)
	setDefault(&c.MaxUsers, 20_000)
	setDefault(&c.MaxTotal, 80_000)
	setDefault(&c.MaxContracts, 64)
	setDefault(&c.MaxRunning, 4)
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

func setDefault[T int | time.Duration](value *T, preset T) {
	if *value <= 0 {
		*value = preset
	}
}

const (
	// pageSize is the API's bound on a page of users.
	pageSize = 100
	// stride is the distance between the offsets of two pages: each page
	// begins with the last user of the page before, which tells whether the
	// list has shifted between the two calls.
	stride = pageSize - 1
	// maxCalls is how many pages of a contract are read at the same time.
	maxCalls = 8
	// readTimeout bounds the reading of a contract.
	readTimeout = 10 * time.Minute
	// maxBackoff is the longest wait that a throttling API may ask for; with a
	// longer one the reading ends.
	maxBackoff = 5 * time.Minute
	// defaultBackoff is the wait where a throttling API names none.
	defaultBackoff = 2 * time.Second
	// unusedTimeout ends a reading that has not been asked for in that time.
	unusedTimeout = time.Minute
	// failureTTL is how long a failed reading is not tried again.
	failureTTL = 3 * time.Second
	// deliveryTimeout is how long an ended reading is kept for those who have
	// waited for it and poll.
	deliveryTimeout = 5 * time.Second
	// maxAttempts is how often a list that shifts is read.
	maxAttempts = 2
	// maxChanges bounds the corrections of a reading.
	maxChanges = 1000
)

// Check makes one live call with the asker's own token, for a single user: what is
// kept of a contract may have been read with the token of another person. It returns
// an [*keys.Error] if the asker may not list the users.
func Check(ctx context.Context, asker Asker) error {
	_, err := asker.Remote.Users(ctx, keys.Page{Limit: 1})
	return err
}
