package pages

import (
	"net/url"
	"slices"

	"keydeck/internal/keys"
	"keydeck/views/components"
	"keydeck/views/links"
)

// KeyOrder is how a list of keys is sorted: by when they were created, newest first
// unless it says otherwise. Five keys need no more to be found.
type KeyOrder struct{ OldestFirst bool }

// NewKeyOrder reads the order from the parameter sort of an address.
func NewKeyOrder(sort string) KeyOrder { return KeyOrder{OldestFirst: sort == "oldest"} }

// Apply returns the keys of a list, which is newest first, in this order. A key of
// which it is not known when it was created is last.
func (o KeyOrder) Apply(list []keys.Key) []keys.Key {
	sorted := slices.Clone(list)
	if o.OldestFirst {
		slices.SortStableFunc(sorted, func(a, b keys.Key) int {
			return keys.CompareCreated(a.Created, b.Created)
		})
	}
	return sorted
}

// Values are the parameters of the list's address.
func (o KeyOrder) Values() url.Values {
	values := url.Values{}
	if o.OldestFirst {
		values.Set("sort", "oldest")
	}
	return values
}

// address is where the list is, sorted like this.
func (o KeyOrder) address(to links.KeyLinks) string {
	if values := o.Values(); len(values) > 0 {
		return to.List() + "?" + values.Encode()
	}
	return to.List()
}

// column is the head of the column of times, where the order is turned around.
func (o KeyOrder) column(to links.KeyLinks) components.Column {
	sort := components.Sort{Label: createdColumn, Href: KeyOrder{OldestFirst: !o.OldestFirst}.address(to), Order: "descending"}
	if o.OldestFirst {
		sort.Order = "ascending"
	}
	return components.Column{Sorts: []components.Sort{sort}}
}
