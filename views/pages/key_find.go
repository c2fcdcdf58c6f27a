package pages

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"keydeck/internal/keys"
	"keydeck/views/links"
)

// handful is from how many keys on finding one takes looking.
const handful = 5

// maxQuery bounds what is searched for, in bytes: a whole key fits.
const maxQuery = 256

// KeyFind is how a list of keys is searched and sorted.
type KeyFind struct {
	Query       string
	OldestFirst bool
	Offered     bool // there is enough to search through
}

// NewKeyFind reads what a reader wants of the list from an address.
func NewKeyFind(query, sort string, l keys.Listing) KeyFind {
	return KeyFind{
		Query:       cleanQuery(query),
		OldestFirst: sort == "oldest",
		Offered:     len(l.Keys) >= handful,
	}
}

// cleanQuery is what is searched for, of what was typed.
func cleanQuery(query string) string {
	query = strings.TrimSpace(strings.ToValidUTF8(query, ""))
	return strings.ToValidUTF8(query[:min(len(query), maxQuery)], "")
}

// Apply gives the keys that are searched for, in order. All words must be
// found in what is shown of a key.
func (f KeyFind) Apply(list []keys.Key) []keys.Key {
	words := strings.Fields(strings.ReplaceAll(strings.ToLower(f.Query), "not active", "inactive"))
	found := slices.DeleteFunc(slices.Clone(list), func(k keys.Key) bool {
		return slices.ContainsFunc(words, func(word string) bool { return !matches(k, word) })
	})
	if f.OldestFirst {
		slices.SortStableFunc(found, func(a, b keys.Key) int {
			return cmp.Or(boolean(a.Created.IsZero(), b.Created.IsZero()), a.Created.Compare(b.Created))
		})
	}
	return found
}

// matches looks for a word anywhere in the key and its description, and at the
// beginning of what its state is called: "active" is not to find "inactive".
func matches(k keys.Key, word string) bool {
	text := strings.ToLower(k.AccessKey + "\n" + k.Description)
	return strings.Contains(text, word) || slices.ContainsFunc(statusWords(k), func(status string) bool {
		return strings.HasPrefix(status, word)
	})
}

// boolean puts what is not so before what is.
func boolean(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// statusWords are what the state of a key may be called.
func statusWords(k keys.Key) []string {
	words := map[keys.Activity][]string{
		keys.Active: {"active"}, keys.Inactive: {"inactive", "deactivated"}, keys.ActivityUnknown: {"unknown"},
	}[k.Activity]
	words = append(words, map[keys.Status][]string{
		keys.StatusProvisioning: {"being", "made", "provisioning"},
		keys.StatusDestroying:   {"being", "deleted", "destroying"},
		keys.StatusFailed:       {"failed"},
	}[k.Status]...)
	if k.Admin {
		words = append(words, "admin", "key")
	}
	return words
}

// Values are the parameters of the list's address.
func (f KeyFind) Values() url.Values {
	values := url.Values{}
	if f.Query != "" {
		values.Set("q", f.Query)
	}
	if f.OldestFirst {
		values.Set("sort", "oldest")
	}
	return values
}

// address is where the list is, searched and sorted like this.
func (f KeyFind) address(to links.KeyLinks) string {
	if values := f.Values(); len(values) > 0 {
		return to.List() + "?" + values.Encode()
	}
	return to.List()
}

func (f KeyFind) turned() KeyFind {
	f.OldestFirst = !f.OldestFirst
	return f
}

func (f KeyFind) caption() string {
	if f.OldestFirst {
		return "Your access keys, oldest first"
	}
	return "Your access keys, newest first"
}
