package web_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"keydeck/internal/kv"
)

// forgetful is a store that loses records of operations at random, as Redis does
// with an eviction policy.
type forgetful struct {
	kv.Store
	mu     sync.Mutex
	random *rand.Rand
	lost   int
}

func (f *forgetful) Get(ctx context.Context, key string) ([]byte, error) {
	f.mu.Lock()
	lose := strings.HasPrefix(key, "operations/") && f.random.IntN(2) == 0
	if lose {
		f.lost++
	}
	f.mu.Unlock()
	if lose {
		if err := f.Delete(ctx, key); err != nil {
			return nil, err
		}
	}
	return f.Store.Get(ctx, key)
}

// TestForgetfulStore: with a store that loses records, against advice, one form still
// makes one key, however often it is sent.
func TestForgetfulStore(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	store := &forgetful{Store: c.store, random: rand.New(rand.NewPCG(1, 2))}
	c = c.on(c.serve(store))
	b := c.signIn("member@keydeck.example")
	for range 4 {
		form := url.Values{"request_id": {b.requestID()}}
		c.asked()
		var first string
		for range 6 {
			answer := b.post(keysPage, form)
			location := answer.header.Get("Location")
			if first == "" {
				first = location
			}
			if answer.status != http.StatusSeeOther || location != first {
				t.Fatalf("got %d to %q, not to %q", answer.status, location, first)
			}
			c.clock.Advance(time.Second)
		}
		if n := made(c.asked()); n != 1 {
			t.Fatalf("%d calls to make a key", n)
		}
	}
	if store.lost == 0 {
		t.Error("the store has lost nothing")
	}
}
