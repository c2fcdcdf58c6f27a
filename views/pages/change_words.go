package pages

import "keydeck/internal/keys"

// Sentences of the dialogs that change a key.
const (
	// keyManagementDocs is the vendor's own page on keys.
	keyManagementDocs = "https://docs.ionos.com/cloud/storage-and-backup/ionos-object-storage/concepts/key-management"

	descriptionHint = "What the key is for, such as the tool or machine that will use it."

	deactivateConsequence = "Tools that use this key stop working until it is activated again. Other active keys are not affected."
	deleteUnused          = "Access through this key is revoked and cannot be restored. Other keys are not affected."
)

// opensWords say what a new key opens.
func (v NewKey) opensWords() string {
	const from = "Keys generated from April 2024 onwards have access to "
	if v.For != "" {
		return from + "both the contract-owned and the user-owned buckets of this user, at all endpoints. " +
			"Anyone who has the key and its secret can do there what the user can."
	}
	return from + "both your contract-owned and your user-owned buckets, at all endpoints. " +
		"Anyone who has the key and its secret can do there what you can."
}

// prerequisite says who can use a new key.
func (v NewKey) prerequisite() string {
	if v.For != "" {
		return "Unless the user is the contract owner or an administrator, they need a group with the privilege Use Object Storage."
	}
	return "Unless you are the contract owner or an administrator, you need a group with the privilege Use Object Storage."
}

// typeToConfirmHint says what is typed, and the way back that deleting does not have.
func typeToConfirmHint(v KeyForm) string {
	hint := "Type " + keys.LastCharacters(v.Key.AccessKey) + " to confirm."
	if v.Key.Activity == keys.Active {
		hint += " If you may need it again, deactivate it instead."
	}
	return hint
}

// regionsIntro says what a key opens, and what a tool needs besides it.
func regionsIntro(key keys.Key) string {
	return "Valid for " + scopeWords(key.Scope()) + ". Give your tool the region and the endpoint of the buckets it works with."
}

const (
	endpointsUnknownTitle = "The endpoints are not known at the moment"
	endpointsUnknownText  = "The Object Storage Management API, which lists them, does not answer."
)
