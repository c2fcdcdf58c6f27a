package keyops_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
	"keydeck/internal/parallel"
)

// TestStoreTrouble has the store fail at each call of a creation: at most one key is
// created, and the same form comes to the outcome in the end.
func TestStoreTrouble(t *testing.T) {
	t.Parallel()
	cases := table{}
	for n := range 8 {
		for _, worked := range []bool{false, true} {
			for _, lasting := range []bool{false, true} {
				cases[fmt.Sprintf("call %d, worked %v, lasting %v", n+1, worked, lasting)] = func(t *testing.T, f *fixture) {
					storeTrouble(t, f, n, worked, lasting)
				}
			}
		}
	}
	cases.run(t)
}

func storeTrouble(t *testing.T, f *fixture, n int, worked, lasting bool) {
	t.Helper()
	calls := 0
	f.store.set(func(storeCall) (bool, error) {
		calls++
		if calls == n+1 || lasting && calls > n {
			return worked && calls == n+1, errDown
		}
		return false, nil
	})
	first, err := f.ops.Create(t.Context(), f.me, "form", "")
	created := len(f.remote.Keys(own.UserID)) == 1
	switch {
	case err == nil && !created, err != nil && created:
		t.Errorf("created %v, and the answer is %+v, %v", created, first, err)
	case err != nil && !errors.Is(err, keyops.ErrStore):
		t.Errorf("got %v", err)
	}
	f.store.heal()
	pass(time.Minute)
	again, err := f.ops.Create(t.Context(), f.me, "form", "")
	switch {
	case created:
		wantDone(t, again, err, first.AccessKey)
	case err != nil:
		wantError(t, err, false)
	}
	if n := len(f.remote.Keys(own.UserID)); n > 1 {
		t.Errorf("%d keys", n)
	}
}

func TestStoreTroubleElsewhere(t *testing.T) {
	t.Parallel()
	storeTroubleElsewhereCases.run(t)
}

var storeTroubleElsewhereCases = table{
	"nothing can be read": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.store.failing(storeCall.operations)
		_, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantError(t, err, false, keyops.ErrStore)
		_, err = f.ops.State(t.Context(), own)
		wantError(t, err, false, keyops.ErrStore)
		_, err = f.ops.SetActive(t.Context(), f.me, k, false, "yes")
		wantError(t, err, false, keyops.ErrStore)
		wantError(t, f.ops.EndRotation(t.Context(), own, "a"), false, keyops.ErrStore)
		f.wantCalls("SetUserKeyActive", 0)
	},
	"nothing can be written": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.store.failing(func(c storeCall) bool { return c.writes() })
		_, err := f.ops.SetActive(t.Context(), f.me, k, false, "yes")
		wantError(t, err, false, keyops.ErrStore)
		wantError(t, f.ops.StartRotation(t.Context(), own, "a", "b"), false, keyops.ErrStore)
		f.wantCalls("SetUserKeyActive", 0)
		f.wantAudit(audited{keyops.Deactivate, k, "refused"})
	},
	"cached pair cannot be dropped": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.store.failing(storeCall.value)
		_, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, false, keyops.ErrStore)
		f.wantCalls("RenewOwnKey", 0)
		f.wantAudit(audited{keyops.Renew, k, "refused"})
		f.store.heal()
		_, err = f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, false, keyops.ErrRepeated, keyops.ErrStore)
	},
	"session cannot be read": func(t *testing.T, f *fixture) {
		f.store.failing(storeCall.record)
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keyops.ErrStore)
		f.wantKeys(own, 0)
	},
	"rejection cannot be written": func(t *testing.T, f *fixture) {
		f.remote.Fail("OwnKeys", keystest.Fault{Err: keystest.Refused(keys.ErrNoPrivilege, "")})
		f.store.failing(func(c storeCall) bool { return c.writes() })
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keys.ErrNoPrivilege)
		f.wantAudit(audited{keyops.Create, "", "refused"})
	},
	"while another request is waited for": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Wait: 10 * time.Second})
		parallel.Do(
			func() { _, _ = f.ops.Create(t.Context(), f.me, "form", "") },
			func() {
				pass(time.Second)
				reads := 0
				f.store.set(func(c storeCall) (bool, error) {
					if reads++; reads > 1 {
						return false, errDown
					}
					return false, nil
				})
				_, err := f.ops.Create(t.Context(), f.me, "form", "")
				wantError(t, err, true) // the other one goes on
				f.store.heal()
			},
		)
		f.wantKeys(own, 1)
	},
	"found pair cannot be cached": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", true)
		f.store.failing(storeCall.value)
		result, err := f.ops.Reconcile(t.Context(), f.me, "form")
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
	},
}

func TestSessionEnded(t *testing.T) {
	t.Parallel()
	sessionEndedCases.run(t)
}

var sessionEndedCases = table{
	"before a creation": func(t *testing.T, f *fixture) {
		f.endSession(f.me)
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keyops.ErrSignedOut)
		f.wantKeys(own, 0)
		f.wantAudit(audited{keyops.Create, "", "refused"})
		_, err = f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keyops.ErrRepeated, keyops.ErrSignedOut)
	},
	"before a renewal": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.endSession(f.me)
		_, err := f.ops.Renew(t.Context(), f.me, "form", k)
		wantError(t, err, false, keyops.ErrSignedOut)
		f.wantCalls("RenewOwnKey", 0)
	},
	"while the API creates": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{During: func() { f.endSession(f.me) }})
		result, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantDone(t, result, err, f.remote.Keys(own.UserID)[0])
		f.wantAudit(audited{keyops.Create, result.AccessKey, "done"})
		for _, key := range f.keysOfStore() {
			if (storeCall{key: key}).value() {
				t.Errorf("%s is left of the session", key)
			}
		}
	},
	"matters to no other change": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.endSession(f.me)
		_, err := f.ops.SetActive(t.Context(), f.me, k, false, "yes")
		if err != nil {
			t.Error(err)
		}
	},
}

func TestTooManyChanges(t *testing.T) {
	t.Parallel()
	table{
		"forms": func(t *testing.T, f *fixture) {
			operations := idempotency.New[struct{}](idempotency.Config{Store: f.store})
			l, err := operations.Load(t.Context(), own.UserID)
			if err != nil {
				t.Fatal(err)
			}
			err = l.Edit(t.Context(), func(all []idempotency.Operation[struct{}]) ([]idempotency.Operation[struct{}], error) {
				for i := range 1600 { // they are small
					all = append(all, idempotency.Operation[struct{}]{
						ID: fmt.Sprint("form", i), State: idempotency.Done, Keyed: true, Expires: time.Now().Add(time.Hour),
					})
				}
				return all, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = f.ops.Create(t.Context(), f.me, "one more", "")
			wantError(t, err, false, keyops.ErrBusy)
			f.wantAudit(audited{keyops.Create, "", "refused"})
			f.wantKeys(own, 0)
			pass(3 * time.Hour)
			_, err = f.ops.Create(t.Context(), f.signIn(own), "later", "")
			if err != nil {
				t.Error(err)
			}
		},
	}.run(t)
}

func TestStartRotation(t *testing.T) {
	t.Parallel()
	table{
		"replaced, kept and ended": func(t *testing.T, f *fixture) {
			for _, successor := range []string{"b", "c", "c"} {
				if err := f.ops.StartRotation(t.Context(), own, "a", successor); err != nil {
					t.Fatal(err)
				}
				if state, err := f.ops.State(t.Context(), own); err != nil || state.Rotation != (keyops.Rotation{Old: "a", New: successor}) {
					t.Errorf("%+v, %v", state.Rotation, err)
				}
			}
			for _, old := range []string{"another", "a", "a"} {
				if err := f.ops.EndRotation(t.Context(), own, old); err != nil {
					t.Fatal(err)
				}
				if state, _ := f.ops.State(t.Context(), own); (state.Rotation.New == "c") != (old == "another") {
					t.Errorf("after ending that of %s: %+v", old, state.Rotation)
				}
			}
		},
		"for a month": func(t *testing.T, f *fixture) {
			if err := f.ops.StartRotation(t.Context(), own, "a", "b"); err != nil {
				t.Fatal(err)
			}
			pass(29 * 24 * time.Hour)
			if state, _ := f.ops.State(t.Context(), own); state.Rotation.New != "b" {
				t.Errorf("after 29 days: %+v", state.Rotation)
			}
			pass(2 * 24 * time.Hour)
			if state, _ := f.ops.State(t.Context(), own); state.Rotation.New != "" {
				t.Errorf("after 31 days: %+v", state.Rotation)
			}
		},
		"evidence": func(t *testing.T, f *fixture) {
			if err := f.ops.StartRotation(t.Context(), own, "a", "b"); err != nil {
				t.Fatal(err)
			}
			for _, record := range []error{
				f.ops.RecordTest(t.Context(), own, "a"), f.ops.RecordTest(t.Context(), own, "b"),
				f.ops.ConfirmInUse(t.Context(), own, "b"), f.ops.ConfirmInUse(t.Context(), own, "a"),
				f.ops.StartRotation(t.Context(), own, "a", "b"), // taken up again
			} {
				if record != nil {
					t.Error(record)
				}
			}
			if state, _ := f.ops.State(t.Context(), own); state.Rotation.Tested.IsZero() || state.Rotation.InUse.IsZero() {
				t.Errorf("%+v", state.Rotation)
			}
		},
	}.run(t)
}
