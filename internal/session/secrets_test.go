package session_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydeck/internal/secret"
	"keydeck/internal/session"
)

func TestSessionFormat(t *testing.T) {
	token := secret.New("CANARY")
	type hidden struct{ token secret.Value }
	s, cookie := signIn(t, newFixture(t).Manager)
	_, cookieSecret, _ := strings.Cut(cookie.Value, ".")
	s.Token = token
	var said strings.Builder
	for _, value := range []any{token, &token, s, *s, hidden{token}, &hidden{token}, []secret.Value{token}, map[string]any{"t": token}, struct{ S session.Session }{*s}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10v"} {
			fmt.Fprintf(&said, verb+"\n", value)
		}
		for _, handler := range []slog.Handler{slog.NewTextHandler(&said, nil), slog.NewJSONHandler(&said, nil)} {
			slog.New(handler).Info("x", "value", value, slog.Group("g", "value", value))
		}
		if encoded, err := json.Marshal(value); err == nil {
			said.Write(encoded)
		}
	}
	if encoded, err := xml.Marshal(token); err != nil {
		t.Error(err)
	} else {
		said.Write(encoded)
	}
	said.WriteString(token.String())
	for _, leak := range []string{"CANARY", "43414e415259", "43414E415259", "67 65 78 65", cookieSecret} {
		if strings.Contains(said.String(), leak) {
			t.Errorf("%q in\n%s", leak, said.String())
		}
	}
	if !strings.Contains(said.String(), "[redacted]") {
		t.Error("nothing is marked as redacted")
	}
}

// The file holds a session at work and one that has ended, and tells nothing
// of either but what its person's list of sessions says: contract, token id,
// times, address and browser.
func TestStoreSealed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	b := openBolt(t, path, func() time.Time { return t0 })
	m := newManager(t, b, func() time.Time { return t0 })
	_, cookie := signIn(t, m)
	_, again := signIn(t, m, cookie)
	s, err := load(t, m, again)
	if err != nil {
		t.Fatal(err)
	}
	_, kept := m.Values(s).Set(t.Context(), "pair of AKIACANARY", []byte("secret CANARY"), time.Minute)
	if err := errors.Join(kept, b.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{canary, canary[:12], "CANARY", "tokencanary", s.UserID, s.Email, s.Name}
	for _, c := range []string{cookie.Value, again.Value} {
		_, secret, _ := strings.Cut(c, ".")
		secrets = append(secrets, secret, secret[:16])
	}
	for _, secret := range secrets {
		if bytes.Contains(file, []byte(secret)) {
			t.Errorf("%.20q is in the file", secret)
		}
	}
	if !bytes.Contains(file, []byte(s.ID())) {
		t.Error("the id is not in the file: this test looks at the wrong one")
	}
}

// A record that is moved to the place of another does not open: neither that of
// another session, nor that of another value.
func TestStoreSwappedRecords(t *testing.T) {
	f := newFixture(t)
	mine, myCookie := signIn(t, f.Manager)
	_, herCookie := signIn(t, f.Manager)
	for _, id := range []string{"one", "two"} {
		f.mustKeep(t, mine, id, "value "+id, time.Minute)
	}
	all := map[string][]byte{}
	for _, key := range f.store.Keys() {
		if strings.HasPrefix(key, "person/") {
			continue // not sealed: see TestALineOfTheListIsItsOwn
		}
		value, err := f.store.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		all[key] = value
	}
	for to := range all {
		for from, value := range all {
			if to == from {
				continue
			}
			put(t, f, to, value)
			_, _, getOne := f.Values(mine).Get(t.Context(), "one")
			_, _, getTwo := f.Values(mine).Get(t.Context(), "two")
			_, loadMine := load(t, f.Manager, myCookie)
			_, loadHers := load(t, f.Manager, herCookie)
			wrong := 0
			for _, err := range []error{getOne, getTwo, loadMine, loadHers} {
				if err != nil {
					wrong++
				}
			}
			if wrong != 1 {
				t.Errorf("%s under %s: %d calls failed, want the one", from, to, wrong)
			}
		}
		put(t, f, to, all[to])
	}
	for i := range all["session/"+mine.ID()+"/record"] {
		changed := bytes.Clone(all["session/"+mine.ID()+"/record"])
		changed[i] ^= 1
		put(t, f, "session/"+mine.ID()+"/record", changed)
		if _, err := load(t, f.Manager, myCookie); !errors.Is(err, session.ErrNoSession) {
			t.Fatalf("byte %d of the record changed: %v", i, err)
		}
	}
}

func put(t *testing.T, f fixture, key string, value []byte) {
	t.Helper()
	if err := f.store.Put(context.Background(), key, value, t0.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
}
