package keystest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/keys"
)

var ownKeysTests = []test{
	{"none at first", func(t *testing.T, f Fixture) {
		if list := must[[]keys.Key](t)(f.Member.OwnKeys(t.Context())); len(list) != 0 {
			t.Errorf("got %d keys, want none", len(list))
		}
	}},
	{"all of them, with what Management knows", func(t *testing.T, f Fixture) {
		list := must[[]keys.Key](t)(f.Full.OwnKeys(t.Context()))
		if len(list) != keys.MaxPerUser {
			t.Fatalf("got %d keys, want %d", len(list), keys.MaxPerUser)
		}
		want := f.Full.Identity.Contract + ":" + f.Full.ID()
		for _, key := range list {
			if !keys.ValidAccessKey(key.AccessKey) || !keys.ValidUserID(key.ResourceID) {
				t.Errorf("key %q with resource id %q", key.AccessKey, key.ResourceID)
			}
			if key.Status != keys.StatusAvailable || key.Activity != keys.ActivityUnknown || key.KnownFrom != keys.Management {
				t.Errorf("key %s: status %q, activity %d, known from %b", key.AccessKey, key.Status, key.Activity, key.KnownFrom)
			}
			if key.ContractUserID != want {
				t.Errorf("contract user id %q, want %q", key.ContractUserID, want)
			}
			if key.Created.IsZero() || len(key.Regions) == 0 {
				t.Errorf("key %s: created %v, regions %v", key.AccessKey, key.Created, key.Regions)
			}
		}
	}},
	{"both scopes", func(t *testing.T, f Fixture) {
		scopes := map[keys.Scope]int{}
		for _, key := range must[[]keys.Key](t)(f.Full.OwnKeys(t.Context())) {
			scopes[key.Scope()]++
		}
		if scopes[keys.ScopeUserOwned] != 1 || scopes[keys.ScopeAllBuckets] != keys.MaxPerUser-1 {
			t.Errorf("scopes %v", scopes)
		}
	}},
	{"no other user's", func(t *testing.T, f Fixture) {
		for _, p := range []Person{f.Owner, f.Administrator} {
			for _, key := range must[[]keys.Key](t)(p.OwnKeys(t.Context())) {
				if !strings.HasSuffix(key.ContractUserID, ":"+p.ID()) {
					t.Errorf("%s is given the key of %s", p.Email, key.ContractUserID)
				}
			}
		}
	}},
	{"without the privilege", func(t *testing.T, f Fixture) {
		_, err := f.Guest.OwnKeys(t.Context())
		wantKind(t, "OwnKeys", err, keys.ErrNoPrivilege)
	}},
}

var createOwnKeyTests = []test{
	{"a pair that lasts", func(t *testing.T, f Fixture) {
		pair := must[keys.KeyPair](t)(f.Member.CreateOwnKey(t.Context(), "backups <b>&"))
		checkPair(t, pair, keys.Management)
		if pair.Key.Description != "backups <b>&" || !keys.ValidUserID(pair.Key.ResourceID) {
			t.Errorf("description %q, resource id %q", pair.Key.Description, pair.Key.ResourceID)
		}
		f.Settle()
		own := must[[]keys.Key](t)(f.Member.OwnKeys(t.Context()))
		if len(own) != 1 || own[0].AccessKey != pair.Key.AccessKey || own[0].Status != keys.StatusAvailable {
			t.Fatalf("the list afterwards: %+v", own)
		}
		if own[0].CanonicalUserID == "" {
			t.Error("no canonical user id after the first key")
		}
		again := must[keys.KeyPair](t)(f.Member.UserKeyPair(t.Context(), f.Member.ID(), pair.Key.AccessKey))
		if !again.Secret.Equal(pair.Secret) || again.Key.Activity != keys.Active {
			t.Errorf("through Cloud: the same secret %v, activity %d", again.Secret.Equal(pair.Secret), again.Key.Activity)
		}
	}},
	{"in the list at once or soon", func(t *testing.T, f Fixture) {
		pair := must[keys.KeyPair](t)(f.Member.CreateOwnKey(t.Context(), ""))
		if key, ok := find(must[[]keys.Key](t)(f.Member.OwnKeys(t.Context())), pair.Key.AccessKey); ok && key.Status == keys.StatusFailed {
			t.Errorf("status %q", key.Status)
		}
	}},
	{"not a sixth", func(t *testing.T, f Fixture) {
		_, err := f.Full.CreateOwnKey(t.Context(), "one too many")
		e := wantKind(t, "CreateOwnKey", err, keys.ErrRejected)
		if e.Message == "" || e.Indeterminate {
			t.Errorf("message %q, unclear %v", e.Message, e.Indeterminate)
		}
		f.Settle()
		if list := must[[]keys.Key](t)(f.Full.OwnKeys(t.Context())); len(list) != keys.MaxPerUser {
			t.Errorf("%d keys afterwards", len(list))
		}
	}},
	{"not without the privilege", func(t *testing.T, f Fixture) {
		_, err := f.Guest.CreateOwnKey(t.Context(), "")
		wantKind(t, "CreateOwnKey", err, keys.ErrNoPrivilege)
	}},
}

var describeOwnKeyTests = []test{
	{"nothing else changes", func(t *testing.T, f Fixture) {
		before := anOwnKey(t, f.Owner)
		if err := f.Owner.DescribeOwnKey(t.Context(), before.ResourceID, "Größe \"1\""); err != nil {
			t.Fatal(err)
		}
		f.Settle()
		after, _ := find(must[[]keys.Key](t)(f.Owner.OwnKeys(t.Context())), before.AccessKey)
		before.Description = "Größe \"1\""
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}},
	{"what is not there is not made", func(t *testing.T, f Fixture) {
		for _, id := range []string{unknownID, "", "..", "a/b", anOwnKey(t, f.Owner).ResourceID} {
			wantKind(t, id, f.Member.DescribeOwnKey(t.Context(), id, "new"), keys.ErrNotFound)
		}
		f.Settle()
		if list := must[[]keys.Key](t)(f.Member.OwnKeys(t.Context())); len(list) != 0 {
			t.Errorf("made %+v", list)
		}
	}},
}

var renewOwnKeyTests = []test{
	{"another secret for the same key", func(t *testing.T, f Fixture) {
		key := anOwnKey(t, f.Owner)
		before := must[keys.KeyPair](t)(f.Owner.UserKeyPair(t.Context(), f.Owner.ID(), key.AccessKey))
		pair := must[keys.KeyPair](t)(f.Owner.RenewOwnKey(t.Context(), key.ResourceID))
		checkPair(t, pair, keys.Management)
		if pair.Secret.Equal(before.Secret) {
			t.Error("the secret is the same")
		}
		if pair.Key.AccessKey != key.AccessKey || pair.Key.ResourceID != key.ResourceID || pair.Key.Description != key.Description {
			t.Errorf("another key: %+v", pair.Key)
		}
		f.Settle()
		after := must[keys.KeyPair](t)(f.Owner.UserKeyPair(t.Context(), f.Owner.ID(), key.AccessKey))
		if !after.Secret.Equal(pair.Secret) {
			t.Error("the secret afterwards is not the one given")
		}
	}},
	{"also a deactivated key", func(t *testing.T, f Fixture) {
		inactive := deactivated(t, f)
		key, ok := find(must[[]keys.Key](t)(f.Full.OwnKeys(t.Context())), inactive.AccessKey)
		if !ok {
			t.Fatal("the deactivated key is not in the own list")
		}
		must[keys.KeyPair](t)(f.Full.RenewOwnKey(t.Context(), key.ResourceID))
		f.Settle()
		if deactivated(t, f).AccessKey != inactive.AccessKey {
			t.Error("renewing has activated the key")
		}
	}},
	{"not what is not there", func(t *testing.T, f Fixture) {
		for _, id := range []string{unknownID, "", "..", "a/b", anOwnKey(t, f.Owner).ResourceID} {
			_, err := f.Member.RenewOwnKey(t.Context(), id)
			wantKind(t, id, err, keys.ErrNotFound)
		}
	}},
}

var deleteOwnKeyTests = []test{
	{"gone after a while", func(t *testing.T, f Fixture) {
		key := anOwnKey(t, f.Full)
		if err := f.Full.DeleteOwnKey(t.Context(), key.ResourceID); err != nil {
			t.Fatal(err)
		}
		if now, ok := find(must[[]keys.Key](t)(f.Full.OwnKeys(t.Context())), key.AccessKey); ok && now.Status != keys.StatusDestroying {
			t.Errorf("status %q", now.Status)
		}
		f.Settle()
		own := must[[]keys.Key](t)(f.Full.OwnKeys(t.Context()))
		theirs := must[[]keys.Key](t)(f.Full.UserKeys(t.Context(), f.Full.ID()))
		if len(own) != keys.MaxPerUser-1 || len(theirs) != len(own) || slices.ContainsFunc(theirs, func(k keys.Key) bool { return k.AccessKey == key.AccessKey }) {
			t.Errorf("%d own keys and %d user keys afterwards", len(own), len(theirs))
		}
		wantKind(t, "again", f.Full.DeleteOwnKey(t.Context(), key.ResourceID), keys.ErrNotFound)
	}},
	{"not what is not there", func(t *testing.T, f Fixture) {
		for _, id := range []string{unknownID, "", "..", "a/b", anOwnKey(t, f.Owner).ResourceID} {
			wantKind(t, id, f.Member.DeleteOwnKey(t.Context(), id), keys.ErrNotFound)
		}
	}},
}
