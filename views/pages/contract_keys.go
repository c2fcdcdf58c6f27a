package pages

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"time"

	"keydeck/internal/keyreport"
	"keydeck/views/components"
	"keydeck/views/links"
)

// ContractKeys is the list of all keys of a contract.
type ContractKeys struct {
	Links     links.Links
	Filter    keyreport.Filter
	Report    keyreport.Report
	Threshold int       // the age in days from which on a key is old; 0 for none
	Since     time.Time // what is shown was read since then; zero if that does not matter
	AsOf      time.Time
	Now       time.Time

	Users, Looked, Total int    // users of the contract read so far; of those who can have keys, looked at and all
	Listed               bool   // all users are known
	Done                 bool   // the keys of all users have been asked for
	Running              bool   // the page looks again by itself
	Partial              bool   // users may be missing
	GroupsUnknown        bool   // who may use object storage is not known for everyone
	PollIn               string // how long to wait before, as htmx writes it
	Wait                 string // why reading pauses; may be empty
	Trouble              string // why reading has stopped; may be empty
	SelectAll            bool   // all keys that match are selected
	Chosen               bool   // the address chooses something: a filter, an order, a page

	rows []keyreport.Row // of this page
	from int             // where they begin, from 0
}

// paged is the list with the rows of its page.
func (v ContractKeys) paged() ContractKeys {
	v.rows, v.from = v.Report.PageOf(v.Filter.Page)
	return v
}

// query are the parameters of a filter, with the time of the reading.
func (v ContractKeys) query(f keyreport.Filter) url.Values {
	values := f.Values()
	if !v.Since.IsZero() {
		values.Set("since", moment(v.Since))
	}
	return values
}

func withQuery(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// param is a parameter of an address.
type param struct{ name, value string }

// kept are the parameters that a search leaves as they are.
func (v ContractKeys) kept() []param {
	values := v.query(v.Filter)
	values.Del("q")
	values.Del("page")
	var kept []param
	for _, name := range slices.Sorted(maps.Keys(values)) {
		kept = append(kept, param{name, values.Get(name)})
	}
	return kept
}

// address is the list with a filter, of the same reading.
func (v ContractKeys) address(f keyreport.Filter) string {
	return withQuery(v.Links.ContractKeys(), v.query(f))
}

// Address is that of the page itself.
func (v ContractKeys) Address() string {
	if v.SelectAll {
		return v.selectAll()
	}
	return v.address(v.Filter)
}

// again is the list, read anew.
func (v ContractKeys) again() string {
	v.Since = v.Now
	return v.Address()
}

// stop is the list without going on to read.
func (v ContractKeys) stop() string {
	values := v.query(v.Filter)
	if v.SelectAll {
		values.Set("select", "all")
	}
	values.Set("stop", "yes")
	return withQuery(v.Links.ContractKeys(), values)
}

// file is the list as a file, of the same filter.
func (v ContractKeys) file(extension string) string {
	f := v.Filter
	f.Page = 1
	return withQuery(v.Links.ContractKeysFile(extension), f.Values())
}

func (v ContractKeys) pages() components.PagesView {
	on := func(page int) string {
		f := v.Filter
		f.Page = page
		return v.address(f)
	}
	view := components.PagesView{Range: v.rangeWords()}
	if v.Filter.Page > 1 {
		view.Previous = on(min(v.Filter.Page-1, 1+max(len(v.Report.Rows)-1, 0)/keyreport.PageSize))
	}
	if v.from+len(v.rows) < len(v.Report.Rows) {
		view.Next = on(v.Filter.Page + 1)
	}
	return view
}

func (v ContractKeys) columns() []components.Column {
	sort := cmp.Or(v.Filter.Sort, keyreport.SortCreated)
	by := func(label, order, other, ascending string) []components.Sort {
		f := v.Filter
		f.Page, f.Sort = 1, order
		s := components.Sort{Label: label}
		switch sort {
		case order:
			s.Order, f.Sort = ascending, other
		case other:
			s.Order = map[string]string{"ascending": "descending", "descending": "ascending"}[ascending]
		}
		s.Href = v.address(f)
		return []components.Sort{s}
	}
	return []components.Column{
		{Label: "Owner", Sorts: by("Owner", keyreport.SortOwner, keyreport.SortOwner, "ascending")},
		{Label: "Key"},
		{Label: createdColumn, Sorts: by(createdColumn, keyreport.SortCreated, keyreport.SortNewest, "ascending")},
		{Label: "State"},
	}
}

// maxAge is the threshold as components take it.
func (v ContractKeys) maxAge() time.Duration { return time.Duration(v.Threshold) * 24 * time.Hour }
