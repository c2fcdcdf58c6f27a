package pages

// Sentences of the page that begins a rotation.
const (
	rotationIntro = "A rotation replaces a key: a successor with the same description is generated, and nothing happens to the old key " +
		"until you say so."
	rotationIntroFor = "A rotation replaces a key: a successor is generated, and nothing happens to the old key until you say so. " +
		"Its owner copies the new pair after signing in: you need not send it."
	newerKey          = "You have a newer key with the same description:"
	newerKeyFor       = "The user has a newer key, which may have been generated for this:"
	rotationFullTitle = "All five keys are in use"
	rotationFullText  = "A successor needs a free place. First delete a key that is no longer needed, preferably a deactivated one, " +
		"then come back here."
)

// intro says what a rotation is.
func (v KeyForm) intro() string {
	if v.For != "" {
		return rotationIntroFor
	}
	return rotationIntro
}

// newer goes before a key that may be the successor.
func (v KeyForm) newer() string {
	if v.For != "" {
		return newerKeyFor
	}
	return newerKey
}

// plannedStep is a step of a rotation that has not begun.
type plannedStep struct{ title, text string }

// rotationPlan returns the steps that a rotation of a key in a state takes.
func (v KeyForm) rotationPlan(old KeyState) []plannedStep {
	plan := []plannedStep{
		{"Generate a successor", "It takes one of your five places."},
		{useTitle(v.For), beforeRotation(old)},
	}
	if v.For != "" {
		plan[0].text = "It takes one of the user’s five places."
	}
	if old == StateActive || old == StateActivating || old == StateUnknown || old == StateBeingMade {
		plan = append(plan, plannedStep{"Deactivate the old key", "Tools that still have it fail then, and work again when you activate it."})
	}
	return append(plan, plannedStep{"Delete the old key", "When no tool needs it any more. It cannot be undone."})
}

// Sentences about the old key of a rotation, each by its state.

// beforeRotation says, before a rotation, what becomes of a key until its successor
// has taken its place.
func beforeRotation(old KeyState) string {
	switch old {
	case StateActive:
		return "Both keys work side by side while tools are changed over."
	case StateInactive:
		return "This key is deactivated and stays so."
	case StateActivating:
		return "This key is being activated. Once it is active, both keys work while tools are changed over."
	case StateDeactivating:
		return "This key is being deactivated: tools that have it stop working until they use the new one."
	case StateBeingMade, StateDeleting, StateDeleted, StateFailed, StateUnknown:
		return "Whether this key is active is not known at the moment. The rotation does not change that."
	default:
		return ""
	}
}

// besideSuccessor says on the page of a successor how it stands with the key that
// it is to replace, and what to do.
func besideSuccessor(old KeyState) string {
	const use = " Change the tools over to the new pair, "
	switch old {
	case StateActive:
		return "The old key is active and keeps working." + use + "then deactivate and delete the old key."
	case StateInactive:
		return "The old key is deactivated." + use + "then delete the old key."
	case StateActivating:
		return "The old key is being activated." + use + "then deactivate and delete the old key."
	case StateDeactivating:
		return "The old key is being deactivated." + use + "then delete the old key."
	case StateDeleting:
		return "The old key is being deleted: use the new pair."
	case StateDeleted:
		return "The old key is deleted: use the new pair."
	case StateFailed:
		return "The old key has failed." + use + "then delete the old key."
	case StateBeingMade:
		return "The old key is still being made." + use + "then deactivate and delete the old key."
	case StateUnknown:
		return "Whether the old key is active is not known at the moment." + use + "then check the old key."
	default:
		return ""
	}
}

// rotationListed says in the list of keys how far a rotation is.
func rotationListed(old KeyState) string {
	switch old {
	case StateActive:
		return "The old key is active until you deactivate it."
	case StateInactive:
		return "The old key is deactivated, and stays in the list until you delete it."
	case StateActivating:
		return "The old key is being activated."
	case StateDeactivating:
		return "The old key is being deactivated."
	case StateDeleting:
		return "The old key is being deleted."
	case StateDeleted:
		return "The old key is deleted."
	case StateFailed:
		return "The old key could not be made, and stays in the list until you delete it."
	case StateBeingMade:
		return "The old key is still being made."
	case StateUnknown:
		return "Whether the old key is active is not known at the moment."
	default:
		return ""
	}
}

// words are the heading of a step and what there is to say of it, as it stands.
func (v Rotation) words(step rotationStep) (title, text string) {
	switch step {
	case stepGenerate:
		return v.generatedWords()
	case stepUse:
		return v.inUseWords()
	case stepDeactivate:
		return deactivatedWords(v.oldState())
	default:
		return deletedWords(v.oldState())
	}
}

func (v Rotation) generatedWords() (title, text string) {
	switch v.newState() {
	case StateBeingMade:
		return "The new key is being made", "That takes a few seconds."
	case StateActive:
		return "The new key is generated", "It is active."
	case StateInactive:
		return "The new key is generated", "It is deactivated: activate it in the list of keys before you use it."
	case StateActivating:
		return "The new key is generated", "It is being activated."
	case StateDeactivating:
		return "The new key is generated", "It is being deactivated."
	case StateDeleting, StateDeleted:
		return "The new key is deleted", "Leave the rotation and start another one."
	case StateFailed:
		return "The new key could not be made", "Leave the rotation, delete that key and start another one."
	case StateUnknown:
		return "The state of the new key is not known", "Not all APIs answer at the moment."
	default:
		return "", ""
	}
}

func (v Rotation) inUseWords() (title, text string) {
	switch {
	case !v.InUse.IsZero():
		return confirmedTitle(v.For), ""
	case !v.Tested.IsZero():
		return "A test of the new key has passed",
			v.cannotSee() + ": change over every one that has the old key before you deactivate it."
	default:
		return useTitle(v.For),
			v.cannotSee() + ". Test the new key, or change every tool over and confirm it."
	}
}

func deactivatedWords(old KeyState) (title, text string) {
	switch old {
	case StateInactive:
		return "The old key is deactivated", "Tools that still have it fail, and work again when you activate it."
	case StateDeactivating:
		return "The old key is being deactivated", "Tools that still have it fail in a moment."
	case StateActivating:
		return "The old key is being activated", ""
	case StateDeleting, StateDeleted, StateFailed:
		return "No deactivation is needed", ""
	case StateBeingMade, StateUnknown:
		return "Deactivate the old key", "Whether it is active is not known at the moment."
	case StateActive:
		return "Deactivate the old key", "Tools that still have it fail then, and work again when you activate it."
	default:
		return "", ""
	}
}

func deletedWords(old KeyState) (title, text string) {
	switch old {
	case StateDeleting:
		return "The old key is being deleted", ""
	case StateDeleted:
		return "The old key is deleted", ""
	case StateActive, StateInactive, StateActivating, StateDeactivating, StateBeingMade, StateFailed, StateUnknown:
		return "Delete the old key when no tool needs it any more", "It cannot be undone."
	default:
		return "", ""
	}
}

// withheld says why the act of a step is not offered yet; empty where it is, or has
// been carried out.
func (v Rotation) withheld(step rotationStep) string {
	old := v.oldState()
	switch {
	case step < stepDeactivate, old.gone(), step == stepDeactivate && old != StateActive:
		return ""
	case v.newState() != StateActive:
		return "Available once the new key is active."
	case step == stepDelete && !v.done(stepDeactivate):
		return "Available after step 3."
	case !v.done(stepUse):
		return "Available after step 2."
	default:
		return ""
	}
}

func useTitle(owner string) string {
	if owner != "" {
		return "Use the new key in their tools"
	}
	return "Use the new key in your tools"
}

func confirmedTitle(owner string) string {
	if owner != "" {
		return "You confirmed that their tools use the new key"
	}
	return "You confirmed that your tools use the new key"
}

// cannotSee begins the sentence on why the step of use is not ticked by itself.
func (v Rotation) cannotSee() string {
	if v.For != "" {
		return "Keydeck cannot see the tools of " + v.For
	}
	return "Keydeck cannot see your tools"
}

// inUseLabel is the person's word that the new key is in use.
func (v Rotation) inUseLabel() string {
	if v.For != "" {
		return "Their tools use the new key"
	}
	return "My tools use the new key"
}

// pairHint goes before the link to the pair of the new key.
func (v Rotation) pairHint() string {
	if v.For != "" {
		return "Its owner can copy the pair after signing in."
	}
	return "Its pair is under"
}

func (v Rotation) endWords() string {
	if v.oldState() == StateDeleted {
		return "Finish"
	}
	return "Leave the rotation"
}

func (v Rotation) endHint() string {
	switch v.oldState() {
	case StateDeleted:
		return "Nothing is left to do."
	case StateDeleting:
		return "The old key is being deleted, even if you leave or close this."
	default:
		return "Leaving changes neither key. If you close this, the page of the keys leads back to the rotation."
	}
}
