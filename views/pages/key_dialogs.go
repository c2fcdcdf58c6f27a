package pages

import (
	"cmp"

	"github.com/a-h/templ"

	"keydeck/internal/keys"
	"keydeck/views/links"
)

// KeyForm is a dialog that asks for a change of a key.
type KeyForm struct {
	Links     links.KeyLinks
	Key       keys.Key
	RequestID string            // what makes the form count once, where it must
	Confirm   keys.Confirmation // what it takes
	Last      bool              // no other key would be left
	Full      bool              // no further key can be made
	Typed     string            // as typed
	Error     string            // about what was typed
	Trouble   string            // why nothing was changed
	TroubleID string            // the HTTP request's id, to name to an operator
	For       string            // whose key it is, by name; empty for one's own
	Origin    string            // the page that it was asked for from, if not the list
	Back      string            // the old key of the rotation that it is a step of; empty otherwise
}

// close is where closing the dialog leads.
func (v KeyForm) close() string {
	if v.Back != "" {
		return v.Links.Rotate(v.Back)
	}
	return cmp.Or(v.Origin, v.Links.List())
}

// FromOwner is the value of the field from, of forms in the answer to whose key it is.
const FromOwner = "owner"

// changeForm are the attributes of a form that asks for a change. What is wrong with
// a field is said by the answer alone: never by the browser's own bubble.
func changeForm(action string) templ.Attributes {
	return templ.Attributes{"method": "post", "action": action, "data-open": true, "novalidate": true}
}

// keyTitle names a key in a title by what it is for, else by the key itself.
func keyTitle(key keys.Key) string { return cmp.Or(key.Description, shortened(key.AccessKey)) }

// typeToConfirm is the field that asks for the end of the key.
func (v KeyForm) typeToConfirm() bool { return v.Confirm == keys.ConfirmCharacters }

// deleteWords are on the button that deletes, as the vendor's console has it in
// either place.
func (v KeyForm) deleteWords() string {
	if v.For != "" {
		return "OK"
	}
	return "Delete"
}

// Title is what the dialog is called, as the vendor's console has it in either
// place.
func (v NewKey) Title() string {
	if v.For != "" {
		return "Generate Key"
	}
	return "Generate a key"
}

func (v NewKey) confirmWords() string {
	if v.For != "" {
		return "OK"
	}
	return "Generate"
}
