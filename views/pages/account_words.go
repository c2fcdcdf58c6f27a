package pages

// deeds are what people did, by the words of the audit log.
var deeds = map[string]string{
	"sign-in":      "Signed in",
	"sign-out":     "Signed out",
	"end-session":  "Ended another session",
	"generate":     "Generated a key",
	"reveal":       "Opened Copy key",
	"download":     "Downloaded a key pair",
	"activate":     "Activated a key",
	"deactivate":   "Deactivated a key",
	"renew":        "Renewed a secret",
	"describe":     "Changed a description",
	"delete":       "Deleted a key",
	"owner-search": "Searched for the owner of a key",
	"test":         "Tested a key",
	"use":          "Opened a tool's settings",
}

// deedWords says what was done. What another version has written down is
// shown as it is.
func deedWords(action string) string {
	if words, ok := deeds[action]; ok {
		return words
	}
	return action
}

// deedOwner names whose key it was, as far as it is known.
func deedOwner(row ActivityRow) string {
	if row.Of != "" {
		return row.Of
	}
	return "another user"
}
