package keyops_test

import (
	"testing"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
	"keydeck/internal/waittest"
)

// page is what a list of keys does for a request: it settles, reads the keys and
// takes the notices.
func (f *fixture) page(r keyops.Request) (notices []keyops.Notice, awaited bool) {
	f.t.Helper()
	state, err := f.ops.State(f.t.Context(), r.Owner)
	if err != nil {
		f.t.Fatal(err)
	}
	state.Settle(f.t.Context(), r)
	list, err := r.Keys.List(f.t.Context(), r.Owner)
	if err != nil {
		f.t.Fatal(err)
	}
	list, progress := r.Keys.Refresh(f.t.Context(), r.Owner, list, state.Changes)
	notices, awaited = state.Notices(f.t.Context(), r, &keyops.View{Listing: list, Progress: progress})
	state.Shown(f.t.Context(), r, notices)
	return notices, awaited
}

// wantNotice checks that a page shows one notice, or none, and whether it looks again.
func (f *fixture) wantNotice(r keyops.Request, kind keyops.Kind, state keyops.NoticeState, awaited bool) {
	f.t.Helper()
	notices, again := f.page(r)
	if len(notices) != 1 || notices[0].Kind != kind || notices[0].State != state || again != awaited {
		f.t.Errorf("notices %+v, awaited %v; want %s in state %d, awaited %v", notices, again, kind, state, awaited)
	}
}

func (f *fixture) wantNoNotice(r keyops.Request, awaited bool) {
	f.t.Helper()
	if notices, again := f.page(r); len(notices) > 0 || again != awaited {
		f.t.Errorf("notices %+v, awaited %v; want none, awaited %v", notices, again, awaited)
	}
}

func gone() bool { return true }

func TestNotices(t *testing.T) {
	t.Parallel()
	noticesCases.run(t)
}

var noticesCases = table{
	"nothing stored": func(t *testing.T, f *fixture) {
		f.wantNoNotice(f.me, false)
		var none keyops.State
		none.Settle(t.Context(), f.me)
		none.Shown(t.Context(), f.me, nil)
		if notices, awaited := none.Notices(t.Context(), f.me, nil); len(notices) > 0 || awaited || none.CreationInProgress(f.me) != nil {
			t.Error("the zero state says something")
		}
	},
	"created": func(t *testing.T, f *fixture) {
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		if err != nil {
			t.Fatal(err)
		}
		f.wantNotice(f.me, keyops.Create, keyops.Succeeded, false)
		f.wantNoNotice(f.me, false)
	},
	"accepted, then deleted elsewhere": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		if err := setActive(f, f.me, a, off, ""); err != nil {
			t.Fatal(err)
		}
		f.wantNotice(f.me, keyops.Deactivate, keyops.Accepted, true)
		f.remote.Remove(a)
		f.wantNotice(f.me, keyops.Deactivate, keyops.Succeeded, false)
		f.wantNoNotice(f.me, false)
	},
	"carried out, and undone elsewhere": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		if err := setActive(f, f.me, a, off, ""); err != nil {
			t.Fatal(err)
		}
		f.wantNotice(f.me, keyops.Deactivate, keyops.Accepted, true)
		pass(5 * time.Second)
		if _, err := f.me.Keys.List(t.Context(), own); err != nil { // from here on it is carried out
			t.Fatal(err)
		}
		f.remote.Update(a, func(k *keys.Key) { k.Activity = keys.Active }, f.remote.Secret(a))
		f.wantNotice(f.me, keyops.Deactivate, keyops.Succeeded, false)
	},
	"accepted, then carried out": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		if err := setActive(f, f.me, a, off, ""); err != nil {
			t.Fatal(err)
		}
		f.wantNotice(f.me, keyops.Deactivate, keyops.Accepted, true)
		f.wantNoNotice(f.me, true)
		pass(5 * time.Second)
		f.wantNotice(f.me, keyops.Deactivate, keyops.Succeeded, false)
		f.wantNoNotice(f.me, false)
	},
	"accepted, then refused": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		f.remote.Fail("SetUserKeyActive", keystest.Fault{Refused: "not now"})
		if err := setActive(f, f.me, a, off, ""); err != nil {
			t.Fatal(err)
		}
		f.wantNotice(f.me, keyops.Deactivate, keyops.Accepted, true)
		pass(5 * time.Second)
		notices, _ := f.page(f.me)
		if len(notices) != 1 || notices[0].State != keyops.Failed || keys.Message(notices[0].Failure) != "not now" {
			t.Errorf("notices %+v", notices)
		}
	},
	"undone while it is pending": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		for _, active := range []bool{off, on} {
			if err := setActive(f, f.me, a, active, ""); err != nil {
				t.Fatal(err)
			}
		}
		f.wantNotice(f.me, keyops.Activate, keyops.Accepted, true) // the list shows what was before both
		pass(8 * time.Second)
		f.wantNotice(f.me, keyops.Activate, keyops.Succeeded, false)
	},
	"deleted": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		if _, err := f.ops.Delete(t.Context(), f.me, a, a[len(a)-4:]); err != nil {
			t.Fatal(err)
		}
		f.wantNotice(f.me, keyops.Delete, keyops.Accepted, true)
		pass(5 * time.Second)
		f.wantNotice(f.me, keyops.Delete, keyops.Succeeded, false)
	},
	"failed and answered": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Refused(keys.ErrRejected, "no")})
		f.me.Gone = func() bool { return false }
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keys.ErrRejected)
		f.wantNoNotice(f.me, false)
	},
	"failed and left": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Err: keystest.Refused(keys.ErrRejected, "no")})
		f.me.Gone = gone
		_, err := f.ops.Create(t.Context(), f.me, "form", "")
		wantError(t, err, false, keys.ErrRejected)
		notices, _ := f.page(f.me)
		if len(notices) != 1 || notices[0].State != keyops.Failed || keys.Message(notices[0].Failure) != "no" {
			t.Errorf("notices %+v", notices)
		}
		f.wantNoNotice(f.me, false)
	},
	"refused before it began, and left": func(t *testing.T, f *fixture) {
		a := f.remote.Add(own.UserID, keys.Key{})
		f.me.Gone = gone
		wantError(t, setActive(f, f.me, a, off, ""), false, keys.ErrConfirmation)
		f.wantNotice(f.me, keyops.Deactivate, keyops.Failed, false)
	},
	"lost, and found by the page": func(t *testing.T, f *fixture) {
		f.createLost(f.me, "form", true)
		pass(time.Minute)
		f.wantNotice(f.me, keyops.Create, keyops.Succeeded, false)
		f.wantKeys(own, 1)
	},
	"in progress, for all who look": func(t *testing.T, f *fixture) {
		f.remote.Fail("CreateOwnKey", keystest.Fault{Wait: 20 * time.Second})
		other := f.signIn(own)
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err := f.ops.Create(t.Context(), f.me, "form", "")
			if err != nil {
				t.Error(err)
			}
		}()
		pass(time.Second)
		f.wantNotice(f.me, keyops.Create, keyops.InProgress, true)
		f.wantNotice(other, keyops.Create, keyops.InProgress, true)
		waittest.Receive(t, done, "the creation")
		f.wantNoNotice(other, false) // the session that has asked says it first
		f.wantNotice(f.me, keyops.Create, keyops.Succeeded, false)
		pass(time.Minute)
		f.wantNoNotice(other, false)
	},
	"left, and said by another session": func(t *testing.T, f *fixture) {
		if _, err := f.ops.Create(t.Context(), f.me, "form", ""); err != nil {
			t.Fatal(err)
		}
		other := f.signIn(own)
		f.wantNoNotice(other, false)
		pass(15 * time.Second)
		f.wantNotice(other, keyops.Create, keyops.Succeeded, false)
		f.wantNoNotice(f.me, false)
	},
	"no news after an hour": func(t *testing.T, f *fixture) {
		if _, err := f.ops.Create(t.Context(), f.me, "form", ""); err != nil {
			t.Fatal(err)
		}
		pass(time.Hour)
		f.wantNoNotice(f.me, false)
	},
	"another person's": func(t *testing.T, f *fixture) {
		administrator := f.about(f.me, managed)
		if _, err := f.ops.Create(t.Context(), administrator, "form", ""); err != nil {
			t.Fatal(err)
		}
		owner := f.signIn(own)
		owner.Session.UserID = managedID
		owner = f.about(owner, keys.Owner{UserID: managedID, Contract: own.Contract, Managed: true})
		pass(time.Minute)
		f.wantNoNotice(owner, false)
		f.wantNotice(administrator, keyops.Create, keyops.Succeeded, false)
	},
	"without the keys": func(t *testing.T, f *fixture) {
		a, _ := addTwo(f, own)
		if err := setActive(f, f.me, a, off, ""); err != nil {
			t.Fatal(err)
		}
		pass(5 * time.Second)
		state, err := f.ops.State(t.Context(), own)
		if err != nil {
			t.Fatal(err)
		}
		notices, _ := state.Notices(t.Context(), f.me, nil)
		if len(notices) != 1 || notices[0].State != keyops.Accepted {
			t.Errorf("notices %+v", notices)
		}
	},
}
