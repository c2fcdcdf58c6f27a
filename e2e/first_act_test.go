package e2e

import (
	"net/http"
	"slices"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// TestClicks counts the clicks that it takes to have a new key and its secret in the
// clipboard, one after the other: one's own from the page that signing in leads to,
// and another person's from the list of users.
func TestClicks(t *testing.T) {
	t.Parallel()
	type step = func(*page) playwright.Locator
	pair := []step{
		func(p *page) playwright.Locator { return p.button("Copy Key") },
		func(p *page) playwright.Locator { return p.button("Copy Secret") },
	}
	for name, tt := range map[string]struct {
		as, from, owner string
		most            int
		begin           []step
	}{
		"own key": {as: member, from: keysPage, owner: member, most: 4, begin: []step{
			func(p *page) playwright.Locator { return p.link("Generate a key").First() },
			func(p *page) playwright.Locator { return p.button("Generate") },
		}},
		"for another person": {as: admin, from: "/users", owner: member, most: 5, begin: []step{
			func(p *page) playwright.Locator {
				row := p.Locator("[data-user]").Filter(playwright.LocatorFilterOptions{HasText: member})
				return row.Locator("td:last-child a")
			},
			func(p *page) playwright.Locator { return p.link("+ Generate Key") },
			func(p *page) playwright.Locator { return p.button("OK") },
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: tt.as})
			p.open(tt.from)
			steps := slices.Concat(tt.begin, pair)
			for _, next := range steps {
				p.click(next(p))
			}
			if len(steps) > tt.most {
				t.Errorf("it takes %d clicks, not %d", len(steps), tt.most)
			}
			p.saysCopied("Copy Secret")
			made := p.shownPair()
			if keys := c.keysOf(tt.owner); len(keys) != 1 || keys[0].AccessKey != made.key {
				t.Errorf("the API has %v", keys)
			}
		})
	}
}

// TestFirstAct: on a phone, the button that a person comes for is on the first screen:
// for each role, with and without keys, and while an API does not answer.
func TestFirstAct(t *testing.T) {
	t.Parallel()
	tab := func(email string) func(*console) string {
		return func(c *console) string { return "/users/" + c.userID(email) + "/object-storage-keys" }
	}
	for name, tt := range map[string]struct {
		as    string
		down  string // the API that does not answer
		path  func(*console) string
		label string
	}{
		"member, no keys":              {as: member, path: path(keysPage), label: "Generate a key"},
		"owner, with keys":             {as: owner, path: path(keysPage), label: "Generate a key"},
		"administrator, with a key":    {as: admin, path: path(keysPage), label: "Generate a key"},
		"five keys":                    {as: full, path: path(keysPage), label: "Generate a key"},
		"Cloud API down":               {as: owner, down: "/cloudapi/v6", path: path(keysPage), label: "Generate a key"},
		"Management API down":          {as: owner, down: "/accesskeys", path: path(keysPage), label: "Generate a key"},
		"another person, with keys":    {as: admin, path: tab(twofa), label: "+ Generate Key"},
		"another person, no keys":      {as: admin, path: tab(member), label: "+ Generate Key"},
		"another person, no privilege": {as: admin, path: tab(guest), label: "+ Generate Key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: tt.as, narrow: true})
			if tt.down != "" {
				c.fault(fault{Path: tt.down, Status: http.StatusServiceUnavailable, Times: 50})
			}
			p.open(tt.path(c))
			act := p.main().GetByText(tt.label, playwright.LocatorGetByTextOptions{Exact: playwright.Bool(true)}).First()
			p.see(act)
			box, err := act.BoundingBox()
			check(t, err)
			t.Logf("at %.0f px", box.Y)
			if height := float64(p.ViewportSize().Height); box.Y+box.Height > height {
				t.Errorf("%q ends at %.0f px of %.0f", tt.label, box.Y+box.Height, height)
			}
		})
	}
}

// TestFirstActOfPair: on a phone and on a desk, a new pair is copied and left without
// scrolling.
func TestFirstActOfPair(t *testing.T) {
	t.Parallel()
	for name, narrow := range map[string]bool{"phone": true, "desk": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openKeys(t, startConsole(t), pageOptions{as: member, narrow: narrow})
			p.click(p.link("Generate a key").First())
			p.click(p.button("Generate"))
			p.see(p.dialog("Copy key"))
			for _, label := range []string{"Copy Key", "Copy Secret", "Done"} {
				check(t, expect.Locator(p.button(label)).ToBeInViewport(playwright.LocatorAssertionsToBeInViewportOptions{Ratio: playwright.Float(1)}))
			}
		})
	}
}

// TestReducedMotion: who asks for less motion sees none, and others do.
func TestReducedMotion(t *testing.T) {
	t.Parallel()
	for name, still := range map[string]bool{"less motion": true, "no preference": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPage(t, startConsole(t), pageOptions{as: member, still: still})
			p.open("/_components?notice=busy")
			moving, err := p.Evaluate(`() => document.getAnimations().some((animation) => animation.effect.getComputedTiming().duration > 0)`)
			if check(t, err); moving == still {
				t.Errorf("something moves: %v", moving)
			}
		})
	}
}
