package pages

// What the page to sign in says.
const (
	signInPurpose = "Access keys of IONOS Object Storage"
	signInUnsafe  = "This page came over plain http, so a password or token would cross the network unencrypted. " +
		"Open the console by its https address, or on the machine it runs on."
	signInReturns = "After signing in, you return to the page that you opened."
	passwordUse   = "Your password is sent to IONOS once and stored nowhere."
	madeInTheDCD  = "Create one in the DCD under Management › Token Manager."
	tokenUse      = "The token stays sealed in your session and is forgotten when you sign out. " +
		"It remains valid at IONOS until it expires."
)
