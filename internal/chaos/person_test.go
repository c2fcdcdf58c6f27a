package chaos

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// person is signed in from two browsers.
type person struct {
	email    string
	sessions [2]*session

	mu        sync.Mutex
	lost      int                  // pages whose answer did not come, with the notices on them
	announced map[string]telling   // successes that notices have announced, by what and key
	renewals  map[string]int       // renewals that notices have announced, by key
	saved     map[string]time.Time // when the person last said that they have a pair, by key
	unnamed   map[string]int       // successes that notices have announced of keys that are deleted, by what
	left      map[*departure]bool  // changes whose outcome is not known
}

// telling is when a notice was shown.
type telling struct {
	asked, shown time.Time
	sure         bool // the consoles and their store ran all the time
}

// session is one of a person. It is held for reading by those who look at a page
// in it beside the one whose it is.
type session struct {
	mu       sync.RWMutex
	browser  *browser
	maybeOut bool // signing out was tried, and not answered
	ends     int  // how often it was ended
}

func (c *chaos) newPerson(email string, transport http.RoundTripper) *person {
	p := &person{email: email, announced: map[string]telling{}, saved: map[string]time.Time{}, renewals: map[string]int{}, unnamed: map[string]int{}, left: map[*departure]bool{}}
	for i := range p.sessions {
		p.sessions[i] = &session{browser: newBrowser(c.url, transport), maybeOut: true}
	}
	return p
}

// lose takes in that a page may have been made and was not seen.
func (p *person) lose() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lost++
}

func (p *person) lostPages() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

// signIn goes on until the console answers that it is done.
func (u *user) signIn(ctx context.Context, s *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.maybeOut = false
	for ctx.Err() == nil {
		p, err := s.browser.do(ctx, "/sign-in", url.Values{"email": {u.person.email}, "password": {password}})
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
	s := u.session
	s.mu.Lock()
	s.maybeOut, u.last = true, nil
	s.ends++
	p, err := s.browser.do(ctx, "/sign-out", url.Values{})
	s.mu.Unlock()
	if err == nil && p.status == http.StatusSeeOther {
		u.count("signed out")
		u.signIn(ctx, s)
	}
}

// read asks once for a page, and takes in its notices.
func (u *user) read(ctx context.Context, s *session, base, path string) (page, error) {
	asked, strikes := time.Now(), u.striking.Load()
	p, err := s.browser.doAt(ctx, base, path, nil)
	switch {
	case err != nil, p.status == http.StatusBadGateway && p.text("h1") == "": // by the proxy: the console is killed
		u.person.lose()
	case p.status == http.StatusOK:
		u.notices(p, telling{asked: asked, shown: time.Now(), sure: strikes%2 == 0 && strikes == u.striking.Load()})
	}
	return p, err
}

// get reads a page, again and again while the console is gone or the APIs fail.
func (u *user) get(ctx context.Context, path string) (page, bool) {
	began := time.Now()
	for ctx.Err() == nil {
		if time.Since(began) > 2*time.Minute {
			u.violated("%s: %s does not come", u.name, path)
			return page{}, false
		}
		p, err := u.read(ctx, u.session, u.url, path)
		switch {
		case err != nil || p.status == http.StatusTooManyRequests || p.status > http.StatusInternalServerError:
			wait(ctx, 100*time.Millisecond)
		case p.toSignIn():
			if !u.session.maybeOut {
				u.violated("%s: the session is lost", u.name)
			}
			u.signIn(ctx, u.session)
		case p.status == http.StatusInternalServerError:
			u.violated("%s: GET %s: %d %s", u.name, path, p.status, p.text("main"))
			return p, false
		default:
			return p, true
		}
	}
	return page{}, false
}

// glance reads a page in the person's other session, unless that is signing out or
// in.
func (u *user) glance(ctx context.Context, path string) {
	for _, s := range u.person.sessions {
		if s == u.session || !s.mu.TryRLock() {
			continue
		}
		if p, err := u.read(ctx, s, u.url, path); err == nil && p.toSignIn() && !s.maybeOut {
			u.violated("%s: the other session is lost", u.name)
		}
		s.mu.RUnlock()
	}
}
