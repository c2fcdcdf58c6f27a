package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// listKeys is Key management. A list in which a key is changing looks again by
// itself, with growing pauses.
func (s *Server) listKeys(v *scope) error {
	state := s.state(v)
	state.Settle(v.Request().Context(), s.request(v))
	listing, err := s.ownKeys(v)
	if err != nil {
		return err
	}
	if listing.Missing != 0 {
		s.logger.Warn("shown without one of the APIs", "id", requestIDOf(v), "error", listing.Cause)
	}
	page := pages.KeyList{
		Links: v.links, Now: s.now(), MaxAge: s.maxAge,
		Manages: keys.Role(v.session.Role).ManagesOthers(), Missing: missingList(listing), Refusal: apiWords(listing.Refusal),
	}
	page.Listing, page.Progress = v.keys.Refresh(v.Request().Context(), v.owner, listing, state.Changes)
	page.Rotation = rotationIn(page.Listing, page.Progress, state.Rotation)
	page.Order, page.More = pages.NewKeyOrder(v.QueryParam("sort")), v.QueryParam("more")
	notices, awaited := s.takeNotices(v, state, &keyops.View{Listing: page.Listing, Progress: page.Progress})
	looked := v.QueryParam("poll")
	if changing(page.Listing, page.Progress) || awaited {
		page.Poll, page.PollIn = nextPoll(v.links.List(), page.Order.Values(), looked)
	}
	if looked == "" {
		notices = append(notices, s.takeFlash(v)...)
	}
	return s.respond(v, http.StatusOK, view{
		title: "Key management", current: menuKeys, notices: notices,
		page: pages.KeyListPage(page), part: pages.KeyListPart(page, notices), root: "#keys",
		address: s.listAddress(v, page.Order.Values()),
	})
}

// ownKeys lists the person's keys, with what their record says. A list that looks
// again reads the record only for what the keys do not say.
func (s *Server) ownKeys(v *scope) (listing keys.Listing, err error) {
	var person *keys.User
	list := func() error {
		listing, err = v.keys.List(v.Request().Context(), v.owner)
		return err
	}
	if v.QueryParam("poll") == "" {
		person, err = s.withPerson(v, list)
	} else if err = list(); err == nil && listing.CanonicalUserID == "" {
		person = s.readPerson(v)
	}
	if person != nil {
		listing = listing.WithOwner(*person)
	}
	return listing, err
}

// rotationIn returns a rotation of which both keys are still there, or nil.
func rotationIn(l keys.Listing, progress map[string]keys.Progress, r keyops.Rotation) *pages.KeyRotation {
	from, hasOld := l.Find(r.Old)
	_, hasNew := l.Find(r.New)
	if !hasOld || !hasNew || from.Status == keys.StatusDestroying {
		return nil
	}
	return &pages.KeyRotation{Old: r.Old, New: r.New, OldState: pages.KeyStateIn(l, progress, r.Old)}
}

// changing reports whether the list will be another one soon.
func changing(l keys.Listing, progress map[string]keys.Progress) bool {
	inProgress := func(p keys.Progress) bool { return !p.Failed }
	return !l.Settled() || slices.ContainsFunc(slices.Collect(maps.Values(progress)), inProgress)
}

// The pauses between looks at what is changing: keys take some seconds, and
// one that takes minutes needs no look every second.
const (
	firstPause = time.Second
	maxPause   = 30 * time.Second
)

// nextPoll gives the address to look again and the pause before it, after a
// number of looks that the address itself carries.
func nextPoll(address string, values url.Values, looked string) (next, pause string) {
	n, err := strconv.Atoi(looked)
	if err != nil || n < 0 || n > 10 {
		n = 0
	}
	wait := min(firstPause<<n, maxPause)
	values.Set("poll", strconv.Itoa(min(n+1, 10)))
	return address + "?" + values.Encode(), strconv.Itoa(int(wait.Seconds())) + "s"
}

// listAddress is the list of keys in an order.
func (s *Server) listAddress(v *scope, order url.Values) string {
	if len(order) == 0 {
		return v.links.List()
	}
	return v.links.List() + "?" + order.Encode()
}
