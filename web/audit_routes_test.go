package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"keydeck/internal/audit"
	"keydeck/web"
)

// unaudited are the routes with a form that change only the display of the browser.
var unaudited = map[string]bool{"/account/preferences": true, "/_components": true}

// noKey is an access key that nobody has.
const noKey = "0123456789abcdef0123"

// circumstance is what a request meets.
type circumstance struct {
	name string
	// of reports whether the circumstance exists for a route.
	of func(web.Address) bool
	// send sends the request that target and values are for.
	send func(w walk, method, target string, values url.Values) answer
	// outcomes are those that the record may have.
	outcomes []audit.Outcome
	// stranger is set where the session cannot be known.
	stranger bool
}

func ofKey(a web.Address) bool     { return strings.Contains(a.Path, ":key") }
func isManaged(a web.Address) bool { return forManagers(a.Path) }
func isForm(a web.Address) bool    { return a.Method == http.MethodPost }
func inSession(a web.Address) bool {
	return a.Path != "/sign-in" && a.Path != "/sign-out"
}
func circumstances() []circumstance {
	plain := func(w walk, method, target string, values url.Values) answer {
		return w.b.do(form(method, target, values))
	}
	failed := []audit.Outcome{audit.Refused, audit.Unclear}
	refused := []audit.Outcome{audit.Refused}
	whatever := []audit.Outcome{audit.Done, audit.Refused, audit.Unclear}
	asks := func(api func(string) bool) func(web.Address) bool {
		return func(a web.Address) bool {
			return inSession(a) && !strings.Contains(a.Path, "sessions") && !strings.Contains(a.Path, "/results/") && api(a.Path)
		}
	}
	return []circumstance{
		{"done", func(web.Address) bool { return true }, plain, []audit.Outcome{audit.Done}, false},
		{"from another site", isForm, func(w walk, method, target string, values url.Values) answer {
			return w.b.do(form(method, target, values), header{"Origin", "https://evil.example"}, header{"Sec-Fetch-Site", "cross-site"})
		}, refused, false},
		{"without a session", inSession, func(w walk, method, target string, values url.Values) answer {
			return w.browser().do(form(method, target, values))
		}, refused, true},
		{"by a member", isManaged, func(w walk, method, target string, values url.Values) answer {
			return w.signIn("member@keydeck.example").do(form(method, target, values))
		}, refused, false},
		{"of another's key", func(a web.Address) bool {
			return strings.HasPrefix(a.Path, keysPage+"/:key") && !strings.HasSuffix(a.Path, "saved")
		},
			func(w walk, method, target string, values url.Values) answer {
				return w.b.do(form(method, strings.Replace(target, w.key, w.keyOf("full@keydeck.example"), 1), values))
			}, refused, false},
		{"of no key", func(a web.Address) bool { return ofKey(a) && !strings.HasSuffix(a.Path, "saved") },
			func(w walk, method, target string, values url.Values) answer {
				known := strings.NewReplacer(w.key, noKey, w.keyOf("full@keydeck.example"), noKey, w.keyOf("twofa@keydeck.example"), noKey)
				return w.b.do(form(method, known.Replace(target), values))
			}, refused, false},
		{"without what the form holds", func(a web.Address) bool { return isForm(a) && (a.Action == audit.Generate || a.Action == audit.Renew) },
			func(w walk, method, target string, _ url.Values) answer {
				return w.b.do(form(method, target, url.Values{}))
			}, refused, false},
		{"while the APIs fail", asks(func(path string) bool { return !strings.HasSuffix(path, "saved") && path != "/key-owner" }),
			func(w walk, method, target string, values url.Values) answer {
				w.fault(`{"path":"/","times":999,"status":500}`)
				return w.b.do(form(method, target, values))
			}, failed, false},
		{"with a token that is dead", asks(func(path string) bool { return !strings.HasSuffix(path, "saved") }),
			func(w walk, method, target string, values url.Values) answer {
				w.fault(`{"path":"/","times":999,"status":401}`)
				return w.b.do(form(method, target, values))
			}, refused, false},
		{"while the store fails", inSession, func(w walk, method, target string, values url.Values) answer {
			w.store.Fail(errors.New("disk full"))
			return w.b.do(form(method, target, values))
		}, refused, true},
		{"by a browser that has gone", inSession, func(w walk, method, target string, values url.Values) answer {
			ctx, cancel := context.WithCancel(w.t.Context())
			cancel()
			return w.b.do(form(method, target, values).WithContext(ctx))
		}, whatever, true},
	}
}

// TestAuditRoutes: every request that changes, reveals or signs in leaves one
// record of who did it, what it was, how it ended and why, whatever it meets.
func TestAuditRoutes(t *testing.T) {
	t.Parallel()
	for _, address := range newConsole(t).server.Addresses() {
		if isForm(address) && address.Action == "" && !unaudited[address.Path] {
			t.Errorf("%s has a form and no action", address.Path)
		}
		if address.Action == "" {
			continue
		}
		t.Run(address.Method+" "+address.Path, func(t *testing.T) {
			t.Parallel()
			for _, circumstance := range circumstances() {
				if !circumstance.of(address) {
					continue
				}
				t.Run(circumstance.name, func(t *testing.T) { testAuditRoute(t, address, circumstance) })
			}
		})
	}
}

func testAuditRoute(t *testing.T, address web.Address, circumstance circumstance) {
	w := newWalk(t)
	target := w.target(address)
	if address.Action == audit.EndSession {
		w.signIn("owner@keydeck.example")
		page := w.b.get(sessionsPage).doc(t)
		target = page.Attr("tr[data-session] form", "action")
	}
	values := w.values(t, address, target)
	began := w.clock.Now().Add(-time.Second)
	answer := circumstance.send(w, address.Method, target, values)
	var found []audit.Event
	for _, e := range w.events(t) {
		if e.RequestID == answer.header.Get("X-Request-Id") && e.Action == address.Action {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d to %q: %d records, not one: %+v\n%s", answer.status, answer.header.Get("Location"), len(found), found, answer.body)
	}
	e := found[0]
	right := false
	for _, outcome := range circumstance.outcomes {
		right = right || e.Outcome == outcome
	}
	switch {
	case !right:
		t.Errorf("%d: the outcome is %s, %q", answer.status, e.Outcome, e.Reason)
	case (e.Reason == "") != (e.Outcome == audit.Done):
		t.Errorf("%s because of %q", e.Outcome, e.Reason)
	case e.Time.Before(began) || e.Address != "127.0.0.1":
		t.Errorf("at %v from %s", e.Time, e.Address)
	case !circumstance.stranger && address.Action != audit.SignIn && (e.Actor == "" || e.Account == "" || e.Session == ""):
		t.Errorf("the actor is not named: %+v", e)
	case ofKey(address) && e.AccessKey == "" && e.Action != audit.Generate: // of a successor, too
		t.Errorf("the key is not named: %+v", e)
	case strings.Contains(address.Path, ":user") && e.Target == "":
		t.Errorf("the owner is not named: %+v", e)
	}
}
