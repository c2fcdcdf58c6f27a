package idempotency_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/kv"
)

var (
	errTrouble = errors.New("disk on fire")
	errAny     = errors.New("any error")
)

// matches reports whether an error is the one expected: nil, any, or a certain one.
func matches(err, want error) bool {
	if want == nil || errors.Is(want, errAny) {
		return (err == nil) == (want == nil)
	}
	return errors.Is(err, want)
}

// flaky is a database in which one call of each kind fails: a write before it is
// carried out or, with late, after it.
type flaky struct {
	*kv.Memory
	get, write error
	late       bool
}

func (f *flaky) Get(ctx context.Context, key string) ([]byte, error) {
	if err := take(&f.get); err != nil {
		return nil, err
	}
	return f.Memory.Get(ctx, key)
}

func (f *flaky) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (bool, error) {
	return f.fail(func() (bool, error) { return f.Memory.PutIfAbsent(ctx, key, value, expires) })
}

func (f *flaky) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (bool, error) {
	return f.fail(func() (bool, error) { return f.Memory.CompareAndSwap(ctx, key, old, value, expires) })
}

func (f *flaky) fail(write func() (bool, error)) (bool, error) {
	err := take(&f.write)
	if err != nil && !f.late {
		return false, err
	}
	written, failed := write()
	return written && err == nil, errors.Join(err, failed)
}

func take(err *error) error {
	taken := *err
	*err = nil
	return taken
}

// hidden must not be printed.
const hidden = "CANARY"

type troubleTest struct {
	trouble flaky
	stale   bool // the record has changed since it was loaded
	call    func(ctx context.Context, f fixture, l *log, op operation) error
	first   idempotency.State // what the operation is after the call
	then    idempotency.State // and after it is repeated
}

// TestLog/trouble: each call returns the trouble of the store, without a word on
// the operation, and succeeds when it is repeated with the same Log.
func TestLog(t *testing.T) {
	for name, test := range map[string]troubleTest{
		"Load": {
			trouble: flaky{get: errTrouble}, first: idempotency.Pending, then: idempotency.Pending,
			call: func(ctx context.Context, f fixture, _ *log, _ operation) error {
				_, err := f.Load(ctx, hidden)
				return err
			},
		},
		"Wait": {
			trouble: flaky{get: errTrouble}, first: idempotency.Pending, then: idempotency.Pending,
			call: func(ctx context.Context, f fixture, _ *log, op operation) error {
				_, err := f.Wait(ctx, hidden, op.ID)
				return err
			},
		},
		"Complete that is not written": {
			trouble: flaky{write: errTrouble}, first: idempotency.Pending, then: idempotency.Done, call: completeDone,
		},
		"Complete that is written without an answer": {
			trouble: flaky{write: errTrouble, late: true}, first: idempotency.Done, then: idempotency.Done, call: completeDone,
		},
		"Complete that cannot read again": {
			trouble: flaky{get: errTrouble}, stale: true, first: idempotency.Pending, then: idempotency.Done, call: completeDone,
		},
		"Reject that is not written": {
			trouble: flaky{write: errTrouble}, first: idempotency.Pending, then: idempotency.Pending, call: rejectAnother,
		},
		"Reject that cannot read again": {
			trouble: flaky{get: errTrouble}, stale: true, first: idempotency.Pending, then: idempotency.Pending, call: rejectAnother,
		},
		"Acquire that is not written": {
			trouble: flaky{write: errTrouble}, first: idempotency.Pending, then: idempotency.Pending,
			call: func(ctx context.Context, _ fixture, l *log, _ operation) error {
				_, err := l.Acquire(ctx, operation{ID: hidden + " 2", Data: data{hidden}}, ttl)
				return err
			},
		},
	} {
		t.Run("trouble/"+name, func(t *testing.T) {
			synctest.Test(t, test.run)
		})
	}
	t.Run("trouble/Acquire that is written without an answer", testAcquireWithoutAnswer)
}

func (test troubleTest) run(t *testing.T) {
	store := &flaky{Memory: kv.NewMemory(time.Now)}
	f := fixture{idempotency.New[data](idempotency.Config{Store: store, OrphanTimeout: orphanTimeout}), store, nil}
	l := f.loadOf(t, hidden)
	op, err := l.Acquire(t.Context(), operation{ID: hidden, Data: data{hidden}}, ttl)
	if err != nil {
		t.Fatal(err)
	}
	if test.stale {
		if _, err := f.loadOf(t, hidden).Acquire(t.Context(), operation{ID: "another"}, ttl); err != nil {
			t.Fatal(err)
		}
	}
	store.get, store.write, store.late = test.trouble.get, test.trouble.write, test.trouble.late
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := test.call(ctx, f, l, op); !errors.Is(err, errTrouble) || strings.Contains(err.Error(), hidden) {
		t.Errorf("in trouble: %v", err)
	}
	if _, found := l.Find(hidden); !found {
		t.Error("the log has lost what it had")
	}
	if got, _ := f.loadOf(t, hidden).Find(hidden); got.State != test.first {
		t.Errorf("after the trouble it is %+v, want %v", got, test.first)
	}
	if err := test.call(ctx, f, l, op); err != nil {
		t.Errorf("repeated: %v", err)
	}
	if got, _ := f.loadOf(t, hidden).Find(hidden); got.State != test.then {
		t.Errorf("at last it is %+v, want %v", got, test.then)
	}
}

// testAcquireWithoutAnswer: the operation stays pending, since the caller cannot
// know that it is its own.
func testAcquireWithoutAnswer(t *testing.T) {
	store := &flaky{Memory: kv.NewMemory(func() time.Time { return t0 })}
	f := fixture{idempotency.New[data](idempotency.Config{Store: store, Now: func() time.Time { return t0 }, OrphanTimeout: orphanTimeout}), store, nil}
	l := f.load(t)
	store.write, store.late = errTrouble, true
	if _, err := l.Acquire(t.Context(), operation{ID: "a"}, ttl); !errors.Is(err, errTrouble) {
		t.Errorf("Acquire: %v", err)
	}
	if _, err := l.Acquire(t.Context(), operation{ID: "a"}, ttl); !errors.Is(err, idempotency.ErrConflict) {
		t.Errorf("repeated: %v", err)
	}
	f.want(t, "a", idempotency.Pending, "")
}

func completeDone(ctx context.Context, _ fixture, l *log, op operation) error {
	return complete(ctx, l, op, idempotency.Done, hidden)
}

func rejectAnother(ctx context.Context, _ fixture, l *log, _ operation) error {
	_, err := l.Reject(ctx, operation{ID: hidden + " 2", Data: data{hidden}}, ttl)
	return err
}
