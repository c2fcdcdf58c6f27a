// Package keyreport makes a report of the access keys of a contract: which of them a
// filter selects, how many there are of each kind, and the report as CSV, JSON and
// text.
//
// The package knows what contractkeys reads, and neither pages nor commands.
package keyreport

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Filter selects keys. Empty fields select all; several hold together.
type Filter struct {
	Query string // a part of a key, of a name or of an id
	State string // StateActive or StateInactive
	Older int    // days, 1 to MaxOlder; 0 selects all
	Valid string // ValidUserOwned or ValidAll
	Owner string // one of the Owner constants
	Sort  string // one of the Sort constants; empty for the default of the place
	Page  int    // from 1; of pages of PageSize rows
}

// The values of a Filter, as they are in addresses.
const (
	StateActive   = "active"
	StateInactive = "inactive"

	ValidUserOwned = "user-owned"
	ValidAll       = "all"

	OwnerNoPrivilege   = "no-privilege"
	OwnerDeactivated   = "deactivated"
	OwnerAdministrator = "administrator" // the owner of the contract included
	OwnerMember        = "member"        // neither owner nor administrator
	OwnerFull          = "five-keys"     // has as many keys as a user can have

	SortCreated = "created" // the oldest first
	SortNewest  = "-created"
	SortOwner   = "owner"
)

const (
	// MaxOlder bounds Filter.Older, in days.
	MaxOlder = 3650
	// PageSize is how many rows a page has.
	PageSize = 50
	// maxQuery bounds Filter.Query, in bytes.
	maxQuery = 256
	// maxPage bounds Filter.Page.
	maxPage = 1_000_000
)

// choices are the values that parameters can have.
var choices = map[string][]string{
	"state": {StateActive, StateInactive},
	"valid": {ValidUserOwned, ValidAll},
	"owner": {OwnerNoPrivilege, OwnerDeactivated, OwnerAdministrator, OwnerMember, OwnerFull},
	"sort":  {SortCreated, SortNewest, SortOwner},
}

// A ValueError is a value that a parameter of a filter cannot have.
type ValueError struct {
	Name  string   // of the parameter, e.g. "state"
	Value string   // that was given
	Good  []string // what can be given
}

func (e *ValueError) Error() string {
	return strconv.Quote(e.Value) + " is no value of " + e.Name + "; it is one of " + strings.Join(e.Good, ", ")
}

// Parse reads a filter from the parameters of an address. It returns a [*ValueError]
// for the first value that is none. An empty value selects all.
func Parse(values url.Values) (Filter, error) {
	f := Filter{Query: cleanQuery(values.Get("q")), Page: 1}
	for name, field := range map[string]*string{"state": &f.State, "valid": &f.Valid, "owner": &f.Owner, "sort": &f.Sort} {
		value := values.Get(name)
		if value != "" && !slices.Contains(choices[name], value) {
			return Filter{}, &ValueError{name, value, choices[name]}
		}
		*field = value
	}
	for name, number := range map[string]struct {
		field *int
		limit int
		good  string
	}{
		"older": {&f.Older, MaxOlder, "a number of days from 1 to 3650"},
		"page":  {&f.Page, maxPage, "a number from 1"},
	} {
		value := values.Get(name)
		if value == "" {
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > number.limit {
			return Filter{}, &ValueError{name, value, []string{number.good}}
		}
		*number.field = n
	}
	return f, nil
}

// cleanQuery is what is searched for, of what was typed.
func cleanQuery(query string) string {
	query = strings.TrimSpace(strings.ToValidUTF8(query, ""))
	return strings.ToValidUTF8(query[:min(len(query), maxQuery)], "")
}

// Values are the parameters that Parse reads the filter from.
func (f Filter) Values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{"q": f.Query, "state": f.State, "valid": f.Valid, "owner": f.Owner, "sort": f.Sort} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if f.Older > 0 {
		values.Set("older", strconv.Itoa(f.Older))
	}
	if f.Page > 1 {
		values.Set("page", strconv.Itoa(f.Page))
	}
	return values
}
