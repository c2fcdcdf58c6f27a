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

// SignOut ends the session, by POST.
func (l Links) SignOut() string { return l.Base + "/sign-out" }

// Keys is Key management: one's own keys; by POST a key is made.
func (l Links) Keys() string { return l.Base + "/object-storage/keys" }

// NewKey is the dialog to generate a key.
func (l Links) NewKey() string { return l.Keys() + "/new" }

// Key is the page of one's own key, with its secret.
func (l Links) Key(accessKey string) string { return l.Keys() + "/" + url.PathEscape(accessKey) }

// KeyPair is the download of one's own key pair.
func (l Links) KeyPair(accessKey string) string { return l.Key(accessKey) + "/key-pair.csv" }

// DescribeKey is the dialog for a key's description; by POST it is changed.
func (l Links) DescribeKey(accessKey string) string { return l.Key(accessKey) + "/description" }

// ActivateKey activates a key, by POST.
func (l Links) ActivateKey(accessKey string) string { return l.Key(accessKey) + "/activate" }

// DeactivateKey deactivates a key, by POST; by GET it asks first.
func (l Links) DeactivateKey(accessKey string) string { return l.Key(accessKey) + "/deactivate" }

// RenewKey is the dialog for a new secret; by POST it is made.
func (l Links) RenewKey(accessKey string) string { return l.Key(accessKey) + "/renew" }

// DeleteKey is the dialog to delete a key; by POST it is deleted.
func (l Links) DeleteKey(accessKey string) string { return l.Key(accessKey) + "/delete" }

// RotateKey is the assistant that puts another key in a key's place.
func (l Links) RotateKey(accessKey string) string { return l.Key(accessKey) + "/rotate" }

// KeyRegions tells where a key works.
func (l Links) KeyRegions(accessKey string) string { return l.Key(accessKey) + "/regions" }
