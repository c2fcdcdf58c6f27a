package keybatch_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keybatch"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
)

func TestBatch(t *testing.T) {
	t.Parallel()
	batchCases.run(t)
}

var batchCases = table{
	"deactivate": func(t *testing.T, f *fixture) {
		f.start(keyops.Deactivate, f.owners(3, 5, true))
		if b := f.after(time.Second); !b.Running || b.Settled || b.Count(keybatch.Done) > 0 {
			t.Errorf("done before the list shows it: %+v", b)
		}
		b := f.after(10 * time.Second)
		want(t, b, 0, 0, 15, 0, 0)
		if b.Running || !b.Settled || b.Err() != nil {
			t.Errorf("running %v, settled %v, %v", b.Running, b.Settled, b.Err())
		}
		f.wantCalls("SetUserKeyActive", 15)
		if len(f.audited) != 15 || len(f.changed) != 3 {
			t.Errorf("audited %v, changed %v", f.audited, f.changed)
		}
	},
	"activate what is deactivated": func(t *testing.T, f *fixture) {
		owners := f.owners(1, 2, false)
		f.remote.Update(owners[0].Keys[0].AccessKey, func(k *keys.Key) { k.Activity = keys.Inactive }, "")
		f.start(keyops.Activate, owners)
		want(t, f.after(10*time.Second), 0, 0, 2, 0, 0)
		f.wantCalls("SetUserKeyActive", 1)
	},
	"delete what is deactivated": func(t *testing.T, f *fixture) {
		owners := f.owners(1, 3, true)
		for _, item := range owners[0].Keys[:2] {
			f.remote.Update(item.AccessKey, func(k *keys.Key) { k.Activity = keys.Inactive }, "")
		}
		f.start(keyops.Delete, owners)
		b := f.after(10 * time.Second)
		want(t, b, 0, 0, 2, 1, 0)
		if err := b.Reason(b.Owners[0].Keys[2]); !errors.Is(err, keyops.ErrActive) {
			t.Errorf("the active key: %v", err)
		}
		f.wantCalls("DeleteUserKey", 2)
	},
	"nobody was asked about the last one": func(t *testing.T, f *fixture) {
		f.start(keyops.Deactivate, f.owners(1, 2, false))
		b := f.after(10 * time.Second)
		want(t, b, 0, 0, 1, 1, 0)
		if err := b.Reason(b.Owners[0].Keys[1]); !errors.Is(err, keys.ErrConfirmation) {
			t.Errorf("refused because of %v", err)
		}
	},
	"nobody was asked about the last one to be deleted": func(t *testing.T, f *fixture) {
		owners := f.owners(1, 1, false)
		f.remote.Update(owners[0].Keys[0].AccessKey, func(k *keys.Key) { k.Activity = keys.Inactive }, "")
		f.start(keyops.Delete, owners)
		b := f.after(10 * time.Second)
		want(t, b, 0, 0, 0, 1, 0)
		if !errors.Is(reason(b), keys.ErrConfirmation) {
			t.Errorf("refused because of %v", reason(b))
		}
		f.wantCalls("DeleteUserKey", 0)
	},
	"keys that are not there": func(t *testing.T, f *fixture) {
		owners := f.owners(1, 1, true)
		f.remote.Remove(owners[0].Keys[0].AccessKey)
		f.start(keyops.Delete, owners)
		b := f.after(10 * time.Second)
		want(t, b, 0, 0, 0, 1, 0)
		if !errors.Is(reason(b), keys.ErrNotFound) {
			t.Errorf("refused because of %v", reason(b))
		}
	},
	"the same form twice": func(t *testing.T, f *fixture) {
		owners := f.owners(2, 2, true)
		f.start(keyops.Deactivate, owners)
		other, request := f.replica()
		for _, s := range []*keybatch.Service{f.batches, other} {
			if started, err := s.Start(t.Context(), request, "b", keybatch.Batch{Kind: keyops.Deactivate, Owners: owners}); started || err != nil {
				t.Errorf("started %v, %v", started, err)
			}
		}
		want(t, f.after(10*time.Second), 0, 0, 4, 0, 0)
		f.wantCalls("SetUserKeyActive", 4)
	},
	"refused in the end": func(t *testing.T, f *fixture) {
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Refused: "not possible"})
		f.start(keyops.Deactivate, f.owners(1, 1, true))
		b := f.after(20 * time.Second)
		want(t, b, 0, 0, 0, 1, 0)
		if keys.Message(reason(b)) != "not possible" {
			t.Errorf("refused because of %v", reason(b))
		}
	},
	"changed again by someone else": func(t *testing.T, f *fixture) {
		owners := f.owners(1, 1, true)
		f.remote.Settle = 20 * time.Second
		f.start(keyops.Deactivate, owners)
		f.after(time.Second)
		other, request := f.replica()
		if _, err := other.Start(t.Context(), request, "other", keybatch.Batch{Kind: keyops.Activate, Owners: owners}); err != nil {
			t.Fatal(err)
		}
		b := f.after(10 * time.Second)
		want(t, b, 0, 0, 0, 1, 0)
		if !errors.Is(reason(b), keys.ErrConflict) {
			t.Errorf("refused because of %v", reason(b))
		}
	},
	"two at once on the same keys": func(t *testing.T, f *fixture) {
		owners := f.owners(4, 3, true)
		f.start(keyops.Deactivate, owners)
		other, request := f.replica()
		if _, err := other.Start(t.Context(), request, "other", keybatch.Batch{Kind: keyops.Deactivate, Owners: owners}); err != nil {
			t.Fatal(err)
		}
		want(t, f.after(15*time.Second), 0, 0, 12, 0, 0)
		b, err := other.Load(t.Context(), request, "other")
		if err != nil {
			t.Fatal(err)
		}
		want(t, b, 0, 0, 12, 0, 0)
		// One that finds a key's change under way, and not accepted yet, asks again.
		if got := f.remote.Calls("SetUserKeyActive"); got < 12 || got > 24 {
			t.Errorf("%d calls of SetUserKeyActive, want 12 to 24", got)
		}
	},
	"never shown": func(t *testing.T, f *fixture) {
		f.remote.Settle = 5 * time.Minute
		f.start(keyops.Deactivate, f.owners(1, 1, true))
		b := f.after(4 * time.Minute)
		want(t, b, 0, 1, 0, 0, 0)
		if b = f.after(2 * time.Minute); !b.Settled { // it went on when it was looked at
			t.Errorf("%+v", b)
		}
		want(t, b, 0, 0, 1, 0, 0)
		f.wantCalls("SetUserKeyActive", 1)
	},
}

// TestTrouble: what fails on the way is said, and nothing is done twice.
func TestTrouble(t *testing.T) {
	t.Parallel()
	troubleCases.run(t)
}

var troubleCases = table{
	"answer lost after the work": func(t *testing.T, f *fixture) {
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: keystest.Lost(), Worked: true})
		f.start(keyops.Deactivate, f.owners(1, 1, true))
		want(t, f.after(time.Minute), 0, 0, 1, 0, 0)
		f.wantCalls("SetUserKeyActive", 1)
	},
	"answer lost before the work": func(t *testing.T, f *fixture) {
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: keystest.Lost()})
		f.start(keyops.Deactivate, f.owners(1, 1, true))
		if b := f.after(10 * time.Second); b.Settled {
			t.Error("it is settled, and not known")
		}
		want(t, f.after(2*time.Minute), 0, 0, 0, 1, 0)
		f.wantCalls("SetUserKeyActive", 1)
	},
	"throttled": func(t *testing.T, f *fixture) {
		throttled := &keys.Error{Kind: keys.ErrThrottled, RetryAfter: 40 * time.Second}
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: throttled}, keystest.Fault{Err: throttled})
		f.remote.Fail("UserKeys", keystest.Fault{}, keystest.Fault{Err: throttled})
		f.start(keyops.Deactivate, f.owners(2, 2, true))
		if b := f.after(30 * time.Second); !b.Running {
			t.Errorf("it does not wait: %+v", b)
		}
		want(t, f.after(3*time.Minute), 0, 0, 4, 0, 0)
	},
	"throttled for an hour": func(t *testing.T, f *fixture) {
		f.remote.FailAll("UserKeys", keystest.Fault{Err: &keys.Error{Kind: keys.ErrThrottled, RetryAfter: time.Hour}})
		f.start(keyops.Deactivate, f.owners(1, 1, true))
		b := f.after(time.Second)
		if b.Running || !errors.Is(b.Err(), keys.ErrThrottled) {
			t.Errorf("running %v, %v", b.Running, b.Err())
		}
		want(t, b, 1, 0, 0, 0, 0)
	},
	"token ends half-way": func(t *testing.T, f *fixture) {
		f.remote.Fail("SetUserKeyActive", keystest.Fault{}, keystest.Fault{Err: &keys.Error{Kind: keys.ErrUnauthorized}})
		f.start(keyops.Deactivate, f.owners(1, 3, true))
		b := f.after(2 * time.Second)
		if b.Running || !errors.Is(b.Err(), keys.ErrUnauthorized) {
			t.Errorf("running %v, %v", b.Running, b.Err())
		}
		want(t, b, 2, 1, 0, 0, 0)
		f.after(10 * time.Second) // goes on, as after another sign-in
		want(t, f.after(10*time.Second), 0, 0, 3, 0, 0)
		f.wantCalls("SetUserKeyActive", 4)
	},
	"forbidden half-way": func(t *testing.T, f *fixture) {
		forbidden := &keys.Error{Kind: keys.ErrForbidden}
		f.remote.Fail("SetUserKeyActive", keystest.Fault{}, keystest.Fault{Err: forbidden, During: func() { f.people.refused = forbidden }})
		f.start(keyops.Deactivate, f.owners(1, 3, true))
		b := f.after(2 * time.Second)
		if b.Running || !errors.Is(b.Err(), keys.ErrForbidden) {
			t.Errorf("running %v, %v", b.Running, b.Err())
		}
		want(t, b, 2, 1, 0, 0, 0)
	},
	"forbidden for one user": func(t *testing.T, f *fixture) {
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Err: &keys.Error{Kind: keys.ErrForbidden}})
		f.start(keyops.Deactivate, f.owners(1, 3, true))
		want(t, f.after(10*time.Second), 0, 0, 2, 1, 0)
	},
	"API gone": func(t *testing.T, f *fixture) {
		f.remote.FailAll("UserKeys", keystest.Fault{Err: &keys.Error{Kind: keys.ErrUnavailable}})
		f.start(keyops.Deactivate, f.owners(100, 5, true))
		b := f.after(2 * time.Second)
		if b.Running || !errors.Is(b.Err(), keys.ErrUnavailable) || b.Count(keybatch.Refused) > 40 {
			t.Errorf("running %v, %v, %d refused", b.Running, b.Err(), b.Count(keybatch.Refused))
		}
	},
	"list refused": func(t *testing.T, f *fixture) {
		f.remote.FailAll("UserKeys", keystest.Fault{Err: &keys.Error{Kind: keys.ErrNoPrivilege}})
		f.start(keyops.Delete, []keybatch.Owner{{UserID: user(1), Keys: []keybatch.Item{{AccessKey: "KEY"}}}})
		b := f.after(10 * time.Second)
		want(t, b, 0, 0, 0, 1, 0)
		if !errors.Is(reason(b), keys.ErrNoPrivilege) {
			t.Errorf("refused because of %v", reason(b))
		}
	},
	"store down for a while": func(t *testing.T, f *fixture) {
		f.start(keyops.Deactivate, f.owners(1, 3, true))
		f.store.Fail(errDown)
		<-time.After(time.Second)
		f.store.Fail(nil)
		f.after(20 * time.Second)
		want(t, f.after(20*time.Second), 0, 0, 3, 0, 0)
		f.wantCalls("SetUserKeyActive", 3)
	},
	"store down from the start": func(t *testing.T, f *fixture) {
		owners := f.owners(1, 1, true)
		f.store.Fail(errDown)
		if _, err := f.batches.Start(t.Context(), f.request, "b", keybatch.Batch{Kind: keyops.Deactivate, Owners: owners}); !errors.Is(err, keyops.ErrStore) {
			t.Errorf("got %v", err)
		}
		f.wantCalls("SetUserKeyActive", 0)
	},
	"too large for a record": func(t *testing.T, f *fixture) {
		owners := f.owners(1, 1, true)
		owners[0].Keys[0].AccessKey = strings.Repeat("x", 300<<10)
		if _, err := f.batches.Start(t.Context(), f.request, "b", keybatch.Batch{Kind: keyops.Deactivate, Owners: owners}); !errors.Is(err, keybatch.ErrTooLarge) {
			t.Errorf("got %v", err)
		}
	},
}

// TestResume: another process goes on where one was ended, and does nothing twice.
func TestResume(t *testing.T) {
	t.Parallel()
	for name, during := range map[string]string{"before the change": "UserKeys", "after the change": "SetUserKeyActive"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t)
				owners := f.owners(20, 5, true)
				// The process is stopped: its calls are not answered for a long time.
				f.remote.Fail(during, slow(8)...)
				f.start(keyops.Deactivate, owners)
				f.after(2 * time.Second)
				f.store.Fail(errDown) // nor does it write
				<-time.After(20 * time.Second)
				f.store.Fail(nil)
				other, request := f.replica()
				for range 6 {
					if _, err := other.Load(t.Context(), request, "b"); err != nil {
						t.Fatal(err)
					}
					<-time.After(20 * time.Second)
				}
				synctest.Wait()
				b, err := other.Load(t.Context(), request, "b")
				if err != nil || !b.Settled {
					t.Fatalf("%+v, %v", b, err)
				}
				want(t, b, 0, 0, 100, 0, 0)
				f.wantCalls("SetUserKeyActive", 100)
			})
		})
	}
}

// slow is the same long wait before the work of several calls.
func slow(n int) []keystest.Fault {
	faults := make([]keystest.Fault, n)
	for i := range faults {
		faults[i] = keystest.Fault{Wait: 30 * time.Second}
	}
	return faults
}

// TestLoad: a batch is its person's, for a day.
func TestLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.start(keyops.Deactivate, f.owners(1, 1, true))
		f.after(10 * time.Second)
		stranger := f.request
		other := *f.request.Session
		other.UserID = user(9)
		stranger.Session = &other
		if _, err := f.batches.Load(t.Context(), stranger, "b"); !errors.Is(err, keybatch.ErrNotFound) {
			t.Errorf("to someone else: %v", err)
		}
		if b := f.after(23 * time.Hour); !b.Settled {
			t.Errorf("%+v", b)
		}
		<-time.After(time.Hour)
		if _, err := f.batches.Load(t.Context(), f.request, "b"); !errors.Is(err, keybatch.ErrNotFound) {
			t.Errorf("after a day: %v", err)
		}
	})
}

// TestEnded: what was not begun within an hour is not begun any more.
func TestEnded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.remote.FailAll("UserKeys", keystest.Fault{Err: &keys.Error{Kind: keys.ErrUnauthorized}})
		f.start(keyops.Deactivate, f.owners(1, 1, true))
		f.after(time.Second)
		f.remote.Heal()
		b := f.after(time.Hour)
		if b.Running || !b.Ended {
			t.Errorf("%+v", b)
		}
		want(t, f.after(time.Minute), 1, 0, 0, 0, 0)
		f.wantCalls("SetUserKeyActive", 0)
	})
}
