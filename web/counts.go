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
	"keydeck/views/pages"
)

const (
	// mostCounts is how many rows one request fills in.
	mostCounts = 100
	// mostMembers is up to where a group's members are counted: a page of the
	// API, which does not say how many there are.
	mostMembers = 100
	// countsAtOnce is how many of them are asked about at the same time.
	countsAtOnce = 8
)

// countKeys says how many keys users have, for the list of users, which is
// there before it.
func (s *Server) countKeys(v *visit) error {
	return s.fillIn(v, func(ctx context.Context, id string) (string, error) {
		owner := keys.Owner{UserID: id, Contract: v.session.Contract, Managed: true}
		l, err := v.keys.List(ctx, owner)
		if errors.Is(err, keys.ErrNoUser) {
			return "deleted", nil
		}
		return pages.KeyCountWords(l), err
	})
}

// countMembers says how many users groups have, for the list of groups.
func (s *Server) countMembers(v *visit) error {
	return s.fillIn(v, func(ctx context.Context, id string) (string, error) {
		members, err := v.remote.GroupMembers(ctx, id, keys.Page{Limit: mostMembers})
		if len(members) == mostMembers {
			return strconv.Itoa(mostMembers) + " or more", err
		}
		return strconv.Itoa(len(members)), err
	})
}

// fillIn answers for each id of the address with a line of its own, as soon as
// it is known: the id, the words, and the seconds to wait where the API wants
// to be asked later. One request does for all rows of a page, and none of them
// waits for another.
func (s *Server) fillIn(v *visit, count func(context.Context, string) (string, error)) error {
	ids := v.QueryParams()["id"]
	if len(ids) > mostCounts {
		return unprocessableIDs
	}
	for _, id := range ids {
		if !keys.ValidUserID(id) {
			return unprocessableIDs
		}
	}
	lines := filler{out: v.Response(), flush: http.NewResponseController(v.Response())}
	v.Response().Header().Set("Content-Type", "text/plain; charset=utf-8")
	v.Response().WriteHeader(http.StatusOK)
	pace := keys.NewPace(s.now)
	ctx := keys.WithPace(v.Request().Context(), pace)
	free := make(chan struct{}, countsAtOnce)
	var calls sync.WaitGroup
	for _, id := range ids {
		free <- struct{}{}
		calls.Go(func() {
			defer func() { <-free }()
			err := pace.Wait(ctx)
			words := ""
			if err == nil {
				words, err = count(ctx, id)
			}
			lines.write(id, words, err)
		})
	}
	calls.Wait()
	return lines.dead
}

// unprocessableIDs is an address that no page of ours holds.
var unprocessableIDs = &keys.Error{Kind: keys.ErrInvalid, Op: "count", Err: errIncomplete}

// filler writes lines, from several calls at once.
type filler struct {
	mu    sync.Mutex
	out   http.ResponseWriter
	flush *http.ResponseController
	dead  error // the token is
}

func (f *filler) write(id, words string, err error) {
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
	_, _ = fmt.Fprintf(f.out, "%s\t%s\t%s\n", id, words, wait)
	_ = f.flush.Flush()
}
