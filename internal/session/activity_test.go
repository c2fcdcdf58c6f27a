package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/session"
)

// calls is a store that counts its calls.
type calls struct {
	*kv.Memory
	n int
}

func (c *calls) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	c.n++
	return c.Memory.Put(ctx, key, value, expires)
}

func (c *calls) List(ctx context.Context, prefix, after string, limit int) ([]kv.Record, error) {
	c.n++
	return c.Memory.List(ctx, prefix, after, limit)
}

func (c *calls) Delete(ctx context.Context, keys ...string) error {
	c.n++
	return c.Memory.Delete(ctx, keys...)
}

func (f fixture) mustAppend(t *testing.T, m *session.Manager, userID string, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		f.clock.Advance(time.Second)
		if err := m.AppendActivity(t.Context(), userID, fmt.Appendf(nil, "%d", i)); err != nil {
			t.Fatal(err)
		}
	}
}

func wantActivities(t *testing.T, m *session.Manager, userID string, limit, want int, newest string) {
	t.Helper()
	list, err := m.Activities(t.Context(), userID, limit)
	if err != nil || len(list) != want || want > 0 && string(list[0].Data) != newest {
		t.Fatalf("%d of %d activities, %v", len(list), want, err)
	}
	for i := range list[min(1, len(list)):] {
		if list[i].ID >= list[i+1].ID {
			t.Errorf("activity %d: %q before %q", i, list[i].ID, list[i+1].ID)
		}
	}
}

func TestActivities(t *testing.T) {
	f := newFixture(t)
	const userID, stranger = "22222222", "33333333"
	wantActivities(t, f.Manager, userID, 10, 0, "")
	f.mustAppend(t, f.Manager, userID, 0, 250)
	wantActivities(t, f.Manager, userID, 1, 1, "249")
	wantActivities(t, f.Manager, userID, 20, 20, "249")
	wantActivities(t, f.Manager, userID, 1000, session.MaxActivities, "249")
	wantActivities(t, f.Manager, userID, 0, 0, "")
	wantActivities(t, f.Manager, stranger, 1000, 0, "")
	if n := len(f.store.Keys()); n != session.MaxActivities {
		t.Errorf("%d entries are kept after reading, want %d", n, session.MaxActivities)
	}
	f.clock.Advance(90*24*time.Hour - 10*time.Second)
	wantActivities(t, f.Manager, userID, 1000, 10, "249")
	f.clock.Advance(10 * time.Second)
	wantActivities(t, f.Manager, userID, 1000, 0, "")
	trouble := errors.New("disk on fire")
	f.store.Fail(trouble)
	if _, err := f.Activities(t.Context(), userID, 10); !errors.Is(err, trouble) {
		t.Errorf("without a store: %v", err)
	}
}

// An append is one call of the store, but for one in 64; a log that is never read
// is bounded all the same.
func TestAppendActivity(t *testing.T) {
	f := newFixture(t)
	store := &calls{Memory: f.store}
	m := newManager(t, store, f.clock.Now)
	f.mustAppend(t, m, "22222222", 0, 63)
	if store.n != 63 {
		t.Errorf("63 appends took %d calls", store.n)
	}
	f.mustAppend(t, m, "22222222", 63, 1000)
	if n := len(f.store.Keys()); n > session.MaxActivities+64 {
		t.Errorf("%d entries are kept, want at most %d", n, session.MaxActivities+64)
	}
	if store.n > 1000+3*1000/64 {
		t.Errorf("1000 appends took %d calls", store.n)
	}
	wantActivities(t, m, "22222222", session.MaxActivities, session.MaxActivities, "999")
	trouble := errors.New("disk on fire")
	f.store.Fail(trouble)
	if err := m.AppendActivity(t.Context(), "22222222", nil); !errors.Is(err, trouble) {
		t.Errorf("without a store: %v", err)
	}
}

// Reading the index of sessions does not read the log, which is in another group.
func TestAppendActivityGroup(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	f.mustAppend(t, f.Manager, s.UserID, 0, 1)
	groups := map[string]int{}
	for _, key := range f.store.Keys() {
		parts := strings.SplitN(key, "/", 3)
		groups[parts[0]+"/"+parts[1]]++
		if strings.Contains(key, s.UserID) {
			t.Errorf("the user id is in %s", key)
		}
	}
	if len(groups) != 3 {
		t.Errorf("the groups are %v, want the session's, the index and the log", groups)
	}
}
