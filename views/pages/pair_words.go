package pages

import (
	"math"
	"strconv"
	"strings"
	"time"

	"keydeck/internal/keys"
)

// What the page of a pair says of a pair that is in doubt.
const (
	unverifiedTitle = "This pair could not be checked"
	unverifiedText  = "It is as it was made in this session. The APIs do not say at the moment whether the key is still there and " +
		"this is still its secret: another session or person may have changed it since. Load this page again later."
	renewedSinceTitle = "The secret was renewed since"
	renewedSinceText  = "Another session or person has renewed the secret of this key. This is the present one; the one before no longer works."
	lostTitle         = "The key is there, its secret was lost on the way"

	// takesThePlaceOf goes before the old key of a rotation.
	takesThePlaceOf = "It will replace"
)

// lostText says what can be done without the secret.
func (v KeyPair) lostText() string {
	const lost = "The API has made the key, but the answer that held its secret did not arrive, and the secret cannot be read at the " +
		"moment. Look again in a minute. "
	if v.Owner.Managed {
		return lost + "If it stays so, delete the key and generate another: no one can use a key without its secret."
	}
	return lost + "If it stays so, renew the secret, which gives you a new one for the same key, or delete the key and generate another."
}

// bucketLabel names the endpoints for a kind of buckets.
func bucketLabel(kind string) string {
	if kind == "" {
		return ""
	}
	return strings.ToUpper(kind[:1]) + kind[1:] + " buckets"
}

// newTitle says what is new about a new pair. A new key is active from the start;
// the Cloud API, which says so, knows it a moment later.
func (v KeyPair) newTitle() string {
	if v.Renewal {
		return "The secret of this key is new"
	}
	title := "A new access key for IONOS Object Storage was successfully generated"
	if v.Owner.Managed {
		title += " for " + v.Owner.Name
	}
	if v.Pair.Key.Activity == keys.Inactive {
		return title + ". It is deactivated."
	}
	return title + ". It is active."
}

// toOwner reports whether the pair is another person's, whom it can be handed over to.
func (v KeyPair) toOwner() bool { return v.Owner.Managed && !v.Owner.Self && !v.Lost }

// alsoByEmail adds to a person's name what tells apart people of the same name.
func alsoByEmail(o keys.Owner) string {
	if o.Name == o.Email {
		return ""
	}
	return " (" + o.Email + ")"
}

// newText says what is to be done with a new pair.
func (v KeyPair) newText() string {
	const save = "Copy it into your tool or password manager, or download it: save the pair now."
	if v.Renewal {
		return "The secret before no longer works: every tool that has this key needs the new one. " + save
	}
	return save
}

// leftWords say for how much longer a pair is available, in whole minutes.
func leftWords(left time.Duration) string {
	numbers := []string{"", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	switch minutes := int(math.Ceil(left.Minutes())); {
	case minutes <= 1:
		return "for a minute at most"
	case minutes < len(numbers):
		return "for the next " + numbers[minutes] + " minutes"
	default:
		return "for the next " + strconv.Itoa(minutes) + " minutes"
	}
}
