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

// lastPage bounds the pages that can be asked for.
const lastPage = 100_000

// UserFind is how the list of users is searched, sorted and paged.
type UserFind struct {
	Query string
	Sort  string // "name" or "email", with a "-" before it for descending; empty for the API's own order
	Page  int    // from 1
}

// NewUserFind reads what a reader wants of the list from an address. What
// makes no sense is left out.
func NewUserFind(query, sort, page string) UserFind {
	f := UserFind{Query: cleanQuery(query), Page: 1}
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

// Words are what is searched for.
func (f UserFind) Words() []string { return strings.Fields(strings.ToLower(f.Query)) }

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

func (f UserFind) sorted(by string) UserFind {
	if f.Sort == by {
		by = "-" + by
	}
	f.Sort, f.Page = by, 1
	return f
}
