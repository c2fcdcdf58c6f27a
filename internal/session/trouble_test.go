package session_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/session"
)

func TestLoadStoreFails(t *testing.T) {
	f := newFixture(t)
	_, cookie := signIn(t, f.Manager)
	trouble := errors.New("disk on fire")
	f.store.Fail(trouble)
	if _, err := load(t, f.Manager, cookie); !errors.Is(err, trouble) || errors.Is(err, session.ErrNoSession) {
		t.Errorf("Load: %v", err)
	}
	if _, err := load(t, f.Manager); !errors.Is(err, session.ErrNoSession) {
		t.Errorf("Load without a cookie needs no store: %v", err)
	}
	for name, call := range map[string]func(http.ResponseWriter, *http.Request) error{
		"Start": func(w http.ResponseWriter, r *http.Request) error { return f.Start(w, r, person()) },
		"End":   f.End,
	} {
		w := httptest.NewRecorder()
		if err := call(w, request(t, cookie)); !errors.Is(err, trouble) {
			t.Errorf("%s: %v", name, err)
		}
		if len(w.Header()) > 0 {
			t.Errorf("%s set headers %v", name, w.Header())
		}
	}
	if err := f.Start(httptest.NewRecorder(), request(t), person()); !errors.Is(err, trouble) {
		t.Errorf("Start without a cookie: %v", err)
	}
	f.store.Fail(nil)
	if _, err := load(t, f.Manager, cookie); err != nil {
		t.Errorf("after the trouble: %v", err)
	}
}

// Within one request, what came last counts.
func TestLoadSameRequest(t *testing.T) {
	f := newFixture(t)
	_, cookie := signIn(t, f.Manager)
	r, w := request(t, cookie), httptest.NewRecorder()
	if _, err := f.Load(w, r); err != nil {
		t.Fatal(err)
	}
	s := person()
	if err := f.Start(w, r, s); err != nil {
		t.Fatal(err)
	}
	if loaded, err := f.Load(w, r); err != nil || loaded.ID() != s.ID() {
		t.Errorf("after Start: %v", err)
	}
	if err := f.End(w, r); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Load(w, r); !errors.Is(err, session.ErrNoSession) {
		t.Errorf("after End: %v", err)
	}
	if keys := f.store.Keys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
}

// deaf is a backend that stops answering reads at a certain point.
type deaf struct {
	*kv.Memory
	err error
}

func (d *deaf) Get(ctx context.Context, key string) ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	return d.Memory.Get(ctx, key)
}

// If the store fails right after a write, a secret that was stored is not lost.
func TestSetStoreFails(t *testing.T) {
	f := newFixture(t)
	store := &deaf{Memory: f.store}
	m := newManager(t, store, f.clock.Now)
	s, _ := signIn(t, m)
	store.err = errors.New("disk on fire")
	if _, err := m.Values(s).Set(t.Context(), "pair", []byte("secret"), time.Minute); err != nil {
		t.Errorf("Set: %v", err)
	}
	store.err = nil
	f.wantKept(t, s, "pair", "secret")
}
