package sandbox

import (
	"net/http"
	"time"
)

// request is the Cloud API's record of something asked for.
type request struct {
	id            string
	by            *user
	made, settles time.Time
	message       string
	fails         bool
	target        requestTarget
}

// requestTarget is what a request is about, by reference.
type requestTarget struct{ id, path string }

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
	case now.Sub(r.made) < r.settles.Sub(r.made)/3:
		return requestQueued
	}
	return requestRunning
}

func (c *call) newRequest(k *key, message string) *request {
	r := &request{
		id: c.newUUID(), by: c.caller.user, made: c.now, settles: c.now.Add(c.provisioning), message: message,
		target: requestTarget{k.accessKey, s3KeysPath(k.owner) + "/" + k.accessKey},
	}
	c.state.requests[r.id] = r
	return r
}

// requested answers that a request has been taken on. A nil body is none.
func (c *call) requested(status int, r *request, body any) reply {
	location := c.url(cloudBase + "/requests/" + r.id + "/status")
	return reply{status: status, header: http.Header{"Location": {location}}, body: body}
}

type requestMetadata struct {
	Status  string             `json:"status"`
	Message string             `json:"message"`
	Etag    string             `json:"etag"`
	Targets []requestTargetRef `json:"targets"`
}

type requestTargetRef struct {
	Target resource `json:"target"`
	Status string   `json:"status"`
}

// getRequestStatus is open to who asked and to administrators.
func getRequestStatus(c *call) (reply, error) {
	r := c.state.requests[c.vars[0]]
	if r == nil || r.by != c.caller.user && !c.caller.user.administrator() {
		return reply{}, notFound()
	}
	status := r.status(c.now)
	message := "Request is " + status
	switch status {
	case requestDone:
		message = "Request has been successfully executed: " + r.message
	case requestFailed:
		message = r.message
	}
	path := cloudBase + "/requests/" + r.id
	return ok(resource{
		ID: r.id + "/status", Type: "request-status", Href: c.url(path + "/status"),
		Metadata: requestMetadata{
			Status: status, Message: message, Etag: etag(status),
			Targets: []requestTargetRef{{
				Target: resource{ID: r.target.id, Type: "s3key", Href: c.url(cloudBase + r.target.path)},
				Status: status,
			}},
		},
	})
}
