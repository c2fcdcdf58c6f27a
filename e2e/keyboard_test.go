package e2e

import "testing"

// TestGenerateByKeyboard touches nothing but keys.
func TestGenerateByKeyboard(t *testing.T) {
	c := startConsole(t)
	pasted := newClipboard(t, c, false)
	p := newPage(t, c, pageOptions{})
	p.open("/sign-in")
	p.press("Tab")
	p.tabTo(p.field("E-mail"))
	p.typed(member)
	p.press("Tab")
	p.focused(p.field("Password"))
	p.typed("sandbox")
	p.press("Enter")
	p.at(keysPage)

	p.press("Tab")
	p.focused(p.link("Skip to content"))
	p.press("Enter")
	p.focused(p.main())
	p.tabTo(p.link("Generate a key").First())
	p.press("Enter")
	p.see(p.dialog("Generate a key"))
	p.focused(p.field("Description (optional)"))
	p.typed("by hand")
	p.press("Enter")
	p.see(p.dialog("Copy key"))
	p.atKey()
	p.focusedWithin("dialog")
	made := p.shownPair()

	p.tabTo(p.button("Copy Key"))
	p.press("Space")
	p.saysCopied("Copy Key")
	if got := pasted.text(); got != made.key {
		t.Errorf("Space copies %q", got)
	}
	p.tabTo(p.button("Copy Secret"))
	p.press("Enter")
	p.saysCopied("Copy Secret")
	if got := pasted.text(); got != made.secret {
		t.Errorf("Enter copies %q", got)
	}
	p.tabTo(p.named("checkbox", "Show Secret"))
	p.press("Space")
	check(t, expect.Locator(p.shown("Secret")).ToHaveCSS("-webkit-text-security", "none"))
	download := p.link("Download key pair")
	p.tabTo(download)
	name, content := p.download(func() error { return p.Keyboard().Press("Enter") })
	if name != made.filename() || content != made.csv(member) {
		t.Errorf("%q holds %q", name, content)
	}

	p.press("Escape")
	p.at(keysPage + "#main") // where the skip link has led
	p.keyIsListed(made, "by hand")
	p.tabTo(p.Locator("[popovertarget=account]"))
	p.press("Enter")
	p.tabTo(p.button("Sign out"))
	p.press("Enter")
	p.at("/sign-in")
	p.onlyKeyAtAPI(member, made, "by hand")
}

// TestDialogFocus: what is behind a modal is out of reach.
func TestDialogFocus(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t), pageOptions{as: member})
	p.open(keysPage)
	p.click(p.link("Generate a key").First())
	p.focused(p.field("Description (optional)"))
	for range 12 {
		p.press("Tab")
		outside, err := p.Evaluate(`() => document.activeElement !== document.body && !document.activeElement.closest('dialog')`)
		check(t, err)
		if outside == true {
			t.Fatal("Tab leads out of the dialog")
		}
	}
	p.tabTo(p.link("Close"))
	p.tabTo(p.field("Description (optional)"))
	p.tabTo(p.link("Cancel"))
}
