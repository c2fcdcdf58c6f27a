package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// retryEvery is how long a page waits before it tries a key again by itself.
const retryEvery = 2 * time.Second

// testKey tries a key at one of its endpoints: one signed request that changes
// nothing there. The page tries again by itself while the key may not have
// spread yet.
func (s *Server) testKey(v *visit) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	shown, regions, err := s.pairWithEndpoints(v)
	if err != nil {
		return err
	}
	at, err := endpointIn(regions, values.Get("region"))
	if err != nil {
		return err
	}
	since := s.since(values)
	trial, err := v.keys.Try(v.Request().Context(), s.prober, v.owner, keys.TrialOf{
		Pair: shown.KeyPair, Fresh: !shown.keptUntil.IsZero(), At: at, Asked: s.doing(v).Asked, Waited: s.now().Sub(since),
	})
	if err == nil && trial.Err != nil {
		s.logger.Info("a key could not be tested", "id", requestIDOf(v), "endpoint", at.Endpoint, "error", trial.Err)
	}
	s.audit(v, audit.Test, shown.Key.AccessKey, err)
	if err != nil {
		return err
	}
	page := pages.KeyTrial{
		Links: v.at, AccessKey: shown.Key.AccessKey, Regions: regions, Chosen: at.ID, Trial: &trial, Endpoint: at.Endpoint,
	}
	if trial.Again {
		page.Since = strconv.FormatInt(since.UnixMilli(), 10)
		page.RetryIn, page.Waited = retryEvery.String(), int(s.now().Sub(since).Seconds())
	}
	shownAt := s.keyDialog(v, "Test key", pages.KeyTrialPage(page), pages.TrialPart(page))
	shownAt.behind, shownAt.root = "", "#trial" // it takes the place of a part of the dialog
	return s.respond(v, http.StatusOK, shownAt)
}

// since is when the first try was, as the form has it; a time that cannot be is
// now.
func (s *Server) since(values url.Values) time.Time {
	now := s.now()
	millis, err := strconv.ParseInt(values.Get("since"), 10, 64)
	if at := time.UnixMilli(millis); err == nil && at.Before(now) && now.Sub(at) < time.Hour {
		return at
	}
	return now
}

// pairWithEndpoints gives the pair of the address with the regions that it can
// be used in.
func (s *Server) pairWithEndpoints(v *visit) (shownPair, []keys.Region, error) {
	if !keys.ValidAccessKey(v.Param("key")) {
		return shownPair{}, nil, keys.ErrNotFound
	}
	ctx := v.Request().Context()
	var unread error
	var catalogue []keys.Region
	read := make(chan struct{})
	go func() {
		defer close(read)
		catalogue, unread = s.regions(ctx, v)
	}()
	var shown shownPair
	err := v.knowOwner(ctx, func() (err error) {
		shown, err = s.pair(v, v.Param("key"))
		return err
	})
	<-read
	switch {
	case err != nil:
		return shownPair{}, nil, err
	case unread != nil:
		return shownPair{}, nil, unread
	case shown.Secret.IsZero():
		return shownPair{}, nil, errNoSecret
	}
	return shown, keys.EndpointsOf(shown.Key, catalogue), nil
}

// endpointIn finds a region among those of a key. What is not among them is
// never called: the API names the hosts, and nobody else.
func endpointIn(regions []keys.Region, id string) (keys.Region, error) {
	i := slices.IndexFunc(regions, func(r keys.Region) bool { return r.ID == id })
	if i < 0 {
		return keys.Region{}, errNoEndpoint
	}
	return regions[i], nil
}
