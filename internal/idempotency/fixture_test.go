package idempotency_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"keydeck/internal/idempotency"
	"keydeck/internal/kv"
	"keydeck/internal/kv/kvtest"
)

var t0 = time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC)

const (
	subject       = "22222222-2222-4222-8222-222222222222"
	ttl           = time.Hour
	orphanTimeout = time.Minute
)

// data is what the tests keep of an operation.
type data struct {
	Note string `json:",omitzero"`
}

type (
	operation = idempotency.Operation[data]
	log       = idempotency.Log[data]
)

// fixture is a Store, its database, and a clock.
type fixture struct {
	*idempotency.Store[data]
	kv    kv.Store
	clock *kvtest.Clock
}

func newFixture(t testing.TB, open func(t testing.TB, now func() time.Time) kv.Store) fixture {
	t.Helper()
	clock := kvtest.NewClock(t0)
	return over(open(t, clock.Now), clock)
}

// over is another process on the same database.
func over(store kv.Store, clock *kvtest.Clock) fixture {
	cfg := idempotency.Config{Store: store, Now: clock.Now, OrphanTimeout: orphanTimeout}
	return fixture{idempotency.New[data](cfg), store, clock}
}

func openMemory(_ testing.TB, now func() time.Time) kv.Store { return kv.NewMemory(now) }

func openBolt(t testing.TB, now func() time.Time) kv.Store {
	t.Helper()
	return openBoltAt(t, filepath.Join(t.TempDir(), "s.db"), now)
}

func openBoltAt(t testing.TB, path string, now func() time.Time) kv.Store {
	t.Helper()
	b, err := kv.OpenBolt(kv.BoltConfig{Path: path, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func openRedis(t testing.TB, now func() time.Time) kv.Store {
	t.Helper()
	r, err := kv.OpenRedis(t.Context(), kv.RedisConfig{URL: "redis://" + miniredis.RunT(t).Addr(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

var backends = map[string]func(testing.TB, func() time.Time) kv.Store{
	"memory": openMemory, "bolt": openBolt, "redis": openRedis,
}

func (f fixture) load(t testing.TB) *log {
	t.Helper()
	return f.loadOf(t, subject)
}

func (f fixture) loadOf(t testing.TB, subject string) *log {
	t.Helper()
	l, err := f.Load(t.Context(), subject)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (f fixture) acquire(t testing.TB, id string) operation {
	t.Helper()
	op, err := f.load(t).Acquire(t.Context(), operation{ID: id, Keyed: true}, ttl)
	if err != nil {
		t.Fatalf("Acquire(%q): %v", id, err)
	}
	return op
}

// complete records an outcome with a note.
func complete(ctx context.Context, l *log, op operation, state idempotency.State, note string) error {
	_, err := l.Complete(ctx, op, state, func(op *operation, all []operation) ([]operation, error) {
		op.Data.Note = note
		return all, nil
	})
	return err
}

func (f fixture) mustComplete(t testing.TB, op operation, state idempotency.State, note string) {
	t.Helper()
	if err := complete(t.Context(), f.load(t), op, state, note); err != nil {
		t.Fatalf("Complete(%q, %v): %v", op.ID, state, err)
	}
}

// want checks what is stored of an operation.
func (f fixture) want(t testing.TB, id string, state idempotency.State, note string) {
	t.Helper()
	op, found := f.load(t).Find(id)
	if !found || op.State != state || op.Data.Note != note {
		t.Errorf("%s is %+v (found: %v), want %v %q", id, op, found, state, note)
	}
}

// wantIDs checks which operations there are, in order.
func wantIDs(t testing.TB, l *log, want ...string) {
	t.Helper()
	var got []string
	for _, op := range l.Operations() {
		got = append(got, op.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("there are %s, want %s", strings.Join(got, " "), strings.Join(want, " "))
	}
}

// lose deletes the record, as a Redis that evicts keys does.
func (f fixture) lose(t testing.TB) {
	t.Helper()
	if err := f.kv.Delete(t.Context(), f.recordKey(t)); err != nil {
		t.Fatal(err)
	}
}

// recordKey returns the key of the only record.
func (f fixture) recordKey(t testing.TB) string {
	t.Helper()
	memory, ok := f.kv.(*kv.Memory)
	if !ok || len(memory.Keys()) != 1 {
		t.Fatal("not one record in memory")
	}
	return memory.Keys()[0]
}
