package idempotency_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"keydeck/internal/idempotency"
)

const (
	// maxRecord is the size up to which operations are added.
	maxRecord = 192 << 10
	// maxValue is what a kv.Store takes.
	maxValue = 256 << 10
)

// fill puts copies of an operation into a log, with the ids 0000, 0001, … until
// there is no room for another one, and returns how many.
func fill(t *testing.T, l *log, op operation) (count int) {
	t.Helper()
	op.ID = "0000"
	one, err := json.Marshal(op)
	if err != nil {
		t.Fatal(err)
	}
	count = maxRecord / (len(one) + 1)
	err = l.Edit(t.Context(), func(all []operation) ([]operation, error) {
		for i := range count {
			op.ID = fmt.Sprintf("%04d", i)
			all = append(all, op)
		}
		return all, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

// TestMakeRoom: a record stays below what a kv.Store takes, and no operation is
// dropped that may be needed.
func TestMakeRoom(t *testing.T) {
	for name, test := range map[string]struct {
		keyed bool
		state idempotency.State
		room  bool
	}{
		"done":          {false, idempotency.Done, true},
		"failed":        {false, idempotency.Failed, true},
		"indeterminate": {false, idempotency.Indeterminate, false},
		"pending":       {false, idempotency.Pending, false},
		"done keyed":    {true, idempotency.Done, false},
		"failed keyed":  {true, idempotency.Failed, false},
		"pending keyed": {true, idempotency.Pending, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, openMemory)
			l := f.load(t)
			copied := operation{Keyed: test.keyed, State: test.state, Acquired: t0, Updated: t0, Expires: t0.Add(ttl), Data: data{strings.Repeat("x", 200)}}
			count := fill(t, l, copied)
			larger := operation{ID: "new", Keyed: true, Data: data{strings.Repeat("y", 500)}}
			_, acquired := l.Acquire(t.Context(), larger, ttl)
			larger.ID = "rejected"
			_, rejected := l.Reject(t.Context(), larger, ttl)
			l = f.load(t)
			if !test.room {
				if !errors.Is(acquired, idempotency.ErrFull) || !errors.Is(rejected, idempotency.ErrFull) || len(l.Operations()) != count {
					t.Errorf("Acquire: %v; Reject: %v; %d operations became %d", acquired, rejected, count, len(l.Operations()))
				}
				return
			}
			if acquired != nil || rejected != nil {
				t.Fatalf("Acquire: %v; Reject: %v", acquired, rejected)
			}
			// Each is as large as two or three copies.
			all := l.Operations()
			if dropped := count + 2 - len(all); dropped < 3 || dropped > 6 || all[0].ID != fmt.Sprintf("%04d", dropped) {
				t.Errorf("%d of %d dropped, from %s on", dropped, count, all[0].ID)
			}
			f.want(t, "new", idempotency.Pending, larger.Data.Note)
			f.want(t, "rejected", idempotency.Failed, larger.Data.Note)
		})
	}
	t.Run("limits", testMakeRoomLimits)
}

func testMakeRoomLimits(t *testing.T) {
	t.Run("an operation larger than a record", func(t *testing.T) {
		f := newFixture(t, openMemory)
		op := operation{ID: "a", Data: data{strings.Repeat("x", maxRecord)}}
		if _, err := f.load(t).Acquire(t.Context(), op, ttl); !errors.Is(err, idempotency.ErrFull) {
			t.Errorf("Acquire: %v", err)
		}
		if _, err := f.load(t).Reject(t.Context(), op, ttl); !errors.Is(err, idempotency.ErrFull) {
			t.Errorf("Reject: %v", err)
		}
	})
	// 500 operations as large as those of a creation, of which a tenth are pending
	// and complete with the longest message of an API.
	t.Run("outcomes fit in", func(t *testing.T) {
		f := newFixture(t, openMemory)
		l := f.load(t)
		fill(t, l, operation{Keyed: true, State: idempotency.Pending, Acquired: t0, Expires: t0.Add(ttl), Data: data{strings.Repeat("x", 200)}})
		for i := range 50 {
			op, _ := l.Find(fmt.Sprintf("%04d", i))
			if err := complete(t.Context(), l, op, idempotency.Failed, strings.Repeat("m", 1200)); err != nil {
				t.Fatal(err)
			}
		}
		record, err := f.kv.Get(t.Context(), f.recordKey(t))
		if err != nil || len(record) > maxValue || len(record) < maxRecord {
			t.Errorf("%d bytes: %v", len(record), err)
		}
	})
}
