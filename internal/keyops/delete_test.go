package keyops_test

import (
	"errors"
	"testing"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
)

func deleteKey(f *fixture, r keyops.Request, k string) error {
	_, err := f.ops.Delete(f.t.Context(), r, k, keys.LastCharacters(k))
	return err
}

func TestDelete(t *testing.T) {
	t.Parallel()
	deleteCases.run(t)
}

var deleteCases = table{
	"own": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		if err := deleteKey(f, f.me, k); err != nil {
			t.Error(err)
		}
		f.wantCalls("DeleteOwnKey", 1)
		f.wantAudit(audited{keyops.Delete, k, "done"})
		if err := deleteKey(f, f.me, k); err != nil { // it is being deleted
			t.Error(err)
		}
		f.wantCalls("DeleteOwnKey", 1)
		pass(5 * time.Second)
		f.wantKeys(own, 0)
	},
	"managed": func(t *testing.T, f *fixture) {
		r := f.about(f.me, managed)
		k := f.remote.Add(managedID, keys.Key{})
		for range 2 {
			if err := deleteKey(f, r, k); err != nil {
				t.Error(err)
			}
		}
		f.wantCalls("DeleteUserKey", 1)
		pass(5 * time.Second)
		f.wantKeys(managed, 0)
	},
	"managed, and refused later": func(t *testing.T, f *fixture) {
		r := f.about(f.me, managed)
		k := f.remote.Add(managedID, keys.Key{})
		f.remote.Fail("DeleteUserKey", keystest.Fault{Refused: "not possible"})
		_ = deleteKey(f, r, k)
		pass(5 * time.Second)
		if err := deleteKey(f, r, k); err != nil {
			t.Error(err)
		}
		f.wantCalls("DeleteUserKey", 2)
	},
	"without confirmation": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		_, err := f.ops.Delete(t.Context(), f.me, k, "yes")
		wantError(t, err, false, keys.ErrConfirmation)
		f.wantAudit(audited{keyops.Delete, k, "refused"})
	},
	"no such key": func(t *testing.T, f *fixture) {
		wantError(t, deleteKey(f, f.me, "NONE"), false, keys.ErrNotFound)
	},
	"no privilege": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("OwnKeys", keystest.Fault{Err: keystest.Refused(keys.ErrNoPrivilege, "")})
		if err := deleteKey(f, f.me, k); err != nil { // the Cloud API allows it
			t.Error(err)
		}
	},
	"own, answer lost after the work": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("DeleteOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		if err := deleteKey(f, f.me, k); err != nil {
			t.Error(err)
		}
	},
	"own, answer lost before the work": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("DeleteOwnKey", keystest.Fault{Err: keystest.Lost()})
		wantError(t, deleteKey(f, f.me, k), false, keys.ErrUnavailable)
		if err := deleteKey(f, f.me, k); err != nil {
			t.Error(err)
		}
		f.wantCalls("DeleteOwnKey", 2)
	},
	"own, while the description may still be changed": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("DescribeOwnKey", keystest.Fault{Wait: 55 * time.Second, Late: true})
		wantError(t, describeKey(f, k, "new"), true, keys.ErrTimeout)
		for _, r := range []keyops.Request{f.me, f.about(f.me, keys.Owner{UserID: own.UserID, Contract: own.Contract, Managed: true})} {
			wantError(t, deleteKey(f, r, k), false, keyops.ErrDescribing)
		}
		other := f.remote.Add(own.UserID, keys.Key{})
		if err := deleteKey(f, f.me, other); err != nil {
			t.Errorf("another key: %v", err)
		}
		pass(time.Minute)
		if err := deleteKey(f, f.me, k); err != nil {
			t.Errorf("a minute later: %v", err)
		}
	},
	"own, late": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("DeleteOwnKey", keystest.Fault{Wait: 55 * time.Second, Late: true})
		wantError(t, deleteKey(f, f.me, k), true, keys.ErrTimeout)
		f.wantAudit(audited{keyops.Delete, k, "unclear"})
	},
	"managed, answer lost after the work": func(t *testing.T, f *fixture) {
		f.remote.Settle = time.Second
		k := f.remote.Add(managedID, keys.Key{})
		f.remote.Fail("DeleteUserKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		if err := deleteKey(f, f.about(f.me, managed), k); err != nil {
			t.Error(err)
		}
	},
	"managed, answer lost before the work": func(t *testing.T, f *fixture) {
		r := f.about(f.me, managed)
		k := f.remote.Add(managedID, keys.Key{})
		f.remote.Fail("DeleteUserKey", keystest.Fault{Err: keystest.Lost()})
		wantError(t, deleteKey(f, r, k), true, keys.ErrUnavailable)
		if err := deleteKey(f, r, k); err != nil { // it is not known to be accepted
			t.Error(err)
		}
		f.wantCalls("DeleteUserKey", 2)
	},
	"managed, not known to be accepted, of a key that is being deactivated": func(t *testing.T, f *fixture) {
		r := f.about(f.me, managed)
		k := f.remote.Add(managedID, keys.Key{})
		f.remote.Add(managedID, keys.Key{})
		if _, err := f.ops.SetActive(t.Context(), r, k, false, ""); err != nil {
			t.Fatal(err)
		}
		f.remote.Fail("DeleteUserKey", keystest.Fault{Err: keystest.Lost()})
		for _, want := range []error{keys.ErrUnavailable, nil} {
			if _, err := f.ops.Delete(t.Context(), r, k, "yes"); !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
		}
		f.wantCalls("DeleteUserKey", 2)
	},
	"predecessor of a rotation": func(t *testing.T, f *fixture) {
		old := f.remote.Add(own.UserID, keys.Key{})
		successor, err := f.ops.CreateSuccessor(t.Context(), f.me, "form", old)
		wantDone(t, successor, err, "")
		if err := deleteKey(f, f.me, old); err != nil {
			t.Error(err)
		}
		pending, err := f.ops.State(t.Context(), own)
		if want := (keyops.Rotation{Old: old, New: successor.AccessKey}); err != nil || pending.Rotation != want {
			t.Errorf("rotation %+v, %v: its page ends it", pending.Rotation, err)
		}
	},
}
