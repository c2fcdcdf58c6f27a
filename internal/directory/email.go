package directory

import (
	"context"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"

	"keydeck/internal/keys"
)

// filterTTL is how long the API's filter is not used after it has not been
// honoured.
const filterTTL = 15 * time.Minute

// Search returns users among whom are those that a query of a [Matcher] matches.
// It is like [Cache.Recent], except that a query that is a whole e-mail address
// makes one call, which has the API filter by it. If that finds its user, the
// snapshot holds this user alone, and [Snapshot.Filtered] is set.
//
// Otherwise the users are read as by Recent: only a complete reading shows that
// there is no such user, and not an empty answer. An API that answers with other
// users, or refuses the filter, does not honour it, and the filter is not used for
// a while.
func (c *Cache) Search(ctx context.Context, asker Asker, query string, patience time.Duration) (Snapshot, error) {
	if !wholeEmail(query) || !c.filterHonoured() {
		return c.Recent(ctx, asker, patience)
	}
	found, err := asker.Remote.UsersByEmail(ctx, query)
	others := slices.ContainsFunc(found, func(u keys.User) bool { return !strings.EqualFold(u.Email, query) })
	switch {
	case errors.Is(err, keys.ErrThrottled):
		return c.progress(asker.Contract).withoutUsers(keys.RetryAfter(err)), nil
	case errors.Is(err, keys.ErrRejected):
		c.ignoreFilter()
		return c.Recent(ctx, asker, patience)
	case err != nil:
		return Snapshot{}, err
	case others:
		c.ignoreFilter()
	case len(found) > 0:
		return Snapshot{Count: len(found), AsOf: c.cfg.Now(), Done: true, Filtered: true, pages: [][]keys.User{found}}, nil
	}
	// The API has just listed users to the asker: that is the check of Recent.
	return c.await(ctx, asker, patience, c.recent), nil
}

// wholeEmail reports whether a query is an e-mail address, and nothing else.
func wholeEmail(query string) bool {
	address, err := mail.ParseAddress(query)
	return err == nil && address.Address == query
}

func (c *Cache) ignoreFilter() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.filterIgnored = c.cfg.Now()
}

// filterHonoured reports whether the API is not known to ignore its filter.
func (c *Cache) filterHonoured() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.filterIgnored.IsZero() || c.cfg.Now().Sub(c.filterIgnored) >= filterTTL
}

// progress returns what there is of a reading, which goes on for its asker.
func (c *Cache) progress(contract string) Snapshot {
	c.mu.Lock()
	r, found := c.readings.Peek(contract)
	c.mu.Unlock()
	if !found {
		return Snapshot{}
	}
	r.extend()
	s, _ := r.snapshot()
	return s
}
