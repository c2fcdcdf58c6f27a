package pages

import (
	"slices"
	"strings"
	"time"

	"keydeck/internal/keys"
	"keydeck/views/links"
)

// maxSelected is how many keys a form can name.
const maxSelected = 500

// BatchQuestion asks before several keys are changed.
type BatchQuestion struct {
	Links     links.Links
	Act       string // "activate", "deactivate" or "delete"
	Owners    []BatchOwner
	RequestID string // what makes the form count once
	Back      string // the list it came from
	Typed     string // as typed
	Error     string // about what was typed
	Trouble   string // why nothing was changed
	TroubleID string // the HTTP request's id
}

// BatchOwner is an owner of some of the keys.
type BatchOwner struct {
	ID, Name, Email string
	Keys            []BatchKey
	Lockout         bool // no key, or no active one, would be left
	Unread          bool // the keys could not be read
}

// BatchKey is one of the keys.
type BatchKey struct {
	AccessKey string
	Activity  keys.Activity
	Missing   bool // there is no such key
}

// Deletes reports whether the keys are to be deleted, for which their number is typed.
func (v BatchQuestion) Deletes() bool { return v.Act == actDelete }

// Count returns how many keys there are.
func (v BatchQuestion) Count() int {
	n := 0
	for _, o := range v.Owners {
		n += len(o.Keys)
	}
	return n
}

// Lockouts returns the owners who would be left without a key, or an active one.
func (v BatchQuestion) Lockouts() []BatchOwner {
	return slices.DeleteFunc(slices.Clone(v.Owners), func(o BatchOwner) bool { return !o.Lockout })
}

func (v BatchQuestion) active() int {
	n := 0
	for _, o := range v.Owners {
		for _, k := range o.Keys {
			if k.Activity == keys.Active {
				n++
			}
		}
	}
	return n
}

// selected is a key as a form names it.
func selected(userID, accessKey string) string { return userID + "/" + accessKey }

// BatchResults is what has become of a change of several keys.
type BatchResults struct {
	Links     links.Links
	ID        string
	Act       string
	Group     string // of a creation: whose members the users are
	SignIn    string // of a creation: the address where the users sign in
	By        string // e-mail of the person who has asked
	Asked     time.Time
	Now       time.Time
	Lines     []BatchLine
	Running   bool          // it goes on
	Settled   bool          // all has come to its end
	Ended     bool          // it does not go on any more
	PollAfter time.Duration // with Running: before the page looks again
	Trouble   string        // why it has stopped; may be empty
}

// BatchLine is one key.
type BatchLine struct {
	OwnerID, Name, Email string
	AccessKey            string
	State                string
	Reason               string // why it was not changed
}

// Address is that of the page.
func (v BatchResults) Address() string { return v.Links.ContractResults(v.ID) }

func (v BatchResults) count(state string) int {
	n := 0
	for _, line := range v.Lines {
		if line.State == state {
			n++
		}
	}
	return n
}

// generates reports whether keys are generated.
func (v BatchResults) generates() bool { return v.Act == actGenerate }

// back is the list that leads to the results, with its name.
func (v BatchResults) back() (address, label string) {
	if v.generates() {
		return v.Links.Group(v.Group), "Group"
	}
	return v.Links.ContractKeys(), contractKeysTitle
}

// handover is what the owner of a generated key can be told.
func (v BatchResults) handover(line BatchLine) Handover {
	return Handover{
		Links: v.Links.Of(line.OwnerID), Key: keys.Key{AccessKey: line.AccessKey}, Owner: keys.Owner{Name: line.Name, Email: line.Email},
		State: StateActive, Address: strings.TrimSuffix(v.SignIn, "/") + "/" + line.AccessKey,
	}
}

// mail is the address that opens a message to the owner of a generated key; empty where
// there is none, or where there are too many for one page.
func (v BatchResults) mail(line BatchLine) string {
	if len(v.Lines) > MaxNewMembers || strings.HasSuffix(line.Email, "…") || strings.HasSuffix(line.Name, "…") {
		return ""
	}
	return v.handover(line).mail()
}

// rest are the lines that can be tried again.
func (v BatchResults) rest() []BatchLine {
	if v.Running {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(v.Lines), func(line BatchLine) bool { return line.State == lineDone })
}

// Records are the results as a file has them.
func (v BatchResults) Records() [][]string {
	records := [][]string{{"User Name", "Name", "User ID", "Access key ID", "Act", "Result", "Reason", "Asked by", "Asked at"}}
	for _, line := range v.Lines {
		records = append(records, []string{
			line.Email, line.Name, line.OwnerID, line.AccessKey, v.Act, strings.ToLower(v.words(line)), line.Reason,
			v.By, v.Asked.UTC().Format(time.RFC3339),
		})
	}
	return records
}

// hidden are the keys of other pages that are selected with all that match.
func (v ContractKeys) hidden() []string {
	var names []string
	if !v.SelectAll || !v.selectable() {
		return nil
	}
	for i, row := range v.Report.Rows {
		here := i >= v.from && i < v.from+len(v.rows)
		if row.Unread || i >= maxSelected {
			break // those that could not be read come last
		}
		if !here {
			names = append(names, selected(row.Owner.User.ID, row.Key.AccessKey))
		}
	}
	return names
}

// matching is how many keys the filter selects.
func (v ContractKeys) matching() int {
	n := len(v.Report.Rows)
	for n > 0 && v.Report.Rows[n-1].Unread {
		n--
	}
	return n
}

// selectable reports whether keys can be selected: not while the rows change.
func (v ContractKeys) selectable() bool { return !v.Running && v.matching() > 0 }

// checked reports whether the row at a place of the page is selected.
func (v ContractKeys) checked(place int) bool { return v.SelectAll && v.from+place < maxSelected }

// selectAll is the list with all keys that match selected.
func (v ContractKeys) selectAll() string {
	values := v.query(v.Filter)
	values.Set("select", "all")
	return withQuery(v.Links.ContractKeys(), values)
}
