package pages

import (
	"strconv"

	"keydeck/internal/keys"
	"keydeck/views/components"
)

// FromGroup is the value of the field from, of forms on a group's page.
const FromGroup = "group"

// MaxNewMembers is how many people are added to a group at once.
const MaxNewMembers = 25

// Sentences about groups.
const (
	// NoSuchPerson says why somebody was not added to a group.
	NoSuchPerson = "No user of this contract has this e-mail address."
	// NotAllSearched says that a search was not long enough to find nobody.
	NotAllSearched = "Not all users have been read yet. Add them again in a moment."

	privilegeName = "Use Object Storage"
	membersHint   = "E-mail addresses of users of this contract, up to 25: one a line, or with commas between."

	onboardNote        = "Each selected member gets one key. No secret is shown: its owner signs in and copies it."
	onboardNoPrivilege = "Keys are generated for members who have it from another group. For the others the API refuses one."
	// NobodySelected, StaleOnboard and BadOnboard say why no key was generated.
	NobodySelected = "No member is selected. Select members first."
	StaleOnboard   = "This form was open for too long. Look at the members and generate the keys once more."
	BadOnboard     = "The form names something that is not a user. Open the page again."
	// OnboardHasKey, OnboardConflict and OnboardPrivilege say why a member got no key.
	OnboardHasKey    = "The user has a key by now: no other one was generated."
	OnboardConflict  = "Another key is being generated for this user."
	OnboardPrivilege = "The API does not know yet, or no longer, that this user may use object storage. A new privilege takes a few minutes to be known: try the rest again then."
)

// WrongMembers says what is wrong with a number of people to be added to a group.
func WrongMembers(n int) string {
	switch {
	case n == 0:
		return "Enter the e-mail address of a user."
	case n > MaxNewMembers:
		return "These are " + strconv.Itoa(n) + " people. Add at most 25 at once."
	default:
		return ""
	}
}

// privilege says whether the members can have access keys.
func (v GroupPage) privilege() string {
	if v.Group.UseObjectStorage {
		return "This group gives Use Object Storage: its members can have access keys."
	}
	return "This group does not give Use Object Storage. To have access keys, its members need another group that does."
}

func privilegeAction(g keys.Group) string {
	if g.UseObjectStorage {
		return "Take it away"
	}
	return "Give it"
}

// none says that there are no members, where there are none.
func (v GroupPage) none() string {
	if v.Page > 1 {
		return "No members on this page."
	}
	return "No members."
}

func (v GroupPage) notAddedTitle() string {
	if n := len(v.NotAdded); n != 1 {
		return strconv.Itoa(n) + " people were not added"
	}
	return "One person was not added"
}

// addedWords says what has become of the others.
func (v GroupPage) addedWords() string {
	switch v.Added {
	case 0:
		return ""
	case 1:
		return "The other one is being added."
	default:
		return "The other " + strconv.Itoa(v.Added) + " are being added."
	}
}

// membersDescribed names what describes the field of people to be added.
func membersDescribed(wrong string) string {
	if wrong != "" {
		return "users-hint users-error"
	}
	return "users-hint"
}

// pageLinks leads to the pages before and after one.
func pageLinks(page int, more bool, at func(page int) string) components.PagesView {
	pages := components.PagesView{Range: "Page " + strconv.Itoa(page)}
	if page > 1 {
		pages.Previous = at(page - 1)
	}
	if more {
		pages.Next = at(page + 1)
	}
	return pages
}

// GroupAwaited is a change of a group that its page waits for: of some members, or of the
// privilege.
type GroupAwaited struct {
	Member    bool // they are to be members, or not to be
	Privilege bool // it is the privilege
	Gives     bool // the group is to give it; of members: it gives it
	Of, Left  int  // how many users there are, and how many the API does not show yet
	Late      bool // the API does not show it after many looks
	Poll      string
	PollIn    string
}

// Refresh has the page look again where scripts are off, as a header says it; empty where
// it waits for nothing.
func (v *GroupAwaited) Refresh() string {
	if v == nil {
		return ""
	}
	return refreshWith(v.Poll, v.PollIn)
}

func (v GroupAwaited) kind() string {
	switch {
	case v.Left == 0:
		return "success"
	case v.Late:
		return "warning"
	default:
		return "info"
	}
}

func (v GroupAwaited) title() string {
	done := v.Left == 0
	switch {
	case v.Late:
		return "The API does not show the change yet"
	case v.Privilege && done && v.Gives:
		return "The group gives Use Object Storage"
	case v.Privilege && done:
		return "The group does not give Use Object Storage any more"
	case v.Privilege:
		return "The privilege is being changed"
	case done && v.Member:
		return usersAre(v.Of) + " in the group"
	case done:
		return usersAre(v.Of) + " not in the group any more"
	case v.Member:
		return usersAre(v.Of) + " being added to the group"
	default:
		return usersAre(v.Of) + " being removed from the group"
	}
}

func usersAre(n int) string {
	if n == 1 {
		return "The user is"
	}
	return strconv.Itoa(n) + " users are"
}

// text says what follows.
func (v GroupAwaited) text() string {
	switch {
	case v.Late:
		return "Load this page again in a few minutes."
	case v.Left > 0 && v.Left < v.Of:
		return "The API shows " + strconv.Itoa(v.Of-v.Left) + " of them: this page looks by itself."
	case v.Left > 0:
		return "That takes a few seconds: this page looks by itself."
	case v.Privilege && !v.Gives, !v.Privilege && !v.Member:
		return "Keys that must not be used any more are to be deactivated: the service does not say what becomes of them."
	case !v.Gives:
		return "This group does not give Use Object Storage."
	default:
		return "It may take some minutes until the API that generates keys knows of a new privilege."
	}
}

// Title is the question.
func (v GroupPrivilege) Title() string {
	if v.Group.UseObjectStorage {
		return "Take away Use Object Storage?"
	}
	return "Give Use Object Storage?"
}

func (v GroupPrivilege) kind() string {
	if v.Group.UseObjectStorage {
		return "warning"
	}
	return "info"
}

// wanted is whether the group is to give the privilege.
func (v GroupPrivilege) wanted() string {
	if v.Group.UseObjectStorage {
		return "no"
	}
	return "yes"
}

// membersWords says how many users it is about.
func (v GroupPrivilege) membersWords() string {
	switch {
	case v.More:
		return "This group has more than " + strconv.Itoa(v.Members) + " members"
	case v.Members == 1:
		return "This group has one member"
	case v.Members == 0:
		return "This group has no members"
	default:
		return "This group has " + strconv.Itoa(v.Members) + " members"
	}
}

func (v GroupPrivilege) text() string {
	if v.Group.UseObjectStorage {
		return "Those whom no other group gives it can get no new key, and may not be able to use the keys they have: the service " +
			"does not say what becomes of these. Deactivate keys that must not be used any more."
	}
	return "All of them will be able to have up to five access keys each, and with these to reach the buckets of this contract as far as " +
		"bucket policies let them."
}

// Title is the heading.
func (v Onboard) Title() string { return "Generate keys for members without one" }

// panelTitle says how many members there are without a key.
func (v Onboard) panelTitle() string {
	if n := len(v.Without); n != 1 {
		return strconv.Itoa(n) + " members without a key"
	}
	return "One member without a key"
}

// none says that nobody lacks a key.
func (v Onboard) none() string {
	if v.Page > 1 || v.More {
		return "Every member on this page has a key."
	}
	if v.WithKey == 0 {
		return "No member could get a key here."
	}
	return "Every member has a key."
}

func onboardInactiveWords(n int) string {
	if n == 1 {
		return "One member has no key and a deactivated account, and gets none here:"
	}
	return strconv.Itoa(n) + " members have no key and a deactivated account, and get none here:"
}

func onboardUnreadWords(n int) string {
	if n == 1 {
		return "Whether one member has a key could not be read:"
	}
	return "Whether " + strconv.Itoa(n) + " members have a key could not be read:"
}
