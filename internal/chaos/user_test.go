package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
)

const (
	keysPage = "/object-storage/keys"
	password = "sandbox"
)

// user is a session of a person who manages keys, their own or another's.
type user struct {
	*chaos
	name    string
	person  *person
	session *session
	owner   *owner
	at      string // where the keys are
	managed bool
	random  *rand.Rand

	last *click   // whose form may be sent again
	open []*click // their outcome is not known yet
	owed []*click // they are done, and are announced by a notice
}

// people are users without keys. Of six the first two are sessions of one person,
// the fourth is an administrator who looks after the keys of the third, and the
// sixth one who looks after the keys of somebody who is away.
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
		u := &user{chaos: c, name: fmt.Sprintf("user %d", i), at: keysPage, random: rand.New(rand.NewPCG(c.seed, uint64(i)+1))}
		switch i % 6 {
		case 1:
			u.person, u.owner = users[i-1].person, users[i-1].owner
		case 3, 5:
			u.managed, u.person = true, c.newPerson(next(), transport)
			c.equip(t, u.person.email, map[string]any{"administrator": true})
			if u.owner = users[i-1].owner; i%6 == 5 {
				u.owner = c.newOwner(next())
			}
			u.at = "/users/" + c.equip(t, u.owner.email, nil) + "/object-storage-keys"
		default:
			u.person = c.newPerson(next(), transport)
			u.owner = c.newOwner(u.person.email)
			c.equip(t, u.owner.email, nil)
		}
		u.session = u.person.sessions[0]
		if i%6 == 1 {
			u.session = u.person.sessions[1]
		}
		u.owner.users = append(u.owner.users, u)
		users = append(users, u)
	}
	return users
}

func (c *chaos) newOwner(email string) *owner {
	o := &owner{email: email, keys: map[string]*key{}}
	c.owners = append(c.owners, o)
	return o
}

// equip lets a user use object storage, deletes their keys, and returns their id.
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
	u.signIn(ctx, u.session)
	if u.session == u.person.sessions[0] && len(u.owner.sessionsOf(u.person)) == 1 {
		u.signIn(ctx, u.person.sessions[1])
	}
	for range times {
		if ctx.Err() != nil {
			return
		}
		u.act(ctx)
		u.finished()
	}
}

// sessionsOf are those of an owner's users who are one person.
func (o *owner) sessionsOf(p *person) []*user {
	var list []*user
	for _, u := range o.users {
		if u.person == p {
			list = append(list, u)
		}
	}
	return list
}

// act does one thing, chosen by chance of those that are possible.
func (u *user) act(ctx context.Context) {
	k := u.any()
	n := u.random.IntN(100)
	if n >= 96 && k != nil {
		u.lockOut(ctx)
		return
	}
	u.owner.quiet.RLock()
	defer u.owner.quiet.RUnlock()
	switch {
	case n < 6:
		u.list(ctx)
	case n < 30 && u.owner.room(), k == nil:
		u.generate(ctx)
	case n < 40:
		u.show(ctx, k, false)
	case n < 46:
		u.download(ctx, k)
	case n < 58:
		u.toggle(ctx, k)
	case n < 74:
		u.remove(ctx, k)
	case n < 82 && !u.managed:
		u.renew(ctx, k)
	case n < 88 && !u.managed:
		u.describe(ctx, k)
	case n < 90:
		u.saved(ctx, k)
	case n < 93 && u.last != nil:
		u.again(ctx)
	case n < 95 && len(u.open) == 0 && !u.hasLeft():
		u.signOut(ctx)
	default:
		u.list(ctx)
	}
}

// any is one of the keys, or nil.
func (u *user) any() *key {
	list := u.owner.there()
	if len(list) == 0 {
		return nil
	}
	return list[u.random.IntN(len(list))]
}

func (u *user) path(k *key) string { return u.at + "/" + k.accessKey }

// inOwn reports whether an address is one of the keys that the user manages.
func (u *user) inOwn(address string) (accessKey string, ok bool) {
	return strings.CutPrefix(address, u.at+"/")
}
