package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"keydeck/internal/app"
	"keydeck/internal/keys"
	"keydeck/internal/s3check"
	"keydeck/internal/secret"
)

// spreading has changes of keys reach the endpoint that late.
func spreading(d time.Duration) func(*app.Config) {
	return func(cfg *app.Config) { cfg.SandboxPropagation = d }
}

// opensStorage reports whether an account's first key opens the storage.
func (c *console) opensStorage(email string) bool {
	c.t.Helper()
	var told struct {
		Keys []struct{ AccessKey, SecretKey string }
	}
	c.control(http.MethodGet, "/_sandbox/users/"+email+"/keys", nil, &told)
	at := keys.Region{ID: "de", Endpoint: strings.TrimPrefix(c.app.StorageURL(), "http://"), Plain: true}
	found := s3check.New(s3check.Config{Private: true, Plain: true}).ListBuckets(c.t.Context(), at, keys.KeyPair{
		Key: keys.Key{AccessKey: told.Keys[0].AccessKey}, Secret: secret.New(told.Keys[0].SecretKey),
	})
	return found.Code == "" && found.Failure == keys.NoFailure
}

// until looks again and again, for ten seconds at most.
func (c *console) until(is func() bool) {
	c.t.Helper()
	deadline, tick := time.NewTimer(10*time.Second), time.NewTicker(50*time.Millisecond)
	defer deadline.Stop()
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-deadline.C:
			c.t.Fatal("it never came to be")
		}
	}
}

// TestCheckKey: a new key is tested, by keyboard, until it has spread; then it is
// deactivated, and the test says so.
func TestCheckKey(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t, spreading(3*time.Second))
		p := newPage(t, c, pageOptions{as: member, noScript: noScript})
		p.open(keysPage)
		p.click(p.link("Generate a key").First())
		p.fill("Description (optional)", "to be tested")
		p.click(p.button("Generate"))
		p.see(p.heading("Copy key"))
		p.atKey()
		p.tabTo(p.link("Use it"))
		p.press("Enter")
		p.see(p.heading("Use with AWS CLI"))
		p.tabTo(p.button("Test key"))
		p.press("Enter")
		p.says(p.Locator("#key-check"), "does not know this key yet")
		if noScript {
			c.until(func() bool { return c.opensStorage(member) })
			p.click(p.button("Try again"))
		}
		p.says(p.Locator("#key-check"), "This key works")

		p.open(keysPage)
		p.click(p.Locator(".switch"))
		p.click(p.button("Deactivate"))
		p.says(p.Locator("#notice"), "deactivated")
		p.noDialog()
		p.at(keysPage)
		c.until(func() bool { return !c.opensStorage(member) })
		p.open(keyAddress(c, member, 0))
		p.click(p.link("Use it"))
		p.click(p.button("Test key"))
		p.says(p.Locator("#key-check"), "This key is deactivated")
	})
}

// choosesTool has the settings of a tool shown.
func (p *page) choosesTool(name string) {
	p.t.Helper()
	_, err := p.field("Tool").SelectOption(playwright.SelectOptionValues{Labels: &[]string{name}})
	check(p.t, err)
	p.click(p.button("Apply"))
}

// TestUseWithTool: from a key to the file that rclone reads.
func TestUseWithTool(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: full, noScript: noScript})
		p.open(keysPage)
		p.click(p.offered(ci, "Copy key"))
		pair := p.shownPair()
		p.click(p.link("Use it"))
		p.choosesTool("rclone")
		p.see(p.heading("Use with rclone"))
		_, err := p.Locator("#use-region").SelectOption(playwright.SelectOptionValues{Values: &[]string{"eu-south-2"}})
		check(t, err)
		p.click(p.button("Apply"))
		p.says(p.Locator("#use-command"), "rclone lsd ionos-eu-south-2:")
		name, content := p.download(func() error { return p.link("Download rclone.conf").Click() })
		for _, line := range []string{"[ionos-eu-south-2]", "access_key_id = " + pair.key, "secret_access_key = " + pair.secret, "region = eu-south-2"} {
			if name != "rclone.conf" || !strings.Contains(content, line+"\n") {
				t.Errorf("%q lacks %.25q", name, line)
			}
		}
		p.click(p.link("Save your key"))
		p.see(p.heading("Copy key"))
	})
}

// TestCheckKeyOfAnother where people are looked after.
func TestCheckKeyOfAnother(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{as: admin})
	p.open("/users/" + c.userID(full) + "/object-storage-keys")
	p.click(p.GetByText("Copy key").First())
	p.see(p.dialog("Copy key"))
	p.click(p.link("Use it"))
	p.click(p.button("Test key"))
	p.says(p.Locator("#key-check"), "This key works")
	p.expect(http.StatusNotFound)
	_, err := p.Goto(c.url + keysPage + "/" + c.keysOf(full)[1].AccessKey + "/use/none")
	check(t, err)
	p.see(p.heading("There is no such tool"))
}
