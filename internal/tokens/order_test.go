package tokens_test

import (
	"errors"
	"testing"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/tokens"
)

var errDown = errors.New("the API is down")

func TestRevoke(t *testing.T) {
	t.Parallel()
	revokeCases.run(t)
}

var revokeCases = table{
	"own token": func(f *fixture) {
		b := f.signIn(f.Keeper)
		f.end(b)
		f.Revoke(tokens.Order{UserID: user, Access: b.access(), Own: b.token()})
		f.settle()
		f.wantLive()
		f.wantCalls("revoke t1 with t1")
	},
	"held tokens, each with itself": func(f *fixture) {
		a, b, here := f.signIn(f.Keeper), f.signIn(f.Keeper), f.signIn(f.Keeper)
		f.Revoke(tokens.Order{UserID: user, Access: here.access(), Tokens: []tokens.Token{a.token(), b.token()}})
		f.settle()
		f.wantLive("t3")
		f.wantCalls("revoke t1 with t1", "revoke t2 with t2")
	},
	"tokens of another process, with the caller's, which comes last": func(f *fixture) {
		other := f.keeper()
		a, b, here := f.signIn(other), f.signIn(other), f.signIn(f.Keeper)
		f.Revoke(tokens.Order{UserID: user, Access: here.access(), Tokens: []tokens.Token{a.token(), b.token()}, Own: here.token()})
		f.settle()
		f.wantLive()
		f.wantCalls("revoke t1 with t3", "revoke t2 with t3", "revoke t3 with t3")
		if last := f.api.calls[2]; last != "revoke t3 with t3" {
			f.Errorf("the last call is %q", last)
		}
	},
	"contract of the token": func(f *fixture) {
		here := f.signIn(f.Keeper)
		f.Revoke(tokens.Order{UserID: user, Access: here.access(), Tokens: []tokens.Token{{ID: "t9", Contract: " 31"}}})
		f.settle()
		f.wantCalls("revoke t9 with t1 31")
	},
	"revoked before": func(f *fixture) {
		b := f.signIn(f.Keeper)
		delete(f.api.live, "t1")
		f.Revoke(tokens.Order{UserID: user, Access: b.access(), Own: b.token()})
		f.settle()
		f.sweep()
		f.wantCalls("revoke t1 with t1")
	},
	"nothing": func(f *fixture) {
		f.Revoke(tokens.Order{UserID: user})
		f.settle()
		f.wantCalls()
	},
	"API fails, and again at the next sweep": func(f *fixture) {
		b := f.signIn(f.Keeper)
		f.end(b)
		f.api.fail = errDown
		f.Revoke(tokens.Order{UserID: user, Access: b.access(), Own: b.token()})
		f.settle()
		f.wantWarning("a token was not revoked")
		f.sweep()
		f.wantLive("t1")
		f.api.fail = nil
		f.sweep()
		f.wantLive()
	},
	"API fails, so that the caller's token stays for the others": func(f *fixture) {
		other := f.signIn(f.keeper())
		here := f.signIn(f.Keeper)
		f.end(here)
		f.api.fail = errDown
		f.Revoke(tokens.Order{UserID: user, Access: here.access(), Tokens: []tokens.Token{other.token()}, Own: here.token()})
		f.settle()
		f.wantCalls("revoke t1 with t2")
		f.api.fail = nil
		f.sweep()
		f.wantLive()
	},
	"API fails, so that others are not tried before the next sweep": func(f *fixture) {
		f.api.fail = errDown
		for range 40 {
			b := f.signIn(f.Keeper)
			f.Revoke(tokens.Order{UserID: user, Access: b.access(), Own: b.token()})
		}
		f.settle()
		if n := len(f.api.calls); n == 0 || n > 16 {
			f.Errorf("%d calls", n)
		}
	},
	"API fails until they have expired": func(f *fixture) {
		other := f.signIn(f.keeper())
		here := f.signIn(f.Keeper, pasted)
		f.api.fail = errDown
		f.Revoke(tokens.Order{UserID: user, Access: here.access(), Tokens: []tokens.Token{other.token()}})
		f.settle()
		f.clock.Advance(f.TTL())
		f.sweep() // tries once more
		f.sweep()
		f.wantCalls("revoke t1 with t2", "revoke t1 with t2")
	},
	"API fails until the caller's token has expired": func(f *fixture) {
		b := f.signIn(f.Keeper)
		f.api.fail = errDown
		f.Revoke(tokens.Order{UserID: user, Access: b.access(), Own: b.token()})
		f.settle()
		f.clock.Advance(f.TTL())
		f.sweep()
		f.sweep()
		f.wantCalls("revoke t1 with t1", "revoke t1 with t1")
	},
	"caller's token is refused": func(f *fixture) {
		other := f.signIn(f.keeper())
		here := f.signIn(f.Keeper, pasted)
		delete(f.api.live, here.TokenID)
		f.Revoke(tokens.Order{UserID: user, Access: here.access(), Tokens: []tokens.Token{other.token()}, Own: here.token()})
		f.settle()
		f.sweep()
		// Nothing is tried again with a token that is refused.
		f.wantCalls("revoke t1 with t2", "revoke t2 with t2")
	},
	"store fails": func(f *fixture) {
		b := f.signIn(f.Keeper)
		f.store.Fail(errDown)
		f.Revoke(tokens.Order{UserID: user, Access: b.access(), Own: b.token()})
		f.settle()
		f.store.Fail(nil)
		f.wantLive()
		f.wantWarning("an ended session stays in the index")
	},
	"panic": func(f *fixture) {
		b := f.signIn(f.Keeper)
		f.api.during = func() { panic("broken") }
		f.Revoke(tokens.Order{UserID: user, Access: b.access(), Own: b.token()})
		f.settle()
		f.wantWarning("a token was not looked after")
	},
}

// TestRevokeMany: what is beyond the bound of orders that wait is found by a sweep.
func TestRevokeMany(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.api.fail = errDown
	const n = 10_002
	for range n {
		token := f.api.generate(f.TTL())
		own := tokens.Token{Session: "session of " + idOf(token), ID: idOf(token), Expires: f.clock.Now().Add(f.TTL())}
		f.Revoke(tokens.Order{UserID: user, Access: keys.Access{Token: token}, Own: own})
	}
	f.settle()
	f.wantWarning("a token was not revoked")
	f.api.fail = nil
	f.sweep()
	f.wantLive()
}

// TestRevokeHangs: calls at the same time are bounded.
func TestRevokeHangs(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	entered, release := make(chan struct{}, 100), make(chan struct{})
	f.api.during = func() {
		entered <- struct{}{}
		select {
		case <-release:
		case <-time.After(10 * time.Second):
		}
	}
	for range 100 {
		b := f.signIn(f.Keeper)
		f.Revoke(tokens.Order{UserID: user, Access: b.access(), Own: b.token()})
	}
	for range 16 {
		select {
		case <-entered:
		case <-time.After(10 * time.Second):
			t.Fatal("no call within 10 s")
		}
	}
	if len(entered) > 0 {
		t.Error("more than 16 calls at the same time")
	}
	close(release)
	f.settle()
	f.wantLive()
}
