package keyops_test

import (
	"testing"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
)

// acts are what is done with a key, with the call that an API may not find it for.
var acts = map[string]struct {
	call string
	own  bool // of the person's own keys alone
	do   func(f *fixture, r keyops.Request, k string) error
}{
	"describe": {"DescribeOwnKey", true, func(f *fixture, r keyops.Request, k string) error {
		_, err := f.ops.Describe(f.t.Context(), r, k, "another")
		return err
	}},
	"renew": {"RenewOwnKey", true, func(f *fixture, r keyops.Request, k string) error {
		_, err := f.ops.Renew(f.t.Context(), r, "renew", k)
		return err
	}},
	"activate": {"SetUserKeyActive", false, func(f *fixture, r keyops.Request, k string) error {
		f.remote.Update(k, func(k *keys.Key) { k.Activity = keys.Inactive }, f.remote.Secret(k))
		return setActive(f, r, k, true, "")
	}},
	"deactivate": {"SetUserKeyActive", false, func(f *fixture, r keyops.Request, k string) error {
		return setActive(f, r, k, false, "yes")
	}},
	"delete": {"DeleteOwnKey", true, func(f *fixture, r keyops.Request, k string) error {
		_, err := f.ops.Delete(f.t.Context(), r, k, keys.LastCharacters(k))
		return err
	}},
	"delete another's": {"DeleteUserKey", false, func(f *fixture, r keyops.Request, k string) error {
		_, err := f.ops.Delete(f.t.Context(), f.about(r, managed), k, keys.LastCharacters(k))
		return err
	}},
	"copy, use and test": {"UserKeyPair", false, func(f *fixture, r keyops.Request, k string) error {
		_, err := f.ops.Pair(f.t.Context(), r, k)
		return err
	}},
}

// TestListedButNotFound: a key that an API does not find while the list has it is not
// said to be gone, whatever is done with it. Once the list has it no more, it is.
func TestListedButNotFound(t *testing.T) {
	t.Parallel()
	cases := table{}
	for name, act := range acts {
		owners := map[string]keys.Owner{"": own, ", managed": managed}
		for whose, owner := range owners {
			if (act.own || act.call == "DeleteUserKey") && owner.Managed != (act.call == "DeleteUserKey") {
				continue
			}
			prepare := func(t *testing.T, f *fixture) (keyops.Request, string) {
				k := f.remote.Add(owner.UserID, keys.Key{Created: time.Now()})
				pass(time.Minute)
				f.remote.FailAll(act.call, keystest.Fault{Err: keystest.Refused(keys.ErrNotFound, "gone")})
				return f.about(f.me, owner), k
			}
			cases[name+whose] = func(t *testing.T, f *fixture) {
				r, k := prepare(t, f)
				err := act.do(f, r, k)
				wantError(t, err, false, keys.ErrInconsistent)
				if err := act.do(f, r, k); keys.KindName(err) == "not-found" {
					t.Errorf("again: %v", err)
				}
			}
			cases[name+whose+", gone"] = func(t *testing.T, f *fixture) {
				r, k := prepare(t, f)
				f.remote.Remove(k)
				wantError(t, act.do(f, r, k), false, keys.ErrNotFound)
			}
		}
	}
	cases.run(t)
}
