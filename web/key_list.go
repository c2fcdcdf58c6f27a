package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"keydeck/internal/keys"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

// listKeys is Key management. A list in which a key is changing looks again by
// itself, with growing pauses.
func (s *Server) listKeys(v *visit) error {
	listing, err := v.keys.List(v.Request().Context(), v.owner)
	if err != nil {
		return err
	}
	if listing.Missing != 0 {
		s.logger.Warn("shown without one of the APIs", "id", requestIDOf(v), "error", listing.Cause)
	}
	doing := s.doing(v)
	page := pages.KeyList{Links: v.at, Now: s.now(), Rotation: underWay(listing, doing.Rotation)}
	page.Listing, page.Progress = v.keys.Follow(v.Request().Context(), v.owner, listing, doing.Asked)
	page.Find = pages.NewKeyFind(v.QueryParam("q"), v.QueryParam("sort"), page.Listing)
	page.Shown = page.Find.Apply(page.Listing.Keys)
	looked := v.QueryParam("poll")
	if changing(page.Listing, page.Progress) {
		page.Poll, page.PollIn = nextPoll(v.at.List(), page.Find.Values(), looked)
	}
	var notice *layout.Notice
	if looked == "" {
		notice = s.heard(v)
	}
	return s.respond(v, http.StatusOK, view{
		title: "Key management", current: menuKeys, crumbs: s.keyCrumbs(v, ""), notice: notice,
		page: pages.KeyListPage(page), part: pages.KeyListPart(page, notice), root: "#keys",
		address: s.listAddress(v, page.Find.Values()),
	})
}

// underWay is a rotation of which both keys are still there.
func underWay(l keys.Listing, r rotation) *pages.KeyRotation {
	from, hasOld := l.Find(r.Old)
	to, hasNew := l.Find(r.New)
	if !hasOld || !hasNew || from.Status == keys.StatusDestroying {
		return nil
	}
	return &pages.KeyRotation{Old: from, New: to}
}

// changing reports whether the list will be another one soon.
func changing(l keys.Listing, progress map[string]keys.Progress) bool {
	underWay := func(p keys.Progress) bool { return !p.Failed }
	return !l.Settled() || slices.ContainsFunc(slices.Collect(maps.Values(progress)), underWay)
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

// listAddress is the list of keys, searched and sorted.
func (s *Server) listAddress(v *visit, find url.Values) string {
	if len(find) == 0 {
		return v.at.List()
	}
	return v.at.List() + "?" + find.Encode()
}

// keyCrumbs leads to the list of keys that it is about and, from there, to a
// page of a key.
func (s *Server) keyCrumbs(v *visit, page string) []layout.Crumb {
	if v.owner.Managed {
		return s.peopleCrumbs(
			layout.Crumb{Label: cmp.Or(v.owner.Email, "User"), Href: s.links.User(v.owner.UserID)},
			layout.Crumb{Label: "Object Storage Keys", Href: v.at.List()}, layout.Crumb{Label: page})
	}
	crumbs := []layout.Crumb{{Label: "Storage & Backup"}, {Label: "IONOS Object Storage"}}
	if page == "" {
		return append(crumbs, layout.Crumb{Label: "Key management"})
	}
	return append(crumbs, layout.Crumb{Label: "Key management", Href: s.links.Keys()}, layout.Crumb{Label: page})
}
