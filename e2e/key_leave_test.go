package e2e

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// wayOut is a way to leave a dialog whose change is on its way. One that is held
// leaves the dialog where it is.
type wayOut struct {
	leave func(*page)
	held  bool
}

// waysOut are how a person may try to leave a dialog whose change is on its way.
var waysOut = map[string]wayOut{
	"Escape": {func(p *page) { p.press("Escape") }, true},
	"Escape twice": {func(p *page) {
		p.press("Escape")
		p.press("Escape")
	}, true},
	"Cancel": {func(p *page) { check(p.t, p.Locator("dialog footer a[data-close]").Last().Click(forced())) }, true},
	"cross":  {func(p *page) { check(p.t, p.Locator("dialog > header a[data-close]").Click(forced())) }, true},
	"Back":   {func(p *page) { p.back() }, false},
}

// forced clicks on what says that it is disabled.
func forced() playwright.LocatorClickOptions {
	return playwright.LocatorClickOptions{Force: playwright.Bool(true)}
}

// dialogChange is a change that a dialog asks for, with the words for meanwhile
// and for afterwards.
type dialogChange struct {
	as, key          string // the account, and its key by the description; empty for a new one
	open, send, busy string // the action that opens it, or none for the switch; its button, and the button's words while it is sent
	method, path     string // of the API's call
	done             string // the notice afterwards
	undone           string // of a change whose answer was lost and that was not carried out
	pair             bool   // it leads to the pair
	confirmed        bool   // the last characters have to be typed
	description      string // has to be typed
}

const isGenerated = "A new access key for IONOS Object Storage was successfully generated. It is active."

var dialogChanges = map[string]dialogChange{
	"generate": {as: member, open: "Generate a key", send: "Generate", busy: "Generating…", method: http.MethodPost, path: "/accesskeys",
		done: isGenerated, undone: "No key was generated", pair: true},
	"renew": {as: full, key: ci, open: "Renew secret", send: "Renew secret", busy: "Renewing…", method: http.MethodPut, path: "/accesskeys",
		done: "before no longer works", undone: "The secret was not renewed", pair: true},
	"describe": {as: full, key: ci, open: "Edit description", send: "Save", busy: "Saving…", method: http.MethodPut, path: "/accesskeys",
		done: "was changed", undone: "The description was not changed", description: ci + ", another"},
	"delete": {as: full, key: ci, open: "Delete", send: "Delete", busy: "Deleting…", method: http.MethodDelete, path: "/accesskeys",
		done: "deleted", undone: "The key was not deleted", confirmed: true},
}

// TestLeaveDialog: while a change is on its way, its dialog stays and says what goes
// on; who leaves it by Back finds the outcome on the page behind.
func TestLeaveDialog(t *testing.T) {
	t.Parallel()
	for name, change := range dialogChanges {
		for way, out := range waysOut {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				leaveDialog(t, pageOptions{}, change, out)
			})
		}
		for way, out := range map[string]wayOut{"ways that are held": {everyHeldWay, true}, "Back": waysOut["Back"]} {
			t.Run(name+"/Firefox/"+way, func(t *testing.T) {
				t.Parallel()
				leaveDialog(t, pageOptions{firefox: true}, change, out)
			})
		}
	}
}

// everyHeldWay tries all ways out that leave the dialog where it is.
func everyHeldWay(p *page) {
	for _, out := range waysOut {
		if out.held {
			out.leave(p)
		}
	}
}

func leaveDialog(t *testing.T, o pageOptions, change dialogChange, out wayOut) {
	t.Helper()
	c := startConsole(t)
	o.as = change.as
	p := openKeys(t, c, o)
	p.begin(change, fault{})
	out.leave(p)
	if out.held {
		check(t, expect.Locator(p.Locator("dialog[open]").GetByText(change.busy).First()).ToBeVisible())
	} else {
		p.gone(p.Locator("dialog[open]"))
	}
	c.healFaults()
	if out.held && change.pair { // the dialog says it, and no notice beside it
		p.says(p.dialog("Copy key").Locator(".message"), change.done)
		p.press("Escape")
		p.at(keysPage)
		check(t, expect.Locator(p.notice()).ToBeEmpty())
	} else {
		p.at(keysPage)
		p.says(p.notice(), change.done)
	}
	p.noDialog()
	p.keepsFocus("leaving")
}

// TestLeaveDialogWhileRefreshing: the list that comes after its dialog was closed, but
// before the address is the list's again, keeps its notice.
func TestLeaveDialogWhileRefreshing(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: owner, beforeScript: `const go = history.go;
		history.go = (by) => addEventListener('htmx:afterSettle', () => go.call(history, by), { once: true });`})
	p.click(p.link("Generate a key").First())
	closed := make(chan struct{})
	release := sync.OnceFunc(func() { close(closed) })
	t.Cleanup(release)
	check(t, p.Route(p.console.url+keysPage, func(r playwright.Route) {
		if r.Request().Method() == http.MethodGet {
			select {
			case <-closed:
			case <-time.After(patience * time.Millisecond):
				t.Error("the dialog was not closed")
			}
		}
		if err := r.Continue(); err != nil {
			t.Error(err)
		}
	}))
	p.click(p.button("Generate"))
	p.see(p.dialog("Copy key"))
	// Another tab changes a description, which the list has to say.
	_, err := p.Evaluate(`(address) => fetch(address, { method: 'POST', body: new URLSearchParams({ description: 'another' }), redirect: 'manual' }).then(() => '')`,
		keysPage+"/"+c.accessKey(owner, "Terraform state")+"/description")
	check(t, err)
	p.press("Escape")
	p.noDialog()
	release()
	p.at(keysPage)
	p.see(p.keyRow("another"))
	p.says(p.notice(), "was changed")
}

// held is the delay of an answer that comes when the faults are healed.
const held = "1m"

// begin asks for a change, whose answer is held and then what is made of it.
func (p *page) begin(change dialogChange, then fault) {
	p.t.Helper()
	switch {
	case change.key == "":
		p.click(p.link(change.open).First())
	case change.open == "":
		p.click(p.toggle(change.key))
	default:
		p.choose(change.key, change.open)
	}
	if change.description != "" {
		p.fill("Description (optional)", change.description)
	}
	if change.confirmed {
		key := p.console.accessKey(change.as, change.key)
		p.fill(lastFour, key[len(key)-4:])
	}
	then.Method, then.Path, then.Delay = change.method, change.path, held
	p.console.fault(then)
	before := len(p.console.requests(change.method, change.path))
	p.click(p.Locator("dialog").GetByRole("button", playwright.LocatorGetByRoleOptions{Name: change.send, Exact: playwright.Bool(true)}))
	p.says(p.Locator("dialog[open] [data-status]"), change.busy)
	p.console.isAsked(change.method, change.path, before+1)
}
