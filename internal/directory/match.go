package directory

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"keydeck/internal/keys"
)

// minIDPart is the least length of a word that is looked for in ids: a shorter
// one is in the ids of many.
const minIDPart = 6

// Folder folds text so that case and accents do not matter. It is for one goroutine.
type Folder struct{ folding transform.Transformer }

// NewFolder returns a Folder.
func NewFolder() *Folder {
	return &Folder{transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), cases.Fold())}
}

// Fold returns s without case and accents.
func (f *Folder) Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	folded, _, err := transform.String(f.folding, strings.ToValidUTF8(s, ""))
	if err != nil {
		return strings.ToLower(s)
	}
	return undecomposed.Replace(folded)
}

// undecomposed replaces letters whose stroke or ligature Unicode does not decompose.
var undecomposed = strings.NewReplacer(
	"ø", "o", "ł", "l", "đ", "d", "ð", "d", "ħ", "h", "ŧ", "t", "ı", "i", "æ", "ae", "œ", "oe", "þ", "th",
)

// Matcher finds users by words. Case and accents do not matter. It is for one
// goroutine.
type Matcher struct {
	contract string
	words    []string
	*Folder
}

// NewMatcher returns a Matcher for the users of a contract.
func NewMatcher(query, contract string) *Matcher {
	m := &Matcher{contract: contract, Folder: NewFolder()}
	m.words = strings.Fields(m.Fold(query))
	return m
}

// Matches reports whether every word of the query is in the name or the e-mail
// of a user or, where it is long enough, in the user id, the Canonical User ID
// or the Contract User ID.
func (m *Matcher) Matches(u keys.User) bool {
	if len(m.words) == 0 {
		return true
	}
	name := m.Fold(u.FirstName + " " + u.LastName + "\n" + u.Email)
	owner := keys.Owner{UserID: u.ID, Contract: m.contract}
	ids := strings.ToLower(owner.ContractUserID() + "\n" + u.CanonicalUserID)
	for _, word := range m.words {
		if !strings.Contains(name, word) && (len(word) < minIDPart || !strings.Contains(ids, word)) {
			return false
		}
	}
	return true
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
