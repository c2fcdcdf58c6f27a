package e2e

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"keydeck/internal/app"
	"keydeck/internal/waittest"
)

// console is a Keydeck of the test's own, with a sandbox.
type console struct {
	t   testing.TB
	app *app.App
	url string
	log *logbook

	mu      sync.Mutex
	secrets []string // what the log must not hold
}

// startConsole serves a console until the test ends. Keys are ready at once
// unless the test wants to see them being made.
func startConsole(t testing.TB, options ...func(*app.Config)) *console {
	t.Helper()
	c := &console{t: t, log: &logbook{}}
	cfg := app.Config{
		Addr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0",
		SessionStore: "bolt:" + filepath.Join(t.TempDir(), "sessions.db"),
		SessionIdle:  30 * time.Minute, SessionMax: 12 * time.Hour, KeyMaxAge: 90 * 24 * time.Hour,
		Sandbox: true, SandboxAddr: "127.0.0.1:0", SandboxProvisioning: -1,
		SandboxStorageAddr: "127.0.0.1:0", SandboxPropagation: -1, AuditOut: c.log,
		Logger: slog.New(slog.NewTextHandler(c.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, option := range options {
		option(&cfg)
	}
	var err error
	if c.app, err = app.New(context.Background(), cfg); err != nil {
		t.Fatal(err)
	}
	c.url = c.app.URL()
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- c.app.Serve(ctx) }()
	t.Cleanup(func() {
		c.hideEveryKey()
		stop()
		if err := waittest.Receive(t, served, "the end of Serve"); err != nil {
			t.Error(err)
		}
		c.readLog()
	})
	return c
}

// provisioning has keys take that long until they are ready.
func provisioning(d time.Duration) func(*app.Config) {
	return func(cfg *app.Config) { cfg.SandboxProvisioning = d }
}

// hide names what must never get into the log.
func (c *console) hide(secret string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if secret != "" {
		c.secrets = append(c.secrets, secret)
	}
}

// token is the beginning of a JWT: an access key may begin like its first part alone.
var token = regexp.MustCompile(`eyJ[\w-]*\.eyJ`)

// readLog looks for secrets in the log, and shows it if the test has failed.
func (c *console) readLog() {
	c.t.Helper()
	log := c.log.String()
	for _, secret := range c.secrets {
		if strings.Contains(log, secret) {
			c.t.Errorf("the log holds a secret, %.4s…", secret)
		}
	}
	if token := token.FindStringIndex(log); token != nil {
		c.t.Errorf("the log holds a token after: %.150s", log[max(token[0]-150, 0):token[0]])
	}
	if c.t.Failed() {
		c.t.Logf("the console's log:\n%s", log)
	}
}

// logbook is written by many at once.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
