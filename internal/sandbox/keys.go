package sandbox

import (
	"slices"
	"time"
)

// keyLimit is how many keys a user may have, whatever their state.
const keyLimit = 5

// spreading is how long a new key cannot be read singly yet.
const spreading = 300 * time.Millisecond

// key is an access key, which the Cloud API calls an S3 key.
type key struct {
	id          string // the Management API's
	accessKey   string // the Cloud API's id
	secret      string
	description string
	owner       *user
	contract    *contract

	active         bool
	administrative bool
	regions        []string

	created, modified     time.Time
	createdBy, modifiedBy *user
	available             time.Time // until then it is being provisioned
	spread                time.Time // until then the S3 endpoint does not know it
	secretSpread          time.Time // until then it does not know the secret
	readable              time.Time // until then reading it singly gives 404
	destroyedAt           time.Time // zero unless it is being deleted
	failed                bool
	failure               string
	failingToggle         *string // the message with which the next toggle fails
}

// The words of metadata.status.
const (
	statusProvisioning = "PROVISIONING"
	statusAvailable    = "AVAILABLE"
	statusDestroying   = "DESTROYING"
	statusFailed       = "FAILED"
)

func (k *key) destroying() bool { return !k.destroyedAt.IsZero() }

func (k *key) status(now time.Time) string {
	switch {
	case k.destroying():
		return statusDestroying
	case k.failed:
		return statusFailed
	case now.Before(k.available):
		return statusProvisioning
	}
	return statusAvailable
}

func (s *state) addKey(k *key) {
	s.keysByID[k.id] = k
	s.keysByAccess[k.accessKey] = k
	k.owner.keys = append(k.owner.keys, k)
	if k.owner.canonicalID == "" {
		k.owner.canonicalID = canonicalIDOf(k.owner)
	}
}

// removeKey may be called again, when its id may be another key's.
func (s *state) removeKey(k *key) {
	if s.keysByID[k.id] != k {
		return
	}
	delete(s.keysByID, k.id)
	delete(s.keysByAccess, k.accessKey)
	k.owner.keys = slices.DeleteFunc(k.owner.keys, func(other *key) bool { return other == k })
}

// keyNamed finds a key by its access key or id.
func (s *state) keyNamed(name string) *key {
	if k := s.keysByAccess[name]; k != nil {
		return k
	}
	return s.keysByID[name]
}

// lastModified moves once by itself, when the key becomes available.
func (k *key) lastModified(now time.Time) time.Time {
	if !now.Before(k.available) && k.available.After(k.modified) {
		return k.available
	}
	return k.modified
}

// provision makes a key for a user. It is in the lists at once, as the lists
// of the real service are, but takes a while to be found singly.
func (c *call) provision(owner *user, id, description string) *key {
	k := &key{
		id: id, accessKey: c.newAccessKey(), secret: c.newSecret(), description: description,
		owner: owner, contract: c.caller.contract, active: true, administrative: owner.administrator(), regions: allRegions,
		created: c.now, modified: c.now, createdBy: c.caller.user, modifiedBy: c.caller.user,
		available: c.now.Add(c.provisioning),
		spread:    c.now.Add(c.provisioning + c.state.propagation),
		readable:  c.now.Add(min(spreading, c.provisioning)),
	}
	c.state.addKey(k)
	owner.made++
	return k
}

// toggle asks for a key to become active or not.
func (c *call) toggle(k *key, active bool) *request {
	req := c.newRequest(k.target(), "Key updated")
	if k.failingToggle != nil {
		req.fails, req.message = true, *k.failingToggle
		k.failingToggle = nil
		return req
	}
	c.touch(k)
	c.schedule(req, func(s *state) {
		if active && !k.active {
			k.spread = req.settles.Add(s.propagation)
		}
		k.active = active
	})
	return req
}

const onlyKeyMessage = "The only access key of a user cannot be deleted while the user owns buckets"

// keepsBuckets reports whether a key is its user's only one while they own
// buckets. The documentation says that it cannot be deleted then; the answer is
// not found documented.
func (c *call) keepsBuckets(k *key) bool {
	for _, other := range k.owner.keysIn(k.contract) {
		if other != k && !other.destroying() {
			return false
		}
	}
	return !k.destroying() && c.storage.HasBuckets(storageUser(k.contract, k.owner))
}

// destroy asks for a key to go. Asking again changes nothing.
func (c *call) destroy(k *key) *request {
	req := c.newRequest(k.target(), "Key deleted")
	if k.destroying() {
		req.settles = k.destroyedAt
		return req
	}
	c.touch(k)
	k.destroyedAt = req.settles
	c.schedule(req, func(s *state) { s.removeKey(k) })
	return req
}

func (c *call) touch(k *key) {
	k.modified, k.modifiedBy = c.now, c.caller.user
}
