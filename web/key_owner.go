package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

const (
	// ownerStep is how long one part of a search goes on before the page shows
	// how far it is.
	ownerStep = 1500 * time.Millisecond
	// ownerCalls is how many users are asked about at the same time.
	ownerCalls = 8
)

// findKeyOwner finds whose key one is. The search is a chain of requests, each
// of which looks through some users and says where the next goes on: nothing
// runs when nobody looks, any replica can go on, and without scripts the page
// goes on by itself all the same.
func (s *Server) findKeyOwner(v *visit) error {
	page := pages.KeyOwner{Links: s.links, AccessKey: strings.TrimSpace(v.QueryParam("key"))}
	status := http.StatusOK
	from, err := strconv.Atoi(v.QueryParam("from"))
	if err != nil || from < 0 {
		from = 0
	}
	switch {
	case page.AccessKey == "":
	case !keys.ValidAccessKey(page.AccessKey):
		page.Error, status = pages.NotAnAccessKey, unprocessable
	case v.QueryParam("stop") != "":
		page.Looked, page.Next = from, s.ownerAddress(page.AccessKey, from, false)
		if known := s.rolls.Known(v.session.ID()); known != nil {
			page.Total = known.State(expired()).Count()
		}
	default:
		err := s.searchOwner(v, &page, from)
		if v.QueryParam("from") == "" { // the rest of the chain is the same search
			v.owner = keys.Owner{}
			s.audit(v, audit.OwnerSearch, page.AccessKey, err)
		}
		if err != nil {
			return err
		}
	}
	shown := view{
		title: "Find the owner of a key", current: menuUsers, crumbs: s.peopleCrumbs(layout.Crumb{Label: "Find the owner of a key"}),
		page: pages.KeyOwnerPage(page), part: pages.KeyOwnerPart(page),
	}
	if page.Stop != "" {
		shown.refresh = "1; url=" + page.Next
	}
	return s.respond(v, status, shown)
}

// expired is a context that waits for nothing.
func expired() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func (s *Server) ownerAddress(accessKey string, from int, stop bool) string {
	values := url.Values{"key": {accessKey}, "from": {strconv.Itoa(from)}}
	if stop {
		values.Set("stop", "yes")
	}
	return s.links.KeyOwner() + "?" + values.Encode()
}

// searchOwner does one part of the search.
func (s *Server) searchOwner(v *visit, page *pages.KeyOwner, from int) error {
	ctx, cancel := context.WithTimeout(v.Request().Context(), ownerStep)
	defer cancel()
	state := s.rolls.Of(ctx, v.session.ID(), v.remote).State(ctx)
	if err := firstSerious(state.Err); err != nil {
		return err
	}
	if !state.Done {
		page.Reading = state.Count()
		s.goOn(page, from, 0)
		return nil
	}
	page.Total = state.Count()
	search := ownerSearch{v: v, accessKey: page.AccessKey, pace: keys.NewPace(s.now)}
	err := search.run(v.Request().Context(), ctx, state, from)
	page.Looked, page.Owner = search.looked, search.found
	held := search.pace.Held()
	switch {
	case page.Owner != nil:
	case isAny(err, keys.ErrUnauthorized, keys.ErrForbidden):
		return err
	case errors.Is(err, keys.ErrThrottled):
		s.goOn(page, page.Looked, max(held, keys.RetryAfter(err), firstPause))
	case err != nil:
		p := problemOf(err)
		s.logProblem(v, p, err)
		page.Trouble, page.Next = p.title+". "+p.text, s.ownerAddress(page.AccessKey, page.Looked, false)
	case page.Looked < page.Total:
		s.goOn(page, page.Looked, held)
	case state.Err != nil || state.Bounded:
		page.Trouble = pages.UsersUnread
	default:
		page.Done = true
	}
	return nil
}

func (s *Server) goOn(page *pages.KeyOwner, from int, wait time.Duration) {
	page.Next = s.ownerAddress(page.AccessKey, from, false)
	page.Stop = s.ownerAddress(page.AccessKey, from, true)
	page.PollIn = max(wait, 50*time.Millisecond).String()
	if wait >= time.Second {
		page.Wait = pages.GoesOnIn(wait)
	}
}
