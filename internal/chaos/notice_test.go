package chaos

import (
	"strings"
	"time"
)

// notice is what a page says of a change.
type notice struct {
	what  string // generate, renew or the name of a change; empty for another notice
	kind  string // success, error, info or warning
	title string
	link  string
}

// ofWhat finds what a notice is about by its words, in this order.
var ofWhat = []struct{ words, what string }{
	{"generated", "generate"}, {"secret of", "renew"}, {"description of", "description"},
	{"deactivated", "deactivate"}, {"activ", "activate"}, {"is deleted", "delete"}, {"being deleted", "delete"}, {"not deleted", "delete"},
}

func noticesOn(p page) []notice {
	var list []notice
	for _, kind := range []string{"success", "error", "info", "warning"} {
		for _, root := range p.all("#notice .message-" + kind) {
			one := page{root: root}
			n := notice{kind: kind, title: one.text(".message-title"), link: one.attr(".message-body p > a", "href")}
			for _, of := range ofWhat {
				if n.what == "" && strings.Contains(n.title, of.words) {
					n.what = of.what
				}
			}
			list = append(list, n)
		}
	}
	return list
}

// notices takes in what the notices of a page say.
func (u *user) notices(p page, at telling) {
	u.person.mu.Lock()
	for d := range u.person.left {
		d.underWay = false
	}
	u.person.mu.Unlock()
	for _, n := range noticesOn(p) {
		switch n.what {
		case "":
		case "generate", "renew":
			if n.kind == "success" {
				u.announced(n, at)
			}
		default:
			u.departed(n)
		}
	}
}

// announced takes in that a key was made or renewed: each is announced to a person
// once, with the way to its pair.
func (u *user) announced(n notice, at telling) {
	accessKey, ok := u.inOwn(n.link)
	if n.link == "" && (strings.Contains(n.title, "deleted") || n.what == "renew") { // there is no way to a pair that is gone
		u.person.mu.Lock()
		u.person.unnamed[n.what]++
		u.person.mu.Unlock()
		return
	}
	if !ok {
		u.violated("%s: %q leads to %q", u.name, n.title, n.link)
		return
	}
	u.count("announced " + n.what)
	if n.what == "renew" {
		u.person.mu.Lock()
		u.person.renewals[accessKey]++
		u.person.mu.Unlock()
		return
	}
	u.owner.mu.Lock()
	creating := u.owner.creating
	u.owner.mu.Unlock()
	if _, isNew := u.owner.announce(accessKey); isNew && creating == 0 {
		u.violated("%s: no click has made %s, which is announced", u.name, tail(accessKey))
	}
	u.person.mu.Lock()
	before, again := u.person.announced[accessKey]
	u.person.announced[accessKey] = at
	u.person.mu.Unlock()
	if again && before.sure && at.asked.After(before.shown) {
		u.violated("%s: %s is announced as made twice", u.name, tail(accessKey))
	}
}

// pairSeen takes in that the person has said that they have a pair: no notice has to
// announce it then.
func (p *person) pairSeen(accessKey string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.saved[accessKey] = time.Now()
}

// departed takes in how a change went whose page was left.
func (u *user) departed(n notice) {
	u.owner.mu.Lock()
	u.person.mu.Lock()
	var about *departure
	for d := range u.person.left {
		if d.what == n.what && d.key.isNamedIn(n.title) {
			about = d
		}
	}
	if about != nil {
		about.underWay = n.kind == "info"
	}
	u.person.mu.Unlock()
	u.owner.mu.Unlock()
	outcome, ends := map[string]fact{"success": yes, "error": no}[n.kind]
	if about == nil || !ends || !u.person.settles(about) {
		return
	}
	u.count("announced " + n.what + " that was left")
	u.owner.end(about.change, outcome)
}
