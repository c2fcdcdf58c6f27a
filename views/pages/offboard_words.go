package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"keydeck/internal/keys"
	"keydeck/internal/offboard"
)

// Sentences of the removal of access.
const (
	offboardStays = "The buckets and objects of this user, and their costs. Keys that are deactivated can be activated again, groups and " +
		"account restored."
	offboardDeleting = "If all keys are deleted, private content of user-owned buckets cannot be reached by anyone any more, and goes on " +
		"costing. Keep a deactivated key until it is moved."
	offboardNoPrivilege = "The API refuses to list the keys of a user without the privilege: whether there are any is not known."
	offboardNoKeys      = "There are no keys."
	offboardInactive    = "The account is deactivated already."

	offboardStale   = "The form was open for too long, or was incomplete. Nothing was changed: look once more and confirm again."
	offboardChanged = "Keys, groups or the account have changed since this page was drawn. Nothing was changed: look once more and confirm again."
	offboardNothing = "Nothing is left to be done with these choices. Choose at least one thing."
	offboardChoices = "Choose what becomes of the keys and of the account."
)

// choice is one of several values of a field.
type choice struct{ value, label string }

// The values of the fields keys and account.
const (
	offboardDeactivate = "deactivate"
	offboardDelete     = "delete"
	offboardLeave      = "leave"
)

var accountOptions = []choice{
	{offboardDeactivate, "Deactivate: the user can no longer sign in at IONOS"}, {offboardLeave, "Leave as it is"},
}

// OffboardChoice is what the person has chosen.
type OffboardChoice struct {
	Keys    string // deactivate, delete or leave
	Groups  bool
	Account string // deactivate or leave
	Typed   string // to confirm
}

// NewOffboardChoice is what is chosen at first.
func NewOffboardChoice() OffboardChoice {
	return OffboardChoice{Keys: offboardDeactivate, Groups: true, Account: offboardDeactivate}
}

// about says below the title who the user is.
func (v Offboard) about() string {
	return v.User.Email + " · " + roleWords(v.Permission.Role)
}

func (v Offboard) keyOptions() []choice {
	n := 0
	for _, k := range v.Listing.Keys {
		if k.Activity != keys.Inactive {
			n++
		}
	}
	first := "Deactivate: none is active"
	if n > 0 {
		first = "Deactivate " + keysWords(n) + ": they can be activated again"
	}
	return []choice{
		{offboardDeactivate, first},
		{offboardDelete, "Delete " + keysWords(len(v.Listing.Keys)) + " for good"},
		{offboardLeave, "Leave as they are"},
	}
}

func (v Offboard) noGroups() string {
	if v.Permission.Role == keys.RoleAdministrator {
		return "There are none. An administrator may use object storage without: deactivate the account."
	}
	return "There are none."
}

// Steps are what the choice comes to, in the order in which it is done.
func (v Offboard) Steps() []offboard.Step {
	var steps []offboard.Step
	for _, k := range v.Listing.Keys {
		switch {
		case v.Choice.Keys == offboardDelete:
			steps = append(steps, offboard.Step{Kind: offboard.DeleteKey, ID: k.AccessKey})
		case v.Choice.Keys == offboardDeactivate && k.Activity != keys.Inactive:
			steps = append(steps, offboard.Step{Kind: offboard.DeactivateKey, ID: k.AccessKey})
		}
	}
	if v.Choice.Groups {
		for _, g := range v.Groups {
			steps = append(steps, offboard.Step{Kind: offboard.LeaveGroup, ID: g.ID, Name: keys.Clip(g.Name, 120)})
		}
	}
	if v.Choice.Account == offboardDeactivate && v.User.Active {
		steps = append(steps, offboard.Step{Kind: offboard.DeactivateAccount, ID: v.User.ID})
	}
	return steps
}

// plan stands for all that the page shows, so that a change of it is noticed.
func (v Offboard) plan() string {
	shown := fmt.Sprintf("%s %v %s\n", v.User.ID, v.User.Active, v.User.Email)
	for _, k := range v.Listing.Keys {
		shown += fmt.Sprintf("key %s %d\n", k.AccessKey, k.Activity)
	}
	for _, g := range v.Groups {
		shown += fmt.Sprintf("group %s\n", g.ID)
	}
	sum := sha256.Sum256([]byte(shown))
	return hex.EncodeToString(sum[:12])
}

// Check reports whether what was sent is to be done, and says what is wrong with it if
// not. plan is that of the page that it was sent from, if it says so.
func (v *Offboard) Check(plan string, stale bool) bool {
	c := v.Choice
	switch {
	case stale:
		v.Trouble = offboardStale
	case plan != "" && plan != v.plan():
		v.Trouble = offboardChanged
	case c.Keys != offboardDeactivate && c.Keys != offboardDelete && c.Keys != offboardLeave && c.Keys != "",
		c.Account != offboardDeactivate && c.Account != offboardLeave && c.Account != "":
		v.Trouble = offboardChoices
	case len(v.Steps()) == 0:
		v.Trouble = offboardNothing
	case strings.TrimSpace(c.Typed) == "":
		v.Error = "Type the e-mail address of the user."
	case !strings.EqualFold(strings.TrimSpace(c.Typed), v.User.Email):
		v.Error = "This is not the e-mail address of the user."
	default:
		return true
	}
	return false
}
