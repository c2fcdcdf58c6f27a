package web

import (
	"cmp"
	"context"
	"slices"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

// Outcomes of changes whose page was left, or that have come to their end since,
// are shown on the person's next page.

// noticeStates are the states of notices as the pages name them.
var noticeStates = map[keyops.NoticeState]string{
	keyops.InProgress: "in progress", keyops.Accepted: "accepted", keyops.Succeeded: "succeeded",
	keyops.Failed: "failed", keyops.Unknown: "unknown",
}

// news returns what a page that shows no keys says of changes whose page was left:
// of one's own keys, and of those of the user that was looked after last.
func (s *Server) news(v *scope) []layout.Notice {
	notices, _ := s.takeNotices(v, s.state(v), nil)
	cookie, err := v.Cookie(managedCookie)
	if err != nil || !keys.ValidUserID(cookie.Value) || !keys.Role(v.session.Role).ManagesOthers() {
		return notices
	}
	managed := *v
	managed.owner = keys.Owner{UserID: cookie.Value, Contract: v.session.Contract, Managed: true}
	managed.links = s.links.Of(cookie.Value)
	others, _ := s.takeNotices(&managed, s.state(&managed), nil)
	return append(notices, others...)
}

// managedCookie names the user whose keys were looked after last.
const managedCookie = "keydeck-user"

// overPair reports whether the page lies under the dialog of a pair that says itself
// what a notice would say of it.
func (s *Server) overPair(v *scope, n keyops.Notice) bool {
	pair := n.State == keyops.Succeeded && (n.Kind == keyops.Create || n.Kind == keyops.Renew)
	current, _ := s.currentPath(v.Request())
	return pair && current == v.links.Key(n.AccessKey)
}

// takeNotices returns what the person has not been shown of their changes of the
// owner's keys, once, and whether to look again soon. view is nil for a page that
// has not read the keys.
func (s *Server) takeNotices(v *scope, state keyops.State, view *keyops.View) (notices []layout.Notice, awaited bool) {
	ctx := v.Request().Context()
	found, awaited := state.Notices(ctx, s.request(v), view)
	state.Shown(ctx, s.request(v), found)
	forWhom := s.namedIn(v, found)
	for _, n := range found {
		if s.overPair(v, n) {
			continue
		}
		words := pages.KeyNotice{
			Links: v.links, For: forWhom, What: string(auditActions[n.Kind]), State: noticeStates[n.State],
			AccessKey: n.AccessKey, Replaces: n.Predecessor, RequestID: requestIDOf(v),
		}
		if view != nil && n.AccessKey != "" {
			k, _ := view.Listing.Find(n.AccessKey)
			words.Name, words.KeyState = k.Description, pages.KeyStateIn(view.Listing, view.Progress, n.AccessKey)
		}
		if n.Failure != nil {
			p := s.problemFor(v, n.Failure)
			words.Why = p.title + ". " + p.text
		}
		notices = append(notices, words.Notice())
	}
	return notices, awaited
}

// namedIn is for whom the keys are that notices are about: the name, which a page
// that is not about the user looks up for the notice of a new key. Empty when they are
// the person's own.
func (s *Server) namedIn(v *scope, notices []keyops.Notice) string {
	generated := func(n keyops.Notice) bool { return n.Kind == keyops.Create && n.State == keyops.Succeeded }
	if !v.owner.Managed || !slices.ContainsFunc(notices, generated) {
		return v.forWhom()
	}
	ctx, cancel := context.WithTimeout(v.Request().Context(), personTimeout)
	defer cancel()
	if err := v.loadOwner(ctx, alone); err != nil {
		s.logger.Info("a notice does not name its user", "id", requestIDOf(v), "error", err)
	}
	return cmp.Or(v.forWhom(), "another user")
}
