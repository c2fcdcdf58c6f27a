package pages

import "github.com/a-h/templ"

// form asks for the outcome, where that can be asked for.
func (v Indeterminate) form() templ.Attributes {
	if v.RequestID == "" {
		return nil
	}
	return changeForm(v.Action)
}

// Title is what is not known.
func (v Indeterminate) Title() string {
	if v.InProgress {
		return "A key is being generated: check it first"
	}
	switch v.What {
	case "renew":
		return "It is not known whether the secret was renewed"
	case "rotate":
		return "It is not known whether the successor was generated"
	case "activate":
		return "It is not known whether the key is being activated"
	case "deactivate":
		return "It is not known whether the key is being deactivated"
	case "describe":
		return "It is not known whether the description was changed"
	case "delete":
		return "It is not known whether the key is being deleted"
	default:
		return "It is not known whether the key was generated"
	}
}

// Reason is why it is not known.
func (v Indeterminate) Reason() string {
	if v.InProgress {
		return "Another key is being generated here"
	}
	return "The answer was lost on the way"
}

// Text is how it is found out.
func (v Indeterminate) Text() string {
	if v.InProgress {
		return "Its outcome is not known yet, so no second key was generated. Check now looks for it, and generates none."
	}
	switch v.What {
	case "renew":
		return "The API may have renewed the secret of key " + shortened(v.Key) + " or not, and this console does not ask for it " +
			"a second time by itself. Check now compares the secret with the one before, and changes nothing."
	case "generate", "rotate":
		return "The API may have made the key or not, and this console does not ask for a second one by itself. " +
			"Check now looks for the key, and makes none. It may take a minute until that is certain."
	default:
		return "The API may have carried it out or not. The list shows what happened to key " + shortened(v.Key) +
			" within a few seconds. Look there before you try again."
	}
}
