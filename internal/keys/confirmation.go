package keys

// Confirmation is what a person has to say before a change is made that
// cannot be undone, or locks them out.
type Confirmation int

// The confirmations.
const (
	ConfirmNone       Confirmation = iota
	ConfirmYes                     // "yes", which the page that asks sends by itself
	ConfirmCharacters              // the last characters of the access key, typed
)

// confirmCharacters is how many of them.
const confirmCharacters = 4

// ToDeactivate is what deactivating a key takes: with the only active one,
// access to all buckets is lost.
func (l Listing) ToDeactivate(accessKey string) Confirmation {
	if k, found := l.Find(accessKey); found && k.Activity != Inactive && l.OnlyActive(accessKey) {
		return ConfirmYes
	}
	return ConfirmNone
}

// ToDelete is what deleting a key takes. One that is in use, may be in use for
// all that is known, or is the last one, takes more.
func (l Listing) ToDelete(accessKey string) Confirmation {
	if k, found := l.Find(accessKey); found && k.Activity == Inactive && !l.Last(accessKey) {
		return ConfirmYes
	}
	return ConfirmCharacters
}

// Accepts reports whether a person has confirmed what they do to a key.
func (c Confirmation) Accepts(accessKey, confirm string) bool {
	switch c {
	case ConfirmNone:
		return true
	case ConfirmYes:
		return confirm == "yes"
	default:
		return confirm == LastCharacters(accessKey)
	}
}

// LastCharacters are the characters of an access key that confirm with.
func LastCharacters(accessKey string) string {
	return accessKey[max(0, len(accessKey)-confirmCharacters):]
}
