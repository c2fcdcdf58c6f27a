package chaos

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// bound lets the process write no file any longer than it is, which to it is a
// disk that is full; a size of -1 lifts that.
func (p *process) bound(size int64) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	limit := unix.Rlimit{Cur: uint64(size), Max: unix.RLIM_INFINITY}
	if size < 0 {
		limit.Cur = unix.RLIM_INFINITY
	}
	return unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil)
}

// ready is what the console says of itself.
func (c *console) ready(t *testing.T) (status int, text string) {
	t.Helper()
	response, err := http.Get(c.admin + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// TestChaosFullDisk: no user is half signed in, those who are signed in go on
// reading, the console says that it is not ready, and goes on by itself when
// there is room again.
func TestChaosFullDisk(t *testing.T) {
	t.Parallel()
	a := startAPIs(t, 0)
	c := startConsole(t, a)
	b := signedIn(t, c, member)
	info, err := os.Stat(c.store)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.bound(info.Size()); err != nil {
		t.Fatal(err)
	}
	refused, cookies, sessions := page{}, 0, 1
	for range 200 { // what has become free in the file is used up first
		other := newBrowser(c.url, b.client.Transport)
		if refused, err = other.do(t.Context(), "/sign-in", url.Values{"email": {member}, "password": {password}}); err != nil {
			t.Fatal(err)
		}
		if refused.status != http.StatusSeeOther {
			cookies = len(other.cookies)
			break
		}
		sessions++
	}
	if refused.status != http.StatusServiceUnavailable || cookies != 0 || !strings.Contains(refused.text("main"), "Sessions cannot be") {
		t.Fatalf("signing in: %d, %d cookies, %s", refused.status, cookies, refused.text("main"))
	}
	a.revoked(t, sessions)
	if status, text := c.ready(t); status != http.StatusServiceUnavailable || !strings.Contains(text, "sessions cannot be stored") {
		t.Errorf("it says of itself: %d %s", status, text)
	}
	if p, err := b.send(t.Context(), keysPage, nil); err != nil || p.status != http.StatusOK {
		t.Errorf("who was signed in before gets %d, %v", p.status, err)
	}
	if p, err := b.send(t.Context(), keysPage, b.newKeyForm(t)); err != nil || p.status != http.StatusServiceUnavailable {
		t.Errorf("who generates a key gets %d, %v", p.status, err)
	}
	if there, err := a.truthOf(member); err != nil || there.Made != 0 {
		t.Errorf("%d keys were made, %v", there.Made, err)
	}
	if err := c.bound(-1); err != nil {
		t.Fatal(err)
	}
	if status, text := c.ready(t); status != http.StatusOK {
		t.Errorf("with room again: %d %s", status, text)
	}
	if p, err := b.send(t.Context(), keysPage, b.newKeyForm(t)); err != nil || p.status != http.StatusSeeOther {
		t.Errorf("with room again, who generates a key gets %d, %v", p.status, err)
	}
}

// revoked waits until the tokens that were made for sessions that are not are
// revoked: that goes on after the response.
func (a *apis) revoked(t *testing.T, sessions int) {
	t.Helper()
	tokens := 0
	for range 500 {
		if tokens = a.tokens(t); tokens == sessions {
			return
		}
		wait(t.Context(), 10*time.Millisecond)
	}
	t.Errorf("after 5 s, %d tokens are left of %d sessions", tokens, sessions)
}

// tokens returns how many tokens were made and not deleted.
func (a *apis) tokens(t *testing.T) int {
	t.Helper()
	var log struct {
		Requests []struct{ Method, Path string }
	}
	if err := a.control(http.MethodGet, "requests", nil, &log); err != nil {
		t.Fatal(err)
	}
	tokens := 0
	for _, r := range log.Requests {
		switch {
		case r.Method == http.MethodDelete && strings.HasPrefix(r.Path, "/auth/v1/tokens/"):
			tokens--
		case strings.HasPrefix(r.Path, "/auth/v1/tokens/generate"):
			tokens++
		}
	}
	return tokens
}

// TestChaosDamagedFile while the console has it open: it says that it is not
// ready, does not crash, and after the next start says on a line what is wrong.
func TestChaosDamagedFile(t *testing.T) {
	t.Parallel()
	a := startAPIs(t, 0)
	c := startConsole(t, a)
	b := signedIn(t, c, member)
	if err := os.Truncate(c.store, 100); err != nil {
		t.Fatal(err)
	}
	if p, err := b.send(t.Context(), keysPage, nil); err != nil || p.status != http.StatusServiceUnavailable {
		t.Errorf("who is signed in gets %d, %v", p.status, err)
	}
	if status, _ := c.ready(t); status != http.StatusServiceUnavailable {
		t.Errorf("it says of itself: %d", status)
	}
	if p, err := newBrowser(c.url, b.client.Transport).send(t.Context(), "/sign-in", nil); err != nil || p.status != http.StatusOK {
		t.Errorf("the form to sign in: %d, %v", p.status, err)
	}
	if err := c.stop(); err != nil {
		t.Errorf("told to stop: %v", err)
	}
	if err := c.up(t.Context()); err == nil {
		t.Fatal("it starts on a damaged file")
	}
	if said := c.said(); !strings.Contains(said, "keydeck: KEYDECK_SESSION_STORE: ") || !strings.Contains(said, "damaged") {
		t.Errorf("it says %s", ending(said))
	}
}
