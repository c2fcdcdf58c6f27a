package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"
)

const (
	keysPage = "/object-storage/keys"
	password = "sandbox"
)

// user is somebody who manages keys, their own or another's, and remembers what
// they were told.
type user struct {
	*chaos
	name    string
	email   string
	subject string // whose keys, by e-mail
	at      string // where they are
	managed bool
	browser *browser
	random  *rand.Rand

	keys          map[string]*key
	clicks        int
	last          *click   // whose form may be sent again
	open          []*click // nobody could tell their end yet
	made, renewed int      // told of
	gone          int      // renewals of keys that were deleted before anybody could tell
	maybeOut      bool     // signing out was tried, and not answered
}

// fact is what a user knows for sure, or not.
type fact int

const (
	no fact = iota
	yes
	unknown
)

// key is a key that a user was told of.
type key struct {
	accessKey   string
	description string
	described   bool // the description is known
	active      fact
	gone        fact // deleted
	made        time.Time
}

// tail tells keys apart in what a run reports.
func tail(accessKey string) string { return "…" + accessKey[max(0, len(accessKey)-6):] }

func (k *key) tail() string { return tail(k.accessKey) }

// people are users without keys. Every sixth is an administrator who looks
// after the keys of somebody else.
func (c *chaos) people(t *testing.T) []*user {
	t.Helper()
	n := 20 // the accounts and a few others before stay as they are
	next := func() string {
		if n++; n%17 == 0 { // not active
			n++
		}
		return fmt.Sprintf("user%05d@keydeck.example", n)
	}
	transport := newTransport()
	t.Cleanup(transport.CloseIdleConnections)
	var users []*user
	for i := range c.users {
		email := next()
		u := &user{
			chaos: c, name: fmt.Sprintf("user %d", i), email: email, subject: email, at: keysPage,
			browser: newBrowser(c.url, transport), keys: map[string]*key{},
			random: rand.New(rand.NewPCG(c.seed, uint64(i)+1)),
		}
		if i%6 == 5 {
			u.managed, u.subject = true, next()
			c.equip(t, u.email, map[string]any{"administrator": true})
			u.at = "/users/" + c.equip(t, u.subject, nil) + "/object-storage-keys"
		}
		c.equip(t, u.subject, nil)
		users = append(users, u)
	}
	return users
}

// equip lets somebody use object storage, takes their keys, and gives their id.
func (c *chaos) equip(t *testing.T, email string, more map[string]any) string {
	t.Helper()
	change := map[string]any{"groups": []string{"Storage Team"}}
	for name, value := range more {
		change[name] = value
	}
	if err := c.apis.control(http.MethodPost, "users/"+email, change, nil); err != nil {
		t.Fatal(err)
	}
	there, err := c.apis.truthOf(email)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range there.Keys {
		if err := c.apis.control(http.MethodDelete, "keys/"+k.AccessKey, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	return there.User
}

// live does so many things, one after the other.
func (u *user) live(ctx context.Context, times int) {
	u.signIn(ctx)
	for range times {
		if ctx.Err() != nil {
			return
		}
		u.act(ctx)
		u.finished()
	}
}

// act does one thing, chosen by chance of those that are possible.
func (u *user) act(ctx context.Context) {
	k := u.any()
	n := u.random.IntN(100)
	switch {
	case n < 8:
		u.list(ctx)
	case n < 32 && len(u.there())+len(u.open) < 5, k == nil:
		u.generate(ctx)
	case n < 42:
		u.show(ctx, k, false)
	case n < 48:
		u.download(ctx, k)
	case n < 60:
		u.toggle(ctx, k)
	case n < 78:
		u.remove(ctx, k)
	case n < 86 && !u.managed:
		u.renew(ctx, k)
	case n < 91 && !u.managed:
		u.describe(ctx, k)
	case n < 93:
		u.saved(ctx, k)
	case n < 96 && u.last != nil:
		u.again(ctx)
	case n < 98 && len(u.open) == 0:
		u.signOut(ctx)
	default:
		u.list(ctx)
	}
}

// there are the keys that the user thinks are there, the oldest first.
func (u *user) there() []*key {
	var list []*key
	for _, k := range u.keys {
		if k.gone != yes {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b *key) int { return a.made.Compare(b.made) })
	return list
}

// any is one of them, or nil.
func (u *user) any() *key {
	list := u.there()
	if len(list) == 0 {
		return nil
	}
	return list[u.random.IntN(len(list))]
}

// signIn goes on until the console answers that it is done.
func (u *user) signIn(ctx context.Context) {
	u.maybeOut = false
	for ctx.Err() == nil {
		p, err := u.browser.do(ctx, "/sign-in", url.Values{"email": {u.email}, "password": {password}})
		if err == nil && p.status == http.StatusSeeOther {
			u.count("signed in")
			return
		}
		if err == nil && p.status < 500 && p.status != http.StatusTooManyRequests {
			u.violated("%s: signing in: %d %s", u.name, p.status, p.text("main"))
			return
		}
		wait(ctx, 100*time.Millisecond)
	}
}

func (u *user) signOut(ctx context.Context) {
	u.maybeOut, u.last = true, nil
	p, err := u.browser.do(ctx, "/sign-out", url.Values{})
	if err == nil && p.status == http.StatusSeeOther {
		u.count("signed out")
		u.signIn(ctx)
	}
}

// get reads a page, again and again while the console is gone or the APIs fail.
func (u *user) get(ctx context.Context, path string) (page, bool) {
	began := time.Now()
	for ctx.Err() == nil {
		if time.Since(began) > 2*time.Minute {
			u.violated("%s: %s does not come", u.name, path)
			return page{}, false
		}
		p, err := u.browser.do(ctx, path, nil)
		switch {
		case err != nil || p.status == http.StatusTooManyRequests || p.status > http.StatusInternalServerError:
			wait(ctx, 100*time.Millisecond)
		case p.toSignIn():
			if !u.maybeOut {
				u.violated("%s: the session is lost", u.name)
			}
			u.signIn(ctx)
		case p.status == http.StatusInternalServerError:
			u.violated("%s: GET %s: %d %s", u.name, path, p.status, p.text("main"))
			return p, false
		default:
			return p, true
		}
	}
	return page{}, false
}
