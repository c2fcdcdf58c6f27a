package idempotency_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"keydeck/internal/idempotency"
)

// FuzzLog lets four processes work on one subject, each with a Log that the others
// make stale. In no order do they lose an operation, acquire one twice, or know
// less of one than before. Each byte of steps is a process, an operation and what
// the process does with it.
func FuzzLog(f *testing.F) {
	for _, seed := range []string{
		"", "\x00\x01\x02\x03", "\x00\x40\x80\xc0", "0123456789abcdefghijklmnopqrstuvwxyz",
		"\x00\x10\x20\x30\x01\x11\x21\x31\x02\x12\x22\x32", "\x04\x15\x26\x37\x48\x59\x6a\x7b\x8c\x9d\xae\xbf\xff\xee\xdd",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, steps []byte) {
		fix := newFixture(t, openMemory)
		logs := []*log{fix.load(t), fix.load(t), fix.load(t), fix.load(t)}
		known := map[string]idempotency.State{}
		for _, step := range steps[:min(len(steps), 200)] {
			l, id := logs[step&3], fmt.Sprint(step>>2&7)
			switch action := step >> 5; action {
			case 0:
				logs[step&3] = fix.load(t)
			case 1, 2:
				if _, err := l.Acquire(t.Context(), operation{ID: id}, ttl); err == nil {
					if known[id] != "" {
						t.Errorf("%s is acquired again, and was %v", id, known[id])
					}
					known[id] = idempotency.Pending
				} else if !errors.Is(err, idempotency.ErrConflict) {
					t.Error(err)
				}
			case 3:
				if _, err := l.Reject(t.Context(), operation{ID: id}, ttl); err != nil {
					t.Error(err)
				}
				if known[id] == "" {
					known[id] = idempotency.Failed
				}
			default:
				op, found := l.Find(id)
				state := states[action-4]
				if !found {
					continue
				}
				if err := complete(t.Context(), l, op, state, ""); err != nil {
					t.Error(err)
				}
				known[id] = better(known[id], state)
			}
			checkKnown(t, fix, known)
		}
	})
}

func checkKnown(t *testing.T, f fixture, known map[string]idempotency.State) {
	t.Helper()
	l := f.load(t)
	if len(l.Operations()) != len(known) {
		t.Fatalf("there are %+v, want %v", l.Operations(), known)
	}
	for id, state := range known {
		if op, _ := l.Find(id); op.State != state {
			t.Fatalf("%s is %v, want %v", id, op.State, state)
		}
	}
}

// better returns the state that says more.
func better(a, b idempotency.State) idempotency.State {
	return states[max(slices.Index(states, a), slices.Index(states, b))]
}
