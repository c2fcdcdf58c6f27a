// Package keystest is the conformance suite for package keys' interfaces to
// the remote APIs: what their comments promise, as tests. Whatever implements
// [keys.Remote] or [keys.Authenticator] passes it. [Fake] is for tests of the rules:
// it does what a test configures, faults included, and is no model of the APIs.
//
// It knows nothing of how the APIs are reached, nor of any implementation.
package keystest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"keydeck/internal/keys"
)

// Person is a signed-in user.
type Person struct {
	keys.Remote
	Identity keys.Identity
	Email    string
}

// ID is the person's user id.
func (p Person) ID() string { return p.Identity.UserID }

// Fixture is one contract as several people see it. All but Guest may use
// object storage. No two have a key in common.
type Fixture struct {
	Owner         Person // of the contract, with keys
	Administrator Person
	Member        Person // of a group that may use object storage; without keys
	Full          Person // such a member with five keys, one of them deactivated, one for user-owned buckets only
	Guest         Person // may not use object storage, and has no keys

	// Stranger asks with a token that the APIs refuse.
	Stranger keys.Remote
	// Settle lets the time pass that the APIs take to finish what they began.
	Settle func()
}

// TestRemote runs the suite. fresh gives a contract in its first state, and is
// called for every test.
func TestRemote(t *testing.T, fresh func(t *testing.T) Fixture) {
	groups := []struct {
		name  string
		tests []test
	}{
		{"OwnKeys", ownKeysTests},
		{"CreateOwnKey", createOwnKeyTests},
		{"DescribeOwnKey", describeOwnKeyTests},
		{"RenewOwnKey", renewOwnKeyTests},
		{"DeleteOwnKey", deleteOwnKeyTests},
		{"UserKeys", userKeysTests},
		{"UserKeyPair", userKeyPairTests},
		{"CreateUserKey", createUserKeyTests},
		{"SetUserKeyActive", setUserKeyActiveTests},
		{"DeleteUserKey", deleteUserKeyTests},
		{"Directory", directoryTests},
		{"Regions", regionsTests},
	}
	for _, group := range groups {
		for _, test := range group.tests {
			t.Run(group.name+"/"+test.name, func(t *testing.T) { test.run(t, fresh(t)) })
		}
	}
	testEveryMethod(t, fresh)
}

// test is one promise.
type test struct {
	name string
	run  func(t *testing.T, f Fixture)
}

// What names nothing.
const (
	unknownID   = "99999999-9999-4999-8999-999999999999"
	noAccessKey = "0123456789abcdef0123"
)

// must gives the value of a call that has to succeed.
func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatalf("unexpected error: %v", err)
		}
		return value
	}
}

// wantKind checks that err is a *keys.Error of one of the kinds.
func wantKind(t *testing.T, what string, err error, kinds ...error) *keys.Error {
	t.Helper()
	e, ok := errors.AsType[*keys.Error](err)
	if !ok {
		t.Fatalf("%s: got error %v, want a *keys.Error of kind %q", what, err, kinds)
	}
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return e
		}
	}
	t.Fatalf("%s: got error %v, want kind %q", what, err, kinds)
	return nil
}

// find gives the key of that name.
func find(list []keys.Key, accessKey string) (keys.Key, bool) {
	for _, key := range list {
		if key.AccessKey == accessKey {
			return key, true
		}
	}
	return keys.Key{}, false
}

// deactivated gives the key of Full that is not active.
func deactivated(t *testing.T, f Fixture) keys.Key {
	t.Helper()
	for _, key := range must[[]keys.Key](t)(f.Full.UserKeys(t.Context(), f.Full.ID())) {
		if key.Activity == keys.Inactive {
			return key
		}
	}
	t.Fatal("the fixture has no deactivated key")
	return keys.Key{}
}

// anOwnKey gives a key of a person's as the Management API knows it.
func anOwnKey(t *testing.T, p Person) keys.Key {
	t.Helper()
	list := must[[]keys.Key](t)(p.OwnKeys(t.Context()))
	if len(list) == 0 {
		t.Fatalf("the fixture gives %s no key", p.Email)
	}
	return list[0]
}

// checkPair checks what every pair has.
func checkPair(t *testing.T, pair keys.KeyPair, source keys.Source) {
	t.Helper()
	if !keys.ValidAccessKey(pair.Key.AccessKey) {
		t.Errorf("access key %q cannot name a key", pair.Key.AccessKey)
	}
	if pair.Secret.IsZero() || strings.TrimSpace(pair.Secret.Reveal()) != pair.Secret.Reveal() {
		t.Error("the pair has no secret, or one with spaces around it")
	}
	if pair.Key.KnownFrom != source {
		t.Errorf("known from %b, want %b", pair.Key.KnownFrom, source)
	}
}

// canceled is a context that has ended.
func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
