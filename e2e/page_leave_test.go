package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// pageChange is a change whose page is left while it is on its way.
type pageChange struct {
	name         string
	ask          func(*page) // whose last click sends it
	method, path string      // of the API's call
	done         string      // the notice on the next page
}

// terraform is a key of the owner's, who has another one and room for more.
const terraform = "Terraform state"

var (
	generates = pageChange{"generate", func(p *page) {
		p.click(p.link("Generate a key").First())
		p.sends(p.button("Generate"))
	}, http.MethodPost, "/accesskeys", isGenerated}
	rotates = pageChange{"rotate", func(p *page) {
		p.choose(terraform, "Rotate")
		p.sends(p.button("Generate successor"))
	}, http.MethodPost, "/accesskeys", isGenerated}
	deactivates = pageChange{"deactivate", func(p *page) { p.sends(p.toggle(terraform)) }, http.MethodPut, "/cloudapi", "is deactivated"}
	activates   = pageChange{"activate", func(p *page) { p.sends(p.toggle(terraform)) }, http.MethodPut, "/cloudapi", "is active"}
)

// sends clicks on what sends a change, and does not wait for the answer.
func (p *page) sends(button playwright.Locator) {
	p.t.Helper()
	check(p.t, button.Click(playwright.LocatorClickOptions{NoWaitAfter: playwright.Bool(true)}))
}

// waysOff are how a person leaves a page whose change is on its way.
var waysOff = []struct {
	name  string
	leave func(*page)
}{
	{"Back", func(p *page) {
		from := p.URL()
		p.back()
		_, err := p.WaitForFunction("from => location.href !== from", from)
		check(p.t, err)
	}},
	{"closed tab", func(p *page) {
		context := p.Context()
		check(p.t, p.Close())
		p.openTab(context)
	}},
	{"another page", func(p *page) { p.open("/account/sessions") }},
}

// TestLeavePage: who goes back, closes the tab or goes elsewhere while a change is on
// its way finds its outcome on the next page. Without scripts and in Firefox each change
// goes through one of the ways.
func TestLeavePage(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]pageOptions{"Chromium": {}, "Firefox": {firefox: true}, "without scripts": {noScript: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.as = owner
			p := openKeys(t, startConsole(t), o)
			seeded := p.console.keysOf(owner)
			for i, change := range []pageChange{deactivates, activates, generates, rotates} {
				ways := waysOff
				if o.firefox || o.noScript {
					ways = ways[i%len(ways):][:1]
				}
				for _, way := range ways {
					p.comesTo(change, seeded)
					p.leaves(change, way.leave)
				}
			}
		})
	}
}

// comesTo brings about what a change needs: for the switch the other state, and for a
// new key that there is room.
func (p *page) comesTo(change pageChange, seeded []keyAtAPI) {
	p.t.Helper()
	c := p.console
	switch change.name {
	case "activate", "deactivate":
		path := "/cloudapi/v6/um/users/" + c.userID(owner) + "/s3keys/" + c.accessKey(owner, terraform)
		active := map[string]any{"properties": map[string]bool{"active": change.name == "deactivate"}}
		c.ask(http.MethodPut, path, c.token(owner, time.Hour), active, nil)
	default:
		for _, key := range c.keysOf(owner) {
			if !slices.Contains(seeded, key) {
				c.dropKey(key.AccessKey)
			}
		}
	}
}

// leaves asks for a change and leaves its page before the answer.
func (p *page) leaves(change pageChange, leave func(*page)) {
	p.t.Helper()
	p.open("/account/sessions") // which is where Back leads
	p.open(keysPage)
	c := p.console
	c.fault(fault{Method: change.method, Path: change.path, Delay: held})
	before := len(c.requests(change.method, change.path))
	change.ask(p)
	c.isAsked(change.method, change.path, before+1)
	leave(p)
	c.healFaults()
	p.open(keysPage)
	p.looksAgain(change.done)
	p.says(p.notice(), change.done)
	if change.path == "/accesskeys" {
		p.click(p.notice().GetByRole("link"))
		p.see(p.dialog("Copy key"))
	}
}

// looksAgain loads the page again until its notice says something, where no script does
// so.
func (p *page) looksAgain(words string) {
	p.t.Helper()
	for began := time.Now(); p.noScript && time.Since(began) < patience*time.Millisecond; p.reload() {
		if strings.Contains(p.text(p.notice()), words) {
			return
		}
	}
}

// isAsked waits until the APIs were asked that often.
func (c *console) isAsked(method, path string, times int) {
	c.t.Helper()
	for began := time.Now(); len(c.requests(method, path)) < times; {
		if time.Since(began) > patience*time.Millisecond {
			c.t.Fatalf("the APIs were not asked for %s %s", method, path)
		}
	}
}

// TestLeavePageOtherSession: what a person has asked for is in the list that they look
// at in another session, as it comes.
func TestLeavePageOtherSession(t *testing.T) {
	t.Parallel()
	for name, firefox := range map[string]bool{"Chromium": false, "Firefox": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			other := openKeys(t, c, pageOptions{as: member, firefox: firefox})
			p := openNewKey(t, c, pageOptions{firefox: firefox})
			c.fault(fault{Method: http.MethodPost, Path: "/accesskeys", Delay: held})
			p.click(p.button("Generate"))
			c.isAsked(http.MethodPost, "/accesskeys", 1)
			other.reload()
			other.says(other.notice(), "A key is being generated.")
			c.healFaults()
			waits := playwright.LocatorAssertionsToHaveCountOptions{Timeout: playwright.Float(20_000)}
			check(t, expect.Locator(other.Locator("[data-key]")).ToHaveCount(1, waits))
		})
	}
}
