package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// regionsTimeout is how long a page that is about something else waits for the
// catalogue of regions.
const regionsTimeout = 2 * time.Second

// askRegions begins to read the catalogue for a page that can do without it.
// Wait waits for the catalogue, and returns none when it cannot be read soon or
// cancel was called.
func (s *Server) askRegions(v *scope) (wait func() []keys.Region, cancel func()) {
	var list []keys.Region
	var call parallel.Group
	ctx, cancel := context.WithTimeout(v.Request().Context(), regionsTimeout)
	call.Go(func() {
		defer cancel()
		found, err := s.regions(ctx, v)
		if err != nil && !errors.Is(ctx.Err(), context.Canceled) {
			s.logger.Warn("shown without endpoints", "id", requestIDOf(v), "error", err)
		}
		list = found
	})
	return func() []keys.Region {
		call.Wait()
		return list
	}, cancel
}

// regions returns the catalogue of regions.
func (s *Server) regions(ctx context.Context, v *scope) ([]keys.Region, error) {
	return s.catalogue.List(ctx, v.keys)
}

// showKeyRegions shows where a key works. The regions come with the key; where
// the catalogue cannot be read, the page says that the endpoints are not known.
func (s *Server) showKeyRegions(v *scope) error {
	if !keys.ValidAccessKey(v.Param("key")) {
		return keys.ErrNotFound
	}
	var k keys.Key
	var catalogue []keys.Region
	var unread, err error
	ctx, cancel := context.WithCancel(v.Request().Context())
	defer cancel()
	parallel.Do(
		func() { catalogue, unread = s.regions(ctx, v) },
		func() {
			if k, _, err = s.keyOf(v); err != nil {
				cancel()
			}
		},
	)
	if err != nil {
		return err
	}
	if unread != nil {
		s.logger.Warn("shown without endpoints", "id", requestIDOf(v), "error", unread)
	}
	page := pages.KeyRegions{Links: v.links, Key: k, Regions: regionsOf(k, catalogue), Unknown: unread != nil}
	return s.respond(v, http.StatusOK, s.keyDialog(v, "Where this key works",
		pages.KeyRegionsDialog(page, false), pages.KeyRegionsDialog(page, true)))
}

// regionsOf returns the regions that a key works in, in the order of the
// catalogue; those that the catalogue lacks come last, with their id alone.
func regionsOf(k keys.Key, catalogue []keys.Region) []keys.Region {
	var list []keys.Region
	for _, region := range catalogue {
		if slices.Contains(k.Regions, region.ID) {
			list = append(list, region)
		}
	}
	for _, id := range k.Regions {
		if !slices.ContainsFunc(list, func(r keys.Region) bool { return r.ID == id }) {
			list = append(list, keys.Region{ID: id})
		}
	}
	return list
}
