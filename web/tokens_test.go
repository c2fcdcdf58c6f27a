package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/session"
)

// liveTokens counts the tokens of a user that have not expired, at the API.
func (c *console) liveTokens(email string) int {
	c.t.Helper()
	c.settleTokens()
	r := httptest.NewRequest(http.MethodGet, "http://apis.test/auth/v1/tokens", nil)
	r.SetBasicAuth(email, "sandbox")
	recorder := httptest.NewRecorder()
	c.sandbox.ServeHTTP(recorder, r)
	var list struct {
		Tokens []struct{ ExpirationDate time.Time }
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), &list); err != nil || recorder.Code != http.StatusOK {
		c.t.Fatalf("the tokens: %d, %v", recorder.Code, err)
	}
	live := 0
	for _, token := range list.Tokens {
		if c.clock.Now().Before(token.ExpirationDate) {
			live++
		}
	}
	return live
}

// sweep runs the sweep that a console runs every minute.
func (c *console) sweep() {
	for _, keeper := range *c.keepers {
		keeper.Sweep(c.t.Context())
	}
	c.settleTokens()
}

// idle lets all sessions reach their idle limit.
func (c *console) idle() { c.clock.Advance(idle + time.Second) }

// use opens a page now and then, for so long.
func (b *browser) use(whole time.Duration) {
	for used := time.Duration(0); used < whole; used += 20 * time.Minute {
		b.console.clock.Advance(20 * time.Minute)
		if answer := b.get(sessionsPage); answer.status != http.StatusOK {
			b.console.t.Fatalf("after %v: %d", used, answer.status)
		}
	}
}

const tokenEnd = `{"method":"DELETE","path":"/auth/v1/tokens","times":9,"status":503}`

var fullSignIn = url.Values{"email": {full}, "password": {"sandbox"}}

const answerLost = `{"method":"GET","path":"/auth/v1/tokens/generate","times":1,"status":502,"work":true}`

// tokenCases are the ways into and out of a session.
var tokenCases = []struct {
	name string
	do   func(*console)
	left int // of ours
}{
	{"signed out", func(c *console) { c.signIn(full).post("/sign-out", nil) }, 0},
	{"signed in", func(c *console) { c.signIn(full) }, 1},
	{"idle, then a visit", func(c *console) { b := c.signIn(full); c.idle(); b.get(keysPage) }, 0},
	{"idle, then a sweep", func(c *console) { c.signIn(full); c.idle(); c.sweep() }, 0},
	{"idle, then a new sign-in", func(c *console) { b := c.signIn(full); c.idle(); b.post("/sign-in", fullSignIn) }, 1},
	{"in use", func(c *console) { c.signIn(full).use(5 * time.Hour); c.sweep() }, 1},
	{"past its limit", func(c *console) { c.signIn(full).use(most - 20*time.Minute); c.idle(); c.sweep() }, 0},
	{"replaced", func(c *console) { c.signIn(full).post("/sign-in", fullSignIn) }, 1},
	{"replaced by two at once", func(c *console) {
		b := c.signIn(full)
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { b.clone().post("/sign-in", fullSignIn) })
		}
		both.Wait()
		c.idle()
		c.sweep()
	}, 0},
	{"cookie dropped", func(c *console) { b := c.signIn(full); clear(b.cookies); b.get(keysPage); c.idle(); c.sweep() }, 0},
	{"ended from another session", func(c *console) {
		here := c.signIn(full)
		c.signIn(full)
		here.post(here.get(sessionsPage).doc(c.t).One("tr[data-session] form").Attr("action"), nil)
	}, 1},
	{"ended everywhere", func(c *console) { c.signIn(full); c.signIn(full); c.signIn(full).post(sessionsPage+"/end-all", nil) }, 0},
	{"failed half-way", func(c *console) {
		c.fault(`{"path":"/cloudapi/v6/um/users","times":1,"status":403}`)
		c.browser().post("/sign-in", fullSignIn)
	}, 0},
	{"not stored", func(c *console) {
		c.answered(func(r *http.Request) {
			if r.URL.Path != "/auth/v1/tokens/generate" {
				c.store.Fail(fmt.Errorf("broken"))
			}
		})
		c.browser().post("/sign-in", fullSignIn)
	}, 0},
	{"not revoked at first", func(c *console) {
		b := c.signIn(full)
		c.fault(tokenEnd)
		b.post("/sign-out", nil)
		c.settleTokens()
		c.control(http.MethodDelete, "faults", "")
		c.sweep()
	}, 0},
	{"answer to the sign-in lost", func(c *console) { c.fault(answerLost); c.browser().post("/sign-in", fullSignIn) }, 1},
	{"answer to the sign-in lost, an hour later", func(c *console) {
		c.fault(answerLost)
		c.browser().post("/sign-in", fullSignIn)
		c.clock.Advance(2 * (idle + time.Minute))
	}, 0},
	{"answer to the renewal lost", func(c *console) {
		b := c.signIn(full)
		c.fault(answerLost)
		b.use(2 * time.Hour)
		c.idle()
		c.sweep()
	}, 0},
	{"store emptied, then a visit", func(c *console) { b := c.signIn(full); c.empty(); b.get(keysPage) }, 0},
	{"store emptied, then a sweep", func(c *console) { c.signIn(full); c.empty(); c.sweep() }, 0},
	{"console restarted, then a sign-in", func(c *console) { c.signIn(full); c.restart(); c.idle(); c.signIn(full) }, 1},
	{"stopped before it revoked, then a sweep of another", func(c *console) {
		other := c.signIn(full)
		b := c.signIn(full)
		c.fault(tokenEnd)
		b.post("/sign-out", nil)
		c.settleTokens()
		c.restart()
		c.control(http.MethodDelete, "faults", "")
		other.get(sessionsPage)
		c.sweep()
	}, 1},
}

// TestTokensEndWithSessions counts the tokens at the API after every way out of a
// session: none of ours is left.
func TestTokensEndWithSessions(t *testing.T) {
	t.Parallel()
	for _, test := range tokenCases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			before := c.liveTokens(full)
			test.do(c)
			if got := c.liveTokens(full) - before; got != test.left {
				t.Errorf("%d tokens of ours are left, want %d\n%s", got, test.left, c.log)
			}
		})
	}
}

// empty loses all records.
func (c *console) empty() {
	for _, key := range c.store.Keys() {
		if err := c.store.Delete(c.t.Context(), key); err != nil {
			c.t.Fatal(err)
		}
	}
}

// restart has another process take over the store.
func (c *console) restart() {
	*c.keepers = nil
	c.server = c.serve(c.store)
}

// asks counts the readings of a store that fails.
type asks struct {
	kv.Store
	n atomic.Int64
}

func (a *asks) Get(context.Context, string) ([]byte, error) {
	a.n.Add(1)
	return nil, fmt.Errorf("frozen")
}

// A store that is frozen is waited for once: the error page does not ask it again.
func TestFrozenStoreIsAskedOnce(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	frozen := &asks{Store: c.store}
	answer := b.on(c.on(c.serve(frozen))).get(keysPage)
	if answer.status != http.StatusServiceUnavailable || frozen.n.Load() != 1 {
		t.Errorf("%d, after %d readings", answer.status, frozen.n.Load())
	}
}

// While the store is in trouble it is not known which sessions there are.
func TestTokensStayWithoutStore(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	before := c.liveTokens(full)
	b := c.signIn(full)
	c.store.Fail(fmt.Errorf("broken"))
	b.get(keysPage)
	c.sweep()
	c.store.Fail(nil)
	if got := c.liveTokens(full) - before; got != 1 {
		t.Errorf("%d tokens, want 1", got)
	}
	if answer := b.get(keysPage); answer.status != http.StatusOK {
		t.Errorf("the session: %d", answer.status)
	}
}

// TestSignOutEverywhereSlowly: with an Auth API of one second a call, and one that
// does not answer, all sessions end at once. The tokens follow.
func TestSignOutEverywhereSlowly(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]string{
		"slow":    `{"method":"DELETE","path":"/auth/v1/tokens","times":999,"delay":"1s"}`,
		"hanging": `{"method":"DELETE","path":"/auth/v1/tokens","times":999,"delay":"10m"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				const many = 260
				b := c.signIn("guest@keydeck.example")
				c.crowd(b, many)
				c.fault(fault)
				began := time.Now()
				answer := b.post(sessionsPage+"/end-all", nil)
				ended := time.Since(began)
				if answer.status != http.StatusSeeOther || ended > time.Second {
					t.Errorf("%d after %v", answer.status, ended)
				}
				live := 0
				for _, key := range c.store.Keys() {
					if _, err := c.store.Get(t.Context(), key); err == nil && isRecord(key) {
						live++
					}
				}
				if live > 0 {
					t.Errorf("%d sessions are alive", live)
				}
				c.settleTokens()
				t.Logf("%d sessions had ended after %v, the calls for their tokens after %v", many+1, ended, time.Since(began))
			})
		})
	}
}

func isRecord(key string) bool { return strings.HasPrefix(key, "session/") }

// crowd starts sessions of the same person as a browser's, with tokens of ours
// that the API may not know any more.
func (c *console) crowd(b *browser, many int) {
	c.t.Helper()
	sessions, err := session.New(session.Config{Store: c.store, Idle: idle, Max: most, Now: c.clock.Now})
	if err != nil {
		c.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, cookie := range b.cookies {
		r.AddCookie(cookie)
	}
	mine, err := sessions.Load(httptest.NewRecorder(), r)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := range many {
		other := &session.Session{
			UserID: mine.UserID, Contract: mine.Contract, TokenOurs: true, TokenID: fmt.Sprintf("token-%d", i),
			TokenExpires: c.clock.Now().Add(time.Hour),
		}
		if err := sessions.Start(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil), other); err != nil {
			c.t.Fatal(err)
		}
	}
}
