package keybatch_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keybatch"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
	"keydeck/internal/kv/kvtest"
)

// newcomers are users without a key, to get one each.
func newcomers(n int) []keybatch.Owner {
	owners := make([]keybatch.Owner, n)
	for i := range owners {
		owners[i] = keybatch.Owner{UserID: user(i), Keys: []keybatch.Item{{}}}
	}
	return owners
}

// wantCreated checks that users have one key each, which the batch names; or none, where
// it says that none was created.
func wantCreated(t *testing.T, remote *keystest.Fake, b keybatch.Batch) {
	t.Helper()
	for _, o := range b.Owners {
		if o.Keys[0].State == keybatch.Refused && len(remote.Keys(o.UserID)) == 0 {
			continue
		}
		if there := remote.Keys(o.UserID); len(there) != 1 || there[0] != o.Keys[0].AccessKey {
			t.Errorf("%s has %v, the batch says %+v", o.UserID, there, o.Keys)
		}
	}
}

// TestCreate: each user gets one key, whose secret is not kept.
func TestCreate(t *testing.T) {
	t.Parallel()
	createCases.run(t)
}

var createCases = table{
	"all": func(t *testing.T, f *fixture) {
		f.start(keyops.Create, newcomers(12))
		b := f.after(10 * time.Second)
		want(t, b, 0, 0, 12, 0, 0)
		wantCreated(t, f.remote, b)
		if slices.ContainsFunc(f.store.Keys(), func(key string) bool { return strings.Contains(key, "pair") }) {
			t.Errorf("the store has %v", f.store.Keys())
		}
	},
	"one who has a key": func(t *testing.T, f *fixture) {
		f.remote.Add(user(1), keys.Key{})
		f.start(keyops.Create, newcomers(3))
		b := f.after(10 * time.Second)
		want(t, b, 0, 0, 2, 1, 0)
		if err := b.Reason(b.Owners[1].Keys[0]); !errors.Is(err, keyops.ErrHasKey) {
			t.Errorf("refused because of %v", err)
		}
		f.wantCalls("CreateUserKey", 2)
	},
	"privilege not known yet": func(t *testing.T, f *fixture) {
		f.remote.FailAll("CreateUserKey", keystest.Fault{Err: &keys.Error{Kind: keys.ErrNoPrivilege}})
		f.start(keyops.Create, newcomers(1))
		b := f.after(10 * time.Second)
		want(t, b, 0, 0, 0, 1, 0)
		if !errors.Is(reason(b), keys.ErrNoPrivilege) {
			t.Errorf("refused because of %v", reason(b))
		}
	},
	"answer lost after the work": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateUserKey", keystest.Fault{Err: keystest.Lost(), Worked: true})
		f.start(keyops.Create, newcomers(3))
		b := f.after(time.Minute)
		want(t, b, 0, 0, 3, 0, 0)
		wantCreated(t, f.remote, b)
		f.wantCalls("CreateUserKey", 3)
	},
	"late": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateUserKey", keystest.Fault{Wait: 55 * time.Second, Late: true})
		f.start(keyops.Create, newcomers(1))
		b := f.after(2 * time.Minute)
		want(t, b, 0, 0, 1, 0, 0)
		wantCreated(t, f.remote, b)
	},
	"throttled": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateUserKey", keystest.Fault{Err: &keys.Error{Kind: keys.ErrThrottled, RetryAfter: 20 * time.Second}})
		f.start(keyops.Create, newcomers(2))
		b := f.after(time.Minute)
		want(t, b, 0, 0, 2, 0, 0)
		wantCreated(t, f.remote, b)
	},
	"two batches at once": func(t *testing.T, f *fixture) {
		f.start(keyops.Create, newcomers(4))
		if _, err := f.batches.Start(t.Context(), f.request, "other", keybatch.Batch{Kind: keyops.Create, Owners: newcomers(4)}); err != nil {
			t.Fatal(err)
		}
		b := f.after(time.Minute)
		other, err := f.batches.Load(t.Context(), f.request, "other")
		if err != nil || b.Count(keybatch.Done)+other.Count(keybatch.Done) != 4 || b.Count(keybatch.Refused)+other.Count(keybatch.Refused) != 4 {
			t.Errorf("%+v and %+v, %v", b, other, err)
		}
		f.wantCalls("CreateUserKey", 4)
	},
}

// TestCreateKilled kills the process after each thing that it does, with the answer to
// the last one lost or not, and has another one go on: each user has one key in the end,
// and the batch never says what is not so.
func TestCreateKilled(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{false, true} {
		runs := 0
		for at, died := 1, true; died && at < 200; at++ {
			synctest.Test(t, func(t *testing.T) { died = createKilled(t, &kvtest.Power{Left: at, Lost: lost}) })
			runs++
		}
		t.Logf("answer lost %v: %d runs", lost, runs)
		if runs < 80 {
			t.Error("the process was killed too seldom")
		}
	}
}

// createKilled reports whether the process was killed.
func createKilled(t *testing.T, p *kvtest.Power) bool {
	t.Helper()
	const users = 26
	f := newFixture(t)
	begin := keybatch.Batch{Kind: keyops.Create, Owners: newcomers(users)}
	killed, request := f.process(p.Store(f.store), keystest.Powered{Remote: f.remote, Use: p.Use})
	_, _ = killed.Start(t.Context(), request, "b", begin)
	<-time.After(30 * time.Second)
	died := p.Out()
	if _, err := f.batches.Start(t.Context(), f.request, "b", begin); err != nil { // the form is sent again
		t.Fatal(err)
	}
	var b keybatch.Batch
	for range 12 {
		b = f.after(20 * time.Second)
		for _, o := range b.Owners {
			if item := o.Keys[0]; item.State == keybatch.Done && len(f.remote.Keys(o.UserID)) != 1 {
				t.Errorf("killed at %d: %s is said to be %s, and has %v", p.Left, o.UserID, item.State, f.remote.Keys(o.UserID))
			}
		}
	}
	if calls := f.remote.Calls("CreateUserKey"); b.Count(keybatch.Done) != calls || b.Count(keybatch.Done)+b.Count(keybatch.Refused) != users {
		t.Errorf("killed: %+v after %d calls", b, calls)
	}
	wantCreated(t, f.remote, b)
	return died
}
