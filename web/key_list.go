package web

import (
	"net/http"
	"strconv"
	"time"

	"keydeck/views/layout"
	"keydeck/views/pages"
)

// listKeys is Key management. A list in which a key is changing looks again by
// itself, with growing pauses.
func (s *Server) listKeys(v *visit) error {
	listing, err := v.keys.OwnKeys(v.Request().Context(), v.owner)
	if err != nil {
		return err
	}
	if listing.Missing != 0 {
		s.logger.Warn("shown without one of the APIs", "id", requestIDOf(v), "error", listing.Cause)
	}
	page := pages.KeyList{Links: s.links, Listing: listing, Now: s.now()}
	if !listing.Settled() {
		looked := v.QueryParam("poll")
		page.Poll, page.PollIn = nextPoll(s.links.Keys(), looked)
	}
	shown := view{
		title: "Key management", current: menuKeys, crumbs: s.keyCrumbs(""),
		page: pages.KeyListPage(page), part: pages.KeyListPart(page),
	}
	return s.respond(v, http.StatusOK, shown)
}

// The pauses between looks at what is changing: keys take some seconds, and
// one that takes minutes needs no look every second.
const (
	firstPause = time.Second
	maxPause   = 30 * time.Second
)

// nextPoll gives the address to look again and the pause before it, after a
// number of looks that the address itself carries.
func nextPoll(address, looked string) (next, pause string) {
	n, err := strconv.Atoi(looked)
	if err != nil || n < 0 || n > 10 {
		n = 0
	}
	wait := min(firstPause<<n, maxPause)
	return address + "?poll=" + strconv.Itoa(min(n+1, 10)), strconv.Itoa(int(wait.Seconds())) + "s"
}

// keyCrumbs leads to Key management and, from there, to a page of a key.
func (s *Server) keyCrumbs(page string) []layout.Crumb {
	crumbs := []layout.Crumb{{Label: "Storage & Backup"}, {Label: "IONOS Object Storage"}}
	if page == "" {
		return append(crumbs, layout.Crumb{Label: "Key management"})
	}
	return append(crumbs, layout.Crumb{Label: "Key management", Href: s.links.Keys()}, layout.Crumb{Label: page})
}
