package keyops_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
	"keydeck/internal/parallel"
)

// TestCreateRepeated: one idempotency key creates one key, whatever comes between.
func TestCreateRepeated(t *testing.T) {
	t.Parallel()
	createRepeatedCases.run(t)
}

var createRepeatedCases = table{
	"in parallel": func(t *testing.T, f *fixture) {
		f.remote.FailAll("OwnKeys", keystest.Fault{Wait: 100 * time.Millisecond})
		f.remote.Fail("CreateOwnKey", keystest.Fault{Wait: 2 * time.Second})
		var results [4]keyops.Result
		var errs [4]error
		parallel.Each(results[:], len(results), func(i int, _ keyops.Result) {
			results[i], errs[i] = f.ops.Create(t.Context(), f.me, "form", "")
		})
		for i := range results {
			wantDone(t, results[i], errs[i], results[0].AccessKey)
		}
		f.wantKeys(own, 1)
		f.wantAudit(audited{keyops.Create, results[0].AccessKey, "done"})
	},
	"in parallel, and refused": func(t *testing.T, f *fixture) {
		f.remote.FailAll("CreateOwnKey", keystest.Fault{Wait: time.Second, Err: keystest.Refused(keys.ErrRejected, "no")})
		var errs [3]error
		parallel.Each(errs[:], len(errs), func(i int, _ error) {
			_, errs[i] = f.ops.Create(t.Context(), f.me, "form", "")
		})
		repeated := 0
		for _, err := range errs {
			wantError(t, err, false, keys.ErrRejected)
			if errors.Is(err, keyops.ErrRepeated) {
				repeated++
			}
		}
		if repeated != 2 {
			t.Errorf("%d are repeated", repeated)
		}
		f.wantCalls("CreateOwnKey", 1)
	},
	"in parallel, and one cannot list": func(t *testing.T, f *fixture) {
		f.remote.Fail("OwnKeys",
			keystest.Fault{Wait: time.Second, Err: keystest.Refused(keys.ErrUnavailable, "")},
			keystest.Fault{})
		f.remote.Fail("CreateOwnKey", keystest.Fault{Wait: 3 * time.Second})
		var first, second keyops.Result
		var err1, err2 error
		parallel.Do(
			func() { first, err1 = f.ops.Create(t.Context(), f.me, "form", "") },
			func() { second, err2 = f.ops.Create(t.Context(), f.me, "form", "") },
		)
		wantDone(t, first, err1, second.AccessKey)
		wantDone(t, second, err2, first.AccessKey)
		f.wantAudit(audited{keyops.Create, first.AccessKey, "done"})
	},
	"two forms in parallel, and both cannot list": func(t *testing.T, f *fixture) {
		f.remote.FailAll("OwnKeys", keystest.Fault{Wait: time.Second, Err: keystest.Refused(keys.ErrUnavailable, "")})
		parallel.Each([]string{"first", "second"}, 2, func(_ int, form string) {
			_, err := f.ops.Create(t.Context(), f.me, form, "")
			wantError(t, err, false, keys.ErrUnavailable)
		})
		for _, form := range []string{"first", "second"} {
			_, err := f.ops.Create(t.Context(), f.me, form, "")
			wantError(t, err, false, keys.ErrUnavailable, keyops.ErrRepeated)
		}
	},
	"after success": func(t *testing.T, f *fixture) {
		first, _ := f.ops.Create(t.Context(), f.me, "form", "")
		again, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantDone(t, again, err, first.AccessKey)
		f.wantKeys(own, 1)
	},
	"after failure": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Refused(keys.ErrForbidden, "locked")})
		_, _ = f.ops.Create(t.Context(), f.me, "form", "")
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keyops.ErrRepeated, keys.ErrForbidden)
		if keys.Message(err) != "locked" {
			t.Errorf("the API's words are lost: %v", err)
		}
		f.wantKeys(own, 0)
	},
	"waits no longer than its time": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Wait: 20 * time.Second})
		parallel.Do(
			func() { _, _ = f.ops.Create(t.Context(), f.me, "form", "") },
			func() {
				pass(time.Second)
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				began := time.Now()
				_, err := f.ops.Create(ctx, f.me, "form", "")
				wantError(t, err, true, keys.ErrTimeout)
				if took := time.Since(began); took > 5*time.Second {
					t.Errorf("it took %v", took)
				}
			},
		)
	},
	"first one's browser has gone": func(t *testing.T, f *fixture) {
		ctx, leave := context.WithCancel(t.Context())
		f.remote.Fail("CreateOwnKey", keystest.Fault{During: leave, Wait: time.Second})
		first, err := f.ops.Create(ctx, f.me, "form", "")
		wantDone(t, first, err, "")
		again, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantDone(t, again, err, first.AccessKey)
	},
	"after it was forgotten": func(t *testing.T, f *fixture) {
		_, _ = f.ops.Create(t.Context(), f.me, "form", "")
		pass(3 * time.Hour)
		_, err := f.ops.Reconcile(t.Context(), f.me, "form")
		if !errors.Is(err, keyops.ErrNotBegun) {
			t.Errorf("got %v", err)
		}
	},
}

func wantInProgress(t *testing.T, err error, by, predecessor string) {
	t.Helper()
	other, ok := errors.AsType[*keyops.InProgressError](err)
	if !ok || other.IdempotencyKey != by || other.Predecessor != predecessor || err.Error() == "" {
		t.Errorf("got %v %+v", err, other)
	}
}

func TestCreateInProgress(t *testing.T) {
	t.Parallel()
	createInProgressCases.run(t)
}

var createInProgressCases = table{
	"pending": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{During: func() {
			_, err := f.ops.Create(t.Context(), f.me, "second", "")
			wantInProgress(t, err, "first", "")
		}})
		result, err := f.ops.Create(t.Context(), f.me, "first", "")
		wantDone(t, result, err, "")
		f.wantKeys(own, 1)
	},
	"indeterminate": func(t *testing.T, f *fixture) {
		old := f.remote.Add(own.UserID, keys.Key{})
		f.remote.FailAll("CreateOwnKey", keystest.Fault{Err: &keys.Error{Kind: keys.ErrTimeout, Indeterminate: true}})
		_, err := f.ops.CreateSuccessor(t.Context(), f.me, "first", old)
		wantError(t, err, true, keys.ErrTimeout)
		_, err = f.ops.Create(t.Context(), f.me, "second", "")
		wantInProgress(t, err, "first", old)
		f.wantKeys(own, 1)
	},
	"no more": func(t *testing.T, f *fixture) {
		for _, form := range []string{"first", "second"} {
			result, err := f.ops.Create(t.Context(), f.me, form, "")
			wantDone(t, result, err, "")
		}
		f.wantKeys(own, 2)
	},
	"in another session": func(t *testing.T, f *fixture) {
		other := f.signIn(own)
		f.remote.Fail("CreateOwnKey", keystest.Fault{During: func() {
			result, err := f.ops.Create(t.Context(), other, "second", "")
			wantDone(t, result, err, "")
		}})
		result, err := f.ops.Create(t.Context(), f.me, "first", "")
		wantDone(t, result, err, "")
		f.wantKeys(own, 2)
	},
	"for another owner": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{During: func() {
			result, err := f.ops.Create(t.Context(), f.about(f.me, managed), "second", "")
			wantDone(t, result, err, "")
		}})
		result, err := f.ops.Create(t.Context(), f.me, "first", "")
		wantDone(t, result, err, "")
	},
	"of another kind": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("CreateOwnKey", keystest.Fault{During: func() {
			result, err := f.ops.Renew(t.Context(), f.me, "second", k)
			wantDone(t, result, err, k)
		}})
		result, err := f.ops.Create(t.Context(), f.me, "first", "")
		wantDone(t, result, err, "")
	},
}
