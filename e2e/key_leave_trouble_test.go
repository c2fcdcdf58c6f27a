package e2e

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// refusal is the API's own sentence in an answer that refuses a change.
const refusal = "not today"

// troubles are what comes of a change other than that its answer is late, in the order
// in which one key can go through them.
var troubles = []struct {
	name   string
	then   fault
	status int // of the console's answer; 0 for one that goes on as after success
}{
	{"refused", fault{Status: http.StatusUnprocessableEntity, Body: `{"messages":[{"message":"` + refusal + `"}]}`}, http.StatusUnprocessableEntity},
	{"lost before", fault{Drop: "before"}, http.StatusBadGateway},
	{"lost after", fault{Drop: "after"}, 0},
}

// TestLeaveDialogTrouble: in each way out of a dialog, what comes of a change that is
// refused or whose answer is lost is read: in the dialog where that is held, else on
// the page behind. A lost answer that leaves a change of the switch open is the
// chain's to test.
func TestLeaveDialogTrouble(t *testing.T) {
	t.Parallel()
	changes := map[string]dialogChange{
		"rotate": {as: owner, key: "Terraform state", open: "Rotate", send: "Generate successor", busy: "Generating…", method: http.MethodPost, path: "/accesskeys",
			done: isGenerated, undone: "No successor was generated", pair: true},
		"deactivate the only active key": {as: twofa, key: photos, send: "Deactivate", busy: "Deactivating…", method: http.MethodPut, path: "/cloudapi",
			done: "is deactivated"},
	}
	for name, change := range dialogChanges {
		changes[name] = change
	}
	for name, change := range changes {
		for way, out := range map[string]wayOut{"ways that are held": {everyHeldWay, true}, "Back": waysOut["Back"]} {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				p := openKeys(t, startConsole(t), pageOptions{as: change.as})
				for _, trouble := range troubles {
					if trouble.name == "lost before" && change.undone == "" {
						continue
					}
					p.open(keysPage) // without what was said before
					p.begin(change, trouble.then)
					out.leave(p)
					if trouble.status != 0 {
						p.expect(trouble.status)
					}
					words := map[string]string{"refused": refusal, "lost before": change.undone, "lost after": change.done}[trouble.name]
					p.endsWith(change, out.held, trouble.status != 0, words)
				}
			})
		}
	}
}

// endsWith lets the answer to a change come, and wants its words in the dialog, if that
// was held and has not done what it is for, or on the page behind.
func (p *page) endsWith(change dialogChange, held, trouble bool, words string) {
	p.t.Helper()
	if held {
		p.see(p.Locator("dialog[open]").GetByText(change.busy).First())
	} else {
		p.gone(p.Locator("dialog[open]"))
	}
	p.console.healFaults()
	switch {
	case held && trouble:
		p.says(p.Locator("dialog[open]"), words)
		p.press("Escape")
	case held && change.pair:
		p.says(p.dialog("Copy key").Locator(".message"), words)
		p.press("Escape")
	default:
		p.says(p.notice(), words)
	}
	p.noDialog()
	p.at(keysPage)
	p.rows(len(p.console.keysOf(change.as)))
	p.keepsFocus("leaving")
}

// TestLeaveDialogForAnother: while a change is on its way, a link of its dialog opens
// no other one, which would take the place of the answer.
func TestLeaveDialogForAnother(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: full})
	var mu sync.Mutex
	var asked []string
	p.OnRequest(func(r playwright.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL())
	})
	notAsked := func(end string) {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		for _, url := range asked {
			if strings.HasSuffix(url, end) {
				t.Errorf("%s was asked for", url)
			}
		}
	}

	p.begin(dialogChanges["renew"], fault{})
	another := p.link("rotate the key")
	check(t, expect.Locator(another).ToHaveAttribute("aria-disabled", "true"))
	check(t, another.Click(forced()))
	check(t, another.Press("Enter"))
	p.see(p.dialogAbout("Renew the secret of").GetByText("Renewing…").First())
	c.healFaults()
	p.see(p.dialog("Copy key"))
	notAsked("/rotate")

	release := p.hold("**/saved")
	p.click(p.button("Done"))
	another = p.link("Use it")
	check(t, expect.Locator(another).ToHaveAttribute("aria-disabled", "true"))
	check(t, another.Click(forced()))
	p.see(p.dialog("Copy key"))
	release()
	p.says(p.notice(), "is saved")
	p.noDialog()
	p.at(keysPage)
	notAsked("/use/aws-cli")
}

// hold has the requests that match a pattern wait until they are released.
func (p *page) hold(pattern string) (release func()) {
	p.t.Helper()
	released := make(chan struct{})
	release = sync.OnceFunc(func() { close(released) })
	p.t.Cleanup(release)
	check(p.t, p.Route(pattern, func(r playwright.Route) {
		select {
		case <-released:
		case <-time.After(patience * time.Millisecond):
			p.t.Errorf("%s was not released", r.Request().URL())
		}
		if err := r.Continue(); err != nil {
			p.t.Error(err)
		}
	}))
	return release
}
