package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keydeck/internal/audit"
	"keydeck/internal/directory"
	"keydeck/internal/keyreport"
	"keydeck/internal/keys"
	"keydeck/internal/session"
	"keydeck/views/pages"
)

const contractActivity = "/contract/activity"

// listContractActivity shows what anybody of the contract has done in this console.
func (s *Server) listContractActivity(v *scope) error {
	page, err := s.contractActivity(v)
	if err != nil {
		return err
	}
	return s.respond(v, http.StatusOK, view{
		news: true, title: "Activity of the contract", current: menuUsers,
		page: pages.ContractActivityPage(page), part: pages.ContractActivityPart(page), root: "#activity", address: page.Address(page.Page),
	})
}

// downloadContractActivity is the same as a file, whole.
func (s *Server) downloadContractActivity(v *scope) error {
	page, err := s.contractActivity(v)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := keyreport.Records(&file, page.Records()); err != nil {
		return err
	}
	name := "object-storage-activity-" + v.session.Contract + "-" + s.now().UTC().Format("2006-01-02") + ".csv"
	v.Response().Header().Set("Content-Disposition", contentDisposition(name))
	return v.Blob(http.StatusOK, "text/csv; charset=utf-8", file.Bytes())
}

// contractActivity reads what a filter selects. That the person may still look after
// others is asked of the API.
func (s *Server) contractActivity(v *scope) (pages.ContractActivity, error) {
	ctx := v.Request().Context()
	if err := directory.Check(ctx, contractAsker(v).Directory()); err != nil {
		return pages.ContractActivity{}, err
	}
	filter, err := parseActivityFilter(v.QueryParams())
	if err != nil {
		return pages.ContractActivity{}, err
	}
	activities, whole, err := s.sessions.ContractActivities(ctx, v.session.Contract)
	if err != nil {
		return pages.ContractActivity{}, storeTrouble(err)
	}
	page := pages.ContractActivity{Links: s.links, Filter: filter, Partial: !whole, Now: s.now()}
	page.Page, _ = strconv.Atoi(v.QueryParam("page"))
	page.Page = max(page.Page, 1)
	oldest := s.now().AddDate(0, 0, -filter.Days)
	match := directory.NewFolder()
	query := match.Fold(filter.Query)
	for _, e := range ofContract(activities, v.session.Contract) {
		if e.Time.Before(oldest) {
			continue
		}
		page.Kept++
		text := match.Fold(strings.Join([]string{e.Account, e.TargetAs, e.Actor, e.Target, e.AccessKey}, "\n"))
		if filter.Action != "" && e.Action != filter.Action || !strings.Contains(text, query) {
			continue
		}
		page.Events = append(page.Events, e)
	}
	return page, nil
}

// ofContract are the events of a contract. One that does not tell whom it was about by
// e-mail address has that of another one which does.
func ofContract(activities []session.Activity, contract string) []audit.Event {
	var events []audit.Event
	emails := map[string]string{}
	for _, activity := range activities {
		var e audit.Event
		if json.Unmarshal(activity.Data, &e) == nil && e.Contract == contract {
			events = append(events, e)
			emails[e.Target] = cmp.Or(emails[e.Target], e.TargetAs)
			emails[e.Actor] = cmp.Or(emails[e.Actor], e.Account)
		}
	}
	for i := range events {
		events[i].TargetAs = cmp.Or(events[i].TargetAs, emails[events[i].Target])
	}
	return events
}

// maxActivityQuery is how long a search for activities can be, in bytes.
const maxActivityQuery = 256

// parseActivityFilter reads what is looked for. keys.ErrInvalid.
func parseActivityFilter(values url.Values) (pages.ActivityFilter, error) {
	f := pages.ActivityFilter{
		Query: strings.TrimSpace(values.Get("q")), Action: audit.Action(values.Get("action")), Days: pages.ActivityDays[0],
	}
	days, err := strconv.Atoi(values.Get("days"))
	switch {
	case values.Get("days") == "":
	case err != nil || !slices.Contains(pages.ActivityDays, days):
		return f, &keys.Error{Kind: keys.ErrInvalid, Op: "read filter", Message: pages.BadActivityFilter}
	default:
		f.Days = days
	}
	if len(f.Query) > maxActivityQuery || f.Action != "" && !slices.Contains(audit.Actions(), f.Action) {
		return f, &keys.Error{Kind: keys.ErrInvalid, Op: "read filter", Message: pages.BadActivityFilter}
	}
	return f, nil
}
