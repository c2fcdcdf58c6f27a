package e2e

import (
	"regexp"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// What browsers do to the clipboard's interface, and to the way before it.
const (
	refuses = `if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));`
	missing = `Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });`
	fails   = `Document.prototype.execCommand = () => false;`
	lies    = `Document.prototype.execCommand = () => true;`
	throws  = `Document.prototype.execCommand = () => { throw new Error('no'); };`
)

// oddSecret holds what HTML, CSV and addresses write in ways of their own.
const oddSecret = `a+b/c="d"&amp;<e>'f',;%20 g==`

// openPair shows the pair of the oldest key of an account with five, with a
// secret that is hard to get right.
func openPair(t *testing.T, c *console, o pageOptions) (*page, pair) {
	t.Helper()
	o.as = full
	shown := pair{c.keysOf(full)[0].AccessKey, oddSecret}
	c.setSecret(shown.key, shown.secret)
	p := newPage(t, c, o)
	p.open(keysPage)
	p.click(p.Locator("[data-key]").Filter(playwright.LocatorFilterOptions{HasText: shown.key}).GetByText("Copy key"))
	p.see(p.dialog("Copy key"))
	return p, shown
}

func TestCopy(t *testing.T) {
	for name, beforeScript := range map[string]string{"as usual": "", "refused": refuses, "not there": missing} {
		t.Run(name, func(t *testing.T) {
			c := startConsole(t)
			p, shown := openPair(t, c, pageOptions{beforeScript: beforeScript})
			p.copiesExactly(newClipboard(t, c, false), shown)
			p.focusedWithin("dialog")
		})
	}
}

// TestCopyOnThePage: what is copied beside a dialog is no different.
func TestCopyOnThePage(t *testing.T) {
	for name, beforeScript := range map[string]string{"as usual": "", "refused": refuses} {
		t.Run(name, func(t *testing.T) {
			c := startConsole(t)
			pasted := newClipboard(t, c, false)
			p := newPage(t, c, pageOptions{as: full, beforeScript: beforeScript})
			p.open(keysPage)
			for label, id := range map[string]string{"Contract User ID": "#contract-user-id", "Canonical User ID": "#canonical-user-id"} {
				want := p.text(p.Locator("code" + id))
				p.click(p.button("Copy " + label))
				check(t, expect.Locator(p.copyStatus()).ToHaveText("Copied"))
				check(t, expect.Locator(p.button("Copy "+label)).ToHaveClass(regexp.MustCompile(`\bcopied\b`)))
				if got := pasted.text(); got != want || want == "" {
					t.Errorf("%s copies %q, want %q", label, got, want)
				}
			}
		})
	}
}

// TestCopyError must not be taken for one that works: the secret would
// be lost. What is left is to press the keys oneself.
func TestCopyError(t *testing.T) {
	for name, beforeScript := range map[string]string{
		"refused twice": refuses + fails, "refused, then a lie": refuses + lies, "refused, then an error": refuses + throws,
		"not there at all": missing + fails,
	} {
		t.Run(name, func(t *testing.T) {
			c := startConsole(t)
			pasted := newClipboard(t, c, false)
			p, shown := openPair(t, c, pageOptions{beforeScript: beforeScript})
			for _, tt := range []struct{ label, want string }{{"Key", shown.key}, {"Secret", shown.secret}} {
				p.click(p.button("Copy " + tt.label))
				p.says(p.Locator("dialog[open] [data-notice], body:not(:has(dialog[open])) > #notice"), "the value is selected")
				p.gone(p.GetByRole("status").Filter(playwright.LocatorFilterOptions{HasText: "Copied"}))
				p.gone(p.Locator(".copied"))
				selected, err := p.Evaluate("() => getSelection().getRangeAt(0).cloneContents().textContent")
				if check(t, err); selected != tt.want {
					t.Errorf("%q is selected", selected)
				}
				if got := pasted.text(); got != nothing {
					t.Errorf("%q has been copied", got)
				}
				p.press("ControlOrMeta+c")
				if got := pasted.text(); got != tt.want {
					t.Errorf("the keys copy %q, want %q", got, tt.want)
				}
			}
		})
	}
}

// TestCopyModal: what the modal shows of a key that has been there for long.
func TestCopyModal(t *testing.T) {
	t.Parallel()
	for name, noScript := range map[string]bool{"with scripts": false, "without scripts": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, shown := openPair(t, startConsole(t), pageOptions{noScript: noScript})
			p.at(keysPage + "/" + shown.key)
			if got := p.shownPair(); got != shown {
				t.Errorf("shows %q, want %q", got, shown)
			}
			p.secretIsMasked()
			p.downloadsExactly(shown, full)
			p.gone(p.GetByText("save the pair now"))
			p.click(p.dialog("Copy key").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Close"}).First())
			p.at(keysPage)
			p.noDialog()
		})
	}
}

// TestDownload is a plain link to a file.
func TestDownload(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	shown := pair{c.accessKey(full, ci), oddSecret}
	c.setSecret(shown.key, shown.secret)
	p := newPage(t, c, pageOptions{as: full})
	p.open(keysPage)
	p.click(p.more(ci))
	name, content := p.download(func() error { return p.offered(ci, "Download key pair").Click() })
	if name != shown.filename() || content != shown.csv(full) {
		t.Errorf("%q holds %q, want %q", name, content, shown.csv(full))
	}
	p.at(keysPage)
}
