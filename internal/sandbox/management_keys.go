package sandbox

import (
	"net/http"
	"slices"
)

// listAccessKeys gives the caller's own keys only, to an administrator too.
func listAccessKeys(c *call) (reply, error) {
	if err := c.needPrivilege(); err != nil {
		return reply{}, err
	}
	p, err := c.page(1000)
	if err != nil {
		return reply{}, err
	}
	// Which of its two ids a key is filtered by is not found documented.
	only := c.r.URL.Query().Get("filter.accesskeyId")
	keys := slices.DeleteFunc(c.caller.user.keysIn(c.caller.contract), func(k *key) bool {
		return only != "" && only != k.id && only != k.accessKey
	})
	body := collectionBody[accessKeyBody]{
		ID: seededUUID("collection", "accesskeys"), Type: "collection", Href: c.url("/accesskeys"),
		Items: []accessKeyBody{}, Offset: p.offset, Limit: p.limit, Links: c.links(p, len(keys)),
	}
	for _, k := range cut(p, keys) {
		body.Items = append(body.Items, c.accessKeyBody(k))
	}
	return ok(body)
}

func createAccessKey(c *call) (reply, error) {
	if err := c.needPrivilege(); err != nil {
		return reply{}, err
	}
	in, err := c.readAccessKey()
	if err != nil {
		return reply{}, err
	}
	return c.createOwn(c.newUUID(), in.description())
}

func (c *call) createOwn(id, description string) (reply, error) {
	owner := c.caller.user
	if len(owner.keysIn(c.caller.contract)) >= keyLimit {
		return reply{}, refuse(http.StatusUnprocessableEntity, keyLimitMessage)
	}
	k := c.provision(owner, id, description)
	return reply{status: http.StatusCreated, body: c.accessKeyBody(k).withSecret(k)}, nil
}

func getAccessKey(c *call) (reply, error) {
	k, err := c.ownKey()
	if err != nil {
		return reply{}, err
	}
	if c.now.Before(k.readable) {
		return reply{}, notFound()
	}
	return ok(c.accessKeyBody(k))
}

// ensureAccessKey sets the description of a key, or makes one under the
// caller's id. An id of another user is a conflict: 404 would promise
// that there is no such key, and it could still not be made.
func ensureAccessKey(c *call) (reply, error) {
	if err := c.needPrivilege(); err != nil {
		return reply{}, err
	}
	id, err := c.keyID()
	if err != nil {
		return reply{}, err
	}
	in, err := c.readEnsured(id)
	if err != nil {
		return reply{}, err
	}
	k := c.state.keysByID[id]
	switch {
	case k == nil:
		return c.createOwn(id, in.description())
	case !c.owns(k):
		return reply{}, refuse(http.StatusConflict, "The id is already in use")
	case k.destroying():
		return reply{}, conflict(statusDestroying)
	}
	k.description = in.description()
	c.touch(k)
	return ok(c.accessKeyBody(k))
}

// renewAccessKey works on deactivated keys as well.
func renewAccessKey(c *call) (reply, error) {
	k, err := c.ownKey()
	if err != nil {
		return reply{}, err
	}
	if status := k.status(c.now); status == statusProvisioning || status == statusDestroying {
		return reply{}, conflict(status)
	}
	k.secret, k.secretSpread = c.newSecret(), c.now.Add(c.state.propagation)
	k.owner.renewed++
	c.touch(k)
	return ok(c.accessKeyBody(k).withSecret(k))
}

// deleteAccessKey may be repeated: a key that is being deleted still answers
// 202, one that is gone 404. What the service does is not found documented.
func deleteAccessKey(c *call) (reply, error) {
	k, err := c.ownKey()
	if err != nil {
		return reply{}, err
	}
	if c.keepsBuckets(k) {
		return reply{}, refuse(http.StatusBadRequest, onlyKeyMessage)
	}
	c.destroy(k)
	return reply{status: http.StatusAccepted}, nil
}

func (c *call) owns(k *key) bool {
	return k.owner == c.caller.user && k.contract == c.caller.contract
}

// ownKey finds the key in the path among the caller's.
func (c *call) ownKey() (*key, error) {
	if err := c.needPrivilege(); err != nil {
		return nil, err
	}
	id, err := c.keyID()
	if err != nil {
		return nil, err
	}
	k := c.state.keysByID[id]
	if k == nil || !c.owns(k) {
		return nil, notFound()
	}
	return k, nil
}

func conflict(status string) *refusal {
	return refuse(http.StatusConflict, "The access key is in status "+status+", please try again later")
}
