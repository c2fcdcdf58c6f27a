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
	told told
}

// told is what a user was told of a click.
type told struct {
	end string // done, failed, gone of a key to renew, or "" when it is not known
	key string // with done, the access key
}

// send sends a click: once, twice or thrice at the same moment, or once and
// again after giving up on the first.
func (u *user) send(ctx context.Context, c *click) {
	times, abort := 1, time.Duration(0)
	switch n := u.random.IntN(10); {
	case n < 3:
		times = 2 + n/2
	case n < 6:
		abort = time.Duration(1+u.random.IntN(200)) * time.Millisecond
	}
	if abort > 0 {
		gone, cancel := context.WithTimeout(ctx, abort)
		_, _ = u.browser.send(gone, c.path, c.form)
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

// settle sends the form and asks what became of it, as long as the user has
// patience.
func (u *user) settle(ctx context.Context, c *click, patience time.Duration) told {
	began, form := time.Now(), c.form
	for ctx.Err() == nil {
		p, err := u.browser.send(ctx, c.path, form)
		end, known := u.classify(c, p, err)
		if known {
			return end
		}
		if time.Since(began) > patience {
			return told{}
		}
		if err == nil && p.has("input[name=check]") { // one that asks, and does nothing
			form = maps.Clone(c.form)
			form.Set("check", "yes")
		}
		wait(ctx, 200*time.Millisecond)
	}
	return told{}
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
	case c.key != nil && c.key.gone != no && p.status >= http.StatusBadRequest:
		return told{end: "gone"}, true
	case p.has("form input[name=request_id]"), p.status == http.StatusConflict:
		return told{end: "failed"}, true
	}
	u.violated("%s: %s: %d %s", u.name, c.what, p.status, p.text("main"))
	return told{}, true
}

// heard takes in what was told of a click.
func (u *user) heard(ctx context.Context, c *click) {
	switch {
	case c.told.end == "":
		u.count(c.what + ": not known yet")
		u.open = append(u.open, c)
	case c.told.end == "gone": // and nobody cares for its secret any more
		u.gone++
	case c.told.end == "failed":
		u.count(c.what + ": failed")
		u.last = c
	case c.what == "renew":
		u.count("renewed")
		u.renewed++
		u.last = c
		if c.told.key != c.key.accessKey {
			u.violated("%s: renewing %s led to %s", u.name, c.key.tail(), tail(c.told.key))
		}
		u.show(ctx, c.key, true)
	default:
		u.count("generated")
		u.made++
		u.last = c
		if u.keys[c.told.key] != nil {
			u.violated("%s: the key %s was told of before", u.name, tail(c.told.key))
		}
		k := &key{accessKey: c.told.key, description: c.form.Get("description"), described: !u.managed, active: yes, made: time.Now()}
		u.keys[k.accessKey] = k
		u.show(ctx, k, true)
	}
}

func (u *user) generate(ctx context.Context) {
	p, ok := u.get(ctx, u.at+"/new")
	if !ok {
		return
	}
	u.clicks++
	form := url.Values{"request_id": {p.attr("input[name=request_id]", "value")}}
	if !u.managed {
		form.Set("description", fmt.Sprintf("click %d of %s", u.clicks, u.name))
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
