package e2e

import (
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

const (
	keysPage = "/object-storage/keys"
	newKey   = keysPage + "/new"
)

// pair is a key as it is shown to its owner.
type pair struct{ key, secret string }

// csv is the pair as a file that S3 tools import.
func (p pair) csv(email string) string {
	secret := p.secret
	if strings.ContainsAny(secret, ",\"") {
		secret = `"` + strings.ReplaceAll(secret, `"`, `""`) + `"`
	}
	return "User Name,Access key ID,Secret access key\r\n" + email + "," + p.key + "," + secret + "\r\n"
}

// isIn reports whether the secret is in a text, as it is or as HTML writes it.
func (p pair) isIn(text string) bool {
	return strings.Contains(text, p.secret) || strings.Contains(text, html.EscapeString(p.secret))
}

func (p pair) filename() string { return "object-storage-key-" + p.key[:8] + ".csv" }

// TestGenerate is what most people come for, from end to end.
func TestGenerate(t *testing.T) {
	for name, o := range map[string]pageOptions{"with scripts": {}, "without scripts": {noScript: true}, "Firefox": {firefox: true}} {
		t.Run(name, func(t *testing.T) {
			c := startConsole(t, provisioning(200*time.Millisecond))
			p := newPage(t, c, o)
			p.open(keysPage)
			p.fill("E-mail", member)
			p.fill("Password", "sandbox")
			p.click(p.button("Sign in"))
			p.at(keysPage)
			p.noKeysYet()

			p.click(p.link("Generate a key").First())
			p.see(p.dialog("Generate a key"))
			p.at(newKey)
			p.fill("Description (optional)", "Backup of <b>the</b> & \"files\"")
			p.click(p.button("Generate"))
			p.see(p.dialog("Copy key"))
			p.atKey()
			made := p.shownPair()
			p.secretIsMasked()
			if !o.noScript {
				p.copiesExactly(newClipboard(t, c, o.firefox), made)
			}
			p.downloadsExactly(made, member)
			p.onlyKeyAtAPI(member, made, "Backup of <b>the</b> & \"files\"")

			p.click(p.dialog("Copy key").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Close"}).Last())
			p.at(keysPage)
			p.keyIsListed(made, "Backup of <b>the</b> & \"files\"")
			p.reload()
			p.keyIsListed(made, "Backup of <b>the</b> & \"files\"")
			p.leavesNothingBehind()
		})
	}
}

func (p *page) noKeysYet() {
	p.t.Helper()
	p.see(p.heading("IONOS Object Storage"))
	p.see(p.GetByText("No access keys yet"))
	p.says(p.main(), "appears with the first key")
	p.gone(p.Locator("code#canonical-user-id"))
	p.gone(p.Locator("[data-key]"))
}

// shownPair reads key and secret from the dialog.
func (p *page) shownPair() pair {
	p.t.Helper()
	made := pair{p.text(p.shown("Key")), p.text(p.shown("Secret"))}
	p.console.hide(made.secret)
	if len(made.key) < 16 || len(made.secret) < 16 {
		p.t.Fatalf("the pair is %q", made)
	}
	return made
}

// secretIsMasked until Show is ticked. It is masked by style, so that it can
// be copied all the same.
func (p *page) secretIsMasked() {
	p.t.Helper()
	secret, show := p.shown("Secret"), p.named("checkbox", "Show Secret")
	check(p.t, expect.Locator(secret).ToHaveCSS("-webkit-text-security", "disc"))
	check(p.t, show.Check())
	check(p.t, expect.Locator(secret).ToHaveCSS("-webkit-text-security", "none"))
	check(p.t, show.Uncheck())
}

func (p *page) copiesExactly(pasted clipboard, made pair) {
	p.t.Helper()
	for _, tt := range []struct{ button, want string }{{"Copy Key", made.key}, {"Copy Secret", made.secret}} {
		p.click(p.button(tt.button))
		p.saysCopied(tt.button)
		if got := pasted.text(); got != tt.want {
			p.t.Errorf("%s copies %q, want %q", tt.button, got, tt.want)
		}
	}
}

func (p *page) downloadsExactly(made pair, email string) {
	p.t.Helper()
	link := p.dialog("Copy key").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Download key pair"})
	name, content := p.download(func() error { return link.Click() })
	if name != made.filename() || content != made.csv(email) {
		p.t.Errorf("%q holds %q, want %q with %q", name, content, made.filename(), made.csv(email))
	}
}

// onlyKeyAtAPI: the key was made once, as it was asked for.
func (p *page) onlyKeyAtAPI(email string, made pair, description string) {
	p.t.Helper()
	keys := p.console.keysOf(email)
	if len(keys) != 1 || keys[0].AccessKey != made.key || keys[0].Description != description {
		p.t.Errorf("the API has %v", keys)
	}
	if asked := p.console.requests(http.MethodPost, "/accesskeys"); len(asked) != 1 {
		p.t.Errorf("the API was asked to make a key %d times", len(asked))
	}
}

// keyIsListed: the only key is there, active, with the id that came with it.
func (p *page) keyIsListed(made pair, description string) {
	p.t.Helper()
	p.noDialog()
	row := p.Locator("[data-key]")
	check(p.t, expect.Locator(row.Locator("a.button")).ToHaveAttribute("href", keysPage+"/"+made.key))
	p.says(row, description)
	check(p.t, expect.Locator(row.GetByRole("switch")).ToBeChecked())
	check(p.t, expect.Locator(p.Locator("code#canonical-user-id")).ToHaveText(p.console.keysOf(member)[0].CanonicalUserID))
	if content, err := p.Content(); err != nil || made.isIn(content) {
		p.t.Errorf("the list holds the secret, or cannot be read: %v", err)
	}
}

// leavesNothingBehind: after signing out, Back shows nothing of the account.
func (p *page) leavesNothingBehind() {
	p.t.Helper()
	p.signOut()
	p.at("/sign-in")
	for range 2 { // a dialog that was closed is no step back
		if _, err := p.GoBack(); err != nil {
			p.t.Fatal(err)
		}
		p.see(p.heading("Sign in"))
		p.gone(p.GetByText(member).And(p.Locator(".bar *")))
		p.gone(p.Locator("[data-key], #key, #secret"))
	}
}
