package tokens_test

import (
	"strings"
	"testing"
	"time"

	"keydeck/internal/keys"
)

func TestRenew(t *testing.T) {
	t.Parallel()
	renewCases.run(t)
}

// due returns a session whose token is to be renewed.
func (f *fixture) due() browser {
	f.Helper()
	b := f.signIn(f.Keeper)
	f.clock.Advance(idle - time.Second)
	b = f.visit(b)
	f.clock.Advance(3 * time.Minute)
	return b
}

func (f *fixture) renew(b browser) {
	f.Helper()
	f.Renew(b.Session, b.access())
	f.settle()
}

var renewCases = table{
	"more than half is left": func(f *fixture) {
		b := f.signIn(f.Keeper)
		f.clock.Advance(idle - time.Minute)
		f.renew(b)
		f.wantCalls()
	},
	"less than half is left": func(f *fixture) {
		b := f.due()
		f.renew(b)
		f.wantLive("t1", "t2")
		after := f.visit(b)
		if after.TokenID != "t2" || after.Token.Reveal() != "token t2" || !after.TokenExpires.Equal(f.clock.Now().Add(f.TTL())) {
			f.Errorf("token %s until %v", after.TokenID, after.TokenExpires)
		}
		f.Sweep(f.Context()) // requests that were begun with it may go on
		f.settle()
		f.wantLive("t1", "t2")
		f.sweep()
		f.wantLive("t2")
		f.end(after)
		f.sweep()
		f.wantLive()
	},
	"token does not say when it expires": func(f *fixture) {
		b := f.due()
		f.api.undated = true
		f.renew(b)
		if after := f.visit(b); !after.TokenExpires.Equal(f.clock.Now().Add(f.TTL())) {
			f.Errorf("until %v", after.TokenExpires)
		}
	},
	"pasted": func(f *fixture) {
		b := f.due()
		b.TokenOurs = false
		f.renew(b)
		f.wantCalls()
	},
	"expiry is not known": func(f *fixture) {
		b := f.due()
		b.TokenExpires = time.Time{}
		f.renew(b)
		f.wantCalls()
	},
	"session ends before its token": func(f *fixture) {
		b := f.due()
		b.Expires = b.TokenExpires
		f.renew(b)
		f.wantCalls()
	},
	"no longer than the session": func(f *fixture) {
		b := f.due()
		b.Expires = b.TokenExpires.Add(10 * time.Minute)
		f.renew(b)
		if until := f.api.live["t2"]; !until.Equal(b.Expires) {
			f.Errorf("until %v, want %v", until, b.Expires)
		}
	},
	"session ended meanwhile": func(f *fixture) {
		b := f.due()
		f.end(b)
		f.renew(b)
		f.wantLive("t1")
		f.sweep()
		f.wantLive()
	},
	"by two requests": func(f *fixture) {
		b := f.due()
		f.Renew(b.Session, b.access())
		f.Renew(b.Session, b.access())
		f.settle()
		f.wantCalls("renew")
	},
	"by two processes": func(f *fixture) {
		b, other := f.due(), f.keeper()
		f.renew(b)
		other.Renew(b.Session, b.access())
		f.settle(other)
		f.wantLive("t1", "t2")
	},
	"refused, and again an interval later": func(f *fixture) {
		b := f.due()
		f.api.fail = errDown
		f.renew(b)
		f.wantWarning("a token was not renewed")
		f.api.fail = nil
		f.renew(b)
		f.wantLive("t1")
		f.sweep()
		f.renew(b)
		f.wantLive("t1", "t2")
	},
	"unreadable": func(f *fixture) {
		b := f.due()
		f.api.unread = keys.ErrUnavailable
		f.renew(b)
		f.wantWarning("a token was not renewed")
		if after := f.visit(b); after.TokenID != "t1" {
			f.Errorf("token %s", after.TokenID)
		}
	},
	"store fails": func(f *fixture) {
		b := f.due()
		f.store.Fail(errDown)
		f.renew(b)
		f.store.Fail(nil)
		f.wantLive("t1")
		if strings.Count(f.log.String(), "a token was not renewed") != 1 {
			f.Errorf("log: %s", f.log)
		}
	},
}
