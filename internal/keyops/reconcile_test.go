package keyops_test

import (
	"errors"
	"testing"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
	"keydeck/internal/parallel"
)

func TestReconcile(t *testing.T) {
	t.Parallel()
	reconcileCases.run(t)
}

var reconcileCases = table{
	"never begun": func(t *testing.T, f *fixture) {
		_, err := f.ops.Reconcile(t.Context(), f.me, "form")
		if !errors.Is(err, keyops.ErrNotBegun) {
			t.Errorf("got %v", err)
		}
	},
	"never begun, sent afterwards": func(t *testing.T, f *fixture) {
		_, _ = f.ops.Reconcile(t.Context(), f.me, "form")
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keyops.ErrRepeated, keyops.ErrNotBegun)
		f.wantCalls("CreateOwnKey", 0)
	},
	"never begun, on its way": func(t *testing.T, f *fixture) {
		f.remote.Fail("OwnKeys", keystest.Fault{Wait: time.Second})
		parallel.Do(
			func() {
				_, err := f.ops.Create(t.Context(), f.me, "form", "")
				wantError(t, err, false, keyops.ErrRepeated, keyops.ErrNotBegun)
			},
			func() {
				pass(500 * time.Millisecond)
				_, err := f.ops.Reconcile(t.Context(), f.me, "form")
				wantError(t, err, false, keyops.ErrNotBegun)
			},
		)
		f.wantCalls("CreateOwnKey", 0)
	},
	"never begun, and the store fails": func(t *testing.T, f *fixture) {
		f.store.failing(storeCall.writes)
		_, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, false, keyops.ErrStore)
	},
	"done": func(t *testing.T, f *fixture) {
		first, _ := f.ops.Create(t.Context(), f.me, "form", "")
		again, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantDone(t, again, err, first.AccessKey)
		f.wantAudit(audited{keyops.Create, first.AccessKey, "done"})
	},
	"found": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", true)
		f.wantAudit(audited{keyops.Create, "", "unclear"})
		result, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
		f.wantAudit(audited{keyops.Create, result.AccessKey, "done"})
	},
	"not found": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", false)
		_, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, true, keys.ErrTimeout) // it may be on its way
		f.wantAudit(audited{keyops.Create, "", "unclear"})
		pass(time.Minute)
		_, err = f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, false, keys.ErrUnavailable)
		f.wantAudit(audited{keyops.Create, "", "refused"})
		_, err = f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, false, keyops.ErrRepeated)
		f.wantAudit()
		f.wantCalls("CreateOwnKey", 1)
	},
	"list still fails": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", true)
		pass(time.Minute)
		f.remote.FailAll("OwnKeys", keystest.Fault{Err: keystest.Refused(keys.ErrUnavailable, "")})
		_, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, true, keys.ErrUnavailable)
	},
	"key with another description is not it": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", false)
		f.remote.Add(own.UserID, keys.Key{Description: "other"})
		pass(time.Minute)
		_, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, false, keys.ErrUnavailable)
	},
	"oldest of several": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", true)
		f.remote.Add(own.UserID, keys.Key{Description: "d"})
		result, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
	},
	"claimed by another session's creation": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", false)
		other, err := f.ops.Create(t.Context(), f.signIn(own), "other", "d")
		wantDone(t, other, err, "")
		pass(time.Minute)
		_, err = f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, false, keys.ErrUnavailable)
	},
	"one key for the lost creations of two sessions": func(t *testing.T, f *fixture) {
		other := f.signIn(own)
		f.createLost(f.me, "form", false)
		f.createLost(other, "other", true)
		f.remote.FailAll("OwnKeys", keystest.Fault{Wait: 100 * time.Millisecond})
		var results [2]keyops.Result
		var errs [2]error
		parallel.Do(
			func() { results[0], errs[0] = f.ops.Reconcile(t.Context(), f.me, "form") },
			func() { results[1], errs[1] = f.ops.Reconcile(t.Context(), other, "other") },
		)
		if errs[0] != nil {
			errs[0], errs[1], results[0] = errs[1], errs[0], results[1]
		}
		wantDone(t, results[0], errs[0], f.remote.Keys(own.UserID)[0])
		wantError(t, errs[1], true, keys.ErrUnavailable)
	},
	"may be a pending creation's of another session": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", false)
		pass(time.Minute)
		other := f.signIn(own)
		f.remote.Fail("CreateOwnKey", keystest.Fault{Worked: true, Wait: 30 * time.Second})
		parallel.Do(
			func() {
				result, err := f.ops.Create(t.Context(), other, "other", "d")
				wantDone(t, result, err, "")
			},
			func() {
				pass(time.Second)
				elsewhere := f.remote.Add(own.UserID, keys.Key{Description: "d"})
				_, err := f.ops.Reconcile(t.Context(), f.me, "form")
				wantError(t, err, true, keys.ErrUnavailable)
				pass(time.Minute)
				result, err := f.ops.Reconcile(t.Context(), f.me, "form")
				wantDone(t, result, err, elsewhere)
			},
		)
	},
	"answer of the API counts more than a claim": func(t *testing.T, f *fixture) {
		// Its process was taken for dead, and another creation found its key.
		other := f.signIn(own)
		f.createLost(other, "other", false)
		f.remote.Fail("CreateOwnKey", keystest.Fault{Wait: 49 * time.Second})
		f.store.set(func(c storeCall) (bool, error) {
			if c.method == "put" && c.value() {
				f.store.heal()
				pass(17 * time.Second) // the store is slow with the pair
				result, err := f.ops.Reconcile(t.Context(), other, "other")
				wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
			}
			return false, nil
		})
		result, err := f.ops.Create(t.Context(), f.me, "form", "d")
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
	},
	"by two replicas at once": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", true)
		f.wantAudit(audited{keyops.Create, "", "unclear"})
		var one, two keyops.Result
		var err1, err2 error
		parallel.Do(
			func() { one, err1 = f.ops.Reconcile(t.Context(), f.me, "form") },
			func() { two, err2 = f.ops.Reconcile(t.Context(), f.me, "form") },
		)
		wantDone(t, one, err1, two.AccessKey)
		wantDone(t, two, err2, f.remote.Keys(own.UserID)[0])
		f.wantAudit(audited{keyops.Create, one.AccessKey, "done"})
	},
	"by two replicas, one of which sees an old list": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", true)
		pass(time.Minute)
		old := keystest.Fault{Listed: []keys.Key{}}
		f.remote.Fail("OwnKeys", old)
		parallel.Do(
			func() {
				result, err := f.ops.Reconcile(t.Context(), f.me, "form")
				wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
			},
			func() {
				pass(100 * time.Millisecond)
				f.remote.Fail("OwnKeys", keystest.Fault{}, old, old, old, old)
				result, err := f.ops.Reconcile(t.Context(), f.me, "form")
				wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
			},
		)
	},
}

// TestReconcileOrphaned: the process that carried a change out is no more.
func crash(f *fixture, worked bool) { // nothing of the outcome is written
	f.t.Helper()
	f.remote.Fail("CreateOwnKey", keystest.Fault{Err: map[bool]error{true: nil, false: keystest.Refused(keys.ErrRejected, "no")}[worked], During: func() {
		f.store.failing(func(c storeCall) bool { return c.writes() })
	}})
	_, _ = f.ops.Create(f.t.Context(), f.me, "form", "d")
	f.store.heal()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.audited = nil // it was lost with the process
}

func TestReconcileOrphaned(t *testing.T) {
	t.Parallel()
	reconcileOrphanedCases.run(t)
}

var reconcileOrphanedCases = table{
	"by epoch, found": func(t *testing.T, f *fixture) {
		crash(f, true)
		f.ops = f.open("second")
		result, err := f.ops.Create(t.Context(), f.me, "form", "d")
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
		f.wantKeys(own, 1)
		f.wantAudit(audited{keyops.Create, result.AccessKey, "done"})
	},
	"by epoch, not found": func(t *testing.T, f *fixture) {
		crash(f, false)
		f.ops = f.open("second")
		_, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, true, keys.ErrTimeout)
		f.wantAudit(audited{keyops.Create, "", "unclear"})
		pass(time.Minute)
		_, err = f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, false, keys.ErrUnavailable)
		f.wantAudit(audited{keyops.Create, "", "refused"})
	},
	"by age": func(t *testing.T, f *fixture) {
		crash(f, true)
		began := time.Now()
		result, err := f.ops.Create(t.Context(), f.me, "form", "d")
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
		if took := time.Since(began); took > 70*time.Second {
			t.Errorf("it waited %v", took)
		}
		f.wantKeys(own, 1)
	},
	"found by the next form": func(t *testing.T, f *fixture) {
		crash(f, true)
		f.ops = f.open("second")
		_, err := f.ops.Create(t.Context(), f.me, "next", "d")
		other, ok := errors.AsType[*keyops.InProgressError](err)
		if !ok {
			t.Fatalf("got %v", err)
		}
		result, err := f.ops.Reconcile(t.Context(), f.me, other.IdempotencyKey)
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
		next, err := f.ops.Create(t.Context(), f.me, "next", "d")
		wantDone(t, next, err, f.remote.Keys(own.UserID)[1])
	},
}
