package keyops_test

import (
	"testing"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
)

func createKey(f *fixture) (accessKey, secret string) {
	f.t.Helper()
	result, err := f.ops.Create(f.t.Context(), f.me, "create", "")
	wantDone(f.t, result, err, "")
	return result.AccessKey, f.remote.Secret(result.AccessKey)
}

type pairWant struct {
	secret                            string
	cached, lost, unverified, renewed bool
}

func wantPair(f *fixture, r keyops.Request, k string, w pairWant) {
	f.t.Helper()
	pair, err := f.ops.Pair(f.t.Context(), r, k)
	got := pairWant{pair.Secret.Reveal(), !pair.CachedUntil.IsZero(), pair.Lost, pair.Unverified, pair.Renewed}
	if err != nil || got != w || pair.Key.AccessKey != k {
		f.t.Errorf("key %s: %v; cached, lost, unverified, renewed: %v %v %v %v; the secret is right: %v",
			pair.Key.AccessKey, err, got.cached, got.lost, got.unverified, got.renewed, got.secret == w.secret)
	}
}

func wantNoPair(f *fixture, k string, want error) {
	f.t.Helper()
	_, err := f.ops.Pair(f.t.Context(), f.me, k)
	wantError(f.t, err, false, want)
}

var down = keystest.Fault{Err: keystest.Refused(keys.ErrUnavailable, "")}

// refusals are what an API may say that does not check a pair.
var refusals = []error{keys.ErrRejected, keys.ErrForbidden, keys.ErrNoPrivilege}

func TestPair(t *testing.T) {
	t.Parallel()
	pairCases.run(t)
}

var pairCases = table{
	"not cached": func(t *testing.T, f *fixture) {
		k := f.remote.Add(own.UserID, keys.Key{})
		wantPair(f, f.me, k, pairWant{secret: f.remote.Secret(k)})
	},
	"verified": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true})
	},
	"no longer cached": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		pass(11 * time.Minute)
		wantPair(f, f.me, k, pairWant{secret: secret})
	},
	"in another session": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		wantPair(f, f.signIn(own), k, pairWant{secret: secret})
	},
	"renewed elsewhere": func(t *testing.T, f *fixture) {
		k, _ := createKey(f)
		other := f.signIn(own)
		result, err := f.ops.Renew(t.Context(), other, "renew", k)
		wantDone(t, result, err, k)
		wantPair(f, f.me, k, pairWant{secret: f.remote.Secret(k), renewed: true})
		wantPair(f, other, k, pairWant{secret: f.remote.Secret(k), cached: true})
	},
	"renewed here, and the Cloud API lags behind": func(t *testing.T, f *fixture) {
		k, before := createKey(f)
		result, err := f.ops.Renew(t.Context(), f.me, "renew", k)
		wantDone(t, result, err, k)
		secret := f.remote.Secret(k)
		f.remote.Update(k, func(*keys.Key) {}, before)
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true, unverified: true})
	},
	"described elsewhere": func(t *testing.T, f *fixture) {
		k, _ := createKey(f)
		if _, err := f.ops.Describe(t.Context(), f.signIn(own), k, "new"); err != nil {
			t.Fatal(err)
		}
		if pair, err := f.ops.Pair(t.Context(), f.me, k); err != nil || pair.Key.Description != "new" {
			t.Errorf("described %q, %v", pair.Key.Description, err)
		}
	},
	"deleted elsewhere": func(t *testing.T, f *fixture) {
		k, _ := createKey(f)
		f.remote.Remove(k)
		wantNoPair(f, k, keys.ErrNotFound)
	},
	"unverifiable": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		f.remote.Fail("UserKeyPair", down)
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true, unverified: true})
	},
	"no secret in the answer": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		f.remote.NoSecrets = true
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true, unverified: true})
	},
	"no secret in the answer, renewed here": func(t *testing.T, f *fixture) {
		k, _ := createKey(f)
		result, err := f.ops.Renew(t.Context(), f.me, "renew", k)
		wantDone(t, result, err, k)
		f.remote.NoSecrets = true
		wantPair(f, f.me, k, pairWant{secret: f.remote.Secret(k), cached: true, unverified: true})
	},
	"administrative": func(t *testing.T, f *fixture) {
		f.remote.Admin = true
		k, _ := createKey(f)
		wantAdmin := func(r keyops.Request, want bool) {
			t.Helper()
			if pair, err := f.ops.Pair(t.Context(), r, k); err != nil || pair.Key.Admin != want {
				t.Errorf("administrative: %v, want %v; %v", pair.Key.Admin, want, err)
			}
		}
		wantAdmin(f.me, true)
		wantAdmin(f.signIn(own), true)
		f.remote.FailAll("OwnKeys", down)
		wantAdmin(f.me, true) // as the answer said that created it
		wantAdmin(f.signIn(own), false)
		f.remote.FailAll("UserKeyPair", down)
		wantAdmin(f.me, true)
	},
	"check refused": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		for _, kind := range refusals {
			f.remote.Fail("UserKeyPair", keystest.Fault{Err: keystest.Refused(kind, "no")})
			wantPair(f, f.me, k, pairWant{secret: secret, cached: true, unverified: true})
		}
	},
	"check refused, of a managed user's": func(t *testing.T, f *fixture) {
		r := f.about(f.me, managed)
		result, err := f.ops.Create(t.Context(), r, "create", "")
		wantDone(t, result, err, "")
		secret := f.remote.Secret(result.AccessKey)
		for _, kind := range refusals {
			f.remote.Fail("UserKeyPair", keystest.Fault{Err: keystest.Refused(kind, "no")})
			wantPair(f, r, result.AccessKey, pairWant{secret: secret, cached: true, unverified: true})
		}
	},
	"check refused, and the list unavailable": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		f.remote.Fail("UserKeyPair", keystest.Fault{Err: keystest.Refused(keys.ErrForbidden, "no")})
		f.remote.FailAll("OwnKeys", down)
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true, unverified: true})
	},
	"refused by both APIs": func(t *testing.T, f *fixture) {
		k, _ := createKey(f)
		for _, kind := range []error{keys.ErrForbidden, keys.ErrNoPrivilege} {
			f.remote.Heal()
			f.remote.FailAll("UserKeyPair", keystest.Fault{Err: keystest.Refused(kind, "no")})
			f.remote.FailAll("OwnKeys", keystest.Fault{Err: keystest.Refused(kind, "no")})
			wantNoPair(f, k, kind)
		}
	},
	"unverifiable, and deleted elsewhere": func(t *testing.T, f *fixture) {
		k, _ := createKey(f)
		pass(time.Minute)
		f.remote.Remove(k)
		for _, fault := range []keystest.Fault{down, {Err: keystest.Refused(keys.ErrForbidden, "no")}} {
			f.remote.Fail("UserKeyPair", fault)
			wantNoPair(f, k, keys.ErrNotFound)
		}
	},
	"token refused": func(t *testing.T, f *fixture) {
		k, _ := createKey(f)
		f.remote.Fail("UserKeyPair", keystest.Fault{Err: keystest.Refused(keys.ErrUnauthorized, "")})
		wantNoPair(f, k, keys.ErrUnauthorized)
	},
	"not ready yet": func(t *testing.T, f *fixture) {
		f.remote.Spread = time.Minute
		k, secret := createKey(f)
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true})
		_, err := f.ops.Pair(t.Context(), f.signIn(own), k)
		wantError(t, err, false, keys.ErrNotReady)
	},
	"not ready for too long": func(t *testing.T, f *fixture) {
		f.remote.Spread = time.Minute
		k, secret := createKey(f)
		pass(40 * time.Second)
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true, unverified: true})
	},
	"not ready yet, renewed elsewhere": func(t *testing.T, f *fixture) {
		f.remote.Spread = time.Minute
		k, secret := createKey(f)
		_, err := f.ops.Renew(t.Context(), f.signIn(own), "renew", k)
		if err != nil {
			t.Fatal(err)
		}
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true, unverified: true})
	},
	"deleted elsewhere between the answers of the APIs": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		_, err := f.ops.Delete(t.Context(), f.signIn(own), k, keys.LastCharacters(k))
		if err != nil {
			t.Fatal(err)
		}
		f.remote.Fail("UserKeyPair", keystest.Fault{Err: keystest.Refused(keys.ErrNotFound, "")})
		f.remote.Update(k, func(k *keys.Key) { k.Status = keys.StatusAvailable }, secret) // as it was listed
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true, unverified: true})
	},
	"being deleted elsewhere": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		f.remote.Fail("UserKeyPair", keystest.Fault{Err: keystest.Refused(keys.ErrNotFound, "")})
		f.remote.Update(k, func(k *keys.Key) { k.Status = keys.StatusDestroying }, secret)
		wantNoPair(f, k, keys.ErrNotFound)
	},
	"not ready yet, and the store in trouble": func(t *testing.T, f *fixture) {
		f.remote.Spread = time.Minute
		k, secret := createKey(f)
		f.store.failing(storeCall.operations)
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true, unverified: true})
	},
	"lost secret": func(t *testing.T, f *fixture) {
		f.remote.Spread = time.Minute
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		k, secret := createKey(f)
		wantPair(f, f.me, k, pairWant{cached: true, lost: true})
		pass(2 * time.Minute)
		wantPair(f, f.me, k, pairWant{secret: secret, cached: true})
	},
	"dropped": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		if err := f.ops.ForgetPair(t.Context(), f.me, k); err != nil {
			t.Fatal(err)
		}
		wantPair(f, f.me, k, pairWant{secret: secret})
	},
	"cannot be one": func(_ *testing.T, f *fixture) { wantNoPair(f, "no/key", keys.ErrNotFound) },
	"of another owner": func(t *testing.T, f *fixture) {
		k, _ := createKey(f)
		_, err := f.ops.Pair(t.Context(), f.about(f.me, managed), k)
		wantError(t, err, false, keys.ErrNotFound)
	},
	"store in trouble": func(t *testing.T, f *fixture) {
		k, secret := createKey(f)
		f.store.failing(storeCall.value)
		wantPair(f, f.me, k, pairWant{secret: secret})
		wantError(t, f.ops.ForgetPair(t.Context(), f.me, k), false, keyops.ErrStore)
	},
}
