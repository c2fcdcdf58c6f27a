package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

const (
	// maxCounts is how many rows one request fills in.
	maxCounts = 100
	// maxMembers is up to where a group's members are counted: a page of the
	// API, which does not return their number.
	maxMembers = 100
	// maxCountCalls is how many of the rows are read at the same time.
	maxCountCalls = 8
)

// countKeys fills in how many keys users have, after the list of users is
// shown.
func (s *Server) countKeys(v *scope) error {
	return s.fillIn(v, func(ctx context.Context, id string) (string, error) {
		owner := keys.Owner{UserID: id, Contract: v.session.Contract, Managed: true}
		l, err := v.keys.List(ctx, owner)
		if errors.Is(err, keys.ErrNoUser) {
			return "deleted", nil
		}
		return pages.KeyCountWords(l), err
	})
}

// countMembers fills in how many users groups have, after the list of groups is
// shown.
func (s *Server) countMembers(v *scope) error {
	return s.fillIn(v, func(ctx context.Context, id string) (string, error) {
		members, err := v.remote.GroupMembers(ctx, id, keys.Page{Limit: maxMembers})
		if len(members) == maxMembers {
			return strconv.Itoa(maxMembers) + " or more", err
		}
		return strconv.Itoa(len(members)), err
	})
}

// fillIn writes one line for each id of the address, as soon as its count is
// known: its place there, the words, and the seconds to wait where the API throttles.
// One request serves all rows of a page, and no row waits for another.
func (s *Server) fillIn(v *scope, count func(context.Context, string) (string, error)) error {
	ids := v.QueryParams()["id"]
	if len(ids) > maxCounts {
		return errUnprocessableIDs
	}
	for _, id := range ids {
		if !keys.ValidUserID(id) {
			return errUnprocessableIDs
		}
	}
	lines := filler{out: v.Response(), flush: http.NewResponseController(v.Response())}
	dropDocumentHeaders(v.Response().Header())
	v.Response().Header().Set("Content-Type", "text/plain; charset=utf-8")
	v.Response().WriteHeader(http.StatusOK)
	throttle := keys.NewThrottle(s.now)
	ctx := keys.WithThrottle(v.Request().Context(), throttle)
	parallel.Each(ids, maxCountCalls, func(place int, id string) {
		words, err := "", throttle.Wait(ctx)
		if err == nil {
			words, err = count(ctx, id)
		}
		lines.write(place, words, err)
	})
	return lines.dead
}

// errUnprocessableIDs is the error for an address that no page links to.
var errUnprocessableIDs = &keys.Error{Kind: keys.ErrInvalid, Op: "count", Err: errIncomplete}

// filler writes lines. It is safe for concurrent use.
type filler struct {
	mu    sync.Mutex
	out   http.ResponseWriter
	flush *http.ResponseController
	dead  error // ErrUnauthorized, once the API refuses the token
}

func (f *filler) write(place int, words string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	wait := ""
	switch {
	case errors.Is(err, keys.ErrUnauthorized):
		f.dead = err
		return
	case errors.Is(err, keys.ErrThrottled):
		words, wait = "waiting", strconv.Itoa(int(math.Ceil(max(keys.RetryAfter(err), firstPause).Seconds())))
	case err != nil:
		words = "unknown"
	}
	// The only error is a browser that has gone.
	_, _ = fmt.Fprintf(f.out, "%d\t%s\t%s\n", place, words, wait)
	_ = f.flush.Flush()
}
