package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// TestGenerateDescriptionRejected: what was typed stays, and the focus goes to what is
// wrong with it.
func TestGenerateDescriptionRejected(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string]string{
		"too long": strings.Repeat("ö", 256), "with a control character": "bell\aand <b>tab</b>",
	} {
		for mode, noScript := range map[string]bool{"with scripts": false, "without scripts": true} {
			t.Run(name+", "+mode, func(t *testing.T) {
				t.Parallel()
				c := startConsole(t)
				p := openNewKey(t, c, pageOptions{noScript: noScript})
				p.expect(http.StatusUnprocessableEntity)
				_, err := p.field("Description (optional)").Evaluate("field => field.removeAttribute('maxlength')", nil)
				check(t, err)
				p.fill("Description (optional)", typed)
				p.click(p.button("Generate"))
				field := p.dialog("Generate a key").Locator(`[aria-invalid="true"]`)
				p.see(field)
				p.focused(field)
				if got := p.value(field); got != typed {
					t.Errorf("what was typed is now %q", got)
				}
				p.see(p.dialog("Generate a key").Locator(".error"))
				if !noScript {
					p.at(newKey)
				}
				p.fill("Description (optional)", "better")
				p.click(p.button("Generate"))
				p.see(p.dialog("Copy key"))
				p.onlyKeyAtAPI(member, p.shownPair(), "better")
			})
		}
	}
}

// TestGenerateDescriptionMarkup wherever a description is shown.
func TestGenerateDescriptionMarkup(t *testing.T) {
	t.Parallel()
	const description = `<img src=x onerror=alert(1)> "&amp;" </td>`
	p := openNewKey(t, startConsole(t), pageOptions{})
	p.fill("Description (optional)", description)
	p.click(p.button("Generate"))
	p.says(p.dialog("Copy key"), description)
	p.press("Escape")
	p.noDialog()
	p.says(p.Locator("[data-key]"), description)
}

// TestGenerateAPIDown: the dialog says so, and goes on from there.
func TestGenerateAPIDown(t *testing.T) {
	t.Parallel()
	for mode, noScript := range map[string]bool{"with scripts": false, "without scripts": true} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := openNewKey(t, c, pageOptions{noScript: noScript})
			c.fault(fault{Method: http.MethodPost, Path: "/accesskeys", Status: http.StatusServiceUnavailable})
			p.expect(http.StatusBadGateway)
			p.fill("Description (optional)", "when it is back")
			p.click(p.button("Generate"))
			p.see(p.dialog("Generate a key").Locator(".message-error"))
			check(t, expect.Locator(p.field("Description (optional)")).ToHaveValue("when it is back"))
			p.gone(p.dialog("Copy key"))
			if keys := c.keysOf(member); len(keys) != 0 {
				t.Errorf("the API has %v", keys)
			}
			p.click(p.button("Generate"))
			p.see(p.dialog("Copy key"))
			if keys := c.keysOf(member); len(keys) != 1 || keys[0].Description != "when it is back" {
				t.Errorf("the API has %v", keys)
			}
		})
	}
}

// TestGenerateThrottled: the wait is said, and nothing was made.
func TestGenerateThrottled(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openNewKey(t, c, pageOptions{})
	c.fault(fault{
		Method: http.MethodPost, Path: "/accesskeys", Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "7"},
	})
	p.expect(http.StatusTooManyRequests)
	p.click(p.button("Generate"))
	p.says(p.dialog("Generate a key").Locator(".message-error"), "7 seconds")
	if asked := c.requests(http.MethodPost, "/accesskeys"); len(asked) != 1 {
		t.Errorf("the API was asked %d times", len(asked))
	}
}

// TestGenerateResponseLost: a key whose creation got no response is found and shown.
func TestGenerateResponseLost(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	c.fault(fault{Method: http.MethodPost, Path: "/accesskeys", Drop: "after"})
	p := openNewKey(t, c, pageOptions{})
	p.fill("Description (optional)", "lost and found")
	p.click(p.button("Generate"))
	p.see(p.dialog("Copy key"))
	p.onlyKeyAtAPI(member, p.shownPair(), "lost and found")
}

// TestGenerateConsoleUnreachable: no answer at all is said in the dialog, too.
func TestGenerateConsoleUnreachable(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openNewKey(t, c, pageOptions{})
	p.fill("Description (optional)", "still here")
	check(t, p.Context().SetOffline(true))
	p.expect(0)
	p.click(p.button("Generate"))
	p.see(p.dialog("Generate a key").GetByRole("alert").Locator(".message-error"))
	check(t, expect.Locator(p.field("Description (optional)")).ToHaveValue("still here"))
	check(t, expect.Locator(p.button("Generate")).ToBeEnabled())
	check(t, p.Context().SetOffline(false))
	p.click(p.button("Generate"))
	p.see(p.dialog("Copy key"))
	p.onlyKeyAtAPI(member, p.shownPair(), "still here")
}

// TestGenerateSixthKey: the buttons do not work, and say why; a dialog that was opened
// before the fifth key was made gets the same answer from the API.
func TestGenerateSixthKey(t *testing.T) {
	t.Parallel()
	for mode, noScript := range map[string]bool{"with scripts": false, "without scripts": true} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: full, noScript: noScript})
			p.open(keysPage)
			generate := p.button("Generate a key")
			check(t, expect.Locator(generate).ToBeDisabled())
			check(t, expect.Locator(generate).ToHaveAccessibleDescription("Five keys are the limit. Delete one first."))
			p.gone(p.link("Generate a key"))
			p.open(newKey)
			p.see(p.message("Five keys are the limit"))
			check(t, expect.Locator(p.button("Generate")).ToBeDisabled())

			late := openNewKey(t, c, pageOptions{noScript: noScript})
			for range 5 - len(c.keysOf(member)) {
				c.ask(http.MethodPost, "/accesskeys", c.token(member, time.Hour), keyAtAPI{}, nil)
			}
			late.expect(http.StatusUnprocessableEntity)
			late.click(late.button("Generate"))
			late.see(late.message("limit"))
			c.keysAtAPI(member, 5)
			c.keysAtAPI(full, 5)
		})
	}
}

// TestGenerateGuest has no privilege: the page says who can give it, and offers
// nothing that cannot work.
func TestGenerateGuest(t *testing.T) {
	t.Parallel()
	for mode, noScript := range map[string]bool{"with scripts": false, "without scripts": true} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: guest, noScript: noScript})
			p.open(keysPage)
			p.says(p.main(), "Use Object Storage")
			p.says(p.main(), "owner or administrator")
			p.gone(p.GetByText("Generate a key"))
			p.gone(p.main().Locator("button:disabled, a.button"))
			p.open(newKey)
			p.see(p.message("Use Object Storage"))
			check(t, expect.Locator(p.button("Generate")).ToBeDisabled())
			if asked := c.requests(http.MethodPost, "/accesskeys"); len(asked) > 0 {
				t.Errorf("the API was asked %d times", len(asked))
			}
		})
	}
}

// TestGeneratePrivilegeLost: a dialog that was opened before the privilege was taken
// away says what the API refuses, once.
func TestGeneratePrivilegeLost(t *testing.T) {
	t.Parallel()
	for mode, noScript := range map[string]bool{"with scripts": false, "without scripts": true} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := openNewKey(t, c, pageOptions{noScript: noScript})
			c.takePrivilege(member)
			p.expect(http.StatusForbidden)
			p.click(p.button("Generate"))
			p.see(p.message("Use Object Storage"))
			if asked := c.requests(http.MethodPost, "/accesskeys"); len(asked) > 1 {
				t.Errorf("the API was asked %d times", len(asked))
			}
		})
	}
}

// TestUnknownKeys lead nowhere but back.
func TestUnknownKeys(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	others := c.keysOf(full)[0].AccessKey
	p := newPage(t, c, pageOptions{as: member})
	for _, key := range []string{others, "none", strings.Repeat("x", 92), "a%2Fb", "..%2f..%2fsign-in", "%00", "-"} {
		p.expect(http.StatusNotFound)
		p.open(keysPage + "/" + key)
		p.see(p.Locator("h1").Filter(playwright.LocatorFilterOptions{HasText: "There is no such"}))
		p.click(p.main().GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Key management"}))
		p.at(keysPage)
	}
}
