package keyreport

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/keys"
)

// Report is what a filter selects of a contract's keys.
type Report struct {
	Rows    []Row // all pages; users whose keys could not be read come last
	Numbers Numbers
	Facets  map[Facet]int
}

// Numbers are about the whole contract, whatever is selected.
type Numbers struct {
	Keys         int
	Active       int
	Old          int // from the threshold on; 0 without one
	UserOwned    int // valid for user-owned buckets only
	NotPermitted int // of users who may not use object storage
	Deactivated  int // of deactivated users
	Full         int // users with as many keys as a user can have
	Unread       int // users whose keys could not be read
}

// Facet is one choice of a filter: a parameter and its value.
type Facet struct{ Name, Value string }

// facets are the choices that are counted, with the condition that each is in place
// of.
var facets = []struct {
	Facet
	instead conditions
	holds   func(*selection, Row, int) bool
}{
	{Facet{"state", StateActive}, conditionState, func(_ *selection, r Row, _ int) bool { return stateSelected(StateActive, r) }},
	{Facet{"state", StateInactive}, conditionState, func(_ *selection, r Row, _ int) bool { return stateSelected(StateInactive, r) }},
	{Facet{"older", ""}, conditionOlder, func(s *selection, r Row, days int) bool { return days > 0 && s.olderThan(r, days) }},
	{Facet{"valid", ValidUserOwned}, conditionValid, func(_ *selection, r Row, _ int) bool { return validSelected(ValidUserOwned, r) }},
	{Facet{"owner", OwnerNoPrivilege}, conditionOwner, func(_ *selection, r Row, _ int) bool { return ownerIs(r.Owner, OwnerNoPrivilege) }},
	{Facet{"owner", OwnerDeactivated}, conditionOwner, func(_ *selection, r Row, _ int) bool { return ownerIs(r.Owner, OwnerDeactivated) }},
	{Facet{"owner", OwnerAdministrator}, conditionOwner, func(_ *selection, r Row, _ int) bool { return ownerIs(r.Owner, OwnerAdministrator) }},
	{Facet{"owner", OwnerMember}, conditionOwner, func(_ *selection, r Row, _ int) bool { return ownerIs(r.Owner, OwnerMember) }},
	{Facet{"owner", OwnerFull}, conditionOwner, func(_ *selection, r Row, _ int) bool { return ownerIs(r.Owner, OwnerFull) }},
}

// New makes a report of what was read. threshold is the age in days from which on a
// key is old, and the one that the facet of name "older" counts unless the filter
// has another; 0 for none. A facet counts the keys that would be selected with it.
func New(s contractkeys.Snapshot, f Filter, threshold int, now time.Time) Report {
	sel := newSelection(f, s, now)
	report := Report{Facets: map[Facet]int{}}
	var unread []Row
	for _, e := range s.Entries {
		o := sel.owner(e)
		switch e.State {
		case contractkeys.Pending:
			continue
		case contractkeys.Failed:
			report.Numbers.Unread++
			unread = append(unread, sel.rows(o)...)
			continue
		default:
		}
		missing := sel.missing(o)
		report.Numbers.addOwner(o)
		for _, k := range o.Keys {
			r := Row{Owner: o, Key: k}
			met := sel.conditions(r, missing)
			if met == conditionsAll {
				report.Rows = append(report.Rows, r)
			}
			report.count(sel, r, met, cmp.Or(f.Older, threshold))
			report.Numbers.add(sel, r, threshold)
		}
	}
	Order(report.Rows, cmp.Or(f.Sort, SortCreated))
	report.Rows = append(report.Rows, unread...)
	return report
}

// count counts the facets that a row is selected with.
func (r *Report) count(sel *selection, row Row, met conditions, days int) {
	for _, facet := range facets {
		if met|facet.instead == conditionsAll && facet.holds(sel, row, days) {
			r.Facets[facet.Facet]++
		}
	}
}

func (n *Numbers) addOwner(o *Owner) {
	if ownerIs(o, OwnerFull) {
		n.Full++
	}
}

func (n *Numbers) add(sel *selection, r Row, threshold int) {
	n.Keys++
	count := func(number *int, counts bool) {
		if counts {
			*number++
		}
	}
	count(&n.Active, r.Key.Activity == keys.Active)
	count(&n.Old, threshold > 0 && sel.olderThan(r, threshold))
	count(&n.UserOwned, validSelected(ValidUserOwned, r))
	count(&n.NotPermitted, r.Owner.NotPermitted())
	count(&n.Deactivated, !r.Owner.User.Active)
}

// Order puts rows in an order, one of the Sort constants.
func Order(rows []Row, by string) {
	byAge := func(a, b Row) int { return contractkeys.CompareAge(a.Key, b.Key) }
	switch by {
	case SortNewest:
		slices.SortStableFunc(rows, func(a, b Row) int {
			if a.Key.Created.IsZero() || b.Key.Created.IsZero() { // unknown ages stay at the end
				return byAge(a, b)
			}
			return byAge(b, a)
		})
	case SortOwner:
		names := map[*Owner]string{}
		for _, r := range rows {
			if names[r.Owner] == "" {
				names[r.Owner] = strings.ToLower(r.Owner.User.Name())
			}
		}
		slices.SortStableFunc(rows, func(a, b Row) int {
			return cmp.Or(cmp.Compare(names[a.Owner], names[b.Owner]), cmp.Compare(a.Owner.User.ID, b.Owner.User.ID), byAge(a, b))
		})
	default:
		slices.SortStableFunc(rows, byAge)
	}
}

// PageOf returns the rows of a page and where they begin, from 0.
func (r Report) PageOf(page int) (rows []Row, from int) {
	from = min((page-1)*PageSize, len(r.Rows))
	return r.Rows[from:min(from+PageSize, len(r.Rows))], from
}
