package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// layouts are pages whose arrangement is checked.
var layouts = []struct {
	name, as string
	path     func(c *console) string
	main     string // the page's main act, as a selector
}{
	{"sign-in", "", path("/sign-in"), "#email"},
	{"sign-in-token", "", path(byToken), "#token"},
	{"sessions", owner, path("/account/sessions"), ".panel .button"},
	{"activity", owner, path("/account/activity"), ".panel"},
	{"users", admin, path("/users"), "#q"},
	{"user", admin, func(c *console) string { return "/users/" + c.userID(full) }, ".tabs a:not([aria-current])"},
	{"groups", admin, path("/groups"), "tbody th > a"},
	{"contract-keys", admin, path("/contract/keys"), ".tiles a"},
	{"key-owner", admin, path("/key-owner"), "#key"},
	{"keys-none", member, path(keysPage), "a[href$='/new']"},
	{"keys-owner", owner, path(keysPage), "a[href$='/new']"},
	{"keys-five", full, path(keysPage), "button:disabled"},
	{"user-keys", admin, func(c *console) string { return "/users/" + c.userID(twofa) + "/object-storage-keys" }, "a[href$='/new']"},
	{"components", member, path("/_components"), ".button"},
}

func path(of string) func(*console) string { return func(*console) string { return of } }

// TestLayout: at any width, with each menu open, no page is wider than its window and
// nothing to press is small; the page's main act is on the first screen; and what
// stands before the heading leaves room for it.
func TestLayout(t *testing.T) {
	t.Parallel()
	for _, look := range layouts {
		t.Run(look.name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: look.as, still: true})
			p.open(look.path(c))
			for _, width := range []int{1920, 1280, 390, 320} {
				check(t, p.SetViewportSize(width, 844))
				p.checkArrangement(look.main)
				p.eachMenu(func() {
					p.checkDangerApart()
					p.checkFits()
					p.checkTargets()
					if width == 390 || width == 1280 {
						p.checkAccess()
					}
				})
			}
		})
	}
}

// eachMenu opens one menu after the other.
func (p *page) eachMenu(look func()) {
	p.t.Helper()
	buttons := p.Locator("[popovertarget]:visible")
	n, err := buttons.Count()
	check(p.t, err)
	for i := range n {
		p.click(buttons.Nth(i))
		p.see(p.Locator(":popover-open"))
		look()
		p.press("Escape")
		p.gone(p.Locator(":popover-open"))
	}
}

// checkDangerApart wants what destroys to be last in a menu, below a line.
func (p *page) checkDangerApart() {
	p.t.Helper()
	found, err := p.Evaluate(`() => [...document.querySelectorAll(':popover-open .danger')]
		.filter((e) => e.nextElementSibling || parseFloat(getComputedStyle(e).borderTopWidth) === 0 && parseFloat(getComputedStyle(e, '::before').height || 0) === 0)
		.map((e) => e.textContent).join(', ')`)
	if check(p.t, err); found != "" {
		p.t.Errorf("%s: %s is not apart from the rest of the menu", p.URL(), found)
	}
}

// checkArrangement looks at where things are, and at the one primary button.
func (p *page) checkArrangement(act string) {
	p.t.Helper()
	p.checkFits()
	p.checkTargets()
	found, err := p.Evaluate(`(act) => {
		const wrong = [];
		const heading = document.querySelector('main h1:not(.visually-hidden)');
		const top = heading?.getBoundingClientRect().top;
		if (top > 110 && !document.querySelector('main .empty h1')) wrong.push('the heading is at ' + top + ' px');
		const main = document.querySelector('main ' + act);
		if (!main || main.getBoundingClientRect().bottom > innerHeight) wrong.push('the main act is not on the first screen');
		const primary = document.querySelectorAll('main .button-primary').length;
		if (primary > 1) wrong.push(primary + ' primary buttons');
		const stops = document.querySelectorAll('[tabindex="0"]:not(a, button, input, select, textarea, summary)').length;
		if (stops > 0) wrong.push(stops + ' stops of the Tab key where there is nothing to do');
		return wrong.join('; ');
	}`, act)
	if check(p.t, err); found != "" {
		p.t.Errorf("%s, %d wide: %s", p.URL(), p.ViewportSize().Width, found)
	}
}

// checkTargets wants all that can be pressed to be at least 24 pixels high and wide,
// but for links within sentences, and not to touch: a slip must not hit another one.
func (p *page) checkTargets() {
	p.t.Helper()
	found, err := p.Evaluate(`() => {
		const shown = [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select')]
			.filter((e) => e.checkVisibility() && !e.matches('.skip') && e.closest('thead')?.offsetWidth !== 1 && !(e.matches('a') && e.closest('p, .sub') && getComputedStyle(e).display === 'inline'))
			.map((e) => [e.closest('label') ?? e, (e.closest('label') ?? e).getBoundingClientRect()]);
		const name = (e) => e.tagName + '.' + e.className + ' “' + e.textContent.trim() + '”';
		const small = shown.filter(([, box]) => box.width < 23.9 || box.height < 23.9)
			.map(([e, box]) => name(e) + ' is ' + Math.round(box.width) + '×' + Math.round(box.height));
		// What belongs together lies together: the parts of a value, a choice, a menu.
		const joined = '.segments, .value, .menu, .tiles, .search, .accounts';
		const close = [];
		for (const [i, [a, first]] of shown.entries()) {
			for (const [b, second] of shown.slice(i + 1)) {
				if (a === b || a.contains(b) || b.contains(a)) continue;
				if (a.closest(joined) && a.closest(joined) === b.closest(joined)) continue;
				if (!!a.closest(':popover-open') !== !!b.closest(':popover-open') || !!a.closest('.bar') !== !!b.closest('.bar')) continue;
				const beside = Math.max(second.left - first.right, first.left - second.right);
				const above = Math.max(second.top - first.bottom, first.top - second.bottom);
				if (beside < 3.9 && above < -4 || beside < -4 && above < -0.5) close.push(name(a) + ' and ' + name(b));
			}
		}
		return [...small, ...close.map((both) => both + ' touch')].join('; ');
	}`)
	if check(p.t, err); found != "" {
		p.t.Errorf("%s, %d wide: %s", p.URL(), p.ViewportSize().Width, found)
	}
}

// TestMenuIsNamed: the word Menu, by which the vendor's documentation begins its ways, is
// seen before the menu's entries, or on the button that opens them.
func TestMenuIsNamed(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	for _, narrow := range []bool{false, true} {
		p := openKeys(t, c, pageOptions{as: admin, narrow: narrow})
		named := p.Locator("header.bar").GetByText("Menu", playwright.LocatorGetByTextOptions{Exact: playwright.Bool(true)})
		p.see(named.Filter(playwright.LocatorFilterOptions{Visible: playwright.Bool(true)}))
		if narrow {
			p.click(p.button("Menu"))
		}
		p.see(p.link("Users & Groups"))
		p.screenshot(fmt.Sprintf("menu-narrow-%v", narrow))
	}
}

// TestMenuByKeyboard: the arrow keys move in a menu, and Escape gives the focus back.
func TestMenuByKeyboard(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t), pageOptions{as: member})
	p.open("/account/sessions")
	button := p.Locator("[popovertarget=account]")
	p.tabTo(button)
	p.press("ArrowDown")
	p.focused(p.button("Light"))
	p.press("End")
	p.focused(p.button("Sign out"))
	p.press("ArrowDown")
	p.focused(p.button("Light"))
	p.press("ArrowUp", "ArrowUp")
	p.focused(p.GetByRole("banner").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Activity"}))
	p.press("Escape")
	p.focused(button)
	p.gone(p.Locator(":popover-open"))
}

// TestNameWidest: the column of the names is the widest of a list of keys.
func TestNameWidest(t *testing.T) {
	t.Parallel()
	for name, as := range map[string]string{"two keys": owner, "five keys": full} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openKeys(t, startConsole(t), pageOptions{as: as, still: true})
			for _, width := range []int{1920, 1280, 1024} {
				check(t, p.SetViewportSize(width, 844))
				widest, err := p.Evaluate(`() => {
					const widths = [...document.querySelectorAll('.keys tbody tr:first-child > *')].map((cell) => cell.offsetWidth);
					return widths.indexOf(Math.max(...widths));
				}`)
				if check(t, err); widest != 0 {
					t.Errorf("%d wide, column %v is the widest", width, widest)
				}
			}
		})
	}
}

// TestHiddenHeads: on a phone the heads of columns are out of sight until the focus is
// in one of them.
func TestHiddenHeads(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t), pageOptions{as: admin, narrow: true, still: true})
	p.open("/users")
	heads := p.Locator("thead")
	check(t, expect.Locator(heads).ToHaveCSS("position", "absolute"))
	sort := p.Locator("#sort-email")
	p.tabTo(sort)
	check(t, expect.Locator(heads).Not().ToHaveCSS("position", "absolute"))
	check(t, expect.Locator(sort).ToBeInViewport(playwright.LocatorAssertionsToBeInViewportOptions{Ratio: playwright.Float(1)}))
	p.screenshot("hidden-heads")
	p.checkFits()
	p.checkAccess()
}

// TestFewStops: few stops of the Tab key lead to the main act, for every role.
func TestFewStops(t *testing.T) {
	t.Parallel()
	const most = 8
	for _, as := range []string{member, owner, admin} {
		t.Run(as, func(t *testing.T) {
			t.Parallel()
			p := openKeys(t, startConsole(t), pageOptions{as: as})
			act := p.link("Generate a key").First()
			for n := 1; ; n++ {
				p.press("Tab")
				here, err := act.Evaluate("element => element === document.activeElement", nil)
				if check(t, err); here == true {
					return
				}
				if n == most {
					t.Fatalf("%d stops do not lead there", n)
				}
			}
		})
	}
}

// largeText has text at twice its size, before anything is seen.
const largeText = `new MutationObserver((changes, observer) => {
	if (!document.documentElement) return;
	document.documentElement.style.fontSize = '200%';
	observer.disconnect();
}).observe(document, { childList: true });`

// TestLargeText: text alone at twice its size makes no page wider than its window.
func TestLargeText(t *testing.T) {
	t.Parallel()
	for _, look := range layouts {
		t.Run(look.name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: look.as, still: true, beforeScript: largeText})
			p.open(look.path(c))
			for _, width := range []int{1280, 640} {
				check(t, p.SetViewportSize(width, 844))
				p.checkFits()
			}
		})
	}
}

// TestTimes: a time is shown in the reader's zone, with its name; without scripts in
// UTC, which it says.
func TestTimes(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		p := newPage(t, startConsole(t), pageOptions{as: member, noScript: noScript, zone: "Asia/Kolkata"})
		p.open("/account/activity")
		time := p.Locator("time[data-zone=minute]").First()
		zone := map[bool]string{true: "UTC", false: "GMT+5:30"}[noScript]
		if shown := p.text(time); !strings.HasSuffix(shown, " "+zone) {
			t.Errorf("the time is %q, not in %s", shown, zone)
		}
	})
}

// TestNoticeCovers nothing: what was done is said in the bar, beside its menus, and
// can be dismissed.
func TestNoticeCovers(t *testing.T) {
	t.Parallel()
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			p := newPage(t, startConsole(t), pageOptions{as: member, still: true})
			check(t, p.SetViewportSize(width, 844))
			p.open("/_components?notice=success")
			covered, err := p.Evaluate(`() => {
				const notice = document.querySelector('#notice').getBoundingClientRect();
				return [...document.querySelectorAll('main a, main button')].filter((e) => {
					const box = e.getBoundingClientRect();
					return box.top < notice.bottom && box.bottom > notice.top && box.left < notice.right && box.right > notice.left;
				}).map((e) => e.textContent).join(', ');
			}`)
			if check(t, err); covered != "" {
				t.Errorf("the notice covers %v", covered)
			}
			p.click(p.button("Dismiss"))
			p.gone(p.Locator("#notice > *"))
		})
	}
}

// TestProblemPage says first what a person needs, and each thing once.
func TestProblemPage(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t), pageOptions{as: member, still: true})
	p.expect(http.StatusNotFound)
	p.open("/nowhere")
	p.checkArrangement(".button-primary")
	p.says(p.Locator("main small"), "Error 404")
	p.checkAccess()
}
