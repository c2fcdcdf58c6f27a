package web_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keydeck/internal/audit"
	"keydeck/internal/htmltest"
	"keydeck/internal/ionos"
	"keydeck/internal/keybatch"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/kv"
	"keydeck/internal/loginlimit"
	"keydeck/internal/offboard"
	"keydeck/internal/s3check"
	"keydeck/internal/sandbox"
	"keydeck/internal/session"
	"keydeck/internal/tokens"
	"keydeck/web"
)

// console is Keydeck on a sandbox, all in memory, with a clock that the test
// can set on.
type console struct {
	t       *testing.T
	server  *web.Server
	sandbox *sandbox.Sandbox
	store   *kv.Memory
	clock   *clock
	log     *log
	audited *log // the audit log
	wire    memory
	keepers *[]*tokens.Keeper

	storageAnswered *atomic.Pointer[func(*http.Request)]
}

// clock is the time, and what a test has put on top of it.
type clock struct {
	ahead  atomic.Int64
	settle func() // finishes what has begun before
}

func (c *clock) Now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) Advance(d time.Duration) { c.settle(); c.ahead.Add(int64(d)) }

// The limits of sessions under test.
const (
	idle = 30 * time.Minute
	most = 12 * time.Hour
)

func newConsole(t *testing.T, change ...func(*web.Config)) *console {
	t.Helper()
	return newConsoleOf(t, 0, change...)
}

// newConsoleOf has a contract of that many users.
func newConsoleOf(t *testing.T, users int, change ...func(*web.Config)) *console {
	t.Helper()
	c := &console{t: t, keepers: &[]*tokens.Keeper{}, clock: &clock{}, log: &log{}, audited: &log{}, storageAnswered: &atomic.Pointer[func(*http.Request)]{}}
	c.clock.settle = c.settleTokens
	// In a synctest bubble it is the year 2000, when no key had been made yet.
	c.clock.Advance(max(0, time.Until(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))))
	var err error
	if c.sandbox, err = sandbox.New(sandbox.Config{Users: users, Now: c.clock.Now}); err != nil {
		t.Fatal(err)
	}
	c.wire = memory{c.sandbox, &atomic.Pointer[func(*http.Request)]{}}
	c.store = kv.NewMemory(c.clock.Now)
	c.server = c.serve(c.store, change...)
	return c
}

// serve gives a console of its own on the same sandbox and clock.
func (c *console) serve(store kv.Store, change ...func(*web.Config)) *web.Server {
	c.t.Helper()
	const apis = "http://apis.test"
	client, err := ionos.New(ionos.Config{
		ManagementURL: apis, CloudURL: apis + "/cloudapi/v6", AuthURL: apis + "/auth/v1",
		Transport: c.wire, Now: c.clock.Now,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	sessions, err := session.New(session.Config{Store: store, Idle: idle, Max: most, Now: c.clock.Now})
	if err != nil {
		c.t.Fatal(err)
	}
	keeper, err := tokens.New(tokens.Config{
		Auth: client, Sessions: sessions, Idle: idle, Max: most, Now: c.clock.Now, Logger: slog.New(slog.NewTextHandler(c.log, nil)),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	*c.keepers = append(*c.keepers, keeper)
	limiter := loginlimit.New(loginlimit.Config{Store: store, Now: c.clock.Now, Wait: func(context.Context, time.Duration) error { return nil }})
	logger := slog.New(slog.NewTextHandler(c.log, nil))
	changes := keyops.New(keyops.Config{Store: store, Sessions: sessions, Now: c.clock.Now, Logger: logger})
	cfg := web.Config{
		Auth: client, Checker: c.checker(), Sessions: sessions, Changes: changes,
		Batches:  keybatch.New(keybatch.Config{Store: store, Changes: changes, Now: c.clock.Now, Logger: logger}),
		Offboard: offboard.New(offboard.Config{Store: store, Changes: changes, Now: c.clock.Now, Logger: logger}),
		Tokens:   keeper, Audit: audit.New(audit.Config{Out: c.audited, Now: c.clock.Now}),
		Attempts: limiter, Sandbox: true, Now: c.clock.Now, KeyMaxAge: 90 * 24 * time.Hour,
		Logger: slog.New(slog.NewTextHandler(c.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, account := range c.sandbox.Accounts() {
		cfg.Accounts = append(cfg.Accounts, web.Account(account))
	}
	for _, f := range change {
		f(&cfg)
	}
	server, err := web.New(cfg)
	if err != nil {
		c.t.Fatal(err)
	}
	return server
}

// checker returns a checker that reaches the sandbox's storage under any host.
func (c *console) checker() keys.Checker {
	return s3check.New(s3check.Config{Transport: memory{c.sandbox.Storage(), c.storageAnswered}, Plain: true, Now: c.clock.Now})
}

// on is the same sandbox seen through another console.
func (c *console) on(server *web.Server) *console {
	other := *c
	other.server = server
	return &other
}

// answered has f called with each request that the APIs have answered, before
// the console learns of the answer.
func (c *console) answered(f func(*http.Request)) { c.wire.answered.Store(&f) }

// log is what was logged.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// memory is a network without sockets, which a synctest bubble can hold. A
// handler that gives a connection up breaks it.
type memory struct {
	handler  http.Handler
	answered *atomic.Pointer[func(*http.Request)]
}

func (m memory) RoundTrip(r *http.Request) (response *http.Response, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			response, err = nil, cmp.Or(r.Context().Err(), io.ErrUnexpectedEOF)
		}
	}()
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.RequestURI = r.URL.RequestURI()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	m.handler.ServeHTTP(recorder, r)
	if f := m.answered.Load(); f != nil {
		(*f)(r)
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}

// control asks the sandbox for something outside of its APIs.
func (c *console) control(method, path, body string) []byte {
	c.t.Helper()
	recorder := httptest.NewRecorder()
	c.sandbox.ServeHTTP(recorder, httptest.NewRequest(method, "http://apis.test/_sandbox/"+path, strings.NewReader(body)))
	if recorder.Code >= http.StatusBadRequest {
		c.t.Fatalf("%s %s: %d %s", method, path, recorder.Code, recorder.Body)
	}
	return recorder.Body.Bytes()
}

func (c *console) fault(fault string) { c.t.Helper(); c.control(http.MethodPost, "faults", fault) }

// sessionKeys are the keys of all records that belong to sessions: the activity of
// a person, operations on their keys and the counts of attempts outlive them.
func (c *console) sessionKeys() []string {
	c.t.Helper()
	c.settleTokens()
	return slices.DeleteFunc(c.store.Keys(), func(key string) bool {
		return strings.HasPrefix(key, "attempts/") || strings.HasPrefix(key, "operations/") || strings.HasPrefix(key, "activity/") || strings.HasPrefix(key, "actors/")
	})
}

// asked lists what the APIs were asked since the last call, as "METHOD /path".
func (c *console) asked() []string {
	c.t.Helper()
	c.settleTokens()
	var answer struct {
		Requests []struct{ Method, Path string }
	}
	if err := json.Unmarshal(c.control(http.MethodGet, "requests", ""), &answer); err != nil {
		c.t.Fatal(err)
	}
	c.control(http.MethodDelete, "requests", "")
	var lines []string
	for _, r := range answer.Requests {
		lines = append(lines, r.Method+" "+r.Path)
	}
	return lines
}

// settleTokens waits until all consoles have revoked what they mean to revoke.
func (c *console) settleTokens() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for _, keeper := range *c.keepers {
		if err := keeper.Wait(ctx); err != nil {
			c.t.Fatalf("waiting for tokens to be revoked: %v", err)
		}
	}
}

// made counts the requests that would make a key.
func made(asked []string) int {
	n := 0
	for _, line := range asked {
		if strings.HasPrefix(line, "POST ") {
			n++
		}
	}
	return n
}

// token makes a token as the vendor's token manager does; one with a negative
// life has expired.
func (c *console) token(email string, life time.Duration) string {
	c.t.Helper()
	token := c.sandbox.Token(email, life)
	if token == "" {
		c.t.Fatalf("no token for %s", email)
	}
	return token
}

// browser sends requests and keeps cookies.
type browser struct {
	console *console
	cookies map[string]*http.Cookie
}

// clone is another tab of the same browser.
func (b *browser) clone() *browser { return b.on(b.console) }

// on is the same browser, led to another console.
func (b *browser) on(c *console) *browser { return &browser{c, maps.Clone(b.cookies)} }

func (c *console) browser() *browser { return &browser{c, map[string]*http.Cookie{}} }

// signIn gives a browser that somebody has signed in with.
func (c *console) signIn(email string) *browser {
	c.t.Helper()
	b := c.browser()
	answer := b.post("/sign-in", url.Values{"email": {email}, "password": {"sandbox"}})
	if answer.status != http.StatusSeeOther {
		c.t.Fatalf("signing in as %s: %d", email, answer.status)
	}
	c.asked()
	return b
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) doc(t *testing.T) *htmltest.Doc {
	t.Helper()
	return htmltest.Parse(t, a.body)
}

// header is a header of a request.
type header struct{ name, value string }

var htmx = header{"HX-Request", "true"}

func (b *browser) get(target string, headers ...header) answer {
	return b.do(httptest.NewRequest(http.MethodGet, target, nil), headers...)
}

func (b *browser) post(target string, form url.Values, headers ...header) answer {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r, headers...)
}

func (b *browser) do(r *http.Request, headers ...header) answer {
	return b.doAt("127.0.0.1:8080", r, headers...)
}

// doAt asks the console by another name.
func (b *browser) doAt(host string, r *http.Request, headers ...header) answer {
	r.Host = host
	if r.RemoteAddr == "192.0.2.1:1234" { // httptest's
		r.RemoteAddr = "127.0.0.1:1234"
	}
	for _, h := range headers {
		r.Header.Set(h.name, h.value)
	}
	for _, cookie := range b.cookies {
		r.AddCookie(cookie)
	}
	recorder := httptest.NewRecorder()
	b.console.server.ServeHTTP(recorder, r)
	response := recorder.Result()
	for _, cookie := range response.Cookies() {
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
			continue
		}
		b.cookies[cookie.Name] = cookie
	}
	return answer{response.StatusCode, response.Header, recorder.Body.String()}
}
