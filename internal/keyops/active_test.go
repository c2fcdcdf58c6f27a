package keyops_test

import (
	"testing"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
	"keydeck/internal/parallel"
)

func setActive(f *fixture, r keyops.Request, k string, active bool, confirm string) error {
	_, err := f.ops.SetActive(f.t.Context(), r, k, active, confirm)
	return err
}

const off, on = false, true

func addTwo(f *fixture, owner keys.Owner) (a, b string) {
	return f.remote.Add(owner.UserID, keys.Key{}), f.remote.Add(owner.UserID, keys.Key{})
}

func TestSetActive(t *testing.T) {
	t.Parallel()
	setActiveCases.run(t)
}

var setActiveCases = table{
	"deactivate and activate": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		for _, active := range []bool{off, on} {
			if err := setActive(f, f.me, a, active, ""); err != nil {
				t.Fatal(err)
			}
			pass(5 * time.Second)
			list, _ := f.me.Keys.List(t.Context(), own)
			if k, _ := list.Find(a); (k.Activity == keys.Active) != active {
				t.Errorf("activity %v, want active %v", k.Activity, active)
			}
		}
		f.wantAudit(audited{keyops.Deactivate, a, "done"}, audited{keyops.Activate, a, "done"})
	},
	"as it is": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		if err := setActive(f, f.me, a, on, ""); err != nil {
			t.Error(err)
		}
		f.wantCalls("SetUserKeyActive", 0)
		f.wantAudit(audited{keyops.Activate, a, "done"})
	},
	"only active key": func(t *testing.T, f *fixture) {
		a := f.remote.Add(own.UserID, keys.Key{})
		wantError(t, setActive(f, f.me, a, off, ""), false, keys.ErrConfirmation)
		f.wantAudit(audited{keyops.Deactivate, a, "refused"})
		if err := setActive(f, f.me, a, off, "yes"); err != nil {
			t.Error(err)
		}
	},
	"only active key, whose last deactivation was lost": func(t *testing.T, f *fixture) {
		a, b := addTwo(f, own)
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: keystest.Lost()})
		if err := setActive(f, f.me, a, off, ""); err == nil {
			t.Error("the answer was not lost")
		}
		if err := setActive(f, f.me, b, off, "yes"); err != nil {
			t.Error(err)
		}
		pass(5 * time.Second)
		wantError(t, setActive(f, f.me, a, off, ""), false, keys.ErrConfirmation)
	},
	"no such key": func(t *testing.T, f *fixture) {
		wantError(t, setActive(f, f.me, "NONE", on, ""), false, keys.ErrNotFound)
	},
	"being created": func(t *testing.T, f *fixture) {
		a := f.remote.Add(own.UserID, keys.Key{Status: keys.StatusProvisioning})
		wantError(t, setActive(f, f.me, a, off, "yes"), false, keys.ErrConflict)
	},
	"Cloud API does not answer": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		f.remote.Fail("UserKeys", keystest.Fault{Err: keystest.Refused(keys.ErrThrottled, "slow down")})
		wantError(t, setActive(f, f.me, a, off, ""), false, keys.ErrThrottled)
	},
	"refused": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: keystest.Refused(keys.ErrRejected, "no")})
		wantError(t, setActive(f, f.me, a, off, ""), false, keys.ErrRejected)
		pending, _ := f.ops.State(t.Context(), own)
		if len(pending.Changes) > 0 {
			t.Errorf("pending: %+v", pending.Changes)
		}
	},
	"asked again while it is pending": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		for range 2 {
			if err := setActive(f, f.me, a, off, ""); err != nil {
				t.Error(err)
			}
		}
		f.wantCalls("SetUserKeyActive", 1)
	},
	"opposite while it is pending": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		for _, active := range []bool{off, on} {
			if err := setActive(f, f.me, a, active, ""); err != nil {
				t.Error(err)
			}
		}
		f.wantCalls("SetUserKeyActive", 2)
		pass(5 * time.Second)
		list, _ := f.me.Keys.List(t.Context(), own)
		if k, _ := list.Find(a); k.Activity != keys.Active {
			t.Error("the last change does not count")
		}
	},
	"asked again after it was refused later": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Refused: "not possible"})
		_ = setActive(f, f.me, a, off, "")
		pass(5 * time.Second)
		if err := setActive(f, f.me, a, off, ""); err != nil {
			t.Error(err)
		}
		f.wantCalls("SetUserKeyActive", 2)
	},
	"another one, after a deactivation that was refused later": func(t *testing.T, f *fixture) {
		a, b := addTwo(f, own)
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Refused: "not possible"})
		if err := setActive(f, f.me, a, off, ""); err != nil {
			t.Error(err)
		}
		wantError(t, setActive(f, f.me, b, off, ""), false, keys.ErrConfirmation) // it may still come
		pass(5 * time.Second)
		if err := setActive(f, f.me, b, off, ""); err != nil {
			t.Errorf("the first one is active: %v", err)
		}
		wantError(t, setActive(f, f.me, a, off, ""), false, keys.ErrConfirmation)
	},
	"last active ones of a user, by two people": func(t *testing.T, f *fixture) {
		a, b := addTwo(f, managed)
		one, other := f.signIn(managed), f.signIn(managed)
		if err := setActive(f, one, a, off, ""); err != nil {
			t.Error(err)
		}
		pass(1500 * time.Millisecond)
		wantError(t, setActive(f, other, b, off, ""), false, keys.ErrConfirmation)
		if err := setActive(f, other, b, off, "yes"); err != nil {
			t.Error(err)
		}
	},
	"last active ones of a user, at once": func(t *testing.T, f *fixture) {
		a, b := addTwo(f, managed)
		one, other := f.signIn(managed), f.signIn(managed)
		elsewhere := f.open("first") // a replica
		f.remote.FailAll("UserKeys", keystest.Fault{Wait: 100 * time.Millisecond})
		var errs [2]error
		parallel.Do(
			func() { errs[0] = setActive(f, one, a, off, "") },
			func() { _, errs[1] = elsewhere.SetActive(t.Context(), other, b, off, "") },
		)
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("got %v and %v", errs[0], errs[1])
		}
		f.wantCalls("SetUserKeyActive", 1)
	},
	"last active one while the other is being deleted": func(t *testing.T, f *fixture) {
		a, b := addTwo(f, managed)
		r := f.signIn(managed)
		if _, err := f.ops.Delete(t.Context(), r, a, keys.LastCharacters(a)); err != nil {
			t.Fatal(err)
		}
		wantError(t, setActive(f, r, b, off, ""), false, keys.ErrConfirmation)
	},
}

func deactivateConfirmed(f *fixture, k string) error {
	_, err := f.ops.SetActive(f.t.Context(), f.me, k, false, "yes")
	return err
}

func TestSetActiveAnswerLost(t *testing.T) {
	t.Parallel()
	setActiveAnswerLostCases.run(t)
}

var setActiveAnswerLostCases = table{
	"after the work": func(t *testing.T, f *fixture) {
		f.remote.Settle = time.Second
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: keystest.Lost(), Worked: true})
		if err := deactivateConfirmed(f, k); err != nil {
			t.Error(err)
		}
		f.wantAudit(audited{keyops.Deactivate, k, "done"})
	},
	"after the work, which takes longer": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: keystest.Lost(), Worked: true})
		wantError(t, deactivateConfirmed(f, k), true, keys.ErrUnavailable)
		f.wantAudit(audited{keyops.Deactivate, k, "unclear"})
		pending, err := f.ops.State(t.Context(), own)
		if err != nil || len(pending.Changes) != 1 || pending.Changes[0].Accepted() {
			t.Errorf("pending %+v, %v", pending.Changes, err)
		}
	},
	"before the work, and long ago": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: keystest.Lost(), Wait: 20 * time.Second})
		wantError(t, deactivateConfirmed(f, k), false, keys.ErrUnavailable)
	},
	"while an earlier change is in progress": func(t *testing.T, f *fixture) {
		f.remote.Settle = time.Minute
		k := f.remote.Add(own.UserID, keys.Key{Activity: keys.Inactive})
		if _, err := f.ops.SetActive(t.Context(), f.me, k, true, ""); err != nil {
			t.Fatal(err)
		}
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: keystest.Lost()})
		// It is listed as inactive still, which says nothing.
		wantError(t, deactivateConfirmed(f, k), true, keys.ErrUnavailable)
	},
	"list fails": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("UserKeys", keystest.Fault{})
		f.remote.FailAll("UserKeys", keystest.Fault{Err: keystest.Refused(keys.ErrUnavailable, "")})
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: keystest.Lost(), Worked: true})
		wantError(t, deactivateConfirmed(f, k), true, keys.ErrUnavailable)
	},
}
