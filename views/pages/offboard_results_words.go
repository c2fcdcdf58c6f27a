package pages

import (
	"strconv"

	"keydeck/internal/offboard"
)

const offboardKept = "This record is kept for 90 days, for the owner and the administrators of the contract. Print it to keep it."

// Address is where the record is.
func (v OffboardResults) Address() string { return v.Links.OffboardResults(v.Record.Of.ID, v.ID) }

// Title says how far it has come.
func (v OffboardResults) Title() string {
	done, all := v.Record.Count(offboard.Done), len(v.Record.Steps)
	words := v.Record.Of.Name + ": " + strconv.Itoa(done) + " of " + strconv.Itoa(all) + " done"
	if v.Record.Running {
		return words + ", going on"
	}
	return words
}

// restText says what trying again does.
func (v OffboardResults) restText() string {
	if v.Record.Count(offboard.Waiting) > 0 {
		return "Groups and the account wait until all keys are done: without the privilege, the API may refuse to change the keys. " +
			"What is done is not done again."
	}
	return "What is done is not done again."
}

func stepIcon(s offboard.Step) string {
	switch s.State {
	case offboard.Done:
		return "i-success"
	case offboard.Failed:
		return "i-error"
	case offboard.Unknown:
		return "i-warning"
	default:
		return "i-info"
	}
}

// stepWords say what is known of a step.
func stepWords(s offboard.Step, running bool) string {
	switch {
	case s.State == offboard.Done && s.Before:
		return map[offboard.Kind]string{
			offboard.DeactivateKey: "Not active any more: it was so, or not there, before it was asked for", offboard.DeleteKey: "Not there any more, before it was asked for",
			offboard.LeaveGroup: "Not a member any more, before it was asked for", offboard.DeactivateAccount: "Not active any more, before it was asked for",
		}[s.Kind]
	case s.State == offboard.Done:
		return map[offboard.Kind]string{
			offboard.DeactivateKey: "Deactivated", offboard.DeleteKey: "Deleted",
			offboard.LeaveGroup: "Left", offboard.DeactivateAccount: "Deactivated",
		}[s.Kind]
	case s.State == offboard.Asked && running:
		return "Under way"
	case s.State == offboard.Asked:
		return "Asked for; what has become of it is not known"
	case s.State == offboard.Unknown:
		return "Asked for; the API does not show it yet"
	case s.State == offboard.Failed:
		return "Not done"
	default:
		return "Not begun"
	}
}
