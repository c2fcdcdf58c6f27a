package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"
)

// clipboard is a field to paste into. All browsers here share one clipboard,
// so that tests which read it do not run in parallel.
type clipboard struct{ *page }

// newClipboard gives a clipboard that holds nothing of interest.
func newClipboard(t *testing.T, c *console, inFirefox bool) clipboard {
	t.Helper()
	p := clipboard{newPage(t, c, pageOptions{firefox: inFirefox})}
	check(t, p.SetContent(`<!DOCTYPE html><html lang="en"><title>Paste</title><label>Here <textarea></textarea></label>`))
	p.clear()
	return p
}

const nothing = "nothing has been copied"

func (c clipboard) clear() {
	c.t.Helper()
	c.fill("Here", nothing)
	check(c.t, c.field("Here").Focus())
	c.press("ControlOrMeta+a", "ControlOrMeta+c")
}

// text is what is pasted. The clipboard is cleared.
func (c clipboard) text() string {
	c.t.Helper()
	c.fill("Here", "")
	check(c.t, c.field("Here").Focus())
	c.press("ControlOrMeta+v")
	pasted := c.value(c.field("Here"))
	c.clear()
	return pasted
}

// copyStatus is where a page says that a value was copied, for those who do not see
// the button.
func (p *page) copyStatus() playwright.Locator {
	return p.Locator("dialog[open] [data-status], body:not(:has(dialog[open])) > [data-status]")
}

// saysCopied wants the page to say that a value has been copied.
func (p *page) saysCopied(button string) {
	p.t.Helper()
	check(p.t, expect.Locator(p.copyStatus()).ToHaveText("Copied"))
	check(p.t, expect.Locator(p.button(button)).ToHaveText("Copied"))
}
