package chaos

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// click is a form with a request id that was sent, once or several times.
type click struct {
	what string // generate or renew
	path string // where the form goes
	form url.Values
	key  *key // that is to be renewed
	left bool // its page was left: asking for its outcome sends it no more
	told told

	began      time.Time
	ends, lost int // of the session and the person, when it was sent first
}

// told is what a user was told of a click.
type told struct {
	end string // done, failed, gone of a key to renew, or "" when it is not known
	key string // with done, the access key
}

// send sends a click: once, twice or thrice at the same moment, once and again
// after giving up on the first, or once to leave its page.
func (u *user) send(ctx context.Context, c *click) {
	c.began, c.ends, c.lost = time.Now(), u.session.ends, u.person.lostPages()
	u.owner.begin(c)
	times, abort := 1, time.Duration(0)
	switch n := u.random.IntN(14); {
	case n < 3:
		times = 2 + n/2
	case n < 5:
		abort = time.Duration(1+u.random.IntN(200)) * time.Millisecond
	case n < 10:
		u.leave(ctx, c)
		return
	}
	if abort > 0 {
		gone, cancel := context.WithTimeout(ctx, abort)
		_, _ = u.session.browser.send(gone, c.path, c.form)
		cancel()
	}
	answers := make([]told, times)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = u.settle(ctx, c, u.patience) })
	}
	all.Wait()
	c.told = u.agree(c, answers)
	u.heard(ctx, c)
}

// begin takes in that a click is sent.
func (o *owner) begin(c *click) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if c.key == nil {
		o.creating++
	} else {
		c.key.renewals++
	}
}

// agree puts together what the answers to one click say.
func (u *user) agree(c *click, answers []told) told {
	all := told{}
	for _, a := range answers {
		switch {
		case a.end == "":
		case all.end == "":
			all = a
		case all != a:
			u.violated("%s: one click to %s, and two answers: %v and %v", u.name, c.what, all, a)
		}
	}
	return all
}

// settle sends the form and asks for its outcome, as long as the user has
// patience. One whose page was left is not sent again.
func (u *user) settle(ctx context.Context, c *click, patience time.Duration) told {
	began, form := time.Now(), c.form
	if c.left {
		form = checking(c)
	}
	for ctx.Err() == nil {
		p, err := u.session.browser.send(ctx, c.path, form)
		end, known := u.classify(c, p, err)
		if known {
			return end
		}
		if time.Since(began) > patience {
			return told{}
		}
		if err == nil && p.has("input[name=check]") { // one that asks, and does nothing
			form = checking(c)
		}
		wait(ctx, 200*time.Millisecond)
	}
	return told{}
}

// checking is a form that asks for the outcome of a click, and does nothing.
func checking(c *click) url.Values {
	form := maps.Clone(c.form)
	form.Set("check", "yes")
	return form
}

// classify reads an answer. It is not known what an answer means that did not
// come, or says that it does not know.
func (u *user) classify(c *click, p page, err error) (told, bool) {
	switch {
	case err != nil, p.has("input[name=check]"):
		return told{}, false
	case p.toSignIn():
		u.violated("%s: the session is lost on the way to %s", u.name, c.what)
		return told{}, true
	case p.status == http.StatusSeeOther:
		return told{"done", p.location[strings.LastIndex(p.location, "/")+1:]}, true
	case p.status > http.StatusInternalServerError && !p.has("form input[name=request_id]"),
		strings.Contains(p.text("main"), "Too many changes"):
		return told{}, false // it did not get as far as that
	case c.key != nil && u.owner.goneOf(c.key) != no && p.status >= http.StatusBadRequest:
		return told{end: "gone"}, true
	case p.has("form input[name=request_id]"), p.status == http.StatusConflict:
		return told{end: "failed"}, true
	}
	u.violated("%s: %s: %d %s", u.name, c.what, p.status, p.text("main"))
	return told{}, true
}

// heard takes in what was told of a click.
func (u *user) heard(ctx context.Context, c *click) {
	if c.told.end == "" {
		u.count(c.what + ": not known yet")
		u.open = append(u.open, c)
		return
	}
	k := u.owner.take(u, c)
	switch c.told.end {
	case "gone": // and its secret does not matter
	case "failed":
		u.count(c.what + ": failed")
		u.last = c
	default:
		u.count(map[string]string{"generate": "generated", "renew": "renewed"}[c.what])
		u.last = c
		u.owed = append(u.owed, c)
		if c.key != nil && c.told.key != c.key.accessKey {
			u.violated("%s: renewing %s led to %s", u.name, c.key.tail(), tail(c.told.key))
		}
		u.show(ctx, k, true)
	}
}

// take takes in the outcome of a click, and returns the key that it was about.
func (o *owner) take(u *user, c *click) *key {
	k := c.key
	if c.what == "generate" && c.told.end == "done" {
		k, _ = o.announce(c.told.key)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case c.what == "generate":
		o.creating--
	case c.told.end == "gone":
		o.gone++
	case c.told.end == "done":
		o.renewed++
	}
	if c.what == "renew" || k == nil {
		return k
	}
	if k.click != nil {
		u.violated("%s: the key %s was told of before", u.name, k.tail())
	}
	k.click = c
	k.names = append(k.names, c.form.Get("description"))
	if !u.managed && k.words.begun.IsZero() {
		k.words = property{value: c.form.Get("description"), known: true}
	}
	return k
}

func (u *user) generate(ctx context.Context) {
	p, ok := u.get(ctx, u.at+"/new")
	if !ok {
		return
	}
	if p.has("input[name=check]") { // the outcome of an earlier click is to be found out first
		u.ask(ctx, u.patience)
		return
	}
	form := url.Values{"request_id": {p.attr("input[name=request_id]", "value")}}
	if !u.managed {
		form.Set("description", fmt.Sprintf("click %d of %s", u.owner.number(), u.name))
	}
	u.send(ctx, &click{what: "generate", path: u.at, form: form})
}

func (u *user) renew(ctx context.Context, k *key) {
	p, ok := u.get(ctx, u.path(k)+"/renew")
	if !ok || !u.expected(k, p) || p.status != http.StatusOK {
		return
	}
	form := url.Values{"request_id": {p.attr("input[name=request_id]", "value")}, "confirm": {"yes"}}
	u.send(ctx, &click{what: "renew", path: u.path(k) + "/renew", form: form, key: k})
}

// again sends a form that was answered before: the answer must be the same,
// unless the key has been deleted since, which comes before all else.
func (u *user) again(ctx context.Context) {
	u.count("sent again")
	if now := u.settle(ctx, u.last, u.patience); now.end != "" && now.end != "gone" && now != u.last.told {
		u.violated("%s: a form was answered %v, and sent again %v", u.name, u.last.told, now)
	}
}
