package pages

import (
	"strconv"
	"strings"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// peopleHeading is over the pages of the contract's users and groups.
const peopleHeading = "Users & Groups"

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

// permissionWords say in a list why a user may use object storage.
func permissionWords(p directory.Permission) string {
	switch {
	case p.Role == keys.RoleOwner:
		return "As owner"
	case p.Role == keys.RoleAdministrator:
		return "As administrator"
	case len(p.Through) > 0:
		return groupNames(p.Through)
	case !p.Known:
		return "Unknown"
	default:
		return "Not permitted"
	}
}

// permissionSentence says it on a page, with what to do about it.
func permissionSentence(p directory.Permission) string {
	switch {
	case p.Role == keys.RoleOwner:
		return "May use object storage, as the owner of the contract."
	case p.Role == keys.RoleAdministrator:
		return "May use object storage, as an administrator."
	case len(p.Through) > 0:
		return "May use object storage, through " + groupNames(p.Through) + "."
	case !p.Known:
		return "Whether this user may use object storage is not known at the moment."
	default:
		return "May not use object storage: no group of this user gives Use Object Storage."
	}
}

func groupNames(groups []keys.Group) string {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = g.Name
	}
	return strings.Join(names, ", ")
}

// KeyCountWords say how many keys a user has, and how many are active.
func KeyCountWords(l keys.Listing) string {
	active := 0
	for _, k := range l.Keys {
		if k.Activity == keys.Active {
			active++
		}
	}
	switch {
	case len(l.Keys) == 0:
		return "No keys"
	case active == len(l.Keys):
		return keysWords(active)
	default:
		return keysWords(len(l.Keys)) + ", " + strconv.Itoa(active) + " active"
	}
}

func keysWords(n int) string {
	if n == 1 {
		return "1 key"
	}
	return strconv.Itoa(n) + " keys"
}

// rangeWords say which of the users are shown: "1–20 of 40".
func (v UserList) rangeWords() string {
	if len(v.Rows) == 0 {
		if v.Find.Page > 1 || !v.Find.NeedsAll() {
			return "There are no users on this page."
		}
		return ""
	}
	first := (v.Find.Page-1)*UsersPerPage + 1
	last := first + len(v.Rows) - 1
	words := thousands(first) + "–" + thousands(last)
	switch {
	case v.Total > 0:
		return words + " of " + thousands(v.Total)
	case v.Later == "" && v.Trouble == "":
		return words + " of " + thousands(last)
	default:
		return words
	}
}

// thousands writes a number with a comma between each three digits.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// summary says what came of a search, and how far it has come.
func (v UserList) summary() string {
	switch n := strconv.Itoa(v.Total); {
	case v.Reading > 0:
		return strings.TrimSpace("Reading the users: " + strconv.Itoa(v.Reading) + " so far, " + n + " found. " + v.Wait)
	case v.Find.Query != "" && v.Total == 0 && v.Trouble == "":
		return "No user matches “" + v.Find.Query + "”."
	case v.Filtered:
		return n + " found with exactly this e-mail address."
	case v.Bounded > 0:
		return n + " found among the first " + strconv.Itoa(v.Bounded) + " users. There are more users than can be searched."
	case v.Find.Query != "":
		return n + " found."
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

// absenceWords say that no user has the key. Of a part of a key they say what was
// found: a person may have typed it wrongly.
func (v KeyOwner) absenceWords() string {
	if v.Part {
		return "No key with this part was found: enter the whole key to be sure"
	}
	return "No user of this contract has this key"
}
