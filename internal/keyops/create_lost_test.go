package keyops_test

import (
	"testing"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
)

func timeout() error { return &keys.Error{Kind: keys.ErrTimeout, Indeterminate: true} }

// createLost sends a form whose outcome stays unknown: the API's answer is lost, and
// so is the list that is to show it.
func (f *fixture) createLost(r keyops.Request, form string, worked bool) {
	f.t.Helper()
	f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: worked})
	f.remote.Fail("OwnKeys", keystest.Fault{})
	f.remote.FailAll("OwnKeys", keystest.Fault{Err: keystest.Refused(keys.ErrUnavailable, "")})
	_, err := f.ops.Create(f.t.Context(), r, form, "d")
	wantError(f.t, err, true)
	f.remote.Heal()
}

// TestCreateAnswerLost is each way that an answer can be lost, and what the request
// itself finds out.
func TestCreateAnswerLost(t *testing.T) {
	t.Parallel()
	createAnswerLostCases.run(t)
}

var createAnswerLostCases = table{
	"after the work": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		result, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
		f.wantAudit(audited{keyops.Create, result.AccessKey, "done"})
	},
	"after the work, managed": func(t *testing.T, f *fixture) {
		r := f.about(f.me, managed)
		f.remote.Spread = 600 * time.Millisecond
		f.remote.Fail("CreateUserKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		result, err := f.ops.Create(t.Context(), r, "form", "")
		wantDone(t, result, err, f.remote.Keys(managedID)[0])
		pair, err := f.ops.Pair(t.Context(), r, result.AccessKey)
		if err != nil || pair.CachedUntil.IsZero() || pair.Secret.Reveal() != f.remote.Secret(result.AccessKey) {
			t.Errorf("%v, cached until %v", err, pair.CachedUntil)
		}
	},
	"before the work": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Lost()})
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keys.ErrUnavailable)
		f.wantAudit(audited{keyops.Create, "", "refused"})
		f.wantCalls("CreateOwnKey", 1)
	},
	"late": func(t *testing.T, f *fixture) { // the work is done after all the time for the change
		f.remote.Fail("CreateOwnKey", keystest.Fault{Wait: 55 * time.Second, Late: true})
		f.remote.Fail("OwnKeys", keystest.Fault{}, keystest.Fault{}, keystest.Fault{}, keystest.Fault{})
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, true, keys.ErrTimeout)
		f.wantAudit(audited{keyops.Create, "", "unclear"})
		pass(10 * time.Second)
		result, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
		f.wantKeys(own, 1)
		f.wantAudit(audited{keyops.Create, result.AccessKey, "done"})
	},
	"too slow, and not there yet": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: timeout()})
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, true, keys.ErrTimeout)
	},
	"list fails": func(t *testing.T, f *fixture) { f.createLost(f.me, "form", true) },
	"shows in the second look": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		f.remote.Fail("OwnKeys", keystest.Fault{}, keystest.Fault{Listed: []keys.Key{}}, keystest.Fault{Err: keystest.Refused(keys.ErrUnavailable, "")})
		result, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
	},
	"lists answer too slowly": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		f.remote.Fail("OwnKeys", keystest.Fault{}, keystest.Fault{Listed: []keys.Key{}, Wait: 9900 * time.Millisecond})
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, true, keys.ErrUnavailable)
	},
	"secret lost": func(t *testing.T, f *fixture) {
		f.remote.Spread = time.Hour
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		result, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantDone(t, result, err, "")
		pair, err := f.ops.Pair(t.Context(), f.me, result.AccessKey)
		if err != nil || !pair.Lost || !pair.Secret.IsZero() {
			t.Errorf("got %+v, %v", pair, err)
		}
	},
}
