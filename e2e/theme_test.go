package e2e

import (
	"bytes"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// TestTheme: the choice holds for all pages, leads back to what was shown, and
// does not wait for a script.
func TestTheme(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		p := newPage(t, startConsole(t), pageOptions{as: full, noScript: noScript})
		p.open(keysPage)
		p.click(p.link("Created"))
		p.see(p.Locator("th[aria-sort=ascending]"))
		p.chooseTheme("Dark")
		p.at(keysPage + "?sort=oldest")
		p.see(p.Locator("th[aria-sort=ascending]"))
		p.dark(true)
		p.openAccount()
		check(t, expect.Locator(p.button("Dark")).ToHaveAttribute("aria-current", "true"))
		p.press("Escape")
		p.open(newKey)
		p.dark(true)
		p.chooseTheme("Light")
		p.at(newKey)
		p.dark(false)
		check(t, p.EmulateMedia(playwright.PageEmulateMediaOptions{ColorScheme: playwright.ColorSchemeDark}))
		p.dark(false)
		p.chooseTheme("Auto")
		p.dark(true)
	})
}

func TestThemeByKeyboard(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t), pageOptions{})
	p.open("/sign-in?next=%2Fusers")
	p.tabTo(p.button("Theme"))
	p.press("Enter")
	p.tabTo(p.button("Dark"))
	p.press("Enter")
	p.at("/sign-in?next=%2Fusers")
	p.dark(true)
}

// dark wants the page to be so, or to be light.
func (p *page) dark(want bool) {
	p.t.Helper()
	ground := map[bool]string{true: "rgb(11, 17, 26)", false: "rgb(245, 247, 250)"}[want]
	check(p.t, expect.Locator(p.Locator("body")).ToHaveCSS("background-color", ground))
}

// TestThemeForcedColours: what style tells by colour is told where the reader has
// colours of their own, too.
func TestThemeForcedColours(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t), pageOptions{as: full, still: true})
	p.open(keysPage)
	p.forceColours()
	p.screenshot("forced-colours")
	if bytes.Equal(p.picture(p.toggle(ci), 40), p.picture(p.toggle(laptop), 40)) {
		t.Error("a switch that is on looks like one that is off")
	}
	p.openAccount()
	if bytes.Equal(p.picture(p.button("Light"), 0), p.picture(p.button("Auto"), 0)) {
		t.Error("the theme that is chosen is not to be seen")
	}
	tab := p.Locator(".tabs a[aria-current]")
	width, err := tab.Evaluate("tab => getComputedStyle(tab).borderBottomColor !== getComputedStyle(document.body).backgroundColor", nil)
	if check(t, err); width != true {
		t.Error("the tab that is shown is not to be seen")
	}
	p.open("/_components")
	p.forceColours()
	p.screenshot("forced-colours-components")
	for _, icon := range []string{".message-error", ".value .i-copy", ".bar .product"} {
		painted, err := p.Locator(icon).First().Evaluate(`element => {
			const shown = getComputedStyle(element, '::before');
			return shown.backgroundColor !== getComputedStyle(document.body).backgroundColor;
		}`, nil)
		if check(t, err); painted != true {
			t.Errorf("%s cannot be seen", icon)
		}
	}
}

// forceColours has the page drawn in the reader's colours. A page that is opened
// later is not.
func (p *page) forceColours() {
	p.t.Helper()
	for _, colours := range []*playwright.ForcedColors{playwright.ForcedColorsNone, playwright.ForcedColorsActive} {
		check(p.t, p.EmulateMedia(playwright.PageEmulateMediaOptions{ForcedColors: colours}))
	}
}

// picture is what an element looks like, or its left part so many pixels wide.
func (p *page) picture(of playwright.Locator, wide float64) []byte {
	p.t.Helper()
	check(p.t, of.ScrollIntoViewIfNeeded())
	box, err := of.BoundingBox()
	check(p.t, err)
	if wide == 0 {
		wide = box.Width
	}
	picture, err := p.Screenshot(playwright.PageScreenshotOptions{
		Clip: &playwright.Rect{X: box.X, Y: box.Y, Width: min(wide, box.Width), Height: box.Height},
	})
	check(p.t, err)
	return picture
}

// TestTimesShown: the absolute time is there for those who do not point at things.
func TestTimesShown(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t), pageOptions{as: full})
	p.open("/account/activity")
	row := p.Locator("[data-activity]").First()
	exact := row.Locator("small time")
	p.see(exact)
	title, err := row.Locator("time[title]").GetAttribute("title")
	check(t, err)
	if shown := p.text(exact); title == "" || shown != title {
		t.Errorf("it shows %q, want %q", shown, title)
	}
}

// TestTableHeadsStay: the column heads of a long list stay visible.
func TestTableHeadsStay(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t, users(200)), pageOptions{as: admin})
	p.open("/users")
	check(t, p.Locator("[data-user]").Last().ScrollIntoViewIfNeeded())
	head := p.Locator("thead th").First()
	check(t, expect.Locator(head).ToBeInViewport())
	top, err := head.Evaluate("head => document.elementFromPoint(head.getBoundingClientRect().x + 5, head.getBoundingClientRect().y + 5).closest('th') === head", nil)
	if check(t, err); top != true {
		t.Error("something lies over the head of the list")
	}
}
