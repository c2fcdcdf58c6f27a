package keyreport

import (
	"strings"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// Owner is a user, with what decides whether they may use object storage.
type Owner struct {
	*contractkeys.Entry
	Permission directory.Permission
}

// NotPermitted reports whether the user is known not to be allowed to use object
// storage.
func (o *Owner) NotPermitted() bool { return o.Permission.Known && !o.Permission.Allowed() }

// Row is a key in a report, or a user whose keys could not be read.
type Row struct {
	Owner  *Owner
	Key    contractkeys.Key // of which there is none if Unread
	Unread bool
	Reason error // why the keys could not be read; nil if they were not asked for
}

// Age returns how old the key is; zero when that is unknown.
func (r Row) Age(now time.Time) time.Duration {
	if r.Key.Created.IsZero() {
		return 0
	}
	return max(now.Sub(r.Key.Created), 0)
}

// selection selects rows by a filter. It is for one goroutine.
type selection struct {
	filter     Filter
	privileges directory.Privileges
	contract   string
	now        time.Time

	fold  *directory.Folder
	words []string
	part  keys.Query // the query as a part of a key, where it can be one
}

func newSelection(f Filter, s contractkeys.Snapshot, now time.Time) *selection {
	sel := &selection{filter: f, privileges: s.Privileges, contract: s.Contract, now: now, fold: directory.NewFolder()}
	sel.words = strings.Fields(sel.fold.Fold(f.Query))
	sel.part, _ = keys.ParseQuery(f.Query)
	return sel
}

func (s *selection) owner(e *contractkeys.Entry) *Owner { return &Owner{e, s.privileges.Of(e.User)} }

// rows returns those of a user's keys that the filter selects. One whose keys could
// not be read is a row, whichever keys are selected: they may be among them.
func (s *selection) rows(o *Owner) []Row {
	if o.State != contractkeys.Read {
		if !s.ownerSelected(o) {
			return nil
		}
		return []Row{{Owner: o, Unread: true, Reason: o.Reason}}
	}
	missing := s.missing(o)
	var rows []Row
	for _, k := range o.Keys {
		if r := (Row{Owner: o, Key: k}); s.conditions(r, missing) == conditionsAll {
			rows = append(rows, r)
		}
	}
	return rows
}

// missing returns the words of the query that are not about the user.
func (s *selection) missing(o *Owner) []string {
	if len(s.words) == 0 {
		return nil
	}
	u := o.User
	id := keys.Owner{UserID: u.ID, Contract: s.contract}
	text := s.fold.Fold(u.FirstName + " " + u.LastName + "\n" + u.Email + "\n" + id.ContractUserID() + "\n" + u.CanonicalUserID)
	var missing []string
	for _, word := range s.words {
		if !strings.Contains(text, word) {
			missing = append(missing, word)
		}
	}
	return missing
}

// conditions of a filter that a row meets, as a set of bits.
type conditions uint8

const (
	conditionQuery conditions = 1 << iota
	conditionState
	conditionOlder
	conditionValid
	conditionOwner

	conditionsAll = conditionQuery | conditionState | conditionOlder | conditionValid | conditionOwner
)

// conditions returns the conditions of the filter that a row meets.
func (s *selection) conditions(r Row, missing []string) conditions {
	var met conditions
	meet := func(condition conditions, meets bool) {
		if meets {
			met |= condition
		}
	}
	meet(conditionQuery, s.part.Matches(r.Key.AccessKey) || containsAll(strings.ToLower(r.Key.AccessKey), missing))
	meet(conditionState, stateSelected(s.filter.State, r))
	meet(conditionOlder, s.filter.Older == 0 || s.olderThan(r, s.filter.Older))
	meet(conditionValid, validSelected(s.filter.Valid, r))
	meet(conditionOwner, s.ownerSelected(r.Owner))
	return met
}

func containsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func stateSelected(state string, r Row) bool {
	switch state {
	case StateActive:
		return r.Key.Activity == keys.Active
	case StateInactive:
		return r.Key.Activity == keys.Inactive
	default:
		return true
	}
}

func validSelected(valid string, r Row) bool {
	switch valid {
	case ValidUserOwned:
		return r.Key.Scope() == keys.ScopeUserOwned
	case ValidAll:
		return r.Key.Scope() == keys.ScopeAllBuckets
	default:
		return true
	}
}

const day = 24 * time.Hour

// olderThan reports whether a key is at least that many days old.
func (s *selection) olderThan(r Row, days int) bool {
	return r.Age(s.now) >= time.Duration(days)*day
}

func (s *selection) ownerSelected(o *Owner) bool { return ownerIs(o, s.filter.Owner) }

func ownerIs(o *Owner, kind string) bool {
	switch kind {
	case OwnerNoPrivilege:
		return o.NotPermitted()
	case OwnerDeactivated:
		return !o.User.Active
	case OwnerAdministrator:
		return o.Permission.Role.ManagesOthers()
	case OwnerMember:
		return !o.Permission.Role.ManagesOthers()
	case OwnerFull:
		return len(o.Keys) >= keys.MaxPerUser
	default:
		return true
	}
}
