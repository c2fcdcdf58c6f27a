package pages

import (
	"keydeck/internal/keys"
)

// What lists of keys say: one's own and another person's.
const (
	storageHeading = "IONOS Object Storage"
	keysTab        = "Key management"
	createdColumn  = "Created"
	pairAction     = "Download key pair"
	describeAction = "Edit description"
	rotateAction   = "Rotate"
	tellAction     = "Tell the owner"
	renewAction    = "Renew secret"
	deleteAction   = "Delete"

	emptyTitle          = "No access keys yet"
	emptyText           = "An access key and its secret let S3 tools work with your buckets. You can have up to five."
	userRefusedTitle    = "The Cloud API refuses the keys of this user"
	userNotEnabledTitle = "This user may not use object storage"

	userNotEnabledText = "A group with the privilege Use Object Storage lets them have access keys. It may take a few minutes until the API " +
		"knows of a new privilege."
	noGivingGroup = "There is no group that gives it, or none can be read at the moment. Groups are made in the DCD."

	userEmptyTitle = "No keys yet"
	userEmptyText  = "The first key gives the user a Canonical User ID, too."

	storageIDsHint = "Share the Contract User ID to be given access to contract-owned buckets, the Canonical User ID for user-owned ones."

	withoutCloud = "Whether a key is active is unknown and cannot be changed, and secrets cannot be shown, while the API does not answer " +
		"as it should. The keys below come from the Object Storage Management API."
	withoutManagement = "Descriptions, states and what the keys are valid for are unknown, and no key can be generated, described or renewed, " +
		"while the API does not answer as it should. The keys below come from the Cloud API."

	refusedTitle = "The Object Storage Management API refuses you access"
	refusedRest  = "No key can be generated, described or renewed."
	refusedAllow = "What the Cloud API allows is below."

	notEnabledTitle = "Object storage is not enabled for you"
	notEnabledDelay = "It may take a few minutes to take effect."

	fullText = "Five keys are the limit. Delete one first."
)

// withoutText says what is unknown while one API is missing.
func (v KeyList) withoutText() string {
	if v.Listing.Missing == keys.Cloud {
		return withoutCloud
	}
	return withoutManagement
}

// caption says to those who do not see the heading what the rows are.
func (v KeyList) caption() string {
	if v.Order.OldestFirst {
		return "Your access keys, oldest first"
	}
	return "Your access keys, newest first"
}

// cannotGenerate says why no key can be generated, or "".
func cannotGenerate(l keys.Listing) string {
	switch {
	case l.NoPrivilege:
		return "The API that generates keys refuses you access."
	case l.Missing == keys.Management:
		return "The API that generates keys cannot be used at the moment."
	case l.Full():
		return fullText
	default:
		return ""
	}
}

// noDescription tells a key without description from one whose description is
// not known.
func noDescription(key keys.Key) string {
	if key.KnownFrom.Has(keys.Management) {
		return "No description"
	}
	return "Description unknown"
}

// noCanonicalUserID says why no Canonical User ID is shown.
func noCanonicalUserID(l keys.Listing, mayHaveKey bool) string {
	switch {
	case !l.NoCanonicalUserID():
		return "Not known at the moment."
	case mayHaveKey:
		return "It appears with the first key."
	default:
		return "There is none."
	}
}

// stateWords stand beside the switch of a key, or in its place.
func (v keyRow) stateWords() string {
	switch v.state {
	case StateActivating:
		return "Activating…"
	case StateDeactivating:
		return "Deactivating…"
	case StateBeingMade, StateDeleting, StateDeleted, StateFailed:
		return "—"
	default:
		return activityWords(v.key.Activity)
	}
}

// errorWords say what went wrong with a key, or "".
func (v keyRow) errorWords() string {
	switch p, changing := v.progress[v.key.AccessKey]; {
	case changing && p.Failed:
		return failedWords(p)
	case v.state == StateFailed && v.key.StatusMessage != "":
		return "The API says: “" + v.key.StatusMessage + "”. No key was made: delete this entry."
	case v.state == StateFailed:
		return "The API did not make this key: delete this entry."
	default:
		return ""
	}
}
