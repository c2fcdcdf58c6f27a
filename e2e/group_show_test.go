package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// generated is the address of what has become of the keys of several users.
var generated = regexp.MustCompile(`/contract/keys/results/[0-9a-zA-Z-]+$`)

// withoutKey returns the e-mail addresses of some users who have no key, and whose
// account is active.
func (c *console) withoutKey(n int) []string {
	c.t.Helper()
	var people struct {
		Items []struct {
			ID         string
			Properties struct {
				Email         string
				Active        bool
				Administrator bool
			}
		}
	}
	c.ask(http.MethodGet, "/cloudapi/v6/um/users?depth=1", c.token(owner, time.Hour), nil, &people)
	var found []string
	for _, u := range people.Items {
		if u.Properties.Active && !u.Properties.Administrator && len(found) < n && len(c.secretsOf(u.ID)) == 0 {
			found = append(found, u.Properties.Email)
		}
	}
	if len(found) < n {
		c.t.Fatalf("only %v have no key", found)
	}
	return found
}

// openGroup opens the page of a group.
func (p *page) openGroup(name string) {
	p.t.Helper()
	p.open("/groups")
	p.click(p.link(name))
	p.see(p.heading(name))
}

// onboards has keys generated for people, from their e-mail addresses to the results, in
// four clicks.
func (p *page) onboards(people []string) {
	p.t.Helper()
	p.fill("Add members", strings.Join(people, "\n"))
	p.click(p.button("Add to group"))
	within := playwright.LocatorAssertionsToContainTextOptions{Timeout: playwright.Float(float64((30 * time.Second).Milliseconds()))}
	check(p.t, expect.Locator(p.main()).ToContainText("users are in the group", within))
	p.click(p.link("Generate keys for members without one"))
	p.click(p.Locator("a:has-text('Select all')"))
	p.click(p.button("Generate keys"))
	check(p.t, expect.Page(p.Page).ToHaveURL(generated))
	check(p.t, expect.Locator(p.main()).ToContainText("Finished:", within))
}

// TestOnboard: ten people get access, a key each and a message, in four clicks and one for
// each message; no secret is shown, without scripts as well.
func TestOnboard(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t, users(60))
		people := c.withoutKey(10)
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		p.openGroup("Storage Team")
		p.onboards(people)
		content, err := p.Content()
		check(t, err)
		for _, email := range people {
			line := p.Locator("[data-result=done]", playwright.PageLocatorOptions{HasText: email})
			check(t, expect.Locator(line.Locator("a[href^='mailto:']")).ToHaveCount(1))
			for key, secret := range c.secretsOf(c.userID(email)) {
				if strings.Contains(content, secret) || !strings.Contains(content, key) {
					t.Errorf("the page has a secret, or not the key %s", key)
				}
			}
		}
		p.click(p.Locator("[data-result=done] a:has-text('Tell the owner')").First())
		p.says(p.Locator("#handover-text"), "an access key for IONOS Object Storage is ready for you")
	})
}

// TestGroupByKeyboard: a member added, the privilege taken away after a question, and a
// person who is nobody said so, with keys alone.
func TestGroupByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{as: admin})
	p.openGroup("Network Engineering")
	p.tabTo(p.field("Add members"))
	check(t, p.Keyboard().InsertText("nobody@example.com"))
	p.tabTo(p.button("Add to group"))
	p.expect(http.StatusUnprocessableEntity)
	p.press("Enter")
	p.says(p.main(), "No user of this contract has this e-mail address")
	p.tabTo(p.field("Add members"))
	p.press("ControlOrMeta+a")
	check(t, p.Keyboard().InsertText(twofa))
	p.tabTo(p.button("Add to group"))
	p.press("Enter")
	p.says(p.main(), "The user is in the group")
	p.tabTo(p.link("Give it"))
	p.press("Enter")
	p.see(p.heading("Give Use Object Storage?"))
	p.tabTo(p.button("Give"))
	p.press("Enter")
	p.says(p.main(), "The group gives Use Object Storage")
}
