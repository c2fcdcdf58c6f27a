package web

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// regionsFor is how long regions are taken from memory. They are the vendor's
// catalogue, the same for everyone, and change every few months.
const regionsFor = time.Hour

// regionCache holds the last catalogue that an API gave.
type regionCache struct {
	mu   sync.Mutex
	list []keys.Region
	read time.Time
}

// regionsPatience is how long a page that is about something else waits for the
// catalogue.
const regionsPatience = 2 * time.Second

// askRegions begins to read the catalogue for a page that can do without. What
// it returns waits for it, and gives nothing where it cannot be had soon.
func (s *Server) askRegions(v *visit) (wait func() []keys.Region) {
	found := make(chan []keys.Region, 1)
	go func() {
		ctx, cancel := context.WithTimeout(v.Request().Context(), regionsPatience)
		defer cancel()
		list, err := s.regions(ctx, v)
		if err != nil {
			s.logger.Info("shown without endpoints", "id", requestIDOf(v), "error", err)
		}
		found <- list
	}()
	return func() []keys.Region { return <-found }
}

// regions gives the catalogue: from memory, else from the API, else an old one.
func (s *Server) regions(ctx context.Context, v *visit) ([]keys.Region, error) {
	s.catalogue.mu.Lock()
	list, age := s.catalogue.list, s.now().Sub(s.catalogue.read)
	s.catalogue.mu.Unlock()
	if list != nil && age < regionsFor {
		return list, nil
	}
	fresh, err := v.keys.Regions(ctx)
	if err != nil && list != nil {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	s.catalogue.mu.Lock()
	defer s.catalogue.mu.Unlock()
	s.catalogue.list, s.catalogue.read = fresh, s.now()
	return fresh, nil
}

// showKeyRegions tells where a key works. What the API does not give is said
// to be missing; the regions themselves come with the key.
func (s *Server) showKeyRegions(v *visit) error {
	var calls sync.WaitGroup
	var catalogue []keys.Region
	var unread error
	if keys.ValidAccessKey(v.Param("key")) {
		calls.Go(func() { catalogue, unread = s.regions(v.Request().Context(), v) })
	}
	k, _, err := s.keyOf(v)
	calls.Wait()
	if err != nil {
		return err
	}
	page := pages.KeyRegions{Links: v.at, Key: k, Regions: regionsOf(k, catalogue), Unknown: unread != nil}
	return s.respond(v, http.StatusOK, s.keyDialog(v, "Where this key works",
		pages.KeyRegionsDialog(page, false), pages.KeyRegionsDialog(page, true)))
}

// regionsOf are the regions that a key works in, in the order of the catalogue;
// those that it does not have come last, with their id alone.
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
