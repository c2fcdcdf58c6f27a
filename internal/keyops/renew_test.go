package keyops_test

import (
	"testing"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
)

func wantRenewed(f *fixture, k, before string) {
	f.t.Helper()
	pair, err := f.ops.Pair(f.t.Context(), f.me, k)
	if got := pair.Secret.Reveal(); err != nil || got == before || got != f.remote.Secret(k) || pair.CachedUntil.IsZero() {
		f.t.Errorf("the pair is not the new one: %v", err)
	}
}

func TestRenew(t *testing.T) {
	t.Parallel()
	renewCases.run(t)
}

var renewCases = table{
	"in time": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		before := f.remote.Secret(k)
		result, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantDone(t, result, err, k)
		wantRenewed(f, k, before)
		f.wantAudit(audited{keyops.Renew, k, "done"})
	},
	"twice by one form": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		_, _ = f.ops.Renew(t.Context(), f.me, "form", k)
		result, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantDone(t, result, err, k)
		f.wantCalls("RenewOwnKey", 1)
	},
	"answer lost after the work": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		before := f.remote.Secret(k)
		f.remote.Fail("RenewOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		result, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantDone(t, result, err, k)
		wantRenewed(f, k, before)
	},
	"answer lost before the work": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("RenewOwnKey", keystest.Fault{Err: keystest.Lost()})
		_, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, false, keys.ErrUnavailable)
		f.wantAudit(audited{keyops.Renew, k, "refused"})
	},
	"late": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		before := f.remote.Secret(k)
		f.remote.Fail("RenewOwnKey", keystest.Fault{Wait: 55 * time.Second, Late: true})
		_, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, true, keys.ErrTimeout)
		f.wantAudit(audited{keyops.Renew, k, "unclear"})
		pass(10 * time.Second)
		result, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantDone(t, result, err, k)
		wantRenewed(f, k, before)
		f.wantAudit(audited{keyops.Renew, k, "done"})
	},
	"renewed by another form meanwhile": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("RenewOwnKey", keystest.Fault{Wait: 55 * time.Second})
		_, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, true, keys.ErrTimeout)
		result, err := f.ops.Renew(t.Context(), f.me, "other form", k)
		wantDone(t, result, err, k)
		_, err = f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, true, keys.ErrUnavailable)
	},
	"renewed by another form after the work": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("RenewOwnKey", keystest.Fault{Wait: 55 * time.Second, Late: true})
		_, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, true, keys.ErrTimeout)
		pass(10 * time.Second)
		result, err := f.ops.Renew(t.Context(), f.me, "other form", k)
		wantDone(t, result, err, k)
		result, err = f.ops.Reconcile(t.Context(), f.me, "form")
		wantDone(t, result, err, k)
	},
	"secret before it not known": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("UserKeyPair", keystest.Fault{Err: keystest.Refused(keys.ErrUnavailable, "")})
		f.remote.Fail("RenewOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		_, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, true, keys.ErrUnavailable)
	},
	"deleted meanwhile": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("RenewOwnKey", keystest.Fault{Err: keystest.Lost(), During: func() { f.remote.Remove(k) }})
		_, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, false, keys.ErrNotFound)
	},
	"Cloud API does not answer afterwards": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("UserKeyPair", keystest.Fault{})
		f.remote.FailAll("UserKeyPair", keystest.Fault{Err: keystest.Refused(keys.ErrUnavailable, "")})
		f.remote.Fail("RenewOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		_, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, true, keys.ErrUnavailable)
	},
	"no such key": func(t *testing.T, f *fixture) {
		_, err := f.ops.Renew(t.Context(), f.me, "form", "NONE")
		wantError(t, err, false, keys.ErrNotFound)
	},
	"being created": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{Status: keys.StatusProvisioning})
		_, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, false, keys.ErrConflict)
		f.wantCalls("RenewOwnKey", 0)
	},
}

func describeKey(f *fixture, k, text string) error {
	_, err := f.ops.Describe(f.t.Context(), f.me, k, text)
	return err
}

func wantDescribed(f *fixture, want string) {
	f.t.Helper()
	if list, _ := f.remote.OwnKeys(f.t.Context()); len(list) != 1 || list[0].Description != want {
		f.t.Errorf("keys: %+v", list)
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	describeCases.run(t)
}

var describeCases = table{
	"in time": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		if err := describeKey(f, k, " new "); err != nil {
			t.Error(err)
		}
		wantDescribed(f, "new")
		f.wantAudit(audited{keyops.Describe, k, "done"})
	},
	"as it is": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{Description: "same"})
		if err := describeKey(f, k, "same"); err != nil {
			t.Error(err)
		}
		f.wantCalls("DescribeOwnKey", 0)
		f.wantAudit(audited{keyops.Describe, k, "done"})
	},
	"that cannot be": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		wantError(t, describeKey(f, k, "a\nb"), false, keys.ErrInvalid, keys.ErrManyLines)
		f.wantAudit(audited{keyops.Describe, k, "refused"})
	},
	"no such key": func(t *testing.T, f *fixture) {
		wantError(t, describeKey(f, "NONE", "x"), false, keys.ErrNotFound)
	},
	"being deleted": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{Status: keys.StatusDestroying})
		wantError(t, describeKey(f, k, "x"), false, keys.ErrConflict)
	},
	"deletion on its way": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("DeleteOwnKey", keystest.Fault{Wait: 55 * time.Second, Late: true})
		wantError(t, deleteKey(f, f.me, k), true, keys.ErrTimeout)
		wantError(t, describeKey(f, k, "x"), false, keys.ErrConflict)
		f.wantCalls("DescribeOwnKey", 0)
	},
	"refused": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("DescribeOwnKey", keystest.Fault{Err: keystest.Refused(keys.ErrRejected, "no")})
		wantError(t, describeKey(f, k, "x"), false, keys.ErrRejected)
		f.wantAudit(audited{keyops.Describe, k, "refused"})
	},
	"answer lost after the work": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("DescribeOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		if err := describeKey(f, k, "new"); err != nil {
			t.Error(err)
		}
	},
	"answer lost before the work": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("DescribeOwnKey", keystest.Fault{Err: keystest.Lost()})
		wantError(t, describeKey(f, k, "new"), false, keys.ErrUnavailable)
		wantDescribed(f, "")
	},
	"late": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("DescribeOwnKey", keystest.Fault{Wait: 55 * time.Second, Late: true})
		wantError(t, describeKey(f, k, "new"), true, keys.ErrTimeout)
		f.wantAudit(audited{keyops.Describe, k, "unclear"})
	},
	"list fails afterwards": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("OwnKeys", keystest.Fault{})
		f.remote.FailAll("OwnKeys", keystest.Fault{Err: keystest.Refused(keys.ErrUnavailable, "")})
		f.remote.Fail("DescribeOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		wantError(t, describeKey(f, k, "new"), true, keys.ErrUnavailable)
	},
}
