package pages

import (
	"slices"
	"strings"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// FromKeys is the value of the field from, of forms on a user's Object Storage Keys.
const FromKeys = "keys"

// Sentences about the groups of a user.
const (
	ChooseGroup       = "Choose a group."
	GroupOrUserGone   = "The group or the user is not there any more: nothing was changed."
	membershipTrouble = "The groups were not changed"
	groupsUnknown     = "The groups cannot be read at the moment."
	othersUnknown     = "Which other groups there are cannot be read at the moment."
	leaveGroupText    = "Without it the user can get no new key, and may not be able to use the keys they have: the service does not say " +
		"what becomes of these. Deactivate keys that must not be used any more."
)

// Awaited is a change of a membership that a page waits for.
type Awaited struct {
	Member bool // the user is to be in the group, or not to be
	In     bool // the user's groups show that they are in it
	Done   bool // the API shows all that the page waits for
	Late   bool // the API does not show it after many looks
	Poll   string
	PollIn string
}

// Refresh has the page look again where scripts are off, as a header says it; empty where
// it waits for nothing.
func (v *Awaited) Refresh() string {
	if v == nil {
		return ""
	}
	return refreshWith(v.Poll, v.PollIn)
}

// refreshWith is a header that has a page look again at an address after a pause, both of
// which may be empty.
func refreshWith(poll, pause string) string {
	if poll == "" {
		return ""
	}
	return strings.TrimSuffix(pause, "s") + "; url=" + poll
}

func (v Awaited) kind() string {
	switch {
	case v.Done:
		return "success"
	case v.Late:
		return "warning"
	default:
		return "info"
	}
}

func (v Awaited) title() string {
	switch {
	case v.Done && v.Member:
		return "The user is in the group"
	case v.Done:
		return "The user is not in the group any more"
	case v.Late:
		return "The API does not show the change yet"
	case v.Member && v.In:
		return "The user is in the group, and cannot have keys yet"
	case v.Member:
		return "The user is being added to the group"
	default:
		return "The user is being removed from the group"
	}
}

// text says what follows, by what the user may do now.
func (v Awaited) text(p directory.Permission) string {
	switch {
	case v.Late:
		return "Load this page again in a few minutes."
	case !v.Done && v.Member && v.In:
		return "The API that generates keys takes up to a few minutes to know of a new privilege: this page looks by itself."
	case !v.Done:
		return "That takes a few seconds: this page looks by itself."
	case v.Member && p.Allowed():
		return "It may take some minutes until the API that generates keys knows of a new privilege."
	default:
		return permissionSentence(p)
	}
}

// SetOthers keeps those of the contract's groups that the user is not in.
func (v *UserPage) SetOthers(all []keys.Group) {
	if v.Unknown {
		return
	}
	for _, g := range all {
		if _, in := v.Leaving(g.ID); !in {
			v.Others = append(v.Others, g)
		}
	}
}

// Leaving returns the group of the user with an id.
func (v UserPage) Leaving(groupID string) (keys.Group, bool) {
	i := slices.IndexFunc(v.Groups, func(g keys.Group) bool { return g.ID == groupID })
	if i < 0 {
		return keys.Group{}, false
	}
	return v.Groups[i], true
}

// TakesPrivilege reports whether the user may use object storage through one group
// alone.
func (v UserPage) TakesPrivilege(groupID string) bool {
	p := v.Row.Permission
	return p.Role == keys.RoleUser && len(p.Through) == 1 && p.Through[0].ID == groupID
}

// canOffboard reports whether the user's access can be removed: not one's own, and not
// the owner's.
func (v UserPage) canOffboard() bool { return !v.Self && v.Row.Permission.Role != keys.RoleOwner }

// groupSet is groups under a label.
type groupSet struct {
	label  string
	groups []keys.Group
}

// groupSets are the groups to add the user to: those that give the privilege first.
func (v UserPage) groupSets() []groupSet {
	giving := groupSet{label: "With Use Object Storage"}
	others := groupSet{label: "Without it"}
	for _, g := range v.Others {
		if g.UseObjectStorage {
			giving.groups = append(giving.groups, g)
		} else {
			others.groups = append(others.groups, g)
		}
	}
	return slices.DeleteFunc([]groupSet{giving, others}, func(s groupSet) bool { return len(s.groups) == 0 })
}
