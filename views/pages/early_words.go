package pages

// What pages say while the APIs take their time.
const (
	readingKeys = "Reading the keys…"
	readingList = "Reading the list…"
	readingUser = "Reading the user…"

	movedText = "This page cannot be shown now."
	movedLink = "Continue"
)
