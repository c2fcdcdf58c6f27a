package pages

import (
	"cmp"

	"keydeck/views/layout"
	"keydeck/views/links"
)

// KeyNotice is the outcome of a change that its person has not been shown.
type KeyNotice struct {
	Links     links.KeyLinks
	For       string // whose key it is, if not the person's own
	What      string // generate, renew, describe, activate, deactivate or delete
	State     string // in progress, accepted, succeeded, failed or unknown
	AccessKey string
	Name      string   // what the key is for, where that is known
	KeyState  KeyState // of the key, as it was looked up
	Replaces  string   // the key that a generated one is to replace
	Why       string   // why it has failed
	RequestID string
}

// Notice puts the outcome into words, with the way on from it.
func (v KeyNotice) Notice() layout.Notice {
	n := layout.Notice{Kind: "success", Title: cmp.Or(v.changedSince(), v.words())}
	switch v.State {
	case "in progress":
		n.Kind, n.Busy = "info", true
	case "failed":
		n.Kind, n.Text = "error", v.Why
	case "unknown":
		n.Kind, n.RequestID = "warning", v.RequestID
		n.LinkHref, n.LinkLabel = v.check(), "Check now"
	case "accepted", "succeeded":
		n.Busy = v.State == "accepted"
		if v.changedSince() == "" {
			n.UndoHref = map[string]string{"activate": v.Links.Deactivate(v.AccessKey), "deactivate": v.Links.Activate(v.AccessKey)}[v.What]
		}
		if (v.What == "generate" || v.What == "renew") && !v.KeyState.gone() {
			n.LinkHref, n.LinkLabel = v.Links.Key(v.AccessKey), "Copy "+v.key()
		}
	}
	return n
}

// maxNoticeName is how many characters of a name a notice has room for.
const maxNoticeName = 40

// key names the key by what it is for, else by the key itself. A name has a direction
// of its own, and marks around it that keep its words apart from the sentence.
func (v KeyNotice) key() string {
	if v.Name == "" {
		return "key " + shortened(v.AccessKey)
	}
	name := []rune(v.Name)
	if len(name) > maxNoticeName {
		name = append(name[:maxNoticeName-1], '…')
	}
	return "key “\u2068" + string(name) + "\u2069”"
}

// keyFirst is the same where a sentence begins with it.
func (v KeyNotice) keyFirst() string { return "K" + v.key()[1:] }

// changedSince is the sentence for a key that was activated or deactivated and is
// known to be in another state, since it was changed again or deleted elsewhere.
// Empty where that is not so.
func (v KeyNotice) changedSince() string {
	desired, toggles := map[string]KeyState{"activate": StateActive, "deactivate": StateInactive}[v.What]
	if !toggles || v.State != "succeeded" || v.KeyState == desired {
		return ""
	}
	key := v.keyFirst()
	return map[KeyState]string{
		StateActive:   key + " was deactivated, and is active again.",
		StateInactive: key + " was activated, and has been deactivated since.",
		StateDeleting: key + " is being deleted.",
		StateDeleted:  key + " is deleted.",
	}[v.KeyState]
}

// check leads to where the outcome is found out.
func (v KeyNotice) check() string {
	switch {
	case v.What == "renew":
		return v.Links.Renew(v.AccessKey)
	case v.What == "generate" && v.Replaces != "":
		return v.Links.Rotate(v.Replaces)
	case v.What == "generate":
		return v.Links.New()
	default:
		return v.Links.List()
	}
}

// sinceGenerated says how it stands with a new key, where that is known.
var sinceGenerated = map[KeyState]string{
	StateBeingMade:    " It is being made.",
	StateActive:       " It is active.",
	StateInactive:     " It is deactivated.",
	StateActivating:   " It is being activated.",
	StateDeactivating: " It is being deactivated.",
	StateDeleting:     " It is being deleted.",
	StateDeleted:      " It has been deleted since.",
	StateFailed:       " The API could not finish making it.",
}

// words are the sentence for what was done and how far it has come.
func (v KeyNotice) words() string {
	key, first := v.key(), v.keyFirst()
	generated := "A new access key for IONOS Object Storage was successfully generated"
	if v.For != "" {
		generated += " for " + v.For
	}
	generated += "." + sinceGenerated[v.KeyState]
	return map[string]map[string]string{
		"generate": {
			"in progress": "A key is being generated.",
			"succeeded":   generated,
			"failed":      "No key was generated.",
			"unknown":     "It is not known whether a key was generated.",
		},
		"renew": {
			"in progress": "The secret of " + key + " is being renewed.",
			"succeeded":   "The secret of " + key + " was renewed. The one before no longer works.",
			"failed":      "The secret of " + key + " was not renewed.",
			"unknown":     "It is not known whether the secret of " + key + " was renewed.",
		},
		"describe": {
			"in progress": "The description of " + key + " is being changed.",
			"succeeded":   "The description of " + key + " was changed.",
			"failed":      "The description of " + key + " was not changed.",
			"unknown":     "It is not known whether the description of " + key + " was changed.",
		},
		"activate": {
			"in progress": first + " is being activated.",
			"accepted":    first + " is being activated.",
			"succeeded":   first + " is active.",
			"failed":      first + " was not activated.",
			"unknown":     "It is not known whether " + key + " is being activated.",
		},
		"deactivate": {
			"in progress": first + " is being deactivated.",
			"accepted":    first + " is being deactivated.",
			"succeeded":   first + " is deactivated.",
			"failed":      first + " was not deactivated.",
			"unknown":     "It is not known whether " + key + " is being deactivated.",
		},
		"delete": {
			"in progress": first + " is being deleted.",
			"accepted":    first + " is being deleted.",
			"succeeded":   first + " is deleted.",
			"failed":      first + " was not deleted.",
			"unknown":     "It is not known whether " + key + " is being deleted.",
		},
	}[v.What][v.State]
}
