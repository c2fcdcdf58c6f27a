package app

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// leak is a place where something secret might end up.
type leak struct{ where, text string }

// wiretap is a person's browser, and everything that it and the console's
// operators get to see on the way.
type wiretap struct {
	t      *testing.T
	app    *App
	client *http.Client
	seen   []leak
}

func newWiretap(t *testing.T, a *App) *wiretap {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &wiretap{t: t, app: a, client: &http.Client{
		Jar: jar, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// do asks and notes the answer, but for a page that is there to show a secret.
func (w *wiretap) do(method, path string, form url.Values, showsSecret ...bool) (header http.Header, body string) {
	w.t.Helper()
	var sent io.Reader
	if form != nil {
		sent = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.app.URL()+path, sent)
	if err != nil {
		w.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	w.seen = append(w.seen, leak{"the address " + path, path}, leak{"a redirect of " + path, response.Header.Get("Location")})
	if len(showsSecret) == 0 {
		w.seen = append(w.seen, leak{method + " " + path, string(text)})
	}
	return response.Header, string(text)
}

var requestIDField = regexp.MustCompile(`name="request_id" value="([^"]+)"`)

func (w *wiretap) requestID(path string) string {
	w.t.Helper()
	_, body := w.do(http.MethodGet, path, nil)
	found := requestIDField.FindStringSubmatch(body)
	if found == nil {
		w.t.Fatalf("%s has no request_id", path)
	}
	return found[1]
}

// control tells the sandbox something.
func (w *wiretap) control(method, path, body string) []byte {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.app.SandboxURL()+"/_sandbox/"+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 400 {
		w.t.Fatalf("%s: %d %s, %v", path, response.StatusCode, text, err)
	}
	return text
}

// live does what people do, with things going wrong in between.
func (w *wiretap) live(pasted, wrong string) {
	w.do(http.MethodPost, "/sign-in", url.Values{"email": {"member@keydeck.example"}, "password": {wrong}})
	w.do(http.MethodPost, "/sign-in", url.Values{"email": {wrong}, "password": {"member@keydeck.example"}}, true) // the address is kept in the form
	w.do(http.MethodPost, "/sign-in", url.Values{"token": {pasted + "x"}})
	w.do(http.MethodPost, "/sign-in?token="+"none", url.Values{"email": {"member@keydeck.example"}, "password": {"sandbox"}})
	header, _ := w.do(http.MethodPost, "/object-storage/keys", url.Values{"description": {"x"}, "request_id": {w.requestID("/object-storage/keys/new")}})
	key := header.Get("Location")
	w.do(http.MethodGet, key, nil, true)
	w.do(http.MethodGet, key+"/key-pair.csv", nil, true)
	for _, page := range []string{"/object-storage/keys", key + "/delete", key + "/renew", key + "/description", key + "/rotate", key + "/regions",
		"/account/sessions", "/account/activity", "/nowhere", "/users"} {
		w.do(http.MethodGet, page, nil)
	}
	w.do(http.MethodPost, key+"/renew", url.Values{"confirm": {"yes"}, "request_id": {w.requestID(key + "/renew")}})
	w.do(http.MethodGet, key, nil, true)
	w.control(http.MethodPost, "faults", `{"path":"/","times":4,"status":500,"body":"upstream says eyJ and more"}`)
	w.do(http.MethodGet, "/object-storage/keys", nil)
	w.do(http.MethodPost, key+"/description", url.Values{"description": {"y"}})
	w.control(http.MethodDelete, "faults", "")
	w.do(http.MethodPost, key+"/deactivate", url.Values{"confirm": {"yes"}})
	w.do(http.MethodPost, "/sign-in", url.Values{"token": {pasted}})
	w.do(http.MethodGet, "/object-storage/keys", nil)
	w.do(http.MethodGet, "/users", nil)
}

// TestServeKeepsNoSecret looks for passwords, tokens, secrets and the secret
// half of cookies in everything that is written or shown, but where a secret is
// shown on purpose: the log, the audit log, metrics, pages, addresses, and the
// store, be it a file or Redis.
func TestServeKeepsNoSecret(t *testing.T) {
	for _, kind := range []string{"bolt", "redis"} {
		t.Run(kind, func(t *testing.T) {
			log, cfg := &journal{}, testConfig(t)
			cfg.Logger = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			cfg.AuditPath = filepath.Join(t.TempDir(), "audit.log")
			dump := func() string {
				file, err := os.ReadFile(strings.TrimPrefix(cfg.SessionStore, "bolt:"))
				if err != nil {
					t.Fatal(err)
				}
				return string(file)
			}
			if kind == "redis" {
				mini := miniredis.RunT(t)
				cfg.SessionStore, dump = "redis://"+mini.Addr(), mini.Dump
			}
			a := newApp(t, cfg)
			stop := start(t, a)
			const wrong = "c4n4ry-pa55word"
			pasted := a.Sandbox().Token("admin@keydeck.example", time.Hour)
			w := newWiretap(t, a)
			w.live(pasted, wrong)
			_, metrics := get(t, a.AdminURL()+"/metrics")
			audited, err := os.ReadFile(cfg.AuditPath)
			if err != nil {
				t.Fatal(err)
			}
			w.seen = append(w.seen, leak{"the metrics", metrics}, leak{"the audit log", string(audited)}, leak{"the store", dump()})
			secrets := append(w.secrets(), wrong, pasted)
			if err := stop(); err != nil {
				t.Error(err)
			}
			w.seen = append(w.seen, leak{"the log", log.String()})
			w.search(secrets)
			if !strings.Contains(string(audited), `"generate"`) || !strings.Contains(log.String(), `"/object-storage/keys/:key"`) {
				t.Error("nothing was done: this test looks at nothing")
			}
		})
	}
}

// secrets are those that the sandbox and the browser know of.
func (w *wiretap) secrets() []string {
	w.t.Helper()
	var secrets []string
	for _, account := range w.app.Accounts() {
		var told struct{ Keys []struct{ SecretKey string } }
		if err := json.Unmarshal(w.control(http.MethodGet, "users/"+account.Email+"/keys", ""), &told); err != nil {
			w.t.Fatal(err)
		}
		for _, key := range told.Keys {
			secrets = append(secrets, key.SecretKey)
		}
	}
	at, err := url.Parse(w.app.URL())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, cookie := range w.client.Jar.Cookies(at) {
		if _, secret, found := strings.Cut(cookie.Value, "."); found && cookie.Name == "keydeck" {
			secrets = append(secrets, secret)
		}
	}
	if len(secrets) < 10 {
		w.t.Fatalf("only %d secrets are known", len(secrets))
	}
	return secrets
}

func (w *wiretap) search(secrets []string) {
	w.t.Helper()
	for _, place := range w.seen {
		for _, secret := range secrets {
			if secret != "" && (strings.Contains(place.text, secret) || len(secret) > 40 && strings.Contains(place.text, secret[:40])) {
				w.t.Errorf("%s holds a secret, %.4s…", place.where, secret)
			}
		}
		// Whatever begins like this is a token, of whomever.
		if at := strings.Index(place.text, "eyJhbGci"); at >= 0 {
			w.t.Errorf("%s holds a token: …%.60q", place.where, place.text[max(0, at-50):at])
		}
	}
}

// journal is written by many at once.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
