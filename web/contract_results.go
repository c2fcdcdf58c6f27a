package web

import (
	"bytes"
	"errors"
	"net/http"
	"time"

	"keydeck/internal/keybatch"
	"keydeck/internal/keyops"
	"keydeck/internal/keyreport"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// resultsPoll is the pause before a page of results looks again; slowResultsPoll that
// before one of more than manyResults keys does.
const (
	resultsPoll     = time.Second
	slowResultsPoll = 3 * time.Second
	manyResults     = 50
)

// showResults shows what has become of a change of several keys. It looks again by
// itself until all is settled. A change that was interrupted goes on: the person has
// asked for it by a form, and nothing is done twice.
func (s *Server) showResults(v *scope) error {
	page, err := s.results(v)
	if err != nil {
		return err
	}
	shown := view{
		news: true, title: page.Title(), current: menuUsers,
		page: pages.BatchResultsPage(page), part: pages.BatchResultsPart(page), root: "#results", address: page.Address(),
	}
	if page.Running {
		shown.refresh = refreshIn(page.PollAfter, page.Address())
	}
	return s.respond(v, http.StatusOK, shown)
}

// downloadResults is the same as a file.
func (s *Server) downloadResults(v *scope) error {
	page, err := s.results(v)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := keyreport.Records(&file, page.Records()); err != nil {
		return err
	}
	name := "object-storage-keys-" + v.session.Contract + "-" + page.Act + "-" + page.Asked.UTC().Format("2006-01-02T150405Z") + ".csv"
	v.Response().Header().Set("Content-Disposition", contentDisposition(name))
	return v.Blob(http.StatusOK, "text/csv; charset=utf-8", file.Bytes())
}

// results is what is known of a batch.
func (s *Server) results(v *scope) (pages.BatchResults, error) {
	id := v.Param("id")
	b, err := s.batches.Load(v.Request().Context(), s.batchRequest(v), id)
	switch {
	case errors.Is(err, keybatch.ErrNotFound):
		return pages.BatchResults{}, errNoResults
	case err != nil:
		return pages.BatchResults{}, err
	}
	page := pages.BatchResults{
		Links: s.links, ID: id, Act: string(b.Kind), Group: b.Group, SignIn: s.absolute(v.Request(), s.links.Own().List()), By: v.session.Email, Asked: b.Asked, Now: s.now(),
		Running: b.Running, Settled: b.Settled, Ended: b.Ended, PollAfter: resultsPoll,
	}
	for _, o := range b.Owners {
		for _, item := range o.Keys {
			line := pages.BatchLine{OwnerID: o.UserID, Name: o.Name, Email: o.Email, AccessKey: item.AccessKey, State: string(item.State)}
			if item.State == keybatch.Refused {
				line.Reason = s.batchReason(v, b.Kind, b.Reason(item))
			}
			page.Lines = append(page.Lines, line)
		}
	}
	if len(page.Lines) > manyResults {
		page.PollAfter = slowResultsPoll
	}
	if err := b.Err(); err != nil {
		p := s.problemFor(v, err)
		page.Trouble = p.title + ". " + p.text
	}
	return page, nil
}

// batchReason says why a key of a batch was not changed.
func (s *Server) batchReason(v *scope, kind keyops.Kind, err error) string {
	if kind == keyops.Create {
		switch {
		case errors.Is(err, keyops.ErrHasKey):
			return pages.OnboardHasKey
		case errors.Is(err, keys.ErrConflict):
			return pages.OnboardConflict
		case errors.Is(err, keys.ErrNoPrivilege):
			return pages.OnboardPrivilege
		}
	}
	switch {
	case errors.Is(err, keys.ErrConfirmation):
		return pages.BatchUnasked(string(kind))
	case errors.Is(err, keyops.ErrActive):
		return pages.BatchActive
	case errors.Is(err, keys.ErrConflict):
		return pages.BatchConflict
	case errors.Is(err, keys.ErrNotFound):
		return pages.BatchNoKey
	}
	p := s.problemFor(v, err)
	if words := apiWords(err); words != "" {
		return p.title + ": " + words
	}
	return p.title + "."
}
