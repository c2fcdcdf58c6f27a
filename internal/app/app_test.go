package app

import (
	"context"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydeck/internal/waittest"
)

func testConfig(t testing.TB) Config {
	t.Helper()
	return Config{
		Addr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0",
		SessionStore: "bolt:" + filepath.Join(t.TempDir(), "sessions.db"),
		SessionIdle:  time.Minute, SessionMax: time.Hour,
		Sandbox: true, SandboxAddr: "127.0.0.1:0", SandboxProvisioning: -1,
		SandboxStorageAddr: "127.0.0.1:0", SandboxPropagation: -1,
		Version: "v1.2.3",
	}
}

// start serves a console until the test ends or stop is called, which waits
// for it and gives what Serve said.
func start(t testing.TB, a *App) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- a.Serve(ctx) }()
	stopped := false
	stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return waittest.Receive(t, served, "the end of Serve")
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return stop
}

func newApp(t testing.TB, cfg Config) *App {
	t.Helper()
	a, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// get asks on a connection of its own, which cannot outlive a console.
func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestServeListeners(t *testing.T) {
	a := newApp(t, testConfig(t))
	start(t, a)
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/metrics": `keydeck_build_info{version="v1.2.3"} 1`} {
		status, body := get(t, a.AdminURL()+path)
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s answered %d, %q", path, status, body)
		}
		if status, _ := get(t, a.URL()+path); status == http.StatusOK {
			t.Errorf("%s is to be had from the console", path)
		}
	}
	if status, _ := get(t, a.AdminURL()+"/"); status != http.StatusNotFound {
		t.Errorf("the admin server answered %d for /", status)
	}
	if status, _ := get(t, a.SandboxURL()+"/cloudapi/v6/um/users"); status != http.StatusUnauthorized {
		t.Errorf("the sandbox answered %d without a token", status)
	}
	if status, _ := get(t, a.URL()+"/_sandbox/requests"); status == http.StatusOK {
		t.Error("the sandbox's controls are to be had from the console")
	}
}

func TestNewWithoutSandbox(t *testing.T) {
	cfg := testConfig(t)
	cfg.Sandbox = false
	cfg.CloudURL, cfg.AuthURL, cfg.ManagementURL = "https://api.ionos.com/cloudapi/v6", "https://api.ionos.com/auth/v1", "https://s3.ionos.com"
	a := newApp(t, cfg)
	start(t, a)
	if a.SandboxURL() != "" || a.Sandbox() != nil || a.Accounts() != nil {
		t.Error("there is a sandbox")
	}
	if status, _ := get(t, a.AdminURL()+"/readyz"); status != http.StatusOK {
		t.Errorf("/readyz answered %d", status)
	}
}

func TestNewWithSandbox(t *testing.T) {
	a := newApp(t, testConfig(t))
	start(t, a)
	if a.Sandbox() == nil || len(a.Accounts()) == 0 {
		t.Error("there is no sandbox, or it has no accounts")
	}
}

func TestNewSameStore(t *testing.T) {
	cfg := testConfig(t)
	for range 2 {
		a := newApp(t, cfg)
		stop := start(t, a)
		if status, _ := get(t, a.AdminURL()+"/readyz"); status != http.StatusOK {
			t.Errorf("/readyz answered %d", status)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
}
