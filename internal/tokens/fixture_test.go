package tokens_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/kv"
	"keydeck/internal/kv/kvtest"
	"keydeck/internal/secret"
	"keydeck/internal/session"
	"keydeck/internal/tokens"
)

const (
	user = "a user"
	idle = 30 * time.Minute
	most = 12 * time.Hour
)

// api is an Auth API with the tokens of one user. The text of a token is "token "
// and its id.
type api struct {
	now func() time.Time

	mu      sync.Mutex
	made    int
	live    map[string]time.Time // until when
	calls   []string
	fail    error  // of each call but Identify
	unread  error  // of Identify
	undated bool   // tokens do not say when they expire
	during  func() // called by each call but Identify
}

func (a *api) generate(ttl time.Duration) secret.Value {
	a.made++
	id := fmt.Sprintf("t%d", a.made)
	a.live[id] = a.now().Add(ttl)
	return secret.New("token " + id)
}

// call returns the error of a call with a token.
func (a *api) call(name string, access keys.Access) error {
	if a.during != nil {
		a.during()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, name)
	switch {
	case a.fail != nil:
		return a.fail
	case !a.now().Before(a.live[idOf(access.Token)]):
		return keys.ErrUnauthorized
	}
	return nil
}

func idOf(token secret.Value) string { return strings.TrimPrefix(token.Reveal(), "token ") }

func (a *api) Renew(_ context.Context, access keys.Access, ttl time.Duration) (secret.Value, error) {
	if err := a.call("renew", access); err != nil {
		return secret.Value{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.generate(ttl), nil
}

func (a *api) Revoke(_ context.Context, access keys.Access, id string) error {
	if err := a.call("revoke "+id+" with "+idOf(access.Token)+access.Contract, access); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, found := a.live[id]; !found {
		return keys.ErrNotFound
	}
	delete(a.live, id)
	return nil
}

func (a *api) Identify(token secret.Value) (keys.Identity, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	identity := keys.Identity{UserID: user, TokenID: idOf(token)}
	if !a.undated {
		identity.Expires = a.live[identity.TokenID]
	}
	return identity, a.unread
}

// fixture is a console's sessions and tokens, on a clock of its own.
type fixture struct {
	*testing.T
	clock    *kvtest.Clock
	store    *kv.Memory
	sessions *session.Manager
	api      *api
	log      *bytes.Buffer
	*tokens.Keeper
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	clock := kvtest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	f := &fixture{
		T: t, clock: clock, store: kv.NewMemory(clock.Now), log: &bytes.Buffer{},
		api: &api{now: clock.Now, live: map[string]time.Time{}},
	}
	var err error
	if f.sessions, err = session.New(session.Config{Store: f.store, Idle: idle, Max: most, Now: clock.Now}); err != nil {
		t.Fatal(err)
	}
	f.Keeper = f.keeper()
	return f
}

// keeper returns the Keeper of another process with the same store.
func (f *fixture) keeper() *tokens.Keeper {
	f.Helper()
	k, err := tokens.New(tokens.Config{
		Auth: f.api, Sessions: f.sessions, Idle: idle, Max: most, Now: f.clock.Now, Logger: slog.New(slog.NewTextHandler(f.log, nil)),
	})
	if err != nil {
		f.Fatal(err)
	}
	return k
}

// browser is a session with its cookie.
type browser struct {
	*session.Session
	request *http.Request
}

func (b browser) access() keys.Access { return keys.Access{Token: b.Token} }

func (b browser) token() tokens.Token {
	return tokens.Token{Session: b.ID(), ID: b.TokenID, Expires: b.TokenExpires}
}

// signIn starts a session, whose token k watches.
func (f *fixture) signIn(k *tokens.Keeper, change ...func(*session.Session)) browser {
	f.Helper()
	f.api.mu.Lock()
	token := f.api.generate(k.TTL())
	expires := f.api.live[idOf(token)]
	f.api.mu.Unlock()
	s := &session.Session{UserID: user, Token: token, TokenID: idOf(token), TokenOurs: true, TokenExpires: expires}
	for _, set := range change {
		set(s)
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "https://keydeck.example/", nil)
	if err := f.sessions.Start(w, r, s); err != nil {
		f.Fatal(err)
	}
	next := httptest.NewRequest(http.MethodGet, "https://keydeck.example/", nil)
	for _, cookie := range w.Result().Cookies() {
		next.AddCookie(cookie)
	}
	b := browser{s, next}
	k.Watch(s, b.access())
	return b
}

func pasted(s *session.Session) { s.TokenOurs = false }

// visit loads a browser's session.
func (f *fixture) visit(b browser) browser {
	f.Helper()
	s, err := f.sessions.Load(httptest.NewRecorder(), b.request.Clone(f.Context()))
	if err != nil {
		f.Fatal(err)
	}
	return browser{s, b.request}
}

// end ends a session, and revokes nothing.
func (f *fixture) end(b browser) {
	f.Helper()
	if err := f.sessions.End(httptest.NewRecorder(), b.request.Clone(f.Context())); err != nil {
		f.Fatal(err)
	}
}

// settle waits for what runs in the background.
func (f *fixture) settle(keepers ...*tokens.Keeper) {
	f.Helper()
	ctx, cancel := context.WithTimeout(f.Context(), 10*time.Second)
	defer cancel()
	for _, k := range append(keepers, f.Keeper) {
		if err := k.Wait(ctx); err != nil {
			f.Fatal(err)
		}
	}
}

// sweep lets the next sweep come.
func (f *fixture) sweep() {
	f.Helper()
	f.clock.Advance(tokens.SweepInterval)
	f.Sweep(f.Context())
	f.settle()
}

// wantLive compares the tokens at the API that have not expired.
func (f *fixture) wantLive(want ...string) {
	f.Helper()
	f.api.mu.Lock()
	defer f.api.mu.Unlock()
	var got []string
	for id, until := range f.api.live {
		if f.clock.Now().Before(until) {
			got = append(got, id)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		f.Errorf("tokens %v, want %v; calls: %q", got, want, f.api.calls)
	}
}

// wantCalls compares the calls of the API, in any order.
func (f *fixture) wantCalls(want ...string) {
	f.Helper()
	f.api.mu.Lock()
	defer f.api.mu.Unlock()
	got := slices.Sorted(slices.Values(f.api.calls))
	if slices.Sort(want); !slices.Equal(got, want) {
		f.Errorf("calls %q, want %q", got, want)
	}
}

// wantWarning checks for a line of the log.
func (f *fixture) wantWarning(text string) {
	f.Helper()
	if !strings.Contains(f.log.String(), text) {
		f.Errorf("the log lacks %q:\n%s", text, f.log)
	}
}

// table holds the cases of a test by name.
type table map[string]func(*fixture)

func (cases table) run(t *testing.T) {
	for name, run := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			run(f)
			f.settle()
			if strings.Contains(f.log.String(), "token t") {
				t.Errorf("a token is in the log: %s", f.log)
			}
		})
	}
}
