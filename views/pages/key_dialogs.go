package pages

import (
	"keydeck/internal/keys"
	"keydeck/views/links"
)

// KeyForm is a dialog that asks for a change of a key.
type KeyForm struct {
	Links     links.Links
	Key       keys.Key
	RequestID string            // what makes the form count once, where it must
	Confirm   keys.Confirmation // what it takes
	Last      bool              // no other key would be left
	Full      bool              // no further key can be made
	Typed     string            // as typed
	Error     string            // about what was typed
	Trouble   string            // why nothing was changed
	TroubleID string            // the HTTP request's id, for whoever is asked about it
	Back      string            // the old key of the rotation that it is a step of; empty otherwise
}

// close is where closing the dialog leads.
func (v KeyForm) close() string {
	if v.Back != "" {
		return v.Links.RotateKey(v.Back)
	}
	return v.Links.Keys()
}

// typeToConfirm is the field that asks for the end of the key.
func (v KeyForm) typeToConfirm() bool { return v.Confirm == keys.ConfirmCharacters }
