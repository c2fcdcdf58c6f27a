package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	cloudBase = "/cloudapi/v6"
	authBase  = "/auth/v1"
)

// access says which credentials a route takes.
type access int

const (
	byToken           access = iota // a bearer token only
	byTokenOrPassword               // or an e-mail address and password
	byAnyone                        // none at all
)

// route is one operation. {} in its pattern stands for one path segment.
type route struct {
	method, pattern string
	access          access
	handle          func(*call) (reply, error)
}

// call is one request on its way through the state. Handlers hold the lock.
type call struct {
	*Sandbox
	r      *http.Request
	path   string   // as sent, still escaped
	vars   []string // the segments that {} stood for, unescaped
	body   []byte
	now    time.Time
	caller caller
}

// routes is every operation that the sandbox knows.
func routes() []route {
	token := authBase + "/tokens/{}"
	return append(cloudRoutes(), []route{
		{"GET", "/accesskeys", byToken, listAccessKeys},
		{"POST", "/accesskeys", byToken, createAccessKey},
		{"GET", "/accesskeys/{}", byToken, getAccessKey},
		{"PUT", "/accesskeys/{}", byToken, ensureAccessKey},
		{"DELETE", "/accesskeys/{}", byToken, deleteAccessKey},
		{"PUT", "/accesskeys/{}/renew", byToken, renewAccessKey},
		{"GET", "/regions", byToken, listRegions},
		{"GET", "/regions/{}", byToken, getRegion},

		{"GET", authBase + "/tokens/generate", byTokenOrPassword, generateToken},
		{"GET", authBase + "/tokens", byTokenOrPassword, listTokens},
		{"DELETE", authBase + "/tokens", byTokenOrPassword, deleteTokens},
		{"GET", token, byTokenOrPassword, getToken},
		{"DELETE", token, byTokenOrPassword, deleteToken},
		{"GET", "/sso/object-storage/{}", byAnyone, showSingleSignOn},
	}...)
}

// route finds the operation of a call and fills in its vars.
func (s *Sandbox) route(c *call) (route, error) {
	var allowed []string
	for _, rt := range s.routes {
		vars, matches := match(rt.pattern, c.path)
		if !matches {
			continue
		}
		if rt.method == c.r.Method {
			c.vars = vars
			return rt, nil
		}
		allowed = append(allowed, rt.method)
	}
	switch {
	case len(allowed) == 0 && elsewhere(c.path):
		return route{}, refuse(http.StatusNotImplemented, c.worded("[VDC-0-0] ", "The sandbox does not implement this resource"))
	case len(allowed) == 0:
		return route{}, notFound()
	}
	slices.Sort(allowed)
	return route{}, methodNotAllowed(strings.Join(slices.Compact(allowed), ", "))
}

// otherResources are those that the service has and the sandbox has not.
var otherResources = []string{
	"backupunits", "datacenters", "images", "ipblocks", "k8s", "labels", "locations", "pccs", "snapshots", "targetgroups", "templates",
}

// elsewhere reports whether the service has something at a path that is not in
// the sandbox.
func elsewhere(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, cloudBase+"/"), "/")
	return slices.Contains(otherResources, first) || strings.HasPrefix(path, "/activitylog/v1/") ||
		strings.HasPrefix(path, cloudBase+"/um/groups/") && strings.Contains(path, "/shares/")
}

// match compares segment by segment on the escaped path, so that an encoded
// slash stays within its segment.
func match(pattern, path string) ([]string, bool) {
	var vars []string
	for more := true; more; {
		var want, got string
		var longer bool
		want, pattern, more = strings.Cut(pattern, "/")
		if got, path, longer = strings.Cut(path, "/"); longer != more {
			return nil, false
		}
		if want != "{}" {
			if want != got {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(got)
		if err != nil || value == "" {
			return nil, false
		}
		vars = append(vars, value)
	}
	return vars, true
}

// url gives the absolute address of a path, as the client sees this host.
func (c *call) url(path string) string {
	scheme := "http"
	if c.r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.r.Host + path
}
