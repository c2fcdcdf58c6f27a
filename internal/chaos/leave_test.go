package chaos

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// The ways of leaving a page while its change is under way. The browser closes the
// connection in each, and goes on with another page.
const (
	goBack       = "back"
	closeTab     = "tab closed"
	otherSession = "other session"
	otherReplica = "other replica"
)

// way is how a user leaves a page: where the change goes, and where the next page
// comes from.
type way struct {
	name     string
	from, to string
}

func (u *user) way() way {
	names := []string{goBack, closeTab, otherSession}
	if len(u.consoles) > 1 {
		names = append(names, otherReplica)
	}
	w := way{names[u.random.IntN(len(names))], u.url, u.url}
	if w.name == otherReplica {
		i := u.random.IntN(len(u.consoles))
		w.from, w.to = u.consoles[i].url, u.consoles[(i+1)%len(u.consoles)].url
	}
	return w
}

// hurry is how long a user waits who leaves.
func (u *user) hurry() time.Duration {
	return time.Duration(1+u.random.IntN(100)) * time.Millisecond
}

// goOn reads the next page after a change whose page was left.
func (u *user) goOn(ctx context.Context, w way) {
	switch w.name {
	case closeTab:
		u.get(ctx, map[bool]string{false: "/account/activity", true: "/users"}[u.managed])
	case otherSession:
		u.glance(ctx, u.at)
	case otherReplica:
		_, _ = u.read(ctx, u.session, w.to, u.at)
	default:
		u.get(ctx, u.at)
	}
}

// leave sends a click and leaves its page. The pages after that show its outcome;
// the form asks for it as well, and both must agree.
func (u *user) leave(ctx context.Context, c *click) {
	w := u.way()
	gone, cancel := context.WithTimeout(ctx, u.hurry())
	defer cancel()
	p, err := u.session.browser.sendTo(gone, w.from, c.path, c.form)
	if end, known := u.classify(c, p, err); known {
		c.told = end
		u.heard(ctx, c)
		return
	}
	c.left = true
	u.count("left " + c.what + ": " + w.name)
	u.goOn(ctx, w)
	for began := time.Now(); ctx.Err() == nil && c.told.end == "" && time.Since(began) < u.patience; {
		u.get(ctx, u.at)
		c.told = u.settle(ctx, c, 0)
		wait(ctx, 200*time.Millisecond)
	}
	u.heard(ctx, c)
}

// departure is a change without a request id whose page was left.
type departure struct {
	change
	by         *user
	begun      time.Time
	ends, lost int
	changes    int  // of the key, when it was begun
	underWay   bool // the last page said so
}

// mayLeave reports whether a notice about a change of a key can be about no other
// change of the person.
func (u *user) mayLeave(c change) bool {
	u.person.mu.Lock()
	for d := range u.person.left {
		if d.key == c.key {
			u.person.mu.Unlock()
			return false
		}
	}
	u.person.mu.Unlock()
	u.owner.mu.Lock()
	defer u.owner.mu.Unlock()
	p := c.property()
	if p == nil {
		return c.key.deleting == 0
	}
	byOther := p.last != nil && p.last != u && p.last.person == u.person && time.Since(p.begun) < 20*time.Second
	_, sure := p.sure()
	return sure && !byOther
}

// leaveChange sends a change and leaves its page, and reads others until a notice
// says how it went. It reports false if it was answered.
func (u *user) leaveChange(ctx context.Context, c change, form url.Values) (answer page, left bool) {
	w := u.way()
	d := &departure{change: c, by: u, begun: time.Now(), ends: u.session.ends, lost: u.person.lostPages()}
	u.owner.mu.Lock()
	d.changes = c.key.changes
	u.owner.mu.Unlock()
	u.person.mu.Lock()
	u.person.left[d] = true
	u.person.mu.Unlock()
	gone, cancel := context.WithTimeout(ctx, u.hurry())
	defer cancel()
	p, err := u.session.browser.sendTo(gone, w.from, u.path(c.key)+"/"+c.what, form)
	if err == nil && p.status != http.StatusBadGateway {
		u.person.settles(d)
		return p, false
	}
	u.count("left " + c.what + ": " + w.name)
	u.goOn(ctx, w)
	for began := time.Now(); ctx.Err() == nil && u.person.hasLeft(d) && time.Since(began) < u.patience; {
		u.get(ctx, u.at)
		wait(ctx, 200*time.Millisecond)
	}
	if u.person.hasLeft(d) {
		u.count("left " + c.what + ": not known yet")
	}
	return p, true
}

// settles reports whether a departure's outcome was not known before.
func (p *person) settles(d *departure) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.left[d]
	delete(p.left, d)
	return was
}

func (p *person) hasLeft(d *departure) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.left[d]
}

// departures are those of a user whose outcome is not known.
func (u *user) departures() []*departure {
	u.person.mu.Lock()
	defer u.person.mu.Unlock()
	var list []*departure
	for d := range u.person.left {
		if d.by == u {
			list = append(list, d)
		}
	}
	return list
}

func (u *user) hasLeft() bool { return len(u.departures()) > 0 }

// settleLeft reads the list until notices have said how all changes went that were
// left. One of which nothing was said was not carried out.
func (u *user) settleLeft(ctx context.Context) {
	for began := time.Now(); ctx.Err() == nil; wait(ctx, 300*time.Millisecond) {
		u.get(ctx, u.at)
		if !slices.ContainsFunc(u.departures(), func(d *departure) bool { return u.awaits(d, time.Since(began)) }) {
			break
		}
	}
	for _, d := range u.departures() {
		outcome := no
		if u.superseded(d) || d.lost != u.person.lostPages() || d.ends != u.session.ends {
			outcome = unknown // a notice may not have been shown, or not have been seen
		}
		u.count(map[fact]string{no: "left: nothing was said", unknown: "left: never known"}[outcome])
		if u.person.settles(d) {
			u.owner.end(d.change, outcome)
		}
	}
}

// awaits reports whether a notice can still come, after the list was read for so
// long.
func (u *user) awaits(d *departure, read time.Duration) bool {
	u.person.mu.Lock()
	underWay := d.underWay
	u.person.mu.Unlock()
	arriving := time.Since(d.begun) < u.arrival || read < time.Second
	return !u.superseded(d) && (arriving || underWay && read < u.atLast)
}

// superseded reports whether a later change decides on the key, so that the notice
// of a change that was left may never come.
func (u *user) superseded(d *departure) bool {
	u.owner.mu.Lock()
	defer u.owner.mu.Unlock()
	return d.what != "description" && d.key.changes != d.changes
}
