// Package layout is the shell around every page: the bar with the menu and the
// account, the notice, and the places where scripts put dialogs. It knows the two
// things that its menu leads to, and nothing of what they show.
package layout

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Shell is what surrounds a page.
type Shell struct {
	Title   string                   // the page's own name; the product's comes after it
	Base    string                   // path prefix of all addresses, "" normally, e.g. "/keys" behind a proxy
	Asset   func(name string) string // addresses of static files
	Sandbox bool                     // the APIs behind are not the real ones
	Person  *Person                  // nil without a session: no menu, no sign-out
	Current string                   // menu entry: "keys", "users" or ""
	Theme   string                   // "", "light" or "dark"
	Return  string                   // the page's own address, to be shown again after the theme was chosen
	Notices []Notice
	Early   bool   // the page itself is not there yet, and comes in the same document
	Refresh string // where a page goes on by itself, as in "2; url=/…"; where scripts are off
}

// Person is who is signed in.
type Person struct {
	Name, Email   string
	Role          string // as it is shown: Owner, Administrator, User
	Contract      string // its number
	ManagesOthers bool   // may look after other users' keys
}

// standing is what the person is in which contract.
func (p Person) standing() string {
	if p.Contract == "" {
		return p.Role
	}
	return p.Role + " · Contract " + p.Contract
}

// initials are the first letters of the first and the last word of a name.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	if len(words) == 1 {
		return strings.ToUpper(string(first))
	}
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return strings.ToUpper(string(first) + string(last))
}

// Notice is what just happened, or went wrong.
type Notice struct {
	Kind        string // success, info, warning, error
	Title, Text string
	Busy        bool   // it goes on, and its end is said in the same place
	RequestID   string // to be quoted when help is asked for; may be empty
	RetryHref   string // where to try again; may be empty
	UndoHref    string // what to post to so that it is taken back; may be empty
	LinkHref    string // where it leads on to; may be empty
	LinkLabel   string
}

// kind is the kind where it is known, else info.
func (n Notice) kind() string {
	if slices.Contains([]string{"success", "warning", "error"}, n.Kind) {
		return n.Kind
	}
	return "info"
}

// icon is the class of what stands before the words.
func (n Notice) icon() string {
	if n.Busy {
		return "busy"
	}
	return "i-" + n.kind()
}

const product = "Keydeck"

func title(page string) string {
	if page == "" {
		return product
	}
	return page + " · " + product
}

// theme is what the reader chose, where it is a choice.
func theme(choice string) string {
	if choice == "light" || choice == "dark" {
		return choice
	}
	return ""
}

// noticeRole makes errors interrupt a screen reader, and nothing else.
func noticeRole(notices []Notice) string {
	if slices.ContainsFunc(notices, func(n Notice) bool { return n.Kind == "error" }) {
		return "alert"
	}
	return "status"
}

// colorScheme lets the browser paint the right ground before the stylesheet is
// there.
func colorScheme(choice string) string {
	return cmp.Or(theme(choice), "light dark")
}
