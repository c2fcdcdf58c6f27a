package pages

import (
	"strconv"
	"strings"

	"keydeck/views/components"
)

// What pages of a change of several keys say.
const (
	// BadSelection says what is wrong with a selection that names no keys.
	BadSelection = "The form names something that is not a key. Open the list again."
	// StaleBatch says why a confirmation does not count.
	StaleBatch = "This form was open for too long. Look at the keys again and confirm once more."
	// ChangedBatch says why a confirmation does not count any more.
	ChangedBatch = "The keys have changed since you were asked. Look at the warning and confirm again."
	// BatchActive, BatchConflict and BatchNoKey say why a key of several was left alone.
	BatchActive   = "It is active. Deactivate it first: only deactivated keys are deleted together."
	BatchConflict = "It was changed again by someone else, or elsewhere, in the meantime."
	BatchNoKey    = "There is no such key. It may have been deleted already."

	batchUnreadNote   = "Their keys could not be read, so these may be their last ones."
	batchSettlesNote  = "The API carries this out asynchronously. The page looks again by itself; you may leave it and come back."
	batchEndedNote    = "It is too long ago to go on by itself. Try the rest again."
	batchWaitsNote    = "What is not finished goes on when you look again. Nothing is done twice."
	batchKeptNote     = "These results are kept for a day, for you alone. Download or print them to keep them."
	batchTellNote     = "No secret is shown here. Tell the owners: each signs in and copies their own key."
	batchMissingWords = "Not found"
	batchDeleteText   = "Deleted keys cannot be restored, and programs that use them lose access. Active keys are left alone: only deactivated ones are deleted."
	batchStopText     = "Programs that use these keys lose access until they are activated again."
	batchStartText    = "Programs that have these keys can use them again."
)

// BatchUnasked says why a key was left alone whose owner would be locked out without
// having been asked about.
func BatchUnasked(act string) string {
	if act == actDelete {
		return "It has become the last key of its owner since you were asked. Try again to be asked about it."
	}
	return "It has become the only active key of its owner since you were asked. Try again to be asked about it."
}

// WrongNumber says what is wrong with the number that was typed.
func WrongNumber(n int) string { return "Enter the number of keys: " + strconv.Itoa(n) + "." }

// The acts on several keys, as they are in addresses.
const (
	actActivate   = "activate"
	actDeactivate = "deactivate"
	actDelete     = "delete"
	actGenerate   = "create" // as package keyops names it; it has no address here
)

var batchVerbs = map[string]struct{ label, busy, done, text string }{
	actActivate:   {"Activate", "Activating…", "Activated", batchStartText},
	actDeactivate: {"Deactivate", "Deactivating…", "Deactivated", batchStopText},
	actGenerate:   {"Generate", "Generating…", "Generated", ""},
	actDelete:     {"Delete", "Deleting…", "Deleted", batchDeleteText},
}

// Title is the question.
func (v BatchQuestion) Title() string {
	return batchVerbs[v.Act].label + " " + keysWords(v.Count()) + "?"
}

// lockoutTitle says how many people would be left without a key.
func (v BatchQuestion) lockoutTitle() string {
	left := "without an active key"
	if v.Deletes() {
		left = "without a key"
	}
	if n := len(v.Lockouts()); n != 1 {
		return thousands(n) + " users may be left " + left
	}
	return "One user may be left " + left
}

func (v BatchQuestion) lockoutText() string {
	if v.Deletes() {
		return "They lose access to their buckets. Private content of user-owned buckets can no longer be reached by anyone once all keys of its owner are deleted, and is still charged."
	}
	return "They lose access to all buckets until a key is activated or generated."
}

// activeTitle says how many of the keys to be deleted are active.
func (v BatchQuestion) activeTitle(n int) string {
	if n == 1 {
		return "One of these keys is active, and will be left alone"
	}
	return thousands(n) + " of these keys are active, and will be left alone"
}

// Title is the heading.
func (v BatchResults) Title() string {
	n := keysWords(len(v.Lines))
	if len(v.Lines) == 1 {
		n = "a key"
	}
	switch v.Act {
	case actActivate:
		return "Activation of " + n
	case actDelete:
		return "Deletion of " + n
	case actGenerate:
		return "Generation of " + n
	default:
		return "Deactivation of " + n
	}
}

// The states of a line, as they are in the view.
const (
	lineWaiting  = ""
	lineAccepted = "accepted"
	lineDone     = "done"
	lineRefused  = "refused"
	lineUnknown  = "unknown"
)

// words say what has become of a line.
func (v BatchResults) words(line BatchLine) string {
	switch line.State {
	case lineDone:
		return batchVerbs[v.Act].done
	case lineAccepted:
		return "Under way"
	case lineRefused:
		return "Not done"
	case lineUnknown:
		return "Not known"
	default:
		return "Not begun"
	}
}

func lineKind(line BatchLine) string {
	switch line.State {
	case lineDone:
		return "success"
	case lineAccepted:
		return "info"
	case lineRefused:
		return "danger"
	case lineUnknown:
		return "warning"
	default:
		return "neutral"
	}
}

// summary says how many keys are in each state.
func (v BatchResults) summary() []tile {
	tiles := []tile{{label: batchVerbs[v.Act].done, number: v.count(lineDone)}}
	for _, t := range []tile{
		{label: "Under way", number: v.count(lineAccepted)}, {label: "Not begun", number: v.count(lineWaiting)},
		{label: "Not done", number: v.count(lineRefused), warns: true}, {label: "Not known", number: v.count(lineUnknown), warns: true},
	} {
		if t.number > 0 {
			tiles = append(tiles, t)
		}
	}
	return tiles
}

// status says in one sentence how far it has come.
func (v BatchResults) status() string {
	n := strconv.Itoa(v.count(lineDone)+v.count(lineRefused)) + " of " + keysWords(len(v.Lines))
	switch {
	case v.Settled:
		if len(v.Lines) == 1 && v.count(lineDone) == 1 {
			return "Finished: the key is " + strings.ToLower(batchVerbs[v.Act].done) + "."
		}
		return "Finished: " + thousands(v.count(lineDone)) + " of " + keysWords(len(v.Lines)) + " " + strings.ToLower(batchVerbs[v.Act].done) + "."
	case v.Running:
		return n + " finished so far."
	default:
		return n + " finished."
	}
}

// selectAllWords says what there is to select.
func (v ContractKeys) selectAllWords() string {
	n := v.matching()
	if n > maxSelected {
		return "Select the first " + thousands(maxSelected) + " of " + thousands(n)
	}
	return "Select all " + thousands(n) + " that match"
}

func (v ContractKeys) selectedWords() string {
	if n := v.matching(); n <= maxSelected {
		return "All " + thousands(n) + " that match are selected."
	}
	return "The first " + thousands(maxSelected) + " of " + thousands(v.matching()) + " are selected: at most " + thousands(maxSelected) + " keys can be changed at once."
}

func (v BatchResults) heading() components.HeadingView {
	address, label := v.back()
	return components.HeadingView{Title: v.Title(), BackHref: address, BackLabel: label, Focus: true}
}
