package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// maxRequests is how many requests are kept, the latest ones.
const maxRequests = 10_000

// request is the Cloud API's record of a change.
type request struct {
	id               string
	by               *user
	contract         *contract
	created, settles time.Time
	message          string
	fails            bool
	target           requestTarget
	method, url      string
	body             string // empty where it may hold a password
}

// requestTarget is the element that a request changes.
type requestTarget struct{ id, kind, path string }

func (k *key) target() requestTarget {
	return requestTarget{k.accessKey, "s3key", s3KeysPath(k.owner) + "/" + k.accessKey}
}

func (u *user) target() requestTarget { return requestTarget{u.id, "user", "/um/users/" + u.id} }

func (g *group) target() requestTarget { return requestTarget{g.id, "group", "/um/groups/" + g.id} }

// The words of a request's status.
const (
	requestQueued  = "QUEUED"
	requestRunning = "RUNNING"
	requestDone    = "DONE"
	requestFailed  = "FAILED"
)

func (r *request) status(now time.Time) string {
	switch {
	case !now.Before(r.settles) && r.fails:
		return requestFailed
	case !now.Before(r.settles):
		return requestDone
	case now.Sub(r.created) < r.settles.Sub(r.created)/3:
		return requestQueued
	}
	return requestRunning
}

func (c *call) newRequest(target requestTarget, message string) *request {
	r := &request{
		id: c.newUUID(), by: c.caller.user, contract: c.caller.contract, created: c.now, settles: c.now.Add(c.provisioning),
		message: message, target: target, method: c.r.Method, url: c.url(c.r.URL.EscapedPath()),
	}
	if target.kind != "user" {
		r.body = string(c.body)
	}
	if len(c.state.requests) == maxRequests {
		oldest := c.state.requests[:maxRequests/10]
		for _, old := range oldest {
			delete(c.state.requestsByID, old.id)
		}
		c.state.requests = slices.Delete(c.state.requests, 0, len(oldest))
	}
	c.state.requests = append(c.state.requests, r)
	c.state.requestsByID[r.id] = r
	return r
}

// requested answers that a request has been accepted. A nil body is none.
func (c *call) requested(status int, r *request, body any) reply {
	location := c.url(cloudBase + "/requests/" + r.id + "/status")
	return reply{status: status, header: http.Header{"Location": {location}}, body: body}
}
