package web

import (
	"errors"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// inWords puts our sentence and what the API said together. A refused input is
// answered with what was wrong with it.
func inWords(p problem, err error) string {
	if errors.Is(err, keys.ErrInvalid) && keys.Message(err) != "" {
		return keys.Message(err)
	}
	return said(p.text, err)
}

// apiWords returns what an API said of an error: its own message, else the status
// where that alone is no reason.
func apiWords(err error) string {
	status := keys.HTTPStatus(err)
	switch {
	case keys.Message(err) != "":
		return "The API says: “" + keys.Message(err) + "”"
	case status != 0 && isAny(err, keys.ErrRejected, keys.ErrForbidden, keys.ErrNoPrivilege, keys.ErrUnavailable):
		return "It answered with status " + strconv.Itoa(status) + " and gave no reason."
	default:
		return ""
	}
}

// said puts a sentence and what the API said together.
func said(text string, err error) string {
	return strings.TrimSpace(text + " " + apiWords(err))
}

// problemFor looks an error up for the person who is signed in. Owners and
// administrators see no advice to turn to one, or that they need a group.
func (s *Server) problemFor(c echo.Context, err error) problem {
	p := problemOf(err)
	signedIn := s.currentSession(c)
	if signedIn == nil || !keys.Role(signedIn.Role).ManagesOthers() || keys.Indeterminate(err) {
		return p
	}
	switch {
	case errors.Is(err, keys.ErrNoPrivilege) && c.Param("user") != "":
		p.text = pages.AddToGroup
	case errors.Is(err, keys.ErrNoPrivilege):
		p.title, p.text = "The "+orAPI(err)+" refuses you access", pages.RefusedToManager
	case errors.Is(err, keys.ErrForbidden):
		p.text = pages.RefusedToManager
	default:
		return p
	}
	p.text = inWords(p, err)
	return p
}

// orAPI names the API that an error is of.
func orAPI(err error) string {
	if name := keys.APIName(err); name != "" {
		return name
	}
	return "API"
}

// missingList says why one of the two lists of keys is missing.
func missingList(l keys.Listing) pages.Trouble {
	if l.Missing == 0 {
		return pages.Trouble{}
	}
	name := keys.CloudAPI
	if l.Missing == keys.Management {
		name = keys.ManagementAPI
	}
	p := problemOf(l.Cause)
	trouble := pages.Trouble{Title: p.title, Text: apiWords(l.Cause), Wait: inTime(p.wait)}
	switch {
	case isAny(l.Cause, keys.ErrUnavailable, keys.ErrTimeout):
		trouble.Title = "The " + name + " does not answer"
		if keys.HTTPStatus(l.Cause) != 0 {
			trouble.Title += " as it should"
		}
	case isAny(l.Cause, keys.ErrForbidden, keys.ErrNoPrivilege):
		trouble.Title = "The " + name + " refuses you the list of keys"
	case errors.Is(l.Cause, keys.ErrUnauthorized):
		trouble.Text = pages.OneAPIRefuses + " " + trouble.Text
	}
	return trouble
}
