package pages

import (
	"strconv"
	"time"
)

// What is said in forms about what was typed, and about forms that cannot be
// taken as they came. What the APIs refuse is told in web/errors.go.
const (
	StaleNewKey = "The form had been open for too long, or was not complete. Nothing was generated: check it and press Generate again."
	StaleRenew  = "The form had been open for too long, or was not complete. Check it and press Renew secret again."
	StaleRotate = "The form had been open for too long, or was not complete. Nothing was generated: press Generate successor again."

	JustGranted   = "If you have granted it just now, try again in a minute."
	NotASuccessor = "This key cannot be the successor: it is gone, older, or has another description by now."

	CharactersMissing = "Type the last four characters of the key: deleting it takes them."
	CharactersWrong   = "These are not the last four characters of the key. Nothing was deleted."

	NotAnAccessKey = "This cannot be an access key: one has letters, digits, - and _ only."
	UsersUnread    = "Not all users of the contract could be read, so the key may belong to one of the others."

	EmailMissing       = "Enter the e-mail address of your IONOS account."
	PasswordMissing    = "Enter your password."
	NotAContract       = "A contract number has digits only."
	NothingPasted      = "Paste an API token."
	FarTooLong         = "This is no API token: it is far too long."
	TokenRefused       = "The API does not accept this token: it has been revoked or is not valid. Make a new one and paste it here."
	CredentialsRefused = "E-mail and password do not match, or the account uses two-factor authentication. " +
		"With two-factor authentication, sign in with an API token."
)

// NotAnEmail says so of what was typed; limit is in characters.
func NotAnEmail(limit int) string {
	return "This is no e-mail address: it has more than " + strconv.Itoa(limit) + " characters, or characters that none has."
}

// PasswordTooLong says how long one may be, in characters.
func PasswordTooLong(limit int) string {
	return "A password has at most " + strconv.Itoa(limit) + " characters."
}

// ContractWanted asks for a contract number, with the API's own words, if any.
func ContractWanted(apiWords string) string {
	const ask = "The API wants to know which of your contracts this is for: enter its number, and what you sign in with once more."
	if apiWords == "" {
		return ask
	}
	return ask + " It says: “" + apiWords + "”"
}

// GoesOnIn says how long the API wants to be left alone, in full seconds.
func GoesOnIn(wait time.Duration) string {
	return "The API asks to wait: it goes on in " + strconv.Itoa(int(wait.Seconds()+0.5)) + " seconds."
}
