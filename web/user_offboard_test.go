package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/htmltest"
)

// offboardForm is the form of the page, filled in.
func (b *browser) offboardForm(address, email string) url.Values {
	b.console.t.Helper()
	page := b.get(address).doc(b.console.t)
	return url.Values{
		"request_id": {page.Value("input[name=request_id]")}, "plan": {page.Value("input[name=plan]")},
		"keys": {"deactivate"}, "groups": {"yes"}, "account": {"deactivate"}, "confirm": {email},
	}
}

// recorded looks at a record until it does not look again by itself.
func (b *browser) recorded(address string) *htmltest.Doc {
	b.console.t.Helper()
	for range 200 {
		page := b.get(address).doc(b.console.t)
		if !page.Has("#results[hx-get]") {
			return page
		}
		time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
	}
	b.console.t.Fatal("the record does not settle")
	return nil
}

// TestOffboard: preview, one confirmation, and a record of what the APIs show.
func TestOffboard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.as(owner)
		user := "/users/" + c.userID(full)
		c.control(http.MethodPost, "users/"+full, `{"administrator":false}`)
		if got := b.get(user).doc(t).Attr("a:contains('Remove access')", "href"); got != user+"/offboard" {
			t.Errorf("the user's page leads to %q", got)
		}
		page := b.get(user + "/offboard").doc(t)
		htmltest.Sound(t, page)
		htmltest.NoInline(t, page)
		for _, says := range []string{"Deactivate 4 keys", "Delete 5 keys for good", "cannot be reached by anyone any more"} {
			if !strings.Contains(page.Text("main"), says) {
				t.Errorf("it does not say %q: %s", says, page.Text("main"))
			}
		}
		values := b.offboardForm(user+"/offboard", strings.ToUpper(full)+" ")
		c.asked()
		first, second := b.post(user+"/offboard", values), b.post(user+"/offboard", values)
		to := first.header.Get("Location")
		if first.status != http.StatusSeeOther || second.header.Get("Location") != to || !strings.HasPrefix(to, user+"/offboard/results/") {
			t.Fatalf("%d to %q, then %d to %q", first.status, to, second.status, second.header.Get("Location"))
		}
		record := b.recorded(to)
		htmltest.Sound(t, record)
		htmltest.NoInline(t, record)
		if steps := record.Count("[data-step]"); record.Count("[data-result=done]") != steps || steps < 5 {
			t.Errorf("in the end %d steps: %s", steps, record.Text("main"))
		}
		for _, says := range []string{owner, full, "Contract", "Request"} {
			if !strings.Contains(record.Text("main"), says) {
				t.Errorf("the record does not say %q: %s", says, record.Text("main"))
			}
		}
		asked := countKinds(changes(c.asked()))
		if asked["/s3keys/"] != 4 || asked["account"] != 1 || asked["/um/groups/"] != record.Count("[data-step=leave-group]") {
			t.Errorf("changed were %v", asked)
		}
		if page := b.get(user).doc(t); !strings.Contains(page.Text("main"), "Deactivated") {
			t.Errorf("after that the user is %s", page.Text("main"))
		}
		// Another administrator finds the record; nothing is left to be done.
		if page := c.as(admin).get(to).doc(t); page.Has("button:contains('Try the rest again')") || !strings.Contains(page.Text("main"), owner) {
			t.Errorf("another administrator sees %s", page.Text("main"))
		}
		actions := c.actionsOn(full)
		if actions["deactivate done"] != 4 || actions["deactivate-user done"] != 1 || actions["remove-access done"] != 1 {
			t.Errorf("recorded are %v", actions)
		}
	})
}

// countKinds counts requests by what they change: keys, groups or an account.
func countKinds(asked []string) map[string]int {
	kinds := map[string]int{}
	for _, line := range asked {
		kind := "account"
		for _, part := range []string{"/s3keys/", "/um/groups/"} {
			if strings.Contains(line, part) {
				kind = part
			}
		}
		kinds[kind]++
	}
	return kinds
}

// actionsOn counts what was recorded about a user.
func (c *console) actionsOn(email string) map[string]int {
	c.t.Helper()
	actions := map[string]int{}
	for _, e := range c.events(c.t) {
		if e.Target == c.userID(email) {
			actions[string(e.Action)+" "+string(e.Outcome)]++
		}
	}
	return actions
}

// TestOffboardRefused: nothing is begun by a form that is wrong, old, or about somebody
// who cannot be removed, and the choices stay.
func TestOffboardRefused(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.as(admin)
	user := "/users/" + c.userID(full) + "/offboard"
	for name, tt := range map[string]struct {
		change url.Values
		says   string
	}{
		"no e-mail":         {url.Values{"confirm": {""}}, "Type the e-mail address"},
		"another e-mail":    {url.Values{"confirm": {member}}, "not the e-mail address of the user"},
		"markup":            {url.Values{"confirm": {"<b>x</b>"}}, "not the e-mail address of the user"},
		"no request id":     {url.Values{"request_id": {""}}, "open for too long"},
		"another's form":    {url.Values{"request_id": {"x"}}, "open for too long"},
		"an old page":       {url.Values{"plan": {"0123456789abcdef01234567"}}, "have changed since"},
		"an unknown choice": {url.Values{"keys": {"burn"}}, "Choose what becomes"},
		"no account choice": {url.Values{"account": {"delete"}}, "Choose what becomes"},
		"nothing to do":     {url.Values{"keys": {"leave"}, "groups": {""}, "account": {"leave"}}, "Nothing is left to be done"},
	} {
		values := b.offboardForm(user, full)
		for field, value := range tt.change {
			values[field] = value
		}
		c.asked()
		answer := b.post(user, values)
		page := answer.doc(t)
		htmltest.Sound(t, page)
		if answer.status != http.StatusUnprocessableEntity || !strings.Contains(page.Text("main"), tt.says) || len(changes(c.asked())) > 0 {
			t.Errorf("%s: %d: %s", name, answer.status, page.Text("main"))
		}
		if page.Value("#confirm") != values.Get("confirm") || values.Get("keys") == "leave" && page.One("input[name=keys][checked]").Attr("value") != "leave" {
			t.Errorf("%s: the choices are lost", name)
		}
	}
	for _, email := range []string{admin, owner} {
		address := "/users/" + c.userID(email)
		if got := b.get(address + "/offboard").status; got != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", email, got)
		}
		if answer := b.post(address+"/offboard", url.Values{"confirm": {email}}); answer.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", email, answer.status)
		}
		if b.get(address).doc(t).Has("a:contains('Remove access')") {
			t.Errorf("%s: it is offered", email)
		}
	}
	if got := b.get(user + "/results/none").status; got != http.StatusNotFound {
		t.Errorf("no record: %d", got)
	}
}

// TestOffboardTrouble: what the APIs refuse is said of its step; groups and account wait
// for the keys; trying again does what is left and nothing twice.
func TestOffboardTrouble(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault         string
		done          []string // kinds of steps that are done all the same
		failed, waits int
		says          string
	}{
		"a key is refused": {`{"method":"PUT","path":"/cloudapi/v6/um/users/%s/s3keys","times":1,"status":403}`, []string{"deactivate-key"}, 1, 2, "Groups and the account wait"},
		"a group is refused": {`{"method":"DELETE","path":"/cloudapi/v6/um/groups","times":1,"status":403}`,
			[]string{"deactivate-key", "deactivate-account"}, 1, 0, "Not done"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.as(owner)
				user := "/users/" + c.userID(member) + "/offboard"
				b.generateFor(c.keysOf(member))
				b.generateFor(c.keysOf(member))
				c.settle()
				values := b.offboardForm(user, member)
				fault := tt.fault
				if strings.Contains(fault, "%s") {
					fault = fmt.Sprintf(fault, c.userID(member))
				}
				c.fault(fault)
				to := b.post(user, values).header.Get("Location")
				page := b.recorded(to)
				if got := page.Count("[data-result=failed]"); got != tt.failed || !strings.Contains(page.Text("main"), tt.says) {
					t.Fatalf("%d failed: %s", got, page.Text("main"))
				}
				if got := page.Count("[data-result='']"); got != tt.waits {
					t.Errorf("%d wait: %s", got, page.Text("main"))
				}
				for _, kind := range tt.done {
					if !page.Has("[data-result=done][data-step=" + kind + "]") {
						t.Errorf("%s is not done: %s", kind, page.Text("main"))
					}
				}
				done := page.Count("[data-result=done]")
				c.asked()
				if again := b.submit(page, "Try the rest again"); again.header.Get("Location") != to {
					t.Fatalf("%d to %q", again.status, again.header.Get("Location"))
				}
				page = b.recorded(to)
				steps := page.Count("[data-step]")
				if page.Count("[data-result=done]") != steps || len(changes(c.asked())) != steps-done {
					t.Errorf("in the end: %s", page.Text("main"))
				}
			})
		})
	}
}
