// Package links knows the address of every page and form. Views and handlers
// take addresses from here, so that a path prefix or a renamed page is a matter
// of one place. It knows nothing of what is at an address.
package links

import "net/url"

// Links makes addresses under a path prefix: "" at the root of a host, or e.g.
// "/keys", without a slash at the end.
type Links struct{ Base string }

// Home is the console's first address.
func (l Links) Home() string { return l.Base + "/" }

// SignIn is the form to sign in; after that the browser goes to next, a path
// within the console or "".
func (l Links) SignIn(next string) string {
	if next == "" {
		return l.Base + "/sign-in"
	}
	return l.Base + "/sign-in?next=" + url.QueryEscape(next)
}

// SignInByToken is the same with a token in place of a password.
func (l Links) SignInByToken(next string) string {
	if next == "" {
		return l.SignIn("") + "?by=token"
	}
	return l.SignIn(next) + "&by=token"
}

// SignOut ends the session, by POST.
func (l Links) SignOut() string { return l.Base + "/sign-out" }

// Sessions is the list of one's own sessions.
func (l Links) Sessions() string { return l.Base + "/account/sessions" }

// EndSession ends another one of them, by POST.
func (l Links) EndSession(id string) string { return l.Sessions() + "/" + url.PathEscape(id) + "/end" }

// EndSessions ends all of them, by POST.
func (l Links) EndSessions() string { return l.Sessions() + "/end-all" }

// Activity is what was done in one's own sessions.
func (l Links) Activity() string { return l.Base + "/account/activity" }

// Components shows what pages are made of; in the sandbox alone.
func (l Links) Components() string { return l.Base + "/_components" }

// Keys is Key management: one's own keys; by POST a key is made.
func (l Links) Keys() string { return l.Base + "/object-storage/keys" }

// Own is the addresses of the signed-in person's own keys.
func (l Links) Own() KeyLinks { return KeyLinks{l.Keys()} }

// Users is the list of users.
func (l Links) Users() string { return l.Base + "/users" }

// User is the page of a user.
func (l Links) User(id string) string { return l.Users() + "/" + url.PathEscape(id) }

// AddToGroup puts a user into a group, by POST.
func (l Links) AddToGroup(userID string) string { return l.User(userID) + "/groups" }

// RemoveFromGroup takes a user out of a group, by POST.
func (l Links) RemoveFromGroup(userID, groupID string) string {
	return l.AddToGroup(userID) + "/" + url.PathEscape(groupID) + "/remove"
}

// Offboard removes the access of a user who leaves; by POST it begins.
func (l Links) Offboard(userID string) string { return l.User(userID) + "/offboard" }

// OffboardResults is the record of that; by POST it goes on.
func (l Links) OffboardResults(userID, id string) string {
	return l.Offboard(userID) + "/results/" + url.PathEscape(id)
}

// KeyCounts is how many keys users have, for the list of users.
func (l Links) KeyCounts() string { return l.Users() + "/key-counts" }

// Of is the addresses of a user's keys, for those who look after them.
func (l Links) Of(userID string) KeyLinks { return KeyLinks{l.User(userID) + "/object-storage-keys"} }

// Groups is the list of groups.
func (l Links) Groups() string { return l.Base + "/groups" }

// Group is the page of a group.
func (l Links) Group(id string) string { return l.Groups() + "/" + url.PathEscape(id) }

// Members puts users into a group, by POST.
func (l Links) Members(groupID string) string { return l.Group(groupID) + "/members" }

// Privilege asks before a group is to give the privilege or not; by POST it is changed.
func (l Links) Privilege(groupID string) string { return l.Group(groupID) + "/privilege" }

// Onboard is the members of a group without a key; by POST keys are generated for some.
func (l Links) Onboard(groupID string) string { return l.Group(groupID) + "/onboard" }

// MemberCounts is how many users groups have, for the list of groups.
func (l Links) MemberCounts() string { return l.Groups() + "/member-counts" }

// ContractKeys is the list of all keys of the contract.
func (l Links) ContractKeys() string { return l.Base + "/contract/keys" }

// ContractKeysFile is that list as a file, with an extension, "csv" or "json".
func (l Links) ContractKeysFile(extension string) string { return l.ContractKeys() + "." + extension }

// ContractKeysOf is that list with the keys of a user, all of them selected.
func (l Links) ContractKeysOf(userID string) string {
	return l.ContractKeys() + "?q=" + url.QueryEscape(userID) + "&select=all"
}

// ContractAct changes several of those keys, by POST: act is "activate", "deactivate"
// or "delete".
func (l Links) ContractAct(act string) string { return l.ContractKeys() + "/" + act }

// ContractResults is what has become of such a change.
func (l Links) ContractResults(id string) string {
	return l.ContractKeys() + "/results/" + url.PathEscape(id)
}

// ContractResultsFile is the same as a CSV file.
func (l Links) ContractResultsFile(id string) string { return l.ContractResults(id) + "/results.csv" }

// ContractActivity is what was done by anybody of the contract.
func (l Links) ContractActivity() string { return l.Base + "/contract/activity" }

// ContractActivityFile is the same as a CSV file.
func (l Links) ContractActivityFile() string { return l.ContractActivity() + ".csv" }

// KeyOwner finds whose key one is.
func (l Links) KeyOwner() string { return l.Base + "/key-owner" }

// KeyOwnerIs is the answer for a key that a user is known to have.
func (l Links) KeyOwnerIs(accessKey, userID string) string {
	return l.KeyOwner() + "?" + url.Values{"key": {accessKey}, "user": {userID}}.Encode()
}

// KeyLinks makes the addresses of a user's keys. Pages of what only the Management
// API does exist for the signed-in user's own keys alone.
type KeyLinks struct{ root string }

// List is the list of the keys; by POST a key is made.
func (l KeyLinks) List() string { return l.root }

// New is the dialog to generate a key.
func (l KeyLinks) New() string { return l.root + "/new" }

// Key is the page of a key, with its secret.
func (l KeyLinks) Key(accessKey string) string { return l.root + "/" + url.PathEscape(accessKey) }

// Pair is the download of a key pair.
func (l KeyLinks) Pair(accessKey string) string { return l.Key(accessKey) + "/key-pair.csv" }

// Saved has a new pair forgotten that is kept for a while, by POST.
func (l KeyLinks) Saved(accessKey string) string { return l.Key(accessKey) + "/saved" }

// Describe is the dialog for a key's description; by POST it is changed. Own
// keys alone.
func (l KeyLinks) Describe(accessKey string) string { return l.Key(accessKey) + "/description" }

// Activate activates a key, by POST.
func (l KeyLinks) Activate(accessKey string) string { return l.Key(accessKey) + "/activate" }

// Deactivate deactivates a key, by POST; by GET it asks first.
func (l KeyLinks) Deactivate(accessKey string) string { return l.Key(accessKey) + "/deactivate" }

// Renew is the dialog for a new secret; by POST it is made. Own keys alone.
func (l KeyLinks) Renew(accessKey string) string { return l.Key(accessKey) + "/renew" }

// Delete is the dialog to delete a key; by POST it is deleted.
func (l KeyLinks) Delete(accessKey string) string { return l.Key(accessKey) + "/delete" }

// Rotate is the assistant that puts another key in a key's place.
func (l KeyLinks) Rotate(accessKey string) string { return l.Key(accessKey) + "/rotate" }

// Handover is what the owner of a key can be told without its secret. Keys of others
// alone.
func (l KeyLinks) Handover(accessKey string) string { return l.Key(accessKey) + "/handover" }

// HandoverLeaked is the same of a key that turned up where it should not be.
func (l KeyLinks) HandoverLeaked(accessKey string) string {
	return l.Handover(accessKey) + "?about=leak"
}

// Test tries a key at its endpoint, by POST.
func (l KeyLinks) Test(accessKey string) string { return l.Key(accessKey) + "/test" }

// Use shows a key as a tool takes it, with the endpoint of a region; of the
// first one where region is empty.
func (l KeyLinks) Use(accessKey, tool, region string) string {
	return l.Key(accessKey) + "/use/" + url.PathEscape(tool) + inRegion(region)
}

// UseFile is one file of what a tool takes, as a download.
func (l KeyLinks) UseFile(accessKey, tool, file, region string) string {
	return l.Key(accessKey) + "/use/" + url.PathEscape(tool) + "/" + url.PathEscape(file) + inRegion(region)
}

func inRegion(region string) string {
	if region == "" {
		return ""
	}
	return "?region=" + url.QueryEscape(region)
}

// Regions tells where a key works. Own keys alone.
func (l KeyLinks) Regions(accessKey string) string { return l.Key(accessKey) + "/regions" }
