package keyops_test

import (
	"strings"
	"testing"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
)

func auditedCreate(accessKey, outcome string) audited {
	return audited{keyops.Create, accessKey, outcome}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	createCases.run(t)
}

var createCases = table{
	"own": func(t *testing.T, f *fixture) {
		result, err := f.ops.Create(t.Context(), f.me, "form", " backup ")
		wantDone(t, result, err, "")
		f.wantAudit(auditedCreate(result.AccessKey, "done"))
		list, _ := f.remote.OwnKeys(t.Context())
		if len(list) != 1 || list[0].Description != "backup" {
			t.Errorf("keys: %+v", list)
		}
	},
	"managed": func(t *testing.T, f *fixture) {
		result, err := f.ops.Create(t.Context(), f.about(f.me, managed), "form", "")
		wantDone(t, result, err, "")
		f.wantKeys(managed, 1)
		f.wantKeys(own, 0)
	},
	"description that cannot be": func(t *testing.T, f *fixture) {
		_, err := f.ops.Create(t.Context(), f.me, "form", strings.Repeat("x", 256))
		wantError(t, err, false, keys.ErrInvalid, keys.ErrTooLong)
		f.wantCalls("OwnKeys", 0)
	},
	"five keys already": func(t *testing.T, f *fixture) {
		for range keys.MaxPerUser {
			f.remote.Add(own.UserID, keys.Key{})
		}
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keys.ErrLimit)
		f.wantCalls("CreateOwnKey", 0)
		f.wantAudit(auditedCreate("", "refused"))
	},
	"fifth key from elsewhere meanwhile": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{During: func() {
			for range keys.MaxPerUser {
				f.remote.Add(own.UserID, keys.Key{})
			}
		}})
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keys.ErrLimit)
	},
	"rejected": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Refused(keys.ErrRejected, "not like this")})
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keys.ErrRejected)
		if keys.Message(err) != "not like this" {
			t.Errorf("the API's words are lost: %v", err)
		}
		f.wantAudit(auditedCreate("", "refused"))
	},
	"list fails": func(t *testing.T, f *fixture) {
		f.remote.Fail("OwnKeys", keystest.Fault{Err: keystest.Refused(keys.ErrNoPrivilege, "no")})
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keys.ErrNoPrivilege)
		_, err = f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keys.ErrNoPrivilege, keyops.ErrRepeated)
		f.wantAudit(auditedCreate("", "refused"))
		f.wantKeys(own, 0)
	},
	"managed user is gone": func(t *testing.T, f *fixture) {
		f.remote.Fail("UserKeys", keystest.Fault{Err: &keys.Error{Kind: keys.ErrNotFound}})
		_, err := f.ops.Create(t.Context(), f.about(f.me, managed), "form", "")
		wantError(t, err, false, keys.ErrNoUser)
	},
}

func TestCreateSuccessor(t *testing.T) {
	t.Parallel()
	createSuccessorCases.run(t)
}

var createSuccessorCases = table{
	"same description": func(t *testing.T, f *fixture) {
		old := f.remote.Add(own.UserID, keys.Key{Description: "backup\n"})
		result, err := f.ops.CreateSuccessor(t.Context(), f.me, "form", old)
		wantDone(t, result, err, "")
		list, _ := f.remote.OwnKeys(t.Context())
		if len(list) != 2 || list[1].Description != "backup" {
			t.Errorf("keys: %+v", list)
		}
		pending, err := f.ops.State(t.Context(), own)
		if want := (keyops.Rotation{Old: old, New: result.AccessKey}); err != nil || pending.Rotation != want {
			t.Errorf("rotation %+v, %v", pending.Rotation, err)
		}
	},
	"no such key": func(t *testing.T, f *fixture) {
		_, err := f.ops.CreateSuccessor(t.Context(), f.me, "form", "NONE")
		wantError(t, err, false, keys.ErrNotFound)
	},
	"being deleted": func(t *testing.T, f *fixture) {
		old := f.remote.Add(own.UserID, keys.Key{Status: keys.StatusDestroying})
		_, err := f.ops.CreateSuccessor(t.Context(), f.me, "form", old)
		wantError(t, err, false, keys.ErrConflict)
	},
	"Management does not answer": func(t *testing.T, f *fixture) {
		old := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("OwnKeys", keystest.Fault{Err: keystest.Refused(keys.ErrThrottled, "slow down")})
		_, err := f.ops.CreateSuccessor(t.Context(), f.me, "form", old)
		wantError(t, err, false, keys.ErrThrottled)
	},
	"no privilege": func(t *testing.T, f *fixture) {
		old := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("OwnKeys", keystest.Fault{Err: keystest.Refused(keys.ErrNoPrivilege, "")})
		_, err := f.ops.CreateSuccessor(t.Context(), f.me, "form", old)
		wantError(t, err, false, keys.ErrNoPrivilege)
	},
	"five keys already": func(t *testing.T, f *fixture) {
		var old string
		for range keys.MaxPerUser {
			old = f.remote.Add(own.UserID, keys.Key{})
		}
		_, err := f.ops.CreateSuccessor(t.Context(), f.me, "form", old)
		wantError(t, err, false, keys.ErrLimit)
	},
	"answer lost": func(t *testing.T, f *fixture) {
		old := f.remote.Add(own.UserID, keys.Key{Description: "d"})
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		result, err := f.ops.CreateSuccessor(t.Context(), f.me, "form", old)
		wantDone(t, result, err, f.remote.Keys(own.UserID)[1])
		pending, _ := f.ops.State(t.Context(), own)
		if pending.Rotation.New != result.AccessKey {
			t.Errorf("rotation %+v", pending.Rotation)
		}
	},
	"refused": func(t *testing.T, f *fixture) {
		old := f.remote.Add(own.UserID, keys.Key{})
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Refused(keys.ErrRejected, "no")})
		_, err := f.ops.CreateSuccessor(t.Context(), f.me, "form", old)
		wantError(t, err, false, keys.ErrRejected)
		pending, _ := f.ops.State(t.Context(), own)
		if pending.Rotation != (keyops.Rotation{}) {
			t.Errorf("rotation %+v", pending.Rotation)
		}
	},
}
