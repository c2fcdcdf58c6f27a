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
	user, group, token := cloudBase+"/um/users/{}", cloudBase+"/um/groups/{}", authBase+"/tokens/{}"
	return []route{
		{"GET", "/accesskeys", byToken, listAccessKeys},
		{"POST", "/accesskeys", byToken, createAccessKey},
		{"GET", "/accesskeys/{}", byToken, getAccessKey},
		{"PUT", "/accesskeys/{}", byToken, ensureAccessKey},
		{"DELETE", "/accesskeys/{}", byToken, deleteAccessKey},
		{"PUT", "/accesskeys/{}/renew", byToken, renewAccessKey},
		{"GET", "/regions", byToken, listRegions},
		{"GET", "/regions/{}", byToken, getRegion},

		{"GET", cloudBase + "/contracts", byToken, listContracts},
		{"GET", cloudBase + "/um/users", byToken, listUsers},
		{"GET", user, byToken, getUser},
		{"GET", user + "/groups", byToken, listUserGroups},
		{"GET", user + "/s3keys", byToken, listS3Keys},
		{"POST", user + "/s3keys", byToken, createS3Key},
		{"GET", user + "/s3keys/{}", byToken, getS3Key},
		{"PUT", user + "/s3keys/{}", byToken, updateS3Key},
		{"DELETE", user + "/s3keys/{}", byToken, deleteS3Key},
		{"GET", cloudBase + "/um/groups", byToken, listGroups},
		{"GET", group, byToken, getGroup},
		{"GET", group + "/users", byToken, listGroupUsers},
		{"GET", cloudBase + "/requests/{}/status", byToken, getRequestStatus},

		{"GET", authBase + "/tokens/generate", byTokenOrPassword, generateToken},
		{"GET", authBase + "/tokens", byTokenOrPassword, listTokens},
		{"DELETE", authBase + "/tokens", byTokenOrPassword, deleteTokens},
		{"GET", token, byTokenOrPassword, getToken},
		{"DELETE", token, byTokenOrPassword, deleteToken},
	}
}

// route finds the operation asked for and fills in the call's vars.
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
	if len(allowed) == 0 {
		return route{}, notFound()
	}
	slices.Sort(allowed)
	return route{}, methodNotAllowed(strings.Join(slices.Compact(allowed), ", "))
}

// match compares segment by segment on the escaped path, so that an encoded
// slash stays within its segment.
func match(pattern, path string) ([]string, bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	var vars []string
	for i, segment := range want {
		if segment != "{}" {
			if segment != got[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(got[i])
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
