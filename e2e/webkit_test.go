package e2e

import (
	"testing"
	"time"

	"keydeck/e2e/webdriver"
)

// TestGenerateWebKit is the main job in a third engine.
func TestGenerateWebKit(t *testing.T) {
	t.Parallel()
	p := newWebKitPage(t, provisioning(200*time.Millisecond))
	p.signIn(member)
	p.says("//main", "No access keys yet")

	p.click(link("Generate a key"))
	p.see(openDialog + heading("Generate a key"))
	p.fill("Description (optional)", "Backup")
	p.click(openDialog + button("Generate"))
	p.see(openDialog + heading("Copy key"))
	made := pair{p.evaluate("return document.getElementById('key').textContent"), p.evaluate("return document.getElementById('secret').textContent")}
	p.console.hide(made.secret)
	p.secretIsMasked()
	p.click(openDialog + "//button[@data-copy='#key']")
	p.says(openDialog+"//*[@role='status']", "Copied")
	p.downloadsExactly(made, member)
	if keys := p.console.keysOf(member); len(keys) != 1 || keys[0].AccessKey != made.key || keys[0].Description != "Backup" {
		t.Errorf("the API has %v", keys)
	}

	p.click(openDialog + button("Done"))
	for range 2 {
		p.gone("//dialog")
		p.see("//*[@data-key][contains(., 'Backup')]//a[contains(@class, 'button')][@href='" + keysPage + "/" + made.key + "']")
		p.at(keysPage)
		if made.isIn(p.evaluate("return document.documentElement.outerHTML")) {
			t.Error("the list holds the secret")
		}
		check(t, p.Reload())
	}
	p.pastes(made.key)
	p.leavesNothingBehind()
}

func (p *webkitPage) secretIsMasked() {
	p.t.Helper()
	const masked = "return getComputedStyle(document.getElementById('secret')).webkitTextSecurity"
	for _, want := range []string{"disc", "none"} {
		if got := p.evaluate(masked); got != want {
			p.t.Errorf("the secret is masked by %q, want %q", got, want)
		}
		p.click(openDialog + "//input[@aria-label='Show Secret']")
	}
}

// downloadsExactly wants the file behind the link. The driver does not tell of
// downloads.
func (p *webkitPage) downloadsExactly(made pair, email string) {
	p.t.Helper()
	got := p.evaluate(`const response = await fetch(document.querySelector('dialog a[download]').href);
		return response.headers.get('Content-Disposition') + '\n' + await response.text();`)
	if want := `attachment; filename="` + made.filename() + "\"\n" + made.csv(email); got != want {
		p.t.Errorf("the download is not the pair's file: %.60q", got)
	}
}

// pastes wants a text in the clipboard.
func (p *webkitPage) pastes(want string) {
	p.t.Helper()
	p.click(link("Generate a key"))
	p.click(field("Description (optional)"))
	check(p.t, p.Press(webdriver.Control, "v"))
	if got := p.evaluate("return document.querySelector('dialog[open] [name=description]').value"); got != want {
		p.t.Errorf("the clipboard holds %q, want %q", got, want)
	}
	check(p.t, p.Press(webdriver.Escape))
	p.gone("//dialog")
}

// leavesNothingBehind: after signing out, Back shows nothing of the account.
func (p *webkitPage) leavesNothingBehind() {
	p.t.Helper()
	p.click("//button[@popovertarget='account']")
	p.click(button("Sign out"))
	p.see(heading("Sign in"))
	check(p.t, p.Back())
	p.see(heading("Sign in"))
	p.gone("//*[@data-key or @id='secret']")
}

// TestLeaveDialogWebKit is TestLeaveDialog in a third engine.
func TestLeaveDialogWebKit(t *testing.T) {
	t.Parallel()
	for name, change := range dialogChanges {
		t.Run(name, func(t *testing.T) {
			p := newWebKitPage(t)
			p.signIn(change.as)
			p.begin(change)
			for range 2 {
				check(t, p.Press(webdriver.Escape))
			}
			p.evaluate("for (const way of document.querySelectorAll('dialog a[data-close]')) way.click(); return ''")
			p.says(openDialog+"//*[@data-status]", change.busy)
			check(t, p.Back())
			p.gone(openDialog)
			p.console.healFaults()
			p.says(noticeArea, change.done)
			p.gone("//dialog")
			p.at(keysPage)
			if focused := p.evaluate("return document.activeElement.tagName"); focused == "BODY" {
				t.Error("the focus is on the body")
			}
		})
	}
}

// begin asks for a change, whose answer is held.
func (p *webkitPage) begin(change dialogChange) {
	p.t.Helper()
	if change.key == "" {
		p.click(link(change.open))
	} else {
		p.click(rowMenu(change.key))
		p.click(rowAction(change.key, change.open))
	}
	if change.description != "" {
		p.fill("Description (optional)", change.description)
	}
	if change.confirmed {
		key := p.console.accessKey(change.as, change.key)
		p.fill(lastFour, key[len(key)-4:])
	}
	p.console.fault(fault{Method: change.method, Path: change.path, Delay: held})
	p.click(openDialog + button(change.send))
	p.says(openDialog+"//*[@data-status]", change.busy)
}
