package e2e

import (
	"net/http"
	"testing"
	"time"
)

// endSession ends the session of the signed-in user elsewhere.
func (p *page) endSession() {
	p.t.Helper()
	cookies, err := p.Context().Cookies()
	check(p.t, err)
	request, err := http.NewRequest(http.MethodPost, p.console.url+"/sign-out", nil)
	check(p.t, err)
	for _, cookie := range cookies {
		request.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	}
	response, err := sandboxClient.Transport.RoundTrip(request)
	check(p.t, err)
	check(p.t, response.Body.Close())
	if response.StatusCode != http.StatusSeeOther {
		p.t.Fatalf("signing out: %d", response.StatusCode)
	}
}

// TestSessionEnded: one signs in and goes on where one was; nothing
// has been made in between.
func TestSessionEnded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		noScript, opened bool
		back             string
	}{
		"before the dialog":                  {false, false, keysPage},
		"before the dialog, without scripts": {true, false, newKey},
		"in the dialog":                      {false, true, newKey},
		"in the dialog, without scripts":     {true, true, keysPage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: member, noScript: tt.noScript})
			p.open(keysPage)
			if tt.opened {
				p.click(p.link("Generate a key").First())
				p.see(p.dialog("Generate a key"))
			}
			p.endSession()
			if !tt.noScript {
				p.expect(http.StatusUnauthorized)
			}
			if tt.opened {
				p.click(p.button("Generate"))
			} else {
				p.click(p.link("Generate a key").First())
			}
			p.see(p.heading("Sign in"))
			p.fill("E-mail", member)
			p.fill("Password", "sandbox")
			p.click(p.button("Sign in"))
			p.at(tt.back)
			if asked := c.requests(http.MethodPost, "/accesskeys"); len(asked) != 0 {
				t.Errorf("the API was asked to make a key: %v", asked)
			}
		})
	}
}

// TestTokenRevoked: the API no longer takes the session's token.
func TestTokenRevoked(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{as: member})
	p.open(keysPage)
	c.fault(fault{Path: "/cloudapi/v6", Times: 20, Status: http.StatusUnauthorized})
	c.fault(fault{Path: "/accesskeys", Times: 20, Status: http.StatusUnauthorized})
	p.reload()
	p.see(p.heading("Sign in"))
	c.healFaults()
	p.signInAs(member)
	p.at(keysPage)
	p.see(p.heading("IONOS Object Storage"))
}

// TestSessionExpiry by the clock.
func TestSessionExpiry(t *testing.T) {
	t.Parallel()
	clock := newClock()
	c := startConsole(t, clock.runs)
	p := newPage(t, c, pageOptions{as: member})
	p.open(keysPage)
	p.see(p.heading("IONOS Object Storage"))
	clock.advance(31 * time.Minute)
	p.reload()
	p.see(p.heading("Sign in"))
	p.gone(p.button("Sign out"))
}
