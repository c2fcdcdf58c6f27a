package e2e

import (
	"net/http"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// openNewKey opens the dialog to generate a key, over the list.
func openNewKey(t *testing.T, c *console, o pageOptions) *page {
	t.Helper()
	if o.as == "" {
		o.as = member
	}
	p := newPage(t, c, o)
	p.open(keysPage)
	p.click(p.link("Generate a key").First())
	p.see(p.dialog("Generate a key"))
	p.at(newKey)
	return p
}

// TestClosing: every way out of a dialog leads back to where it was opened,
// and leaves no trace in the history.
func TestClosing(t *testing.T) {
	t.Parallel()
	for name, closing := range map[string]func(*page){
		"Escape": func(p *page) { p.press("Escape") },
		"Cancel": func(p *page) { p.click(p.link("Cancel")) },
		"cross":  func(p *page) { p.click(p.link("Close")) },
		"Back":   func(p *page) { p.back() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := openNewKey(t, c, pageOptions{})
			p.focused(p.field("Description (optional)"))
			closing(p)
			p.noDialog()
			p.at(keysPage)
			p.focused(p.link("Generate a key").First())

			// And again: what has been closed opens as before.
			p.press("Enter")
			p.see(p.dialog("Generate a key"))
			p.at(newKey)
			closing(p)
			p.noDialog()
			p.at(keysPage)
			p.back()
			check(t, expect.Page(p.Page).ToHaveURL("about:blank"))
			if made := c.requests(http.MethodPost, "/"); len(made) != 0 {
				t.Errorf("the APIs were asked for %v", made)
			}
		})
	}
}

// TestClosingWithoutScripts: there, closing is a link.
func TestClosingWithoutScripts(t *testing.T) {
	t.Parallel()
	p := openNewKey(t, startConsole(t), pageOptions{noScript: true})
	p.see(p.heading("Generate a key"))
	for _, link := range []string{"Cancel", "Close"} {
		p.click(p.link(link))
		p.at(keysPage)
		p.see(p.heading("Key management"))
		p.open(newKey)
	}
}

// TestDialogsHaveAddresses: whoever reloads a dialog, comes back to it, or is
// sent its address, has it as a page.
func TestDialogsHaveAddresses(t *testing.T) {
	t.Parallel()
	p := openNewKey(t, startConsole(t), pageOptions{})
	p.reload()
	p.at(newKey)
	p.noDialog()
	p.see(p.named("heading", "Generate a key").And(p.Locator("h1")))
	p.fill("Description (optional)", "from the page")
	p.click(p.button("Generate"))
	p.see(p.heading("Copy key"))
	p.atKey()
	p.reload()
	p.see(p.heading("Copy key"))
	p.says(p.main(), "save the pair now")
	p.click(p.link("Close").Last())
	p.at(keysPage)
	p.says(p.Locator("[data-key]"), "from the page")
}

// TestForwardToADialog: what Back has closed, Forward shows again.
func TestForwardToADialog(t *testing.T) {
	t.Parallel()
	p := openNewKey(t, startConsole(t), pageOptions{})
	p.back()
	p.noDialog()
	_, err := p.GoForward()
	check(t, err)
	p.at(newKey)
	p.see(p.heading("Generate a key"))
	p.see(p.field("Description (optional)"))
}

// TestBackAfterGenerating shows no form to send once more.
func TestBackAfterGenerating(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(*page){
		"at once":           func(*page) {},
		"after a reload":    func(p *page) { p.reload() },
		"after a dead form": func(p *page) { p.back(); p.at(keysPage); p.GoForward() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := openNewKey(t, c, pageOptions{})
			p.click(p.button("Generate"))
			p.see(p.dialog("Copy key"))
			p.atKey()
			again(p)
			p.see(p.heading("Copy key"))
			p.back()
			p.at(keysPage)
			p.gone(p.button("Generate"))
			check(t, expect.Locator(p.Locator("[data-key]")).ToHaveCount(1))
			if keys := c.keysOf(member); len(keys) != 1 {
				t.Errorf("the API has %v", keys)
			}
		})
	}
}

// TestGenerateTwiceMakesOneKey, in whatever way it comes twice.
func TestGenerateTwiceMakesOneKey(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		noScript bool
		twice    func(*page)
	}{
		"double click":                  {false, func(p *page) { check(p.t, p.button("Generate").Dblclick()) }},
		"double click, without scripts": {true, func(p *page) { check(p.t, p.button("Generate").Dblclick()) }},
		"Enter twice": {false, func(p *page) {
			check(p.t, p.field("Description (optional)").Focus())
			p.press("Enter", "Enter")
		}},
		"the form sent past every script": {false, func(p *page) {
			_, err := p.Evaluate(`() => { const form = document.querySelector('dialog form');
				HTMLFormElement.prototype.submit.call(form); HTMLFormElement.prototype.submit.call(form); }`)
			check(p.t, err)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			c.fault(fault{Method: http.MethodPost, Path: "/accesskeys", Delay: "300ms"})
			p := openNewKey(t, c, pageOptions{noScript: tt.noScript})
			p.fill("Description (optional)", "once")
			tt.twice(p)
			p.see(p.heading("Copy key"))
			p.atKey()
			p.onlyKeyAtAPI(member, p.shownPair(), "once")
			p.gone(p.Locator("dialog").Nth(1))
		})
	}
}

// TestGenerateIsBusy: while the API takes its time, the button says so and
// does nothing more.
func TestGenerateIsBusy(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	c.fault(fault{Method: http.MethodPost, Path: "/accesskeys", Delay: "1s"})
	p := openNewKey(t, c, pageOptions{})
	p.click(p.button("Generate"))
	check(t, expect.Locator(p.button("Generate")).ToBeDisabled())
	check(t, expect.Locator(p.button("Generate")).ToHaveAttribute("aria-busy", "true"))
	p.see(p.dialog("Copy key"))
}

// message is a box with these words.
func (p *page) message(words string) playwright.Locator {
	return p.Locator(".message").Filter(playwright.LocatorFilterOptions{HasText: words})
}

// TestLinksAreBusy: a link whose answer takes its time looks so, and the page
// says that it works, after a moment and until then.
func TestLinksAreBusy(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: full})
	c.fault(fault{Path: "/cloudapi/v6", Delay: "1s"})
	link := p.offered(ci, "Copy key")
	p.click(link)
	check(t, expect.Locator(link).ToHaveAttribute("aria-busy", "true"))
	check(t, expect.Locator(link).ToHaveCSS("opacity", "0.6"))
	working, err := p.Evaluate("() => getComputedStyle(document.body, '::before').opacity")
	if check(t, err); working != "1" {
		t.Errorf("the page does not say that it works: %v", working)
	}
	p.see(p.dialog("Copy key"))
	check(t, expect.Locator(link).Not().ToHaveAttribute("aria-busy", "true"))
	working, err = p.Evaluate("() => getComputedStyle(document.body, '::before').content")
	if check(t, err); working != "none" {
		t.Errorf("the page goes on saying that it works: %v", working)
	}
}
