package pages

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	"keydeck/internal/audit"
	"keydeck/views/components"
)

const (
	// BadActivityFilter says what is wrong with a filter.
	BadActivityFilter = "The address asks for an activity or a time that there is not. Choose from the lists."

	activityNone      = "What anybody of the contract does with keys and users in this console is listed here."
	activityElsewhere = "What was done elsewhere, as in the DCD or by other tools, is not here. Owners and administrators can read it from IONOS’s"
	activityPerPage   = 50
)

// ActivityDays are the times to choose from, the longest first: for so long activities
// are kept.
var ActivityDays = []int{90, 30, 7, 1}

// ActivityFilter is what is looked for.
type ActivityFilter struct {
	Query  string // in names of people and keys
	Action audit.Action
	Days   int
}

func (f ActivityFilter) values() url.Values {
	values := url.Values{}
	if f.Query != "" {
		values.Set("q", f.Query)
	}
	if f.Action != "" {
		values.Set("action", string(f.Action))
	}
	if f.Days != ActivityDays[0] {
		values.Set("days", strconv.Itoa(f.Days))
	}
	return values
}

// Address is that of a page of what is looked for.
func (v ContractActivity) Address(page int) string {
	values := v.Filter.values()
	if page > 1 {
		values.Set("page", strconv.Itoa(page))
	}
	return withQuery(v.Links.ContractActivity(), values)
}

func (v ContractActivity) file() string {
	return withQuery(v.Links.ContractActivityFile(), v.Filter.values())
}

// shown are the events of the page.
func (v ContractActivity) shown() []audit.Event {
	from := min((v.Page-1)*activityPerPage, len(v.Events))
	return v.Events[from:min(from+activityPerPage, len(v.Events))]
}

func (v ContractActivity) pages() components.PagesView {
	from := min((v.Page-1)*activityPerPage, len(v.Events))
	view := components.PagesView{
		Range: thousands(min(from+1, len(v.Events))) + "–" + thousands(from+len(v.shown())) + " of " + thousands(len(v.Events)),
	}
	if v.Page > 1 {
		view.Previous = v.Address(v.Page-1) + "#activity"
	}
	if from+activityPerPage < len(v.Events) {
		view.Next = v.Address(v.Page+1) + "#activity"
	}
	return view
}

func (v ContractActivity) noneTitle() string {
	if v.Kept > 0 {
		return "Nothing matches"
	}
	return "Nothing yet"
}

func (v ContractActivity) note() string {
	const kept = "The last 200 of each person, for ninety days."
	if v.Partial {
		return kept + " There are more than can be shown: older ones are missing."
	}
	return kept
}

func daysWords(days int) string {
	if days == 1 {
		return "Last day"
	}
	return "Last " + strconv.Itoa(days) + " days"
}

// deedTarget names whom it was about: by their id, where no entry tells more.
func deedTarget(e audit.Event) string { return cmp.Or(e.TargetAs, e.Target) }

// Records are the events as the rows of a table, with its header.
func (v ContractActivity) Records() [][]string {
	records := [][]string{{
		"Time", "User Name", "Action", "Outcome", "Reason", "Owner", "Access key ID", "Group ID", "Keys", "Address", "Request ID",
	}}
	for _, e := range v.Events {
		number := ""
		if e.Keys > 0 {
			number = strconv.Itoa(e.Keys)
		}
		records = append(records, []string{
			e.Time.UTC().Format(time.RFC3339), e.Account, string(e.Action), string(e.Outcome), e.Reason, deedTarget(e),
			e.AccessKey, e.Group, number, e.Address, e.RequestID,
		})
	}
	return records
}
