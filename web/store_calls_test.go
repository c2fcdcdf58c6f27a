package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"keydeck/internal/kv"
)

// countedStore counts the calls of a store.
type countedStore struct {
	kv.Store

	mu    sync.Mutex
	calls []string // "method group"
}

func (s *countedStore) count(method, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind, rest, _ := strings.Cut(key, "/")
	if _, name, nested := strings.Cut(rest, "/"); nested {
		kind += " " + strings.TrimRight(strings.Split(name, "/")[0], "/")
	}
	s.calls = append(s.calls, method+" "+kind)
}

// taken returns the calls since the last time. The activity log is trimmed by one
// append in many; that is not counted.
func (s *countedStore) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var taken []string
	for _, call := range s.calls {
		if call != "list activity" && call != "delete activity" {
			taken = append(taken, call)
		}
	}
	s.calls = nil
	return taken
}

func (s *countedStore) Get(ctx context.Context, key string) ([]byte, error) {
	s.count("get", key)
	return s.Store.Get(ctx, key)
}

func (s *countedStore) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	s.count("put", key)
	return s.Store.Put(ctx, key, value, expires)
}

func (s *countedStore) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (bool, error) {
	s.count("add", key)
	return s.Store.PutIfAbsent(ctx, key, value, expires)
}

func (s *countedStore) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (bool, error) {
	s.count("swap", key)
	return s.Store.CompareAndSwap(ctx, key, old, value, expires)
}

func (s *countedStore) Delete(ctx context.Context, keys ...string) error {
	s.count("delete", keys[0])
	return s.Store.Delete(ctx, keys...)
}

func (s *countedStore) DeleteGroup(ctx context.Context, group string) error {
	s.count("delete", group)
	return s.Store.DeleteGroup(ctx, group)
}

func (s *countedStore) List(ctx context.Context, prefix, after string, limit int) ([]kv.Record, error) {
	s.count("list", prefix)
	return s.Store.List(ctx, prefix, after, limit)
}

// TestStoreCalls counts the store calls of a change through the whole chain of
// handlers: loading the session, the operation and the activity log among them.
func TestStoreCalls(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	store := &countedStore{Store: c.store}
	c = c.on(c.serve(store))
	key := keysPage + "/" + c.keyOf("full@keydeck.example")
	for _, tt := range []struct {
		name, email string
		address     string
		form        func(b *browser) url.Values
		most        int
	}{
		{"create", "member@keydeck.example", keysPage, func(b *browser) url.Values { return url.Values{"request_id": {b.requestID()}} }, 8},
		{"deactivate", "full@keydeck.example", key + "/deactivate", func(*browser) url.Values { return nil }, 5},
		{"activate", "full@keydeck.example", key + "/activate", func(*browser) url.Values { return nil }, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := c.signIn(tt.email)
			form := tt.form(b)
			store.taken()
			if answer := b.post(tt.address, form); answer.status != http.StatusSeeOther {
				t.Fatalf("status %d", answer.status)
			}
			taken := store.taken()
			if len(taken) == 0 || len(taken) > tt.most {
				t.Errorf("%d calls, want 1 to %d:\n%s", len(taken), tt.most, strings.Join(taken, "\n"))
			}
			if n := len(c.asked()); n == 0 {
				t.Error("the API was not called")
			}
			t.Logf("%d calls: %s", len(taken), strings.Join(taken, ", "))
		})
	}
}
