package e2e

import "testing"

// TestFirstVisits weighs what people come upon first. A page that is asked
// for by its own address is weighed down to the icon of the tab; in its place
// there may be a redirect, or the request that fills in a list.
func TestFirstVisits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		as, path string
		noIcon   bool
	}{
		"sign-in":          {"", "/sign-in", false},
		"home, signed out": {"", "/", true},
		"keys, signed out": {"", keysPage, true},
		"home, signed in":  {member, "/", true},
		"no keys":          {member, keysPage, false},
		"two keys":         {owner, keysPage, false},
		"five keys":        {full, keysPage, false},
		"no privilege":     {guest, keysPage, false},
		"users":            {admin, "/users", true},
		"groups":           {admin, "/groups", true},
		"all keys":         {admin, "/contract/keys", true},
		"dialog as a page": {member, newKey, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPage(t, startConsole(t), pageOptions{as: tt.as})
			p.open(tt.path)
			if tt.noIcon {
				return
			}
			p.asksForIcon()
			if err := p.weight.checkWithIcon(); err != nil {
				t.Errorf("%s, with its icon, %v", tt.path, err)
			}
		})
	}
}

// TestLaterVisits: of what the browser has already, nothing is asked for again.
// Lists of people fill in their numbers.
func TestLaterVisits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		as, path string
		more     int
	}{
		"sign-in":          {"", "/sign-in", 0},
		"no keys":          {member, keysPage, 0},
		"five keys":        {full, keysPage, 0},
		"dialog as a page": {member, newKey, 0},
		"users":            {admin, "/users", 1},
		"groups":           {admin, "/groups", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPage(t, startConsole(t), pageOptions{as: tt.as})
			p.open(tt.path)
			p.asksForIcon()
			check(t, p.weight.forget())
			p.open(tt.path)
			if tt.more > 0 {
				check(t, expect.Locator(p.Locator("[data-counts] td:last-child > a").Last()).Not().ToHaveText("Show"))
			}
			if got := p.weight.asked(1 + tt.more); len(got) != 1+tt.more {
				t.Errorf("%s asks for %v", tt.path, got)
			}
		})
	}
}
