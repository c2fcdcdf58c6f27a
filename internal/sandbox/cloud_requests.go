package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

type requestMetadata struct {
	CreatedDate   string   `json:"createdDate"`
	CreatedBy     string   `json:"createdBy"`
	Etag          string   `json:"etag"`
	RequestStatus resource `json:"requestStatus"`
}

type requestProperties struct {
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	URL     string            `json:"url"`
}

type requestStatusMetadata struct {
	Status  string             `json:"status"`
	Message string             `json:"message"`
	Etag    string             `json:"etag"`
	Targets []requestTargetRef `json:"targets"`
}

type requestTargetRef struct {
	Target resource `json:"target"`
	Status string   `json:"status"`
}

// visibleRequests are the caller's own; those of the contract for its owner and
// administrators. What the service shows is not found documented.
func (c *call) visibleRequests() []*request {
	return slices.DeleteFunc(slices.Clone(c.state.requests), func(r *request) bool { return !c.maySee(r) })
}

func (c *call) maySee(r *request) bool {
	return r.by == c.caller.user || c.caller.user.administrator() && r.contract == c.caller.contract
}

func (c *call) request() (*request, error) {
	r := c.state.requestsByID[c.vars[0]]
	if r == nil || !c.maySee(r) {
		return nil, notFound()
	}
	return r, nil
}

func listCloudRequests(c *call) (reply, error) {
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	p, err := c.pageOf(1000, 1000)
	if err != nil {
		return reply{}, err
	}
	list, err := c.betweenDates(c.visibleRequests())
	if err != nil {
		return reply{}, err
	}
	if list, err = narrow(c, list, c.requestFields()); err != nil {
		return reply{}, err
	}
	return ok(paged(collection(c, "requests", "/requests", depth, cut(p, list), c.requestResource), p, c.links(p, len(list))))
}

// betweenDates applies filter.createdAfter and filter.createdBefore.
func (c *call) betweenDates(list []*request) ([]*request, error) {
	query := c.r.URL.Query()
	for name, keep := range map[string]func(made, bound time.Time) bool{
		"filter.createdAfter": time.Time.After, "filter.createdBefore": time.Time.Before,
	} {
		if !query.Has(name) {
			continue
		}
		bound, err := parseCloudTime(query.Get(name))
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "[VDC-8-1] "+name+" must be a date such as 2006-01-02 15:04:05")
		}
		list = slices.DeleteFunc(list, func(r *request) bool { return !keep(r.created, bound) })
	}
	return list, nil
}

func parseCloudTime(text string) (time.Time, error) {
	if t, err := time.Parse(time.DateTime, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, text)
}

func (c *call) requestFields() fields[*request] {
	return fields[*request]{
		"createdAfter": nil, "createdBefore": nil, // see betweenDates
		"status":        func(r *request) string { return r.status(c.now) },
		"requestStatus": func(r *request) string { return r.status(c.now) },
		"createdDate":   func(r *request) string { return r.created.UTC().Format(cloudTime) },
		"createdBy":     func(r *request) string { return r.by.email },
		"etag":          func(r *request) string { return etag(r.id) },
		"method":        func(r *request) string { return r.method },
		"headers":       func(*request) string { return "" },
		"body":          func(r *request) string { return r.body },
		"url":           func(r *request) string { return r.url },
	}
}

func getRequest(c *call) (reply, error) {
	r, err := c.request()
	if err != nil {
		return reply{}, err
	}
	return ok(c.requestResource(r, 0))
}

// getRequestStatus is open to the caller of the request and to administrators.
func getRequestStatus(c *call) (reply, error) {
	r, err := c.request()
	if err != nil {
		return reply{}, err
	}
	return ok(c.requestStatusResource(r))
}

func (c *call) requestResource(r *request, _ int) resource {
	return resource{
		ID: r.id, Type: "request", Href: c.url(cloudBase + "/requests/" + r.id),
		Metadata: requestMetadata{
			CreatedDate: r.created.UTC().Format(cloudTime), CreatedBy: r.by.email, Etag: etag(r.id), RequestStatus: c.requestStatusResource(r),
		},
		Properties: requestProperties{Method: r.method, Headers: map[string]string{}, Body: r.body, URL: r.url},
	}
}

func (c *call) requestStatusResource(r *request) resource {
	status := r.status(c.now)
	message := "Request is " + status
	switch status {
	case requestDone:
		message = "Request has been successfully executed: " + r.message
	case requestFailed:
		message = r.message
	}
	target := resource{ID: r.target.id, Type: r.target.kind, Href: c.url(cloudBase + r.target.path)}
	return resource{
		ID: r.id + "/status", Type: "request-status", Href: c.url(cloudBase + "/requests/" + r.id + "/status"),
		Metadata: requestStatusMetadata{
			Status: status, Message: message, Etag: etag(strings.ToLower(status)), Targets: []requestTargetRef{{target, status}},
		},
	}
}
