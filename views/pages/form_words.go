package pages

import (
	"errors"
	"strconv"
	"time"

	"keydeck/internal/keys"
)

// What is said in forms about what was typed, and about forms that cannot be
// taken as they came. The words for errors of the APIs are in web/errors.go.
const (
	StaleNewKey = "The form was open for too long, or is not complete. Nothing was generated: check it and press Generate again."
	StaleRenew  = "The form was open for too long, or is not complete. Check it and press Renew secret again."
	StaleRotate = "The form was open for too long, or is not complete. Nothing was generated: press Generate successor again."

	// KeyNotMade goes before the reason why an API has refused to make a key.
	KeyNotMade = "The key could not be made."
	// AddToGroup is for those who look after the user.
	AddToGroup = "It takes a group with the privilege Use Object Storage. Add the user to one in the DCD; it may take a few minutes to take effect."
	// RefusedToManager is for an owner or administrator, who may do all that there is
	// to do here.
	RefusedToManager = "As an owner or administrator you need no group for this, so there is another reason."
	// OneAPIRefuses is for a token that the other API accepts.
	OneAPIRefuses = "The other API accepts it, so you stay signed in. If this goes on, sign out and in again."

	JustGranted   = "If you have just granted it, try again in a minute."
	NotInUse      = "Tick the box when the tools use the new key, or test the new key under Copy key."
	NotASuccessor = "This key cannot be the successor: it is gone, older, or now has another description."

	CharactersMissing = "Type the last four characters of the key to delete it."
	CharactersWrong   = "These are not the last four characters of the key. Nothing was deleted."

	UsersUnread  = "Not all users of the contract could be read, so the key may belong to one of the others."
	UsersChanged = "The list of users changed while it was being read, so some may be missing. Search again."

	EmailMissing    = "Enter the e-mail address of your IONOS account."
	PasswordMissing = "Enter your password."
	NotAContract    = "A contract number has digits only."
	NothingPasted   = "Paste an API token."
	FarTooLong      = "This is not an API token: it is far too long."
	TokenRefused    = "The API does not accept this token: it has been revoked or is not valid. Create a new one and paste it here."
	// RefusedAfterSignIn is for a password that was right.
	RefusedAfterSignIn = "E-mail and password are right, but the Cloud API refuses the token that was created for them. This is on the side of IONOS: try again in a minute."
	CredentialsRefused = "E-mail and password do not match, or the account uses two-factor authentication. " +
		"With two-factor authentication, sign in with an API token."
)

// AllKeysUsed says that there are five keys, and what to do.
func AllKeysUsed() (what, how string) {
	return "Five keys are the limit", "A user can have five access keys at a time. Delete one that is no longer needed, then generate the new one."
}

// NoPrivilege says that the person may not use object storage, and what to do.
func NoPrivilege() (what, how string) {
	return "Object storage is not enabled for you", "It takes a group with the privilege Use Object Storage. " +
		"An owner or administrator of the contract can add you to one; it may take a few minutes to take effect."
}

// KeyQueryError says why a text was not taken for an access key.
func KeyQueryError(err error) string {
	if errors.Is(err, keys.ErrAmbiguous) {
		return "There is more than one access key in this text. Paste one of them."
	}
	return "This cannot be an access key: one has letters, digits, - and _ only. A part of one needs at least six characters."
}

// NotAnEmail says so of what was typed; limit is in characters.
func NotAnEmail(limit int) string {
	return "This is not an e-mail address: it has more than " + strconv.Itoa(limit) + " characters, or characters that no address has."
}

// PasswordTooLong says how long one may be, in characters.
func PasswordTooLong(limit int) string {
	return "A password has at most " + strconv.Itoa(limit) + " characters."
}

const (
	// ContractWanted asks for a contract number. The API's own words name a header of
	// its protocol, and are left out.
	ContractWanted = "You belong to several contracts. Enter the number of one, then what you sign in with once more."

	// ContractRefused says that the number which was entered is of no use.
	ContractRefused = "This is not one of your contracts. Enter the number of one, then what you sign in with once more."
)

// GoesOnIn says how long the API wants to be left alone, in full seconds.
func GoesOnIn(wait time.Duration) string {
	return "The API asks to wait: it goes on in " + strconv.Itoa(int(wait.Seconds()+0.5)) + " seconds."
}
