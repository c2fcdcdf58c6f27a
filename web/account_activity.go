package web

import (
	"encoding/json"
	"net/http"

	"keydeck/internal/session"
	"keydeck/views/pages"
)

// listActivity shows a person what was done in their sessions.
func (s *Server) listActivity(v *scope) error {
	activities, err := s.sessions.Activities(v.Request().Context(), v.session.UserID, session.MaxActivities)
	if err != nil {
		return storeTrouble(err)
	}
	page := pages.ActivityList{Links: s.links, Now: s.now()}
	for _, activity := range activities {
		var e failedSignIns
		if json.Unmarshal(activity.Data, &e) != nil {
			continue // written by another version
		}
		row := pages.ActivityRow{
			Time: e.Time, Action: e.Action, Outcome: e.Outcome, AccessKey: e.AccessKey, Address: e.Address, Attempts: e.Attempts, Here: e.Session == v.session.ID(),
		}
		if e.Target != "" && e.Target != v.session.UserID {
			row.Of, row.OfID = e.TargetAs, e.Target
		}
		page.Rows = append(page.Rows, row)
	}
	return s.respond(v, http.StatusOK, view{
		news:  true,
		title: "Activity", page: pages.ActivityListPage(page),
	})
}
