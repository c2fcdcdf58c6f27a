package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keydeck/internal/audit"
	"keydeck/internal/directory"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// ownerStep is how long one step of a search goes on before the page shows the
// progress.
const ownerStep = 1500 * time.Millisecond

// findKeyOwner searches the owner of a key. The search is a chain of requests,
// each of which looks at some users and links to the next: nothing runs unless
// a page is open, any replica can go on, and without scripts the page refreshes
// itself.
func (s *Server) findKeyOwner(v *scope) error {
	page := pages.KeyOwner{Links: s.links, AccessKey: v.QueryParam("key"), Now: s.now()}
	query, invalid := keys.ParseQuery(page.AccessKey)
	from, continued := directory.ParseCursor(v.QueryParam("from"), s.now())
	if !continued {
		from = directory.NewCursor(s.now())
	}
	status := http.StatusOK
	switch {
	case page.AccessKey == "":
	case invalid != nil:
		page.Error, status = pages.KeyQueryError(invalid), unprocessable
	case v.QueryParam("stop") != "":
		page.AccessKey, page.Next = query.String(), s.ownerAddress(query, &from, false)
		page.Looked, page.Total = from.Looked, from.Total
	default:
		page.AccessKey, page.Part, page.AsOf = query.String(), !query.Whole(), from.Since
		err := s.searchOwner(v, &page, query, from)
		if !continued { // the rest of the chain is the same search
			v.owner = keys.Owner{}
			s.audit(v, audit.OwnerSearch, auditedKey(query, page.Matches), err)
		}
		if err != nil {
			return err
		}
	}
	shown := view{
		news:  true,
		title: "Find the owner of a key", current: menuUsers,
		page: pages.KeyOwnerPage(page), part: pages.KeyOwnerPart(page),
	}
	if page.Stop != "" {
		shown.refresh = "1; url=" + page.Next
	}
	return s.respond(v, status, shown)
}

// auditedKey is the key that an audit record of a search names. A part of a key
// is not recorded: it may be a part of anything.
func auditedKey(query keys.Query, found []pages.OwnedKey) string {
	switch {
	case query.Whole():
		return query.String()
	case len(found) > 0:
		return found[0].Key.AccessKey
	default:
		return ""
	}
}

// ownerAddress is the address of a search, at its beginning where from is nil.
func (s *Server) ownerAddress(query keys.Query, from *directory.Cursor, stop bool) string {
	values := url.Values{"key": {query.String()}}
	if from != nil {
		values.Set("from", from.String())
	}
	if stop {
		values.Set("stop", "yes")
	}
	return s.links.KeyOwner() + "?" + values.Encode()
}

// searchOwner does one step of a search.
func (s *Server) searchOwner(v *scope, page *pages.KeyOwner, query keys.Query, from directory.Cursor) error {
	ctx := v.Request().Context()
	page.Again = s.ownerAddress(query, nil, false)
	if held, ok := s.heldBy(v, query, v.QueryParam("user")); ok {
		page.Matches, page.Done = []pages.OwnedKey{held}, true
		s.settles(v, page, held)
		return nil
	}
	users, err := s.users.Since(ctx, asker(v), from.Since, ownerStep)
	switch {
	case err != nil:
		return s.interrupted(v, page, query, from, err)
	case !users.Done:
		page.Reading = users.Count
		s.goOn(page, query, from, users.Wait)
		return nil
	}
	search := directory.OwnerSearch{
		Query: query, Users: users, Keys: v.remote, Throttle: keys.NewThrottle(s.now),
		Deleted: func(userID string) { s.users.Remove(v.session.Contract, userID) },
	}
	found, err := search.Step(ctx, from, ownerStep)
	page.Looked, page.Total = found.Cursor.Looked, found.Cursor.Total
	for _, match := range found.Matches {
		page.Matches = append(page.Matches, s.ownedKey(v, match.User, match.Key))
	}
	wait := search.Throttle.Remaining()
	switch {
	case errors.Is(err, keys.ErrThrottled):
		s.goOn(page, query, found.Cursor, max(wait, keys.RetryAfter(err), firstPause))
	case err != nil:
		return s.interrupted(v, page, query, found.Cursor, err)
	case len(page.Matches) > 0 && !found.End:
		page.Next = s.ownerAddress(query, &found.Cursor, false)
	case !found.End:
		s.goOn(page, query, found.Cursor, wait)
	case len(page.Matches) > 0 || users.Complete():
		page.Done = true
	case users.Err != nil:
		return s.interrupted(v, page, query, found.Cursor, users.Err)
	case users.Shifted:
		page.Trouble, page.Next = pages.UsersChanged, page.Again
	default:
		page.Trouble = pages.UsersUnread
	}
	return nil
}

// heldBy is the answer for a whole key that a user has, by their keys alone: where a
// form of that answer leads back to. It is false where the user does not have it, or
// that could not be read.
func (s *Server) heldBy(v *scope, query keys.Query, userID string) (pages.OwnedKey, bool) {
	if !query.Whole() || !keys.ValidUserID(userID) {
		return pages.OwnedKey{}, false
	}
	ctx := v.Request().Context()
	var user keys.User
	var l keys.Listing
	var userErr, err error
	parallel.Do(
		func() { user, userErr = v.remote.User(ctx, userID) },
		func() { l, err = v.keys.List(ctx, s.ownerOf(v, keys.User{ID: userID})) },
	)
	k, found := l.Find(query.String())
	if userErr != nil || err != nil || !found {
		return pages.OwnedKey{}, false
	}
	return s.owned(v, user, k, l), true
}

// ownedKey is a key that was found, with what can be done about it. Of a user whose
// keys cannot be read now, the key alone is known.
func (s *Server) ownedKey(v *scope, user keys.User, k keys.Key) pages.OwnedKey {
	owner := s.ownerOf(v, user)
	l, err := v.keys.List(v.Request().Context(), owner)
	if _, listed := l.Find(k.AccessKey); err != nil || !listed {
		s.logger.Warn("the keys of an owner were not read", "id", requestIDOf(v), "error", err)
		l = keys.NewListing(owner, []keys.Key{k})
	}
	return s.owned(v, user, k, l)
}

func (s *Server) owned(v *scope, user keys.User, k keys.Key, l keys.Listing) pages.OwnedKey {
	as := *v
	as.owner = s.ownerOf(v, user)
	l, progress := v.keys.Refresh(v.Request().Context(), as.owner, l, s.state(&as).Changes)
	found := pages.OwnedKey{
		User: user, Key: k, State: pages.KeyStateIn(l, progress, k.AccessKey), Links: s.links.Of(user.ID), Self: as.owner.Self,
		Can: l.Capabilities(k), Full: l.Full(), OnlyActive: l.OnlyActive(k.AccessKey),
	}
	found.RequestID = s.sessions.IssueIdempotencyKey(v.session, formRotate(k.AccessKey))
	return found
}

// ownerOf is a user as the owner of keys that are looked after.
func (s *Server) ownerOf(v *scope, user keys.User) keys.Owner {
	return keys.Owner{
		UserID: user.ID, Email: user.Email, Name: user.Name(), Contract: v.session.Contract, Managed: true,
		Self: strings.EqualFold(user.ID, v.session.UserID),
	}
}

// settles has the answer look again by itself while the key is changing.
func (s *Server) settles(v *scope, page *pages.KeyOwner, held pages.OwnedKey) {
	if held.Changing() {
		address := url.Values{"key": {held.Key.AccessKey}, "user": {held.User.ID}}
		page.Poll, page.PollIn = nextPoll(s.links.KeyOwner(), address, v.QueryParam("poll"))
	}
}

// interrupted says on the page why a search stopped, and where it goes on. It
// returns the errors that the page cannot be shown with.
func (s *Server) interrupted(v *scope, page *pages.KeyOwner, query keys.Query, from directory.Cursor, err error) error {
	if isAny(err, keys.ErrUnauthorized, keys.ErrForbidden) {
		return err
	}
	p := s.problemFor(v, err)
	s.logProblem(v, p, err)
	page.Looked, page.Total = from.Looked, from.Total
	page.Trouble, page.Next = p.title+". "+p.text, s.ownerAddress(query, &from, false)
	return nil
}

// goOn has the page go on by itself after a wait.
func (s *Server) goOn(page *pages.KeyOwner, query keys.Query, from directory.Cursor, wait time.Duration) {
	page.Next = s.ownerAddress(query, &from, false)
	page.Stop = s.ownerAddress(query, &from, true)
	page.PollIn = max(wait, 50*time.Millisecond).String()
	if wait >= time.Second {
		page.Wait = pages.GoesOnIn(wait)
	}
}
