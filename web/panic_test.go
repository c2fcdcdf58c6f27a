package web_test

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"keydeck/internal/keys"
	"keydeck/web"
)

// degrades are the methods without whose answer a page is shown all the same. Where
// the panic is then is in the log.
var degrades = map[string]bool{"Regions": true, "Groups": true, "UserGroups": true, "Users": true, "Contract": true, "ChangeState": true}

// TestPanics has every method of the APIs panic in turn, at every address: the
// request is answered with 500 and the log names the place; the process goes on.
func TestPanics(t *testing.T) {
	t.Parallel()
	remote := reflect.TypeFor[keys.Remote]()
	for method := range remote.Methods() {
		t.Run(method.Name, func(t *testing.T) {
			t.Parallel()
			reached := 0
			w, auth := newPanicWalk(t)
			byEmail := web.Address{Method: http.MethodGet, Path: "/users?q=" + member}
			for _, address := range append(w.server.Addresses(), byEmail) {
				if strings.Contains(address.Path, "/offboard") && address.Method+address.Path != "GET/users/:user/offboard" {
					continue // the APIs are asked after the answer
				}
				if address.Path == "/sign-out" || strings.HasSuffix(address.Path, "/end-all") {
					continue // ends the session, and asks none of the methods
				}
				if address.Method == http.MethodPost {
					w, auth = newPanicWalk(t)
				}
				if w.panics(t, auth, method.Name, address) {
					reached++
				}
			}
			if reached == 0 && method.Name != "Contract" && method.Name != "SetUserActive" { // the latter after the answer
				t.Error("no address calls it")
			}
		})
	}
}

func newPanicWalk(t *testing.T) (walk, *panicking) {
	t.Helper()
	auth := &panicking{}
	w := newWalk(t, func(cfg *web.Config) {
		auth.Authenticator = cfg.Auth
		cfg.Auth = auth
	})
	w.b.post(keysPage+"/"+w.key+"/deactivate", url.Values{"confirm": {"yes"}}) // a change whose state is read
	return w, auth
}

// panics asks for an address while a method panics, and reports whether it has.
func (w walk) panics(t *testing.T, auth *panicking, method string, address web.Address) bool {
	t.Helper()
	target := w.target(address)
	values := w.values(t, address, target)
	calls, logged := auth.calls.Load(), len(w.log.String())
	auth.armed.Store(&method)
	answer := w.b.do(form(address.Method, target, values))
	auth.armed.Store(nil)
	if auth.calls.Load() == calls {
		return false
	}
	log := w.log.String()[logged:]
	begun := strings.HasSuffix(address.Path, "-counts") // the rest of the answer is missing
	if answer.status != http.StatusInternalServerError && !degrades[method] && !begun {
		t.Errorf("%s %s answers %d", address.Method, target, answer.status)
	}
	if !strings.Contains(log, "panicking_test.go") {
		t.Errorf("%s %s: the log does not say where it panicked: %s", address.Method, target, log)
	}
	if strings.Contains(log+answer.body, panicValue) {
		t.Errorf("%s %s: the value shows", address.Method, target)
	}
	return true
}
