package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"keydeck/internal/audit"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// checkInterval is the pause before a page checks a key again by itself.
const checkInterval = 2 * time.Second

// testKey checks a key at one of its endpoints, with one signed request that
// changes nothing. The page repeats the check while the key may not have
// propagated yet.
func (s *Server) testKey(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	shown, regions, err := s.pairWithEndpoints(v)
	if err != nil {
		return err
	}
	at, err := findRegion(regions, values.Get("region"))
	if err != nil {
		return err
	}
	since, state := s.since(values), s.state(v)
	check, err := v.keys.CheckKey(v.Request().Context(), s.checker, v.owner, keys.CheckRequest{
		Pair: shown.KeyPair, Fresh: !shown.CachedUntil.IsZero(), At: at, Pending: state.Changes, Waited: s.now().Sub(since),
	})
	if err == nil && check.Err != nil {
		s.logger.Info("a key could not be tested", "id", requestIDOf(v), "endpoint", at.Endpoint, "error", check.Err)
	}
	s.audit(v, audit.Test, shown.Key.AccessKey, err)
	if err != nil {
		return err
	}
	if check.Verdict == keys.Works && state.Rotation.New == shown.Key.AccessKey {
		s.recordTest(v, shown.Key.AccessKey)
	}
	page := pages.KeyCheck{
		Links: v.links, AccessKey: shown.Key.AccessKey, Regions: regions, Chosen: at.ID, Check: &check, At: at, Contract: v.owner.Contract,
	}
	if check.Again {
		page.Since = strconv.FormatInt(since.UnixMilli(), 10)
		page.RetryIn, page.Waited = checkInterval.String(), int(s.now().Sub(since).Seconds())
	}
	shownAt := s.keyDialog(v, "Test key", pages.KeyCheckPage(page), pages.KeyCheckPart(page))
	shownAt.behind, shownAt.root = "", "#key-check" // it takes the place of a part of the dialog
	return s.respond(v, http.StatusOK, shownAt)
}

// recordTest keeps for a rotation that a test of its new key has passed. If that
// fails, the person can test it again or say that their tools use it.
func (s *Server) recordTest(v *scope, accessKey string) {
	if err := s.changes.RecordTest(v.Request().Context(), v.owner, accessKey); err != nil {
		s.logger.Warn("a passed test was not recorded", "id", requestIDOf(v), "key", accessKey, "error", err)
	}
}

// since returns the time of the first check from the form, or now if that is
// missing, in the future or more than an hour ago.
func (s *Server) since(values url.Values) time.Time {
	now := s.now()
	millis, err := strconv.ParseInt(values.Get("since"), 10, 64)
	if at := time.UnixMilli(millis); err == nil && at.Before(now) && now.Sub(at) < time.Hour {
		return at
	}
	return now
}

// pairWithEndpoints returns the pair that the URL names and the regions in which
// it can be used.
func (s *Server) pairWithEndpoints(v *scope) (keyops.Pair, []keys.Region, error) {
	if !keys.ValidAccessKey(v.Param("key")) {
		return keyops.Pair{}, nil, keys.ErrNotFound
	}
	ctx := v.Request().Context()
	needed, cancel := context.WithCancel(ctx) // ends with a pair that cannot be read
	defer cancel()
	var regionsErr, err error
	var catalogue []keys.Region
	var shown keyops.Pair
	asks := s.request(v)
	parallel.Do(
		func() { catalogue, regionsErr = s.regions(needed, v) },
		func() {
			err = s.withOwner(v, func() (err error) { //nolint:contextcheck // v holds the request's context
				shown, err = s.changes.Pair(ctx, asks, v.Param("key"))
				return err
			})
			if err != nil {
				cancel()
			}
		},
	)
	switch {
	case err != nil:
		return keyops.Pair{}, nil, err
	case regionsErr != nil:
		return keyops.Pair{}, nil, regionsErr
	case shown.Secret.IsZero():
		return keyops.Pair{}, nil, errNoSecret
	}
	return shown, keys.EndpointsOf(shown.Key, catalogue), nil
}

// findRegion returns a region of a key. No other host is ever called: only the
// API names them.
func findRegion(regions []keys.Region, id string) (keys.Region, error) {
	i := slices.IndexFunc(regions, func(r keys.Region) bool { return r.ID == id })
	if i < 0 {
		return keys.Region{}, errNoEndpoint
	}
	return regions[i], nil
}
