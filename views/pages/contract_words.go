package pages

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"time"

	"keydeck/internal/keyreport"
	"keydeck/internal/keys"
	"keydeck/views/components"
)

// What the list of all keys of a contract says.
const (
	contractKeysTitle   = "Keys of the contract"
	contractSearchHint  = "Owner, key or ID"
	contractScopeNote   = "Which buckets a key is valid for is judged by its form, or by a date before 25 April 2024: the Cloud API does not say."
	userScopeNote       = "Which buckets a key opens is judged by its form or date: the API does not say."
	contractUnreadRow   = "The keys of this user could not be read"
	contractReadAgain   = "Read again"
	contractNoneTitle   = "No key matches"
	contractEmptyTitle  = "No access keys yet"
	contractEmptyText   = "No user of this contract has an access key."
	notPermittedBadge   = "No longer permitted"
	groupsUnknownText   = "Who may use object storage is not known for everyone at the moment: the groups or the contract could not be read."
	contractPartialText = "The list of users changed while it was being read, or is too long to be read, so keys may be missing."

	// BadSince says what is wrong with the time of a reading in an address.
	BadSince = "The time in this address is not valid. Open the list again."
)

// FilterValueWords say which values a parameter of the list's address can have.
func FilterValueWords(e *keyreport.ValueError) string {
	return "“" + e.Value + "” is not a value of “" + e.Name + "”. It can be: " + strings.Join(e.Good, ", ") + "."
}

// DaysWords say an age that a filter selects from, in days.
func DaysWords(days int) string {
	if days == 1 {
		return "1 day"
	}
	return thousands(days) + " days"
}

// tile is a number about the whole contract, and where it leads.
type tile struct {
	label  string
	number int
	filter keyreport.Filter
	warns  bool // it is worth a look if it is not zero
}

// tiles are the numbers on top of the list.
func (v ContractKeys) tiles() []tile {
	n := v.Report.Numbers
	tiles := []tile{
		{"Keys", n.Keys, keyreport.Filter{}, false},
		{"Active", n.Active, keyreport.Filter{State: keyreport.StateActive}, false},
	}
	if v.Threshold > 0 {
		tiles = append(tiles, tile{"Older than " + DaysWords(v.Threshold), n.Old, keyreport.Filter{Older: v.Threshold}, true})
	}
	return append(tiles,
		tile{"User-owned buckets only", n.UserOwned, keyreport.Filter{Valid: keyreport.ValidUserOwned}, true},
		tile{"Owner no longer permitted", n.NotPermitted, keyreport.Filter{Owner: keyreport.OwnerNoPrivilege}, true},
		tile{"Owner deactivated", n.Deactivated, keyreport.Filter{Owner: keyreport.OwnerDeactivated}, true},
		tile{"Users with five keys", n.Full, keyreport.Filter{Owner: keyreport.OwnerFull}, false},
	)
}

// chip is one choice of the filter.
type chip struct {
	label   string
	count   int // negative where it is not known
	address string
	current bool
}

// chips are the choices, each with how many keys are selected with it beside the
// others. One that is chosen leads to the list without it.
func (v ContractKeys) chips() []chip {
	all := keyreport.Filter{Query: v.Filter.Query, Sort: v.Filter.Sort}
	count := v.Report.Numbers.Keys
	if v.Filter.Query != "" {
		count = -1 // of all those that match the words
	}
	chips := []chip{{"All", count, v.address(all), v.Filter.State+v.Filter.Valid+v.Filter.Owner == "" && v.Filter.Older == 0}}
	add := func(label, name, value string, current bool, change func(*keyreport.Filter, bool)) {
		f := v.Filter
		f.Page = 1
		change(&f, !current)
		chips = append(chips, chip{label, v.Report.Facets[keyreport.Facet{Name: name, Value: value}], v.address(f), current})
	}
	if days := cmp.Or(v.Filter.Older, v.Threshold); days > 0 {
		add("Older than "+DaysWords(days), "older", "", v.Filter.Older > 0, func(f *keyreport.Filter, on bool) { f.Older = chosen(on, days) })
	}
	for _, choice := range []struct {
		label, name, value string
		field              func(*keyreport.Filter) *string
	}{
		{"Active", "state", keyreport.StateActive, stateField}, {"Deactivated", "state", keyreport.StateInactive, stateField},
		{"User-owned only", "valid", keyreport.ValidUserOwned, validField},
		{"Owner deactivated", "owner", keyreport.OwnerDeactivated, ownerField}, {"No longer permitted", "owner", keyreport.OwnerNoPrivilege, ownerField},
		{"Administrators", "owner", keyreport.OwnerAdministrator, ownerField}, {"Members", "owner", keyreport.OwnerMember, ownerField},
		{"Five keys", "owner", keyreport.OwnerFull, ownerField},
	} {
		current := *choice.field(&v.Filter) == choice.value
		add(choice.label, choice.name, choice.value, current, func(f *keyreport.Filter, on bool) { *choice.field(f) = chosen(on, choice.value) })
	}
	return chips
}

// chosen is a value that is chosen, or none.
func chosen[T any](on bool, value T) T {
	if on {
		return value
	}
	var none T
	return none
}

func stateField(f *keyreport.Filter) *string { return &f.State }
func validField(f *keyreport.Filter) *string { return &f.Valid }
func ownerField(f *keyreport.Filter) *string { return &f.Owner }

// progressWords say how far reading the keys has come.
func (v ContractKeys) progressWords() string {
	switch {
	case !v.Listed:
		return "Reading the users: " + thousands(v.Users) + " so far."
	case v.Looked < v.Total:
		return "The keys of " + thousands(v.Looked) + " of " + thousands(v.Total) + " users have been read."
	default:
		return "The keys of all " + thousands(v.Total) + " users who can have keys have been asked for."
	}
}

// unreadTitle says how many users' keys could not be read.
func (v ContractKeys) unreadTitle() string {
	if v.Report.Numbers.Unread == 1 {
		return "The keys of one user could not be read"
	}
	return "The keys of " + thousands(v.Report.Numbers.Unread) + " users could not be read"
}

// rangeWords say which of the rows are shown: "1–50 of 143".
func (v ContractKeys) rangeWords() string {
	n := len(v.Report.Rows)
	if len(v.rows) == 0 {
		return "There are no keys on this page."
	}
	words := thousands(v.from+1) + "–" + thousands(v.from+len(v.rows)) + " of " + thousands(n)
	if !v.Done {
		words += " so far"
	}
	return words
}

// reasonWords say why the keys of a user could not be read.
func reasonWords(err error) string {
	switch {
	case errors.Is(err, keys.ErrNoPrivilege), errors.Is(err, keys.ErrForbidden):
		return "The Cloud API refused to list them."
	case errors.Is(err, keys.ErrTimeout):
		return "The Cloud API took too long to answer."
	default:
		return "The Cloud API could not be reached or failed."
	}
}

// accountWords say how a user may use object storage, when they last signed in to
// IONOS and whether with two-factor authentication: "Storage Team · last signed in
// on 9 Sep 2025 · no two-factor".
func accountWords(o *keyreport.Owner, now time.Time) string {
	return permissionWords(o.Permission) + " · " + strings.Join(accountFacts(o.User, now), " · ")
}

// accountSentence says it on the page of a user's keys.
func accountSentence(u keys.User, now time.Time) string {
	sentence := strings.Join(accountFacts(u, now), ", ") + "."
	return strings.ToUpper(sentence[:1]) + sentence[1:]
}

func accountFacts(u keys.User, now time.Time) []string {
	facts := []string{"no sign-in known", "no two-factor"}
	if !u.LastLogin.IsZero() {
		facts[0] = "last signed in " + components.RelativeWords(u.LastLogin, now)
	}
	if u.TwoFactor {
		facts[1] = "two-factor"
	}
	return facts
}

// moment is a time as it stands in an address.
func moment(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
