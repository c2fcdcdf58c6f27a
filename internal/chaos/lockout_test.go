package chaos

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// lockOut has all who look after an owner's keys deactivate the active ones at the
// same moment, without an answer to the question that comes before the last one:
// one stays active.
func (u *user) lockOut(ctx context.Context) {
	o := u.owner
	o.quiet.Lock()
	defer o.quiet.Unlock()
	before, err := o.truthAtRest(ctx, u.apis)
	if o.busy() || err != nil {
		return
	}
	var active []*key
	o.mu.Lock()
	for _, there := range before.Keys {
		if k := o.keys[there.AccessKey]; k != nil && there.Active {
			active = append(active, k)
		}
	}
	o.mu.Unlock()
	if len(active) == 0 || len(active) != activeIn(before) {
		return
	}
	u.count("all deactivated at once")
	var all sync.WaitGroup
	for i, k := range active {
		by := o.users[i%len(o.users)]
		c := change{what: "deactivate", key: k, value: "no"}
		o.beginChange(by, c)
		all.Go(func() {
			p, err := by.session.browser.send(ctx, by.path(k)+"/deactivate", url.Values{})
			done := unknown
			switch {
			case err != nil || p.status >= http.StatusInternalServerError:
			case p.status == http.StatusSeeOther && !p.toSignIn():
				done = yes
			default:
				done = no
			}
			o.end(c, done)
		})
	}
	all.Wait()
	if after, err := o.truthAtRest(ctx, u.apis); err == nil && activeIn(after) == 0 {
		u.violated("%s: %d keys were deactivated at the same moment without a question, and no one is active", u.name, len(active))
	}
}

func activeIn(t truth) int {
	n := 0
	for _, k := range t.Keys {
		if k.Active {
			n++
		}
	}
	return n
}

// truthAtRest is what the APIs have once they carry out nothing.
func (o *owner) truthAtRest(ctx context.Context, a *apis) (truth, error) {
	for began := time.Now(); ; wait(ctx, 100*time.Millisecond) {
		there, err := a.truthOf(o.email)
		if err != nil || ctx.Err() != nil || settled(there) && time.Since(began) > 500*time.Millisecond || time.Since(began) > 5*time.Second {
			return there, err
		}
	}
}
