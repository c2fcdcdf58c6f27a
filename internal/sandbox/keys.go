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

// removeKey may be asked twice, and its id may meanwhile be another key's.
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

// change is something asked for that has not settled yet.
type change struct {
	due     time.Time
	key     *key
	destroy bool // else set active
	active  bool
}

// settle does what has fallen due. Everything takes equally long, so changes
// fall due in the order in which they were asked for: of two toggles the later
// wins.
func (s *state) settle(now time.Time) {
	done := 0
	for done < len(s.pending) && !s.pending[done].due.After(now) {
		c := s.pending[done]
		if c.destroy {
			s.removeKey(c.key)
		} else {
			if c.active && !c.key.active {
				c.key.spread = c.due.Add(s.propagation)
			}
			c.key.active = c.active
		}
		done++
	}
	s.pending = slices.Delete(s.pending, 0, done)
}

// provision makes a key for a user. It is in the lists at once, as the lists
// of the real service are, but takes a while to be found singly.
func (c *call) provision(owner *user, id, description string) *key {
	k := &key{
		id: id, accessKey: c.newAccessKey(), secret: c.newSecret(), description: description,
		owner: owner, contract: c.caller.contract, active: true, regions: allRegions,
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
	req := c.newRequest(k, "Key updated")
	if k.failingToggle != nil {
		req.fails, req.message = true, *k.failingToggle
		k.failingToggle = nil
		return req
	}
	c.touch(k)
	c.state.pending = append(c.state.pending, change{due: req.settles, key: k, active: active})
	c.state.settle(c.now)
	return req
}

// destroy asks for a key to go. Asking again changes nothing.
func (c *call) destroy(k *key) *request {
	req := c.newRequest(k, "Key deleted")
	if k.destroying() {
		req.settles = k.destroyedAt
		return req
	}
	c.touch(k)
	k.destroyedAt = req.settles
	c.state.pending = append(c.state.pending, change{due: req.settles, key: k, destroy: true})
	c.state.settle(c.now)
	return req
}

func (c *call) touch(k *key) {
	k.modified, k.modifiedBy = c.now, c.caller.user
}
