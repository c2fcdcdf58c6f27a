// Package layout is the shell around every page: the top bar, the menu, the
// breadcrumb, the notice, and the places where scripts put dialogs. It knows
// the two things that its menu leads to, and nothing of what they show.
package layout

import "cmp"

// Shell is what surrounds a page.
type Shell struct {
	Title   string                   // the page's own name; the product's comes after it
	Base    string                   // path prefix of all addresses, "" normally, e.g. "/keys" behind a proxy
	Asset   func(name string) string // addresses of static files
	Sandbox bool                     // the APIs behind are not the real ones
	Person  *Person                  // nil when nobody is signed in: no menu, no sign-out
	Current string                   // menu entry: "keys", "users" or ""
	Crumbs  []Crumb
	Theme   string // "", "light" or "dark"
	Return  string // the page's own address, to be shown again after the theme was chosen
	Notice  *Notice
	Refresh string // where a page goes on by itself, as in "2; url=/…"; where scripts are off
}

// Person is who is signed in.
type Person struct {
	Name, Email   string
	Role          string // as it is shown: Owner, Administrator, User
	Contract      string // its number
	ManagesOthers bool   // may look after other users' keys
}

// Crumb is a step of the way to a page. The last one, the page itself, has no
// address.
type Crumb struct{ Label, Href string }

// Notice is what just happened, or went wrong.
type Notice struct {
	Kind        string // success, info, warning, error
	Title, Text string
	RequestID   string // to be quoted when help is asked for; may be empty
	RetryHref   string // where to try again; may be empty
	UndoHref    string // what to post to so that it is taken back; may be empty
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
func noticeRole(n *Notice) string {
	if n != nil && n.Kind == "error" {
		return "alert"
	}
	return "status"
}

// colorScheme lets the browser paint the right ground before the stylesheet is
// there.
func colorScheme(choice string) string {
	return cmp.Or(theme(choice), "light dark")
}
