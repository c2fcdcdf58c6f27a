package chaos

import (
	"context"
	"maps"
	"path"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/html"
)

// listed reads the list of keys: whole tells whether both APIs have answered,
// and nothing is changing.
func (u *user) listed(ctx context.Context) (active map[string]fact, whole, ok bool) {
	p, ok := u.get(ctx, u.at)
	if !ok {
		return nil, false, false
	}
	active = map[string]fact{}
	for _, row := range p.all("tr[data-key]") {
		one := page{root: row}
		state := unknown
		switch one.attr("button.switch", "aria-checked") {
		case "true":
			state = yes
		case "false":
			state = no
		}
		active[keyOf(row)] = state
	}
	changing := p.has("[hx-trigger^=load]") || p.has(".badge-warning")
	return active, !changing && !strings.Contains(p.text("main"), "does not answer"), true
}

// keyOf is the access key of a row: it is in the address of Copy key, or in data-key.
func keyOf(row *html.Node) string {
	for _, a := range row.Attr {
		if a.Key == "data-key" && a.Val != "" {
			return a.Val
		}
	}
	return path.Base(page{root: row}.attr("a.button", "href"))
}

// list looks at the keys: those that were announced are there, and no others,
// unless the outcome of a click is not known yet.
func (u *user) list(ctx context.Context) {
	asked := time.Now()
	shown, whole, ok := u.listed(ctx)
	if !ok || !whole {
		return
	}
	u.count("listed")
	for _, k := range u.owner.there() {
		if _, there := shown[k.accessKey]; !there && u.owner.missing(k, asked) {
			u.violated("%s: the list does not hold %s", u.name, k.tail())
		}
	}
	u.owner.mu.Lock()
	defer u.owner.mu.Unlock()
	for accessKey := range shown {
		if u.owner.keys[accessKey] == nil && u.owner.creating == 0 {
			u.violated("%s: the list holds %s, which was not announced", u.name, tail(accessKey))
		}
	}
}

// verify compares, when all is quiet, what those who look after the keys know with
// what there is.
func (o *owner) verify(ctx context.Context) {
	var all sync.WaitGroup
	for _, u := range o.users {
		all.Go(func() {
			u.ask(ctx, u.atLast)
			u.settleLeft(ctx)
		})
	}
	all.Wait()
	for _, u := range o.users {
		shown, there := u.quiet(ctx)
		if shown == nil {
			continue
		}
		u.compareList(shown, there)
		u.verifyNotices()
		if u == o.users[0] {
			u.verifyKeys(there)
			u.verifyCounts(there)
		}
		for _, k := range o.there() {
			if there.secret(k.accessKey) != "" {
				u.show(ctx, k, false)
			}
		}
	}
}

// compareList holds what a list shows against what there is.
func (u *user) compareList(shown map[string]fact, there truth) {
	for _, k := range there.Keys {
		if state, found := shown[k.AccessKey]; !found || state != map[bool]fact{true: yes, false: no}[k.Active] {
			u.violated("%s: the list has %s as %v (there: %v), the API as active: %v", u.name, tail(k.AccessKey), state, found, k.Active)
		}
	}
	if len(shown) != len(there.Keys) {
		u.violated("%s: the list shows %d keys of %d", u.name, len(shown), len(there.Keys))
	}
}

// verifyKeys holds the keys that there are against what was announced of them.
func (u *user) verifyKeys(there truth) {
	exists := map[string]bool{}
	words := map[string]int{}
	for _, k := range there.Keys {
		exists[k.AccessKey] = true
		u.compare(k.AccessKey, k.Description, k.Active)
		if words[k.Description]++; k.Description != "" && words[k.Description] > 1 {
			u.violated("%s: two keys are there for one click, %q", u.name, k.Description)
		}
	}
	for _, k := range u.owner.there() {
		if u.owner.goneOf(k) == no && !exists[k.accessKey] {
			u.violated("%s: %s is gone, and was not deleted", u.name, k.tail())
		}
	}
}

// verifyCounts holds what was made against what was announced. A click with an
// unknown outcome has made no key: were there one, it would have been found.
func (u *user) verifyCounts(there truth) {
	open, unclear := 0, u.owner.gone
	for _, other := range u.owner.users {
		open += len(other.open)
		unclear += other.stillOpen("renew")
	}
	o := u.owner
	if there.Made != o.made {
		u.violated("%s: %d keys were made, %d were announced; not known: %d", u.name, there.Made, o.made, open)
	}
	if there.Renewed < o.renewed || there.Renewed > o.renewed+unclear {
		u.violated("%s: %d secrets were renewed, %d were announced; not known: %d", u.name, there.Renewed, o.renewed, unclear)
	}
}

// verifyNotices holds what notices have announced against the clicks that are
// done: each is announced once, unless the page was lost that did so. A notice of a
// renewal does not say which click it is about: there are as many as clicks that
// must have been announced.
func (u *user) verifyNotices() {
	u.person.mu.Lock()
	defer u.person.mu.Unlock()
	renewed, unnamed := map[string]int{}, maps.Clone(u.person.unnamed)
	for _, c := range u.owed {
		if c.lost != u.person.lost || c.ends != u.session.ends || u.person.saved[c.told.key].After(c.began) {
			continue
		}
		u.count("held against notices")
		_, announced := u.person.announced[c.told.key]
		if c.what == "renew" {
			renewed[c.told.key]++
			announced = u.person.renewals[c.told.key] >= renewed[c.told.key]
		}
		switch {
		case announced:
		case unnamed[c.what] > 0:
			unnamed[c.what]--
		default:
			u.violated("%s: no notice has announced %s of %s (page left: %v)", u.name, c.what, tail(c.told.key), c.left)
		}
	}
}

// compare holds a key that there is against what was told of it.
func (u *user) compare(accessKey, description string, active bool) {
	u.owner.mu.Lock()
	defer u.owner.mu.Unlock()
	k := u.owner.keys[accessKey]
	if k == nil {
		u.violated("%s: %q (%s) exists, and was not announced", u.name, description, tail(accessKey))
		return
	}
	words, described := k.words.sure()
	was, known := k.active.sure()
	switch {
	case k.gone == yes:
		u.violated("%s: %q (%s) is there, and was said to be deleted", u.name, description, k.tail())
	case described && words != description:
		u.violated("%s: %q is described as %q", u.name, words, description)
	case known && (was == "yes") != active:
		u.violated("%s: %q (%s) was said to be active: %v, and is: %v", u.name, description, k.tail(), was, active)
	}
}

// ask finds the outcomes that are not known, as long as the user has patience.
func (u *user) ask(ctx context.Context, patience time.Duration) {
	open := u.open
	u.open = nil
	var all sync.WaitGroup
	for _, c := range open {
		all.Go(func() { c.told = u.settle(ctx, c, patience) })
	}
	all.Wait()
	for _, c := range open {
		u.heard(ctx, c)
		if c.told.end != "" {
			continue
		}
		u.count(c.what + ": asked, and not known")
		if c.what == "generate" && patience > time.Minute {
			u.violated("%s: after %v the outcome of a click is not known", u.name, patience)
		}
	}
}

func (u *user) stillOpen(what string) int {
	n := 0
	for _, c := range u.open {
		if c.what == what {
			n++
		}
	}
	return n
}

// quiet waits until the list does not change any more, and is what the API has
// at the same moment.
func (u *user) quiet(ctx context.Context) (map[string]fact, truth) {
	began := time.Now()
	for ctx.Err() == nil && time.Since(began) < time.Minute {
		shown, whole, ok := u.listed(ctx)
		there, err := u.apis.truthOf(u.owner.email)
		if ok && whole && err == nil && settled(there) && time.Since(began) > time.Second {
			return shown, there
		}
		wait(ctx, 200*time.Millisecond)
	}
	u.violated("%s: the list does not come to rest", u.name)
	return nil, truth{}
}

func settled(t truth) bool {
	for _, k := range t.Keys {
		if k.Status != "AVAILABLE" {
			return false
		}
	}
	return true
}
