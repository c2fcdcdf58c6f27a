package pages

import (
	"strconv"

	"keydeck/internal/audit"
)

// accountHeading is over the pages of what people may know of themselves.
const accountHeading = "Your account"

// place says from where a session is used, and for which contract.
func (s SessionRow) place() string {
	if s.Contract == "" {
		return s.Address
	}
	return s.Address + " · contract " + s.Contract
}

// deeds are what people did.
var deeds = map[audit.Action]string{
	audit.SignIn:          "Signed in",
	audit.SignOut:         "Signed out",
	audit.EndSession:      "Ended another session",
	audit.Generate:        "Generated a key",
	audit.Reveal:          "Opened Copy key",
	audit.Download:        "Downloaded a key pair",
	audit.ForgetPair:      "Closed a new key pair",
	audit.Request:         "Opened a forbidden page",
	audit.Activate:        "Activated a key",
	audit.Deactivate:      "Deactivated a key",
	audit.Renew:           "Renewed a secret",
	audit.Describe:        "Changed a description",
	audit.Delete:          "Deleted a key",
	audit.ChangeKeys:      "Changed several keys",
	audit.GenerateKeys:    "Generated keys for several users",
	audit.ChangePrivilege: "Changed the privilege of a group",
	audit.OwnerSearch:     "Searched for the owner of a key",
	audit.Test:            "Tested a key",
	audit.AddToGroup:      "Added a user to a group",
	audit.DeactivateUser:  "Deactivated a user",
	audit.RemoveAccess:    "Removed the access of a user",
	audit.RemoveFromGroup: "Removed a user from a group",
	audit.Use:             "Opened a tool's settings",
}

// words says what was done in a row.
func (r ActivityRow) words() string {
	switch {
	case r.Attempts == 1:
		return "A sign-in with your account failed"
	case r.Attempts > 1:
		return strconv.Itoa(r.Attempts) + " sign-ins with your account failed within an hour"
	}
	return deedWords(r.Action)
}

// deedWords says what was done. What another version has written down is
// shown as it is.
func deedWords(action audit.Action) string {
	if words, ok := deeds[action]; ok {
		return words
	}
	return string(action)
}

// deedOwner names whose key it was, as far as it is known.
func deedOwner(row ActivityRow) string {
	if row.Of != "" {
		return row.Of
	}
	return "another user"
}
