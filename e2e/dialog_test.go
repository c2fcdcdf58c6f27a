package e2e

import (
	"fmt"
	"net/http"
	"strings"
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

// TestDialogClose: every way out of a dialog leads back to where it was opened,
// and leaves no trace in the history.
func TestDialogClose(t *testing.T) {
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

// TestDialogCloseWithoutScripts: there, closing is a link.
func TestDialogCloseWithoutScripts(t *testing.T) {
	t.Parallel()
	p := openNewKey(t, startConsole(t), pageOptions{noScript: true})
	p.see(p.heading("Generate a key"))
	for _, link := range []string{"Cancel", "Close"} {
		p.click(p.link(link))
		p.at(keysPage)
		p.see(p.heading("IONOS Object Storage"))
		p.open(newKey)
	}
}

// TestDialogAddress: a user who reloads a dialog, comes back to it, or is
// sent its address, has it as a page.
func TestDialogAddress(t *testing.T) {
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

// TestDialogForward: what Back has closed, Forward shows again.
func TestDialogForward(t *testing.T) {
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

// TestGenerateBack shows no form to send once more.
func TestGenerateBack(t *testing.T) {
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

// TestGenerateTwice, in whatever way it comes twice.
func TestGenerateTwice(t *testing.T) {
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

// TestGenerateBusy: while the API takes its time, the button says so and
// does nothing more.
func TestGenerateBusy(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	c.fault(fault{Method: http.MethodPost, Path: "/accesskeys", Delay: "3s"})
	p := openNewKey(t, c, pageOptions{})
	p.click(p.button("Generate"))
	check(t, expect.Locator(p.button("Generating…")).ToBeDisabled())
	check(t, expect.Locator(p.button("Generating…")).ToHaveAttribute("aria-busy", "true"))
	p.says(p.Locator("dialog [data-status]"), "Generating…")
	p.see(p.dialog("Copy key"))
}

// message is a box with these words.
func (p *page) message(words string) playwright.Locator {
	return p.Locator(".message").Filter(playwright.LocatorFilterOptions{HasText: words})
}

// TestLinksBusy: a link whose answer takes its time looks so, and the page
// says that it works, after a moment and until then.
func TestLinksBusy(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: full})
	c.fault(fault{Path: "/cloudapi/v6", Delay: "3s"})
	link := p.offered(ci, "Copy key")
	p.click(link)
	check(t, expect.Locator(link).ToHaveAttribute("aria-busy", "true"))
	turning, err := link.Evaluate("element => getComputedStyle(element, '::before').animationName", nil)
	if check(t, err); !strings.Contains(fmt.Sprint(turning), "turn") {
		t.Errorf("the link does not look so: %v", turning)
	}
	if _, err := p.WaitForFunction("() => getComputedStyle(document.body, '::before').opacity === '1'", nil); err != nil {
		t.Errorf("the page does not say that it works: %v", err)
	}
	p.see(p.dialog("Copy key"))
	check(t, expect.Locator(link).Not().ToHaveAttribute("aria-busy", "true"))
	working, err := p.Evaluate("() => getComputedStyle(document.body, '::before').content")
	if check(t, err); working != "none" {
		t.Errorf("the page goes on saying that it works: %v", working)
	}
}
