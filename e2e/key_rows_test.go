package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// row finds a key of the list by words in its row.
func (p *page) row(words string) playwright.Locator {
	return p.Locator("[data-key]").Filter(playwright.LocatorFilterOptions{HasText: words})
}

// action is a link of a row, by its visible words.
func (p *page) action(row, words string) playwright.Locator {
	return p.row(row).GetByText(words, playwright.LocatorGetByTextOptions{Exact: playwright.Bool(true)})
}

// asks wants a question about a key to be open, of which words are the title's
// beginning.
func (p *page) asks(words string) playwright.Locator {
	p.t.Helper()
	dialog := p.Locator(".dialog").Filter(playwright.LocatorFilterOptions{
		Has: p.Locator(".dialog-title").Filter(playwright.LocatorFilterOptions{HasText: words}),
	})
	p.see(dialog)
	return dialog
}

// staysHere fails the test if the page is loaded anew until the returned
// function is called. Without scripts, every step is a page.
func (p *page) staysHere() func() {
	p.t.Helper()
	if p.noScript {
		return func() {}
	}
	_, err := p.Evaluate(`() => { window.stillHere = true; }`)
	check(p.t, err)
	return func() {
		p.t.Helper()
		if here, err := p.Evaluate(`() => window.stillHere`); here != true {
			p.t.Errorf("the page was loaded anew: %v", err)
		}
	}
}

// keepsFocus wants the keyboard to be somewhere in the page's own matter.
func (p *page) keepsFocus() {
	p.t.Helper()
	if p.noScript {
		return
	}
	p.focused(p.Locator("main:focus, main :focus"))
}

func (p *page) checked(row string, on bool) {
	p.t.Helper()
	toggle := p.row(row).GetByRole("switch")
	check(p.t, expect.Locator(toggle).ToBeChecked(playwright.LocatorAssertionsToBeCheckedOptions{Checked: &on}))
}

// keyNamed is the access key that has a description at the API.
func (c *console) keyNamed(email, description string) string {
	c.t.Helper()
	for _, key := range c.keysOf(email) {
		if strings.HasPrefix(key.Description, description) {
			return key.AccessKey
		}
	}
	c.t.Fatalf("%s has no key %q", email, description)
	return ""
}

// TestToggle: the row changes in its place, and the focus stays there.
func TestToggle(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: full, noScript: noScript})
		p.open(keysPage)
		here := p.staysHere()
		p.click(p.row("Veeam").GetByRole("switch"))
		p.checked("Veeam", false)
		p.see(p.message("is being deactivated"))
		p.keepsFocus()
		p.click(p.row("Veeam").GetByRole("switch"))
		p.checked("Veeam", true)
		here()
		if asked := c.requests(http.MethodPut, "/cloudapi/v6"); len(asked) != 2 {
			t.Errorf("the API was asked to change a key %d times", len(asked))
		}
	})
}

// TestToggleTakesItsTime: it is shown as under way, and settles by itself.
func TestToggleTakesItsTime(t *testing.T) {
	t.Parallel()
	c := startConsole(t, provisioning(1500*time.Millisecond))
	p := newPage(t, c, pageOptions{as: full})
	p.open(keysPage)
	here := p.staysHere()
	p.click(p.row("Veeam").GetByRole("switch"))
	p.says(p.row("Veeam"), "Being deactivated")
	p.checked("Veeam", false)
	c.control(http.MethodPost, "/_sandbox/keys/"+c.keyNamed(full, "CI artifacts"),
		map[string]string{"toggle": "fail", "message": "no <b>can</b> do"}, nil)
	p.click(p.row("CI artifacts").GetByRole("switch"))
	p.says(p.row("CI artifacts"), "could not be deactivated. The API says: “no <b>can</b> do”")
	p.checked("CI artifacts", true)
	here()
}

// TestOnlyActiveKey asks before it is deactivated.
func TestOnlyActiveKey(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: twofa, noScript: noScript})
		p.open(keysPage)
		p.click(p.row("Photo archive").GetByRole("switch"))
		p.says(p.asks("Deactivate key"), "This is your only active key")
		p.click(p.link("Cancel"))
		p.at(keysPage)
		p.checked("Photo archive", true)
		p.click(p.row("Photo archive").GetByRole("switch"))
		p.click(p.button("Deactivate"))
		p.checked("Photo archive", false)
		p.at(keysPage)
		p.keepsFocus()
	})
}

// TestOnlyActiveKeyByKeyboard does the same with keys alone.
func TestOnlyActiveKeyByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{as: twofa})
	p.open(keysPage)
	p.tabTo(p.row("Photo archive").GetByRole("switch"))
	p.press("Space")
	p.asks("Deactivate key")
	p.press("Escape")
	p.noDialog()
	p.at(keysPage)
	p.focused(p.row("Photo archive").GetByRole("switch"))
	p.press("Enter")
	p.asks("Deactivate key")
	p.tabTo(p.button("Deactivate"))
	p.press("Enter")
	p.noDialog()
	p.checked("Photo archive", false)
	p.keepsFocus()
}
