package web

import (
	"encoding/json"
	"net/http"

	"keydeck/internal/audit"
	"keydeck/views/pages"
)

// listActivity shows a person what was done in their sessions.
func (s *Server) listActivity(v *visit) error {
	entries, err := s.sessions.Journaled(v.Request().Context(), v.session)
	if err != nil {
		return storeTrouble(err)
	}
	page := pages.ActivityList{Links: s.links, Now: s.now()}
	for _, entry := range entries {
		var e audit.Event
		if json.Unmarshal(entry, &e) != nil {
			continue // another version's
		}
		row := pages.ActivityRow{
			Time: e.Time, Action: e.Action, Outcome: e.Outcome, AccessKey: e.AccessKey, Address: e.Address, Here: e.Session == v.session.ID(),
		}
		if e.Target != "" && e.Target != v.session.UserID {
			row.Of, row.OfID = e.TargetAs, e.Target
		}
		page.Rows = append(page.Rows, row)
	}
	return s.respond(v, http.StatusOK, view{
		title: "Activity", crumbs: accountCrumbs("Activity"), page: pages.ActivityListPage(page),
	})
}
