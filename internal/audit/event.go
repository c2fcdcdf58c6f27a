package audit

import "time"

// Action is what was done or tried.
type Action string

// The recorded actions.
const (
	SignIn          Action = "sign-in"
	SignOut         Action = "sign-out"
	EndSession      Action = "end-session" // another session of the same user, or one whose token is dead
	Generate        Action = "generate"
	Reveal          Action = "reveal"
	Download        Action = "download"
	Use             Action = "use"         // the settings for a tool, which hold the secret, were shown
	ForgetPair      Action = "forget-pair" // a new pair, before its time
	Activate        Action = "activate"
	Deactivate      Action = "deactivate"
	Renew           Action = "renew"
	Describe        Action = "describe"
	Delete          Action = "delete"
	ChangeKeys      Action = "change-keys"   // several at once; each has an event of its own
	GenerateKeys    Action = "generate-keys" // the first ones of several users; each has an event of its own
	Test            Action = "test"          // at an endpoint
	AddToGroup      Action = "add-to-group"
	DeactivateUser  Action = "deactivate-user"
	RemoveAccess    Action = "remove-access" // of a leaver; each step has an event of its own
	RemoveFromGroup Action = "remove-from-group"
	ChangePrivilege Action = "change-privilege" // whether a group gives Use Object Storage
	OwnerSearch     Action = "owner-search"
	Request         Action = "request" // any other, recorded when it is forbidden

	Resumed Action = "resumed" // the log is writable again
)

// Actions returns the actions of people.
func Actions() []Action {
	return []Action{
		SignIn, SignOut, EndSession, Generate, Reveal, Download, Use, ForgetPair, Activate, Deactivate, Renew, Describe, Delete,
		ChangeKeys, GenerateKeys, Test, AddToGroup, DeactivateUser, RemoveAccess, RemoveFromGroup, ChangePrivilege, OwnerSearch, Request,
	}
}

// Outcome is how an action ended.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused" // or failed: it was not carried out
	Unclear Outcome = "unclear" // it may have been carried out
)

// Event is an action with its outcome.
type Event struct {
	Time      time.Time `json:"time"` // of the record; set by the log
	Action    Action    `json:"action"`
	Outcome   Outcome   `json:"outcome"`
	Reason    string    `json:"reason,omitempty"`         // why it was refused or failed, or a session ended; in words of the program
	Actor     string    `json:"actor,omitempty"`          // user id of the actor; empty without a session
	Account   string    `json:"account,omitempty"`        // e-mail of the actor; as typed after a refused sign-in
	Target    string    `json:"target,omitempty"`         // user id of the key's owner
	TargetAs  string    `json:"target_account,omitempty"` // e-mail of the key's owner, if known
	Contract  string    `json:"contract,omitempty"`       // contract number
	AccessKey string    `json:"access_key,omitempty"`     // empty if there is none
	Group     string    `json:"group,omitempty"`          // id of the group, of a change of a membership
	Session   string    `json:"session,omitempty"`        // public name of the session
	RequestID string    `json:"request_id"`               // of the HTTP request
	Address   string    `json:"address"`                  // of the browser
	Keys      int       `json:"keys,omitempty"`           // with ChangeKeys: how many
	Lost      int       `json:"lost,omitempty"`           // with Resumed: the number of records lost before it
}
