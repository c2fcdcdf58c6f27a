package sandbox

import "net/http"

func listS3Keys(c *call) (reply, error) {
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	u, err := c.user()
	if err != nil {
		return reply{}, err
	}
	keys, err := narrow(c, u.keysIn(c.caller.contract), s3KeyFields)
	if err != nil {
		return reply{}, err
	}
	return ok(collection(c, u.id+"/s3keys", s3KeysPath(u), depth, keys, c.s3KeyResource))
}

// createS3Key takes no body: the key is always active. The privilege that
// counts is that of the user who gets the key.
func createS3Key(c *call) (reply, error) {
	u, err := c.user()
	if err != nil {
		return reply{}, err
	}
	if !u.active || !u.privilegedFor(c.now) {
		return reply{}, noPrivilege()
	}
	if len(u.keysIn(c.caller.contract)) >= keyLimit {
		return reply{}, refuse(http.StatusUnprocessableEntity, "[VDC-21-3] "+keyLimitMessage)
	}
	k := c.provision(u, c.newUUID(), "")
	return c.requested(http.StatusOK, c.newRequest(k.target(), "Key created"), c.s3KeyResource(k, 0)), nil
}

// getS3Key answers 404 for a key that is too new to be read or being deleted,
// and 422 for one that does not exist: the service does both.
func getS3Key(c *call) (reply, error) {
	k, err := c.s3Key()
	if err != nil {
		return reply{}, err
	}
	if c.now.Before(k.readable) {
		return reply{}, notFound()
	}
	return ok(c.s3KeyResource(k, 0))
}

func noPrivilege() *refusal {
	return refuse(http.StatusUnprocessableEntity,
		"[VDC-21-2] The user needs to be part of a group that has ACCESS_S3_OBJECT_STORAGE privilege")
}

type s3KeyInput struct {
	Properties struct {
		Active *bool `json:"active"`
	} `json:"properties"`
}

// updateS3Key activates or deactivates. Its answer shows the wanted state;
// the key itself follows when the request is done.
func updateS3Key(c *call) (reply, error) {
	k, err := c.s3Key()
	if err != nil {
		return reply{}, err
	}
	var in s3KeyInput
	if err := c.readJSON(&in); err != nil {
		return reply{}, err
	}
	if in.Properties.Active == nil {
		return reply{}, refuse(http.StatusUnprocessableEntity, "[VDC-8-5] properties.active: is required")
	}
	if k.destroying() {
		return reply{}, refuse(http.StatusUnprocessableEntity, "[VDC-21-5] The access key is being deleted")
	}
	req := c.toggle(k, *in.Properties.Active)
	body := c.s3KeyResource(k, 0)
	body.Properties = s3KeyProperties{SecretKey: k.secret, Active: *in.Properties.Active}
	return c.requested(http.StatusAccepted, req, body), nil
}

func deleteS3Key(c *call) (reply, error) {
	k, err := c.s3Key()
	if err != nil {
		return reply{}, err
	}
	if c.keepsBuckets(k) {
		return reply{}, refuse(http.StatusUnprocessableEntity, "[VDC-21-6] "+onlyKeyMessage)
	}
	return c.requested(http.StatusAccepted, c.destroy(k), nil), nil
}

// s3Key finds the key in the path, which must be one of that user's.
func (c *call) s3Key() (*key, error) {
	u, err := c.user()
	if err != nil {
		return nil, err
	}
	k := c.state.keysByAccess[c.vars[1]]
	if k == nil || k.owner != u || k.contract != c.caller.contract {
		return nil, refuse(http.StatusUnprocessableEntity,
			"[VDC-21-4] The access key cannot be found, please double-check the key id and try again.")
	}
	return k, nil
}
