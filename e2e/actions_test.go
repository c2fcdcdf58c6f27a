package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/playwright-community/playwright-go"
)

// What people see is found by its role and its words.

func (p *page) button(name string) playwright.Locator { return p.named("button", name) }
func (p *page) link(name string) playwright.Locator   { return p.named("link", name) }

func (p *page) heading(name string) playwright.Locator { return p.named("heading", name) }

func (p *page) field(label string) playwright.Locator {
	return p.GetByLabel(label, playwright.PageGetByLabelOptions{Exact: playwright.Bool(true)})
}

// shown is a value to take along.
func (p *page) shown(label string) playwright.Locator {
	return p.named("group", label).Locator("code, pre")
}

// text is what an element holds, to the letter.
func (p *page) text(of playwright.Locator) string {
	p.t.Helper()
	text, err := of.TextContent()
	check(p.t, err)
	return text
}

// openAccount opens the menu of what is about the reader.
func (p *page) openAccount() {
	p.t.Helper()
	p.click(p.Locator("[popovertarget=account]"))
}

func (p *page) signOut() {
	p.t.Helper()
	p.openAccount()
	p.click(p.button("Sign out"))
}

func (p *page) chooseTheme(name string) {
	p.t.Helper()
	p.openAccount()
	p.click(p.button(name))
}

// signInAs signs in with an account that the sandbox offers.
func (p *page) signInAs(email string) {
	p.t.Helper()
	p.click(p.Locator(".accounts button").Filter(playwright.LocatorFilterOptions{HasText: "Sign in as " + email + ":"}))
}

func (p *page) named(role playwright.AriaRole, name string) playwright.Locator {
	return p.GetByRole(role, playwright.PageGetByRoleOptions{Name: name, Exact: playwright.Bool(true)})
}

// dialog is a question or an answer with a title: without scripts it is a part
// of a page of its own.
func (p *page) dialog(title string) playwright.Locator {
	if p.noScript {
		return p.named("region", title)
	}
	return p.named("dialog", title)
}

// noDialog wants no dialog to be there.
func (p *page) noDialog() {
	p.t.Helper()
	p.gone(p.Locator("dialog"))
}

func (p *page) see(what playwright.Locator) {
	p.t.Helper()
	check(p.t, expect.Locator(what).ToBeVisible())
}

func (p *page) gone(what playwright.Locator) {
	p.t.Helper()
	check(p.t, expect.Locator(what).ToHaveCount(0))
}

// says wants words to be in something, in place of others it may hold before.
func (p *page) says(what playwright.Locator, words string) {
	p.t.Helper()
	check(p.t, expect.Locator(what).ToContainText(words))
}

// main is what a page is about.
func (p *page) main() playwright.Locator { return p.GetByRole("main") }

// focused wants something to have the keyboard's focus.
func (p *page) focused(what playwright.Locator) {
	p.t.Helper()
	check(p.t, expect.Locator(what).ToBeFocused())
}

// at wants an address, to which a page may still be on its way.
func (p *page) at(path string) {
	p.t.Helper()
	check(p.t, expect.Page(p.Page).ToHaveURL(p.console.url+path))
}

// atKey wants the address of a key.
func (p *page) atKey() {
	p.t.Helper()
	address := regexp.MustCompile("^" + regexp.QuoteMeta(p.console.url+keysPage) + "/[^/?]{20,}$")
	check(p.t, expect.Page(p.Page).ToHaveURL(address))
}

func (p *page) click(what playwright.Locator) {
	p.t.Helper()
	check(p.t, what.Click())
}

func (p *page) fill(label, value string) {
	p.t.Helper()
	check(p.t, p.field(label).Fill(value))
}

func (p *page) value(of playwright.Locator) string {
	p.t.Helper()
	value, err := of.InputValue()
	check(p.t, err)
	return value
}

// back goes back. A page that is loaded anew as it is reached, since it is out
// of date, aborts the way that the driver waits for; where it ends is for the
// test to see.
func (p *page) back() {
	p.t.Helper()
	if _, err := p.GoBack(); err != nil && !aborted(err) {
		p.t.Fatal(err)
	}
}

// aborted reports whether a browser has given up a request because the page was
// left, or the answer is stored as a file.
func aborted(reason error) bool {
	// Firefox says either of two words, by how far the request has come.
	for _, words := range []string{"ERR_ABORTED", "NS_BINDING_ABORTED", "NS_ERROR_UNEXPECTED"} {
		if strings.Contains(reason.Error(), words) {
			return true
		}
	}
	return false
}

func (p *page) reload() {
	p.t.Helper()
	_, err := p.Reload()
	check(p.t, err)
}

// press presses keys, one after the other.
func (p *page) press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		check(p.t, p.Keyboard().Press(key))
	}
}

func (p *page) typed(text string) {
	p.t.Helper()
	check(p.t, p.Keyboard().Type(text))
}

// tabTo moves the focus on with the Tab key until something has it.
func (p *page) tabTo(what playwright.Locator) {
	p.t.Helper()
	const most = 60
	check(p.t, what.WaitFor())
	for range most {
		p.press("Tab")
		here, err := what.Evaluate("element => element === document.activeElement", nil)
		check(p.t, err)
		if here == true {
			return
		}
	}
	p.t.Fatalf("%d times Tab do not lead to %v", most, what)
}

// download gives what a browser stores as a file, and the name it has.
func (p *page) download(begin func() error) (name, content string) {
	p.t.Helper()
	download, err := p.ExpectDownload(begin)
	check(p.t, err)
	path, err := download.Path()
	check(p.t, err)
	name = download.SuggestedFilename()
	if p.firefox { // which stores it elsewhere than the driver says
		path = filepath.Join(firefox.downloads, name)
	}
	bytes, err := os.ReadFile(path)
	check(p.t, err)
	return name, string(bytes)
}

// focusedWithin wants the keyboard's focus somewhere in an element.
func (p *page) focusedWithin(selector string) {
	p.t.Helper()
	p.focused(p.Locator(selector + " :focus"))
}
