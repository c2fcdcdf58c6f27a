package chaos

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// change is one that has no request id.
type change struct {
	what  string // as in its address: activate, deactivate, delete or description
	key   *key
	value string // that the property is to have
}

// property is what it changes of the key; nil for a deletion.
func (c change) property() *property {
	switch c.what {
	case "activate", "deactivate":
		return &c.key.active
	case "description":
		return &c.key.words
	default:
		return nil
	}
}

// beginChange takes in that a change is asked for.
func (o *owner) beginChange(u *user, c change) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if c.what == "description" {
		c.key.names = append(c.key.names, c.value)
	}
	if p := c.property(); p != nil {
		p.begin(u)
	} else {
		c.key.deleting++
	}
	if c.what != "description" {
		c.key.changes++
	}
}

// end takes in whether it was carried out.
func (o *owner) end(c change, done fact) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if p := c.property(); p != nil {
		p.end(done, c.value)
		return
	}
	c.key.deleting--
	if c.key.gone == no || done == yes {
		c.key.gone = done
	}
}

// expected reports whether a page about a key may be what it is: a key that the
// user was told of is not missing.
func (u *user) expected(k *key, p page) bool {
	if p.status != http.StatusNotFound {
		return true
	}
	if u.owner.missing(k, time.Now()) {
		u.violated("%s: the key %s is missing", u.name, k.tail())
	}
	u.owner.mu.Lock()
	defer u.owner.mu.Unlock()
	if k.gone == unknown {
		k.gone = yes
	}
	return false
}

// change sends a form about a key, and stays for the answer or leaves.
func (u *user) change(ctx context.Context, c change, form url.Values) {
	leaves := u.random.IntN(2) == 0 && u.mayLeave(c)
	if leaves {
		_, leaves = u.get(ctx, u.at) // what was not shown before is shown here
	}
	u.owner.beginChange(u, c)
	if !leaves {
		p, err := u.session.browser.do(ctx, u.path(c.key)+"/"+c.what, form)
		u.owner.end(c, u.outcome(ctx, c, p, err))
	} else if p, left := u.leaveChange(ctx, c, form); !left {
		u.owner.end(c, u.outcome(ctx, c, p, nil))
	}
}

// outcome says whether a change was carried out, as far as its answer tells.
func (u *user) outcome(ctx context.Context, c change, p page, err error) fact {
	switch {
	case err != nil, strings.Contains(p.text("h1"), "not known whether"), p.status == http.StatusInternalServerError,
		p.status == http.StatusBadGateway && p.text("h1") == "": // by the proxy: the console is killed
		u.count(c.what + ": not known")
		return unknown
	case p.toSignIn():
		if !u.session.maybeOut {
			u.violated("%s: the session is lost on the way to %s", u.name, c.what)
		}
		u.signIn(ctx, u.session)
		return no
	case p.status == http.StatusSeeOther:
		u.count(c.what)
		return yes
	default:
		u.expected(c.key, p)
		u.count(c.what + ": failed")
		return no
	}
}

func (u *user) toggle(ctx context.Context, k *key) {
	u.owner.mu.Lock()
	active, known := k.active.sure()
	u.owner.mu.Unlock()
	c := change{what: "activate", key: k, value: "yes"}
	if active == "yes" && known || !known && u.random.IntN(2) == 0 {
		c = change{what: "deactivate", key: k, value: "no"}
	}
	u.change(ctx, c, url.Values{"confirm": {"yes"}})
}

func (u *user) remove(ctx context.Context, k *key) {
	p, ok := u.get(ctx, u.path(k)+"/delete")
	if !ok || !u.expected(k, p) || p.status != http.StatusOK {
		return
	}
	confirm := "yes"
	if p.has("#confirm") {
		confirm = k.accessKey[len(k.accessKey)-4:]
	}
	u.change(ctx, change{what: "delete", key: k}, url.Values{"confirm": {confirm}})
}

func (u *user) describe(ctx context.Context, k *key) {
	words := fmt.Sprintf("words %d of %s", u.owner.number(), u.name)
	u.change(ctx, change{what: "description", key: k, value: words}, url.Values{"description": {words}})
}

// saved has the console drop a new pair.
func (u *user) saved(ctx context.Context, k *key) {
	p, err := u.session.browser.do(ctx, u.path(k)+"/saved", url.Values{})
	if u.outcome(ctx, change{what: "saved", key: k}, p, err) != no {
		u.person.pairSeen(k.accessKey)
	}
}

// show copies a key: a pair without a warning must be what the APIs have before or
// after. A new one is still kept for its owner.
func (u *user) show(ctx context.Context, k *key, isNew bool) {
	before, errBefore := u.apis.truthOf(u.owner.email)
	p, ok := u.get(ctx, u.path(k))
	after, errAfter := u.apis.truthOf(u.owner.email)
	if !ok || !u.expected(k, p) || errBefore != nil || errAfter != nil {
		return
	}
	u.count("shown")
	main, secret := p.text("main"), p.text("#secret")
	lost, renewed := strings.Contains(main, "secret was lost on the way"), strings.Contains(main, "The secret was renewed since")
	warned := strings.Contains(main, "This pair could not be checked")
	if warned {
		u.count("shown with a warning")
	}
	right := warned || after.Renewed > before.Renewed+1 || secret == before.secret(k.accessKey) || secret == after.secret(k.accessKey)
	if p.status != http.StatusOK || !lost && (p.value("#key") != k.accessKey || secret == "" || !right) {
		u.violated("%s: the pair of %s is wrong: %d, %s", u.name, k.tail(), p.status, p.text("h1"))
	}
	if isNew && !lost && !renewed && !p.has("form[action$='/saved']") {
		u.violated("%s: the new pair of %s is not kept", u.name, k.tail())
	}
	u.owner.mu.Lock()
	defer u.owner.mu.Unlock()
	if renewed && k.renewals == 0 {
		u.violated("%s: %s is said to be renewed, and was not", u.name, k.tail())
	}
}

func (u *user) download(ctx context.Context, k *key) {
	before, errBefore := u.apis.truthOf(u.owner.email)
	p, ok := u.get(ctx, u.path(k)+"/key-pair.csv")
	after, errAfter := u.apis.truthOf(u.owner.email)
	if !ok || !u.expected(k, p) || errBefore != nil || errAfter != nil {
		return
	}
	u.count("downloaded")
	rows, err := csv.NewReader(strings.NewReader(p.body)).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[1]) != 3 {
		u.violated("%s: the file of %s is none: %d", u.name, k.tail(), p.status)
		return
	}
	row, right := rows[1], map[string]bool{before.secret(k.accessKey): true, after.secret(k.accessKey): true}
	if row[0] != u.owner.email || row[1] != k.accessKey || !right[row[2]] && after.Renewed <= before.Renewed+1 {
		u.violated("%s: the file of %s is wrong", u.name, k.tail())
	}
}
