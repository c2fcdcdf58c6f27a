package pages

import (
	"strconv"
	"strings"

	"keydeck/internal/keys"
)

func roleWords(role keys.Role) string {
	switch role {
	case keys.RoleOwner:
		return "Owner"
	case keys.RoleAdministrator:
		return "Administrator"
	default:
		return "User"
	}
}

// permissionWords say in a list why somebody may use object storage.
func permissionWords(p keys.Permission) string {
	switch {
	case p.Role == keys.RoleOwner:
		return "owner"
	case p.Role == keys.RoleAdministrator:
		return "administrator"
	case len(p.Through) > 0:
		return "through " + groupNames(p.Through)
	case !p.Known:
		return "unknown"
	default:
		return "none"
	}
}

// permissionSentence says it on a page, with what to do about it.
func permissionSentence(p keys.Permission) string {
	switch {
	case p.Role == keys.RoleOwner:
		return "May use object storage, as the owner of the contract."
	case p.Role == keys.RoleAdministrator:
		return "May use object storage, as an administrator."
	case len(p.Through) > 0:
		return "May use object storage, through " + groupNames(p.Through) + "."
	case !p.Known:
		return "It is not known at the moment whether this user may use object storage."
	default:
		return "May not use object storage. Add the user to a group with the privilege Use Object Storage in the DCD; " +
			"it may take some minutes to have an effect."
	}
}

func groupNames(groups []keys.Group) string {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = g.Name
	}
	return strings.Join(names, ", ")
}

// KeyCountWords say how many keys somebody has, and how many are active.
func KeyCountWords(l keys.Listing) string {
	active := 0
	for _, k := range l.Keys {
		if k.Activity == keys.Active {
			active++
		}
	}
	switch {
	case len(l.Keys) == 0:
		return "none"
	case active == len(l.Keys):
		return strconv.Itoa(active) + " active"
	default:
		return strconv.Itoa(len(l.Keys)) + ", " + strconv.Itoa(active) + " active"
	}
}

// summary says what of the users is shown.
func (v UserList) summary() string {
	switch n := strconv.Itoa(v.Total); {
	case v.Reading > 0:
		return "Reading the users: " + strconv.Itoa(v.Reading) + " so far, " + n + " found."
	case v.Find.Query != "" && v.Total == 0 && v.Trouble == "":
		return "No user matches “" + v.Find.Query + "”."
	case v.Bounded > 0:
		return n + " found among the first " + strconv.Itoa(v.Bounded) + " users. There are more users than can be searched."
	case v.Find.Query != "":
		return n + " found."
	case v.Total > 0:
		return n + " users."
	case len(v.Rows) == 0:
		return "There are no users on this page."
	default:
		return ""
	}
}

// progressWords say how far a search for the owner of a key has come.
func (v KeyOwner) progressWords() string {
	switch {
	case v.Total == 0:
		return "Reading the users: " + strconv.Itoa(v.Reading) + " so far."
	case v.Looked >= v.Total:
		return "All " + strconv.Itoa(v.Total) + " users were looked through."
	default:
		return strconv.Itoa(v.Looked) + " of " + strconv.Itoa(v.Total) + " users looked through."
	}
}

func activityState(a keys.Activity) string {
	switch a {
	case keys.Active:
		return "active"
	case keys.Inactive:
		return "not active"
	default:
		return "in an unknown state"
	}
}
