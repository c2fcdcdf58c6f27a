package keys_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
)

const managedID = "33333333-3333-4333-8333-333333333333"

var (
	ownKeys     = keys.Owner{UserID: keystest.FakePerson, Contract: "31415926"}
	managedKeys = keys.Owner{UserID: managedID, Contract: "31415926", Managed: true}
)

// apis is a service on a fake of the APIs.
type apis struct {
	*keystest.Fake
	*keys.Service
}

// table runs its cases, each on APIs of its own and with its own time.
type table map[string]func(t *testing.T, a apis)

func (cases table) run(t *testing.T) {
	t.Helper()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := &keystest.Fake{Settle: 3 * time.Second}
				test(t, apis{fake, keys.NewService(fake, nil)})
			})
		})
	}
}

func failing(kind error) keystest.Fault { return keystest.Fault{Err: keystest.Refused(kind, "")} }

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	type want struct {
		keys        int
		missing     keys.Source
		noPrivilege bool
		err         error
	}
	check := func(management, cloud error, owner keys.Owner, w want) func(t *testing.T, a apis) {
		return func(t *testing.T, a apis) {
			for _, id := range []string{ownKeys.UserID, managedID} {
				a.Add(id, keys.Key{})
				a.Add(id, keys.Key{})
			}
			if management != nil {
				a.Fail("OwnKeys", failing(management))
			}
			if cloud != nil {
				a.Fail("UserKeys", failing(cloud))
			}
			l, err := a.List(t.Context(), owner)
			wantError(t, err, w.err)
			got := want{len(l.Keys), l.Missing, l.NoPrivilege, w.err}
			if got != w || (l.Missing != 0) != (l.Cause != nil) {
				t.Errorf("got %+v (%v), want %+v", got, l.Cause, w)
			}
			if owner.Managed && a.Calls("OwnKeys") > 0 {
				t.Error("the Management API serves the person alone")
			}
		}
	}
	table{
		"both answer":                   check(nil, nil, ownKeys, want{keys: 2}),
		"no privilege":                  check(keys.ErrNoPrivilege, nil, ownKeys, want{keys: 2, noPrivilege: true}),
		"no privilege, Cloud fails":     check(keys.ErrNoPrivilege, keys.ErrUnavailable, ownKeys, want{noPrivilege: true, missing: keys.Cloud}),
		"no privilege, says Cloud, too": check(keys.ErrNoPrivilege, keys.ErrNoPrivilege, ownKeys, want{noPrivilege: true}),
		"Management fails":              check(keys.ErrUnavailable, nil, ownKeys, want{keys: 2, missing: keys.Management}),
		"Cloud fails":                   check(nil, keys.ErrTimeout, ownKeys, want{keys: 2, missing: keys.Cloud}),
		"both fail":                     check(keys.ErrUnavailable, keys.ErrTimeout, ownKeys, want{err: keys.ErrUnavailable}),
		"both fail, one says how long":  check(keys.ErrUnavailable, keys.ErrThrottled, ownKeys, want{err: keys.ErrThrottled}),
		"Management refuses the token":  check(keys.ErrUnauthorized, nil, ownKeys, want{keys: 2, missing: keys.Management}),
		"Cloud refuses the token":       check(keys.ErrNoPrivilege, keys.ErrUnauthorized, ownKeys, want{noPrivilege: true, missing: keys.Cloud}),
		"managed":                       check(keys.ErrUnavailable, nil, managedKeys, want{keys: 2}),
		"managed, no privilege":         check(nil, keys.ErrNoPrivilege, managedKeys, want{noPrivilege: true}),
		"managed, no such user":         check(nil, keys.ErrNotFound, managedKeys, want{err: keys.ErrNoUser}),
		"managed, Cloud fails":          check(nil, keys.ErrUnavailable, managedKeys, want{err: keys.ErrUnavailable}),
		"time is up before either comes": func(t *testing.T, a apis) {
			a.Fail("OwnKeys", keystest.Fault{Wait: time.Minute})
			a.Fail("UserKeys", keystest.Fault{Wait: time.Minute})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := a.List(ctx, ownKeys)
			wantError(t, err, keys.ErrTimeout)
		},
	}.run(t)
}

// TestListSelf: the Management API alone knows administrative keys, and of the
// person's own alone. That it does not answer leaves the list as it is.
func TestListSelf(t *testing.T) {
	t.Parallel()
	self := keys.Owner{UserID: keystest.FakePerson, Contract: "31415926", Managed: true, Self: true}
	check := func(owner keys.Owner, fault *keystest.Fault, marked bool) func(*testing.T, apis) {
		return func(t *testing.T, a apis) {
			administrative := a.Add(owner.UserID, keys.Key{Admin: true, Description: "d"})
			other := a.Add(owner.UserID, keys.Key{})
			if fault != nil {
				a.FailAll("OwnKeys", *fault)
			}
			began := time.Now()
			l, err := a.List(t.Context(), owner)
			k, _ := l.Find(administrative)
			second, found := l.Find(other)
			if err != nil || k.Admin != marked || second.Admin || !found || l.Missing != 0 {
				t.Errorf("%+v, %+v, %v", k, second, err)
			}
			if can := l.Capabilities(k); can.Renew || can.Describe || !can.Rotate {
				t.Errorf("the Cloud API cannot do %+v", can)
			}
			pair, err := a.Pair(t.Context(), owner, administrative)
			if err != nil || pair.Key.Admin != marked || pair.Secret.Reveal() != a.Secret(administrative) {
				t.Errorf("the pair is of %+v, %v", pair.Key, err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			if calls := a.Calls("OwnKeys"); (calls > 0) != owner.Self {
				t.Errorf("the Management API was called %d times", calls)
			}
		}
	}
	unavailable := failing(keys.ErrUnavailable)
	table{
		"oneself":                           check(self, nil, true),
		"oneself, and Management fails":     check(self, &unavailable, false),
		"oneself, and Management hangs":     check(self, &keystest.Fault{Wait: time.Hour}, false),
		"another user, who is not known of": check(managedKeys, nil, false),
	}.run(t)
}

func TestFind(t *testing.T) {
	t.Parallel()
	table{
		"found in both": func(t *testing.T, a apis) {
			name := a.Add(ownKeys.UserID, keys.Key{Description: "d"})
			k, l, err := a.Find(t.Context(), ownKeys, name)
			if err != nil || k.Description != "d" || k.Activity != keys.Active || len(l.Keys) != 1 {
				t.Errorf("got %+v, %v", k, err)
			}
		},
		"not there": func(t *testing.T, a apis) {
			_, _, err := a.Find(t.Context(), ownKeys, "NONE")
			wantError(t, err, keys.ErrNotFound)
		},
		"not there, no privilege, and Cloud fails": func(t *testing.T, a apis) {
			a.Fail("OwnKeys", failing(keys.ErrNoPrivilege))
			a.Fail("UserKeys", failing(keys.ErrTimeout))
			_, _, err := a.Find(t.Context(), ownKeys, "NONE")
			wantError(t, err, keys.ErrTimeout)
		},
		"not there, as far as one API knows": func(t *testing.T, a apis) {
			a.Fail("OwnKeys", failing(keys.ErrUnavailable))
			_, _, err := a.Find(t.Context(), ownKeys, "NONE")
			wantError(t, err, keys.ErrUnavailable)
		},
		"cannot be a key": func(t *testing.T, a apis) {
			_, _, err := a.Find(t.Context(), ownKeys, "../x")
			wantError(t, err, keys.ErrNotFound)
			if a.Calls("OwnKeys")+a.Calls("UserKeys") > 0 {
				t.Error("the APIs were asked")
			}
		},
		"list fails": func(t *testing.T, a apis) {
			a.Fail("UserKeys", failing(keys.ErrUnavailable))
			_, _, err := a.Find(t.Context(), managedKeys, "K")
			wantError(t, err, keys.ErrUnavailable)
		},
	}.run(t)
}

func TestListForChange(t *testing.T) {
	t.Parallel()
	table{
		"own": func(t *testing.T, a apis) {
			a.Add(ownKeys.UserID, keys.Key{})
			l, err := a.ListForChange(t.Context(), ownKeys)
			if err != nil || len(l.Keys) != 1 || a.Calls("UserKeys") > 0 {
				t.Errorf("got %+v, %v", l, err)
			}
		},
		"managed": func(t *testing.T, a apis) {
			a.Add(managedID, keys.Key{})
			l, err := a.ListForChange(t.Context(), managedKeys)
			if err != nil || len(l.Keys) != 1 || a.Calls("OwnKeys") > 0 {
				t.Errorf("got %+v, %v", l, err)
			}
		},
		"no privilege": func(t *testing.T, a apis) {
			a.Fail("OwnKeys", failing(keys.ErrNoPrivilege))
			_, err := a.ListForChange(t.Context(), ownKeys)
			wantError(t, err, keys.ErrNoPrivilege)
		},
		"no such user": func(t *testing.T, a apis) {
			a.Fail("UserKeys", failing(keys.ErrNotFound))
			_, err := a.ListForChange(t.Context(), managedKeys)
			wantError(t, err, keys.ErrNoUser)
		},
	}.run(t)
}

func TestPair(t *testing.T) {
	t.Parallel()
	refused := func(owner keys.Owner, pair, list, want error) func(t *testing.T, a apis) {
		return func(t *testing.T, a apis) {
			a.Fail("UserKeyPair", failing(pair))
			method := "OwnKeys"
			if owner.Managed {
				method = "UserKeys"
			}
			if list != nil {
				a.Fail(method, failing(list))
			}
			_, err := a.Pair(t.Context(), owner, a.Add(owner.UserID, keys.Key{}))
			wantError(t, err, want)
		}
	}
	table{
		"own": func(t *testing.T, a apis) {
			name := a.Add(ownKeys.UserID, keys.Key{Description: "d"})
			pair, err := a.Pair(t.Context(), ownKeys, name)
			if err != nil || pair.Secret.Reveal() != a.Secret(name) || pair.Key.Description != "d" || pair.Key.Activity != keys.Active {
				t.Errorf("got %+v, %v", pair, err)
			}
		},
		"managed": func(t *testing.T, a apis) {
			name := a.Add(managedID, keys.Key{})
			pair, err := a.Pair(t.Context(), managedKeys, name)
			if err != nil || pair.Secret.Reveal() != a.Secret(name) {
				t.Errorf("got %+v, %v", pair, err)
			}
		},
		"own, Management fails": func(t *testing.T, a apis) {
			a.Fail("OwnKeys", failing(keys.ErrUnavailable))
			name := a.Add(ownKeys.UserID, keys.Key{})
			if pair, err := a.Pair(t.Context(), ownKeys, name); err != nil || pair.Secret.IsZero() {
				t.Errorf("got %+v, %v", pair, err)
			}
		},
		"cannot be a key": func(t *testing.T, a apis) {
			_, err := a.Pair(t.Context(), ownKeys, "")
			wantError(t, err, keys.ErrNotFound)
		},
		"own, not there": func(t *testing.T, a apis) {
			_, err := a.Pair(t.Context(), ownKeys, "NONE")
			wantError(t, err, keys.ErrNotFound)
		},
		"managed, not there": func(t *testing.T, a apis) {
			_, err := a.Pair(t.Context(), managedKeys, "NONE")
			wantError(t, err, keys.ErrNotFound)
		},
		"own, not ready":                 refused(ownKeys, keys.ErrNotFound, nil, keys.ErrNotReady),
		"own, not there or not ready":    refused(ownKeys, keys.ErrNotFound, keys.ErrThrottled, keys.ErrThrottled),
		"own, not there, no privilege":   refused(ownKeys, keys.ErrNotFound, keys.ErrNoPrivilege, keys.ErrNotFound),
		"own, Cloud fails":               refused(ownKeys, keys.ErrUnavailable, nil, keys.ErrUnavailable),
		"own, token refused":             refused(ownKeys, keys.ErrUnavailable, keys.ErrUnauthorized, keys.ErrUnauthorized),
		"managed, not ready":             refused(managedKeys, keys.ErrNotFound, nil, keys.ErrNotReady),
		"managed, no such user":          refused(managedKeys, keys.ErrNotFound, keys.ErrNotFound, keys.ErrNoUser),
		"managed, not there, list fails": refused(managedKeys, keys.ErrNotFound, keys.ErrTimeout, keys.ErrTimeout),
		"managed, Cloud fails":           refused(managedKeys, keys.ErrUnavailable, nil, keys.ErrUnavailable),
	}.run(t)
}

func TestRegions(t *testing.T) {
	t.Parallel()
	table{
		"all": func(t *testing.T, a apis) {
			if regions, err := a.Service.Regions(t.Context()); err != nil || len(regions) != 1 {
				t.Errorf("got %+v, %v", regions, err)
			}
		},
		"failing": func(t *testing.T, a apis) {
			a.Fail("Regions", failing(keys.ErrUnavailable))
			_, err := a.Service.Regions(t.Context())
			wantError(t, err, keys.ErrUnavailable)
		},
	}.run(t)
}
