package chaos

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keydeck/internal/waittest"
)

// hangup sends SIGHUP to a console and waits until it has been handled.
func hangup(t *testing.T, c *console, says string) {
	t.Helper()
	before := strings.Count(c.said(), says)
	if err := c.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for range 500 {
		if strings.Count(c.said(), says) > before {
			return
		}
		wait(t.Context(), 10*time.Millisecond)
	}
	t.Fatalf("5 s after SIGHUP the log does not say %q; running: %v\n%s", says, c.running(), ending(c.said()))
}

// TestChaosHangup: wherever the audit log goes, SIGHUP ends neither the console
// nor a request in flight, and SIGTERM ends it in order afterwards.
func TestChaosHangup(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ audit, says string }{
		"stderr": {"stderr", "nothing to reopen"},
		"stdout": {"stdout", "nothing to reopen"},
		"file":   {filepath.Join(t.TempDir(), "audit.log"), "was reopened"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := startAPIs(t, 0)
			c := newConsole(t, a, "KEYDECK_AUDIT_LOG="+test.audit)
			if err := c.up(t.Context()); err != nil {
				t.Fatalf("%v\n%s", err, c.said())
			}
			b := signedIn(t, c, member)
			hangup(t, c, test.says)

			form := b.newKeyForm(t)
			slow := map[string]any{"method": "POST", "path": "/accesskeys", "delay": "1s"}
			if err := a.control(http.MethodPost, "faults", slow, nil); err != nil {
				t.Fatal(err)
			}
			var made page
			var lost error
			answered := make(chan struct{})
			go func() {
				defer close(answered)
				made, lost = b.send(t.Context(), keysPage, form)
			}()
			a.await(t, "POST /accesskeys")
			hangup(t, c, test.says)
			waittest.Receive(t, answered, "the key that was being made")
			if lost != nil || made.status != http.StatusSeeOther {
				t.Errorf("the request in flight got %d, %v", made.status, lost)
			}
			if err := c.stop(); err != nil || !strings.Contains(c.said(), "stopping") {
				t.Errorf("SIGTERM ended it with %v", err)
			}
		})
	}
}

// TestChaosHangupAtStart: a terminal that closes while the console starts, and
// a reload that comes too early, end nothing.
func TestChaosHangupAtStart(t *testing.T) {
	t.Parallel()
	a := startAPIs(t, 0)
	c := newConsole(t, a, "KEYDECK_COLOUR=red") // the warning is the first line of the log
	if err := c.start(); err != nil {
		t.Fatal(err)
	}
	for range 500 {
		if strings.Contains(c.said(), "KEYDECK_COLOUR") {
			break
		}
		wait(t.Context(), time.Millisecond)
	}
	for !strings.Contains(c.said(), "keydeck is up") && c.running() {
		if err := c.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		wait(t.Context(), 5*time.Millisecond)
	}
	if err := answers(t.Context(), c.process, c.admin+"/readyz"); err != nil {
		t.Errorf("%v\n%s", err, c.said())
	}
}

// TestChaosAuditLogRotation: after SIGHUP records go to a new file.
func TestChaosAuditLogRotation(t *testing.T) {
	t.Parallel()
	a := startAPIs(t, 0)
	folder := t.TempDir()
	path, moved := filepath.Join(folder, "audit.log"), filepath.Join(folder, "audit.log.1")
	c := newConsole(t, a, "KEYDECK_AUDIT_LOG="+path)
	if err := c.up(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, c.said())
	}
	b := signedIn(t, c, member)
	if err := os.Rename(path, moved); err != nil {
		t.Fatal(err)
	}
	hangup(t, c, "was reopened")
	if _, err := b.do(t.Context(), "/sign-out", url.Values{}); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{moved: `"action":"sign-in"`, path: `"action":"sign-out"`} {
		if text, err := os.ReadFile(file); err != nil || strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), want) {
			t.Errorf("%s holds %s, %v", filepath.Base(file), text, err)
		}
	}
}
