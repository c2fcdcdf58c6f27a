package pages

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keydeck/internal/keys"
	"keydeck/views/links"
)

// UsersPerPage is how many users a page of the list holds: what fits into 40 KB
// on a first visit.
const UsersPerPage = 20

// maxQuery bounds what is searched for, in bytes: a whole key fits.
const maxQuery = 256

// lastPage bounds the pages that can be asked for.
const lastPage = 100_000

// UserFind is how the list of users is searched, sorted and paged.
type UserFind struct {
	Query string
	Sort  string // "name" or "email", with a "-" before it for descending; empty for the API's own order
	Page  int    // from 1
	All   bool   // all users are searched, also for a whole e-mail address
}

// cleanQuery is what is searched for, of what was typed.
func cleanQuery(query string) string {
	query = strings.TrimSpace(strings.ToValidUTF8(query, ""))
	return strings.ToValidUTF8(query[:min(len(query), maxQuery)], "")
}

// NewUserFind reads what a reader wants of the list from an address. What
// makes no sense is left out.
func NewUserFind(values url.Values) UserFind {
	sort, page := values.Get("sort"), values.Get("page")
	f := UserFind{Query: cleanQuery(values.Get("q")), Page: 1, All: values.Get("all") == "yes"}
	if slices.Contains([]string{"name", "-name", "email", "-email"}, sort) {
		f.Sort = sort
	}
	if n, err := strconv.Atoi(page); err == nil && n > 0 {
		f.Page = min(n, lastPage)
	}
	return f
}

// NeedsAll reports whether all users have to be looked at.
func (f UserFind) NeedsAll() bool { return f.Query != "" || f.Sort != "" }

// Order puts users in the order that is wanted.
func (f UserFind) Order(users []keys.User) {
	by, descending := strings.CutPrefix(f.Sort, "-")
	if by == "" {
		return
	}
	key := func(u keys.User) string { return strings.ToLower(u.Name()) }
	if by == "email" {
		key = func(u keys.User) string { return strings.ToLower(u.Email) }
	}
	slices.SortStableFunc(users, func(a, b keys.User) int {
		order := cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(a.ID, b.ID))
		if descending {
			return -order
		}
		return order
	})
}

// Address is where the list is, searched, sorted and paged like this.
func (f UserFind) Address(to links.Links) string {
	values := url.Values{}
	if f.Query != "" {
		values.Set("q", f.Query)
	}
	if f.Sort != "" {
		values.Set("sort", f.Sort)
	}
	if f.All {
		values.Set("all", "yes")
	}
	if f.Page > 1 {
		values.Set("page", strconv.Itoa(f.Page))
	}
	if len(values) == 0 {
		return to.Users()
	}
	return to.Users() + "?" + values.Encode()
}

// On is the same on another page.
func (f UserFind) On(page int) UserFind {
	f.Page = page
	return f
}

// inAll is the same search among all users.
func (f UserFind) inAll() UserFind {
	f.All = true
	return f.On(1)
}

func (f UserFind) sorted(by string) UserFind {
	if f.Sort == by {
		by = "-" + by
	}
	f.Sort, f.Page = by, 1
	return f
}
