package keystest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/keys"
)

var userKeysTests = []test{
	{"the same keys as the own ones, with what Cloud knows", func(t *testing.T, f Fixture) {
		names := func(list []keys.Key) []string {
			var names []string
			for _, key := range list {
				names = append(names, key.AccessKey)
			}
			slices.Sort(names)
			return names
		}
		own := must[[]keys.Key](t)(f.Full.OwnKeys(t.Context()))
		for _, p := range []Person{f.Full, f.Owner, f.Administrator} {
			list := must[[]keys.Key](t)(p.UserKeys(t.Context(), f.Full.ID()))
			if diff := cmp.Diff(names(own), names(list)); diff != "" {
				t.Errorf("as %s sees them (-own +user)\n%s", p.Email, diff)
			}
			inactive := 0
			for _, key := range list {
				if key.KnownFrom != keys.Cloud || key.ResourceID != "" || key.Status != keys.StatusUnknown || key.Created.IsZero() {
					t.Errorf("key %+v", key)
				}
				if key.Activity == keys.Inactive {
					inactive++
				}
			}
			if inactive != 1 {
				t.Errorf("%d deactivated keys, want 1", inactive)
			}
		}
	}},
	{"none at first", func(t *testing.T, f Fixture) {
		if list := must[[]keys.Key](t)(f.Owner.UserKeys(t.Context(), f.Member.ID())); len(list) != 0 {
			t.Errorf("got %d keys, want none", len(list))
		}
	}},
	{"not of an unknown user", func(t *testing.T, f Fixture) {
		for _, id := range []string{unknownID, "", "..", "a/b"} {
			_, err := f.Owner.UserKeys(t.Context(), id)
			wantKind(t, id, err, keys.ErrNotFound)
		}
	}},
	{"not of another user for a member", func(t *testing.T, f Fixture) {
		_, err := f.Member.UserKeys(t.Context(), f.Full.ID())
		wantKind(t, "UserKeys", err, keys.ErrForbidden, keys.ErrNotFound)
	}},
}

var userKeyPairTests = []test{
	{"with its secret, again and again", func(t *testing.T, f Fixture) {
		for _, key := range must[[]keys.Key](t)(f.Full.UserKeys(t.Context(), f.Full.ID())) {
			pair := must[keys.KeyPair](t)(f.Full.UserKeyPair(t.Context(), f.Full.ID(), key.AccessKey))
			checkPair(t, pair, keys.Cloud)
			if diff := cmp.Diff(key, pair.Key); diff != "" {
				t.Errorf("(-list +pair)\n%s", diff)
			}
			if again := must[keys.KeyPair](t)(f.Owner.UserKeyPair(t.Context(), f.Full.ID(), key.AccessKey)); !again.Secret.Equal(pair.Secret) {
				t.Error("the owner is given another secret")
			}
		}
	}},
	{"not of an unknown key", func(t *testing.T, f Fixture) {
		for _, name := range []string{noAccessKey, "", "..", "a/b", "a%2Fb", anOwnKey(t, f.Owner).AccessKey} {
			_, err := f.Full.UserKeyPair(t.Context(), f.Full.ID(), name)
			wantKind(t, name, err, keys.ErrNotFound)
		}
	}},
}

var createUserKeyTests = []test{
	{"for another user, who sees it too", func(t *testing.T, f Fixture) {
		pair := must[keys.KeyPair](t)(f.Administrator.CreateUserKey(t.Context(), f.Member.ID()))
		checkPair(t, pair, keys.Cloud)
		f.Settle()
		own := must[[]keys.Key](t)(f.Member.OwnKeys(t.Context()))
		if len(own) != 1 || own[0].AccessKey != pair.Key.AccessKey {
			t.Fatalf("the user's own keys: %+v", own)
		}
		again := must[keys.KeyPair](t)(f.Member.UserKeyPair(t.Context(), f.Member.ID(), pair.Key.AccessKey))
		if !again.Secret.Equal(pair.Secret) || again.Key.Activity != keys.Active {
			t.Errorf("the same secret %v, activity %d", again.Secret.Equal(pair.Secret), again.Key.Activity)
		}
	}},
	{"not a sixth", func(t *testing.T, f Fixture) {
		_, err := f.Owner.CreateUserKey(t.Context(), f.Full.ID())
		if e := wantKind(t, "CreateUserKey", err, keys.ErrRejected); e.Message == "" {
			t.Error("no message")
		}
	}},
	{"not for a user without the privilege", func(t *testing.T, f Fixture) {
		_, err := f.Owner.CreateUserKey(t.Context(), f.Guest.ID())
		wantKind(t, "CreateUserKey", err, keys.ErrNoPrivilege)
	}},
	{"not for an unknown user", func(t *testing.T, f Fixture) {
		for _, id := range []string{unknownID, "", ".."} {
			_, err := f.Owner.CreateUserKey(t.Context(), id)
			wantKind(t, id, err, keys.ErrNotFound)
		}
	}},
}

var setUserKeyActiveTests = []test{
	{"on and off", func(t *testing.T, f Fixture) {
		key := deactivated(t, f)
		for _, active := range []bool{true, false} {
			change := must[keys.Change](t)(f.Owner.SetUserKeyActive(t.Context(), f.Full.ID(), key.AccessKey, active))
			awaitDone(t, f, f.Owner, change)
			pair := must[keys.KeyPair](t)(f.Full.UserKeyPair(t.Context(), f.Full.ID(), key.AccessKey))
			want := keys.Inactive
			if active {
				want = keys.Active
			}
			if pair.Key.Activity != want {
				t.Errorf("set to %v: activity %d", active, pair.Key.Activity)
			}
		}
	}},
	{"one's own", func(t *testing.T, f Fixture) {
		key := deactivated(t, f)
		change := must[keys.Change](t)(f.Full.SetUserKeyActive(t.Context(), f.Full.ID(), key.AccessKey, true))
		awaitDone(t, f, f.Full, change)
	}},
	{"not an unknown key", func(t *testing.T, f Fixture) {
		for _, name := range []string{noAccessKey, "", "..", anOwnKey(t, f.Owner).AccessKey} {
			_, err := f.Owner.SetUserKeyActive(t.Context(), f.Full.ID(), name, false)
			wantKind(t, name, err, keys.ErrNotFound)
		}
	}},
}

var deleteUserKeyTests = []test{
	{"gone after a while", func(t *testing.T, f Fixture) {
		key := deactivated(t, f)
		change := must[keys.Change](t)(f.Owner.DeleteUserKey(t.Context(), f.Full.ID(), key.AccessKey))
		awaitDone(t, f, f.Owner, change)
		if _, ok := find(must[[]keys.Key](t)(f.Full.OwnKeys(t.Context())), key.AccessKey); ok {
			t.Error("still in the own list")
		}
		_, err := f.Owner.UserKeyPair(t.Context(), f.Full.ID(), key.AccessKey)
		wantKind(t, "UserKeyPair", err, keys.ErrNotFound)
		_, err = f.Owner.DeleteUserKey(t.Context(), f.Full.ID(), key.AccessKey)
		wantKind(t, "again", err, keys.ErrNotFound)
	}},
	{"not an unknown key", func(t *testing.T, f Fixture) {
		for _, name := range []string{noAccessKey, "", ".."} {
			_, err := f.Owner.DeleteUserKey(t.Context(), f.Full.ID(), name)
			wantKind(t, name, err, keys.ErrNotFound)
		}
	}},
	{"no state of an unknown change", func(t *testing.T, f Fixture) {
		for _, id := range []string{unknownID, "", ".."} {
			_, err := f.Owner.ChangeState(t.Context(), keys.Change{RequestID: id})
			wantKind(t, id, err, keys.ErrNotFound)
		}
	}},
}

// awaitDone follows a change, where the API named one, to its end.
func awaitDone(t *testing.T, f Fixture, p Person, change keys.Change) {
	t.Helper()
	if change.RequestID == "" {
		f.Settle()
		return
	}
	if state := must[keys.ChangeState](t)(p.ChangeState(t.Context(), change)); state.Failed {
		t.Fatalf("failed at once: %+v", state)
	}
	f.Settle()
	if state := must[keys.ChangeState](t)(p.ChangeState(t.Context(), change)); !state.Done || state.Failed {
		t.Fatalf("not done after a while: %+v", state)
	}
}
