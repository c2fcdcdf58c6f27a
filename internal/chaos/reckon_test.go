package chaos

import (
	"context"
	"strings"
	"sync"
	"time"
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
		active[one.text("th code")] = state
	}
	changing := p.has("[hx-trigger^=load]") || p.has(".badge-warning")
	return active, !changing && !strings.Contains(p.text("main"), "does not answer"), true
}

// list looks at the keys: those that were told of are there, and no others,
// unless nobody knows yet what became of a click.
func (u *user) list(ctx context.Context) {
	shown, whole, ok := u.listed(ctx)
	if !ok || !whole {
		return
	}
	u.count("listed")
	for _, k := range u.keys {
		_, there := shown[k.accessKey]
		if !there && k.gone == no {
			u.violated("%s: the list does not hold %q (%s)", u.name, k.description, k.tail())
		}
	}
	for accessKey := range shown {
		if u.keys[accessKey] == nil && len(u.open) == 0 {
			u.violated("%s: the list holds %s, which nobody was told of", u.name, tail(accessKey))
		}
	}
}

// reckon compares, when all is quiet, what the user knows with what there is.
func (u *user) reckon(ctx context.Context) {
	u.ask(ctx)
	shown, there := u.quiet(ctx)
	if shown == nil {
		return
	}
	exists := map[string]bool{}
	words := map[string]int{}
	for _, k := range there.Keys {
		exists[k.AccessKey] = true
		words[k.Description]++
		if state, found := shown[k.AccessKey]; !found || state != map[bool]fact{true: yes, false: no}[k.Active] {
			u.violated("%s: the list has %s as %v (there: %v), the API as active: %v", u.name, tail(k.AccessKey), state, found, k.Active)
		}
		u.compare(k.AccessKey, k.Description, k.Active)
		if !u.managed && words[k.Description] > 1 {
			u.violated("%s: two keys are there for one click, %q", u.name, k.Description)
		}
	}
	for _, k := range u.keys {
		if k.gone == no && !exists[k.accessKey] {
			u.violated("%s: %q (%s) is gone, and nobody deleted it", u.name, k.description, k.tail())
		}
	}
	if len(shown) != len(there.Keys) {
		u.violated("%s: the list shows %d keys of %d", u.name, len(shown), len(there.Keys))
	}
	// A click that nobody could tell the end of has made none: were there one,
	// it would have been found.
	if there.Made != u.made {
		u.violated("%s: %d keys were made, %d were told of; not known: %d", u.name, there.Made, u.made, len(u.open))
	}
	if unclear := u.stillOpen("renew") + u.gone; there.Renewed < u.renewed || there.Renewed > u.renewed+unclear {
		u.violated("%s: %d secrets were renewed, %d were told of; not known: %d", u.name, there.Renewed, u.renewed, unclear)
	}
	for _, k := range u.there() {
		if exists[k.accessKey] {
			u.show(ctx, k, false)
		}
	}
}

// compare holds a key that there is against what was told of it.
func (u *user) compare(accessKey, description string, active bool) {
	k := u.keys[accessKey]
	switch {
	case k == nil:
		u.violated("%s: %q (%s) is there, and nobody was told of it", u.name, description, tail(accessKey))
		return
	case k.gone == yes:
		u.violated("%s: %q (%s) is there, and was said to be deleted", u.name, description, tail(accessKey))
	case k.described && k.description != description:
		u.violated("%s: %q is described as %q", u.name, k.description, description)
	}
	if k.active != unknown && (k.active == yes) != active {
		u.violated("%s: %q (%s) was said to be active: %v, and is: %v", u.name, description, tail(accessKey), k.active == yes, active)
	}
}

// ask clears up what nobody could tell.
func (u *user) ask(ctx context.Context) {
	open := u.open
	u.open = nil
	var all sync.WaitGroup
	for _, c := range open {
		all.Go(func() { c.told = u.settle(ctx, c, u.atLast) })
	}
	all.Wait()
	for _, c := range open {
		u.heard(ctx, c)
		if c.told.end != "" {
			continue
		}
		u.count(c.what + ": never known")
		if c.what == "generate" && u.atLast > time.Minute {
			u.violated("%s: after %v nobody can tell what became of a click", u.name, u.atLast)
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
		there, err := u.apis.truthOf(u.subject)
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
