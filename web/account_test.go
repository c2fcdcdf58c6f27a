package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"keydeck/internal/audit"
)

const sessionsPage = "/account/sessions"

func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	laptop := c.signIn("member@keydeck.example")
	c.clock.Advance(5 * time.Minute)
	phone := c.browser()
	phone.post("/sign-in", url.Values{"email": {"member@keydeck.example"}, "password": {"sandbox"}},
		header{"User-Agent", `Mozilla/5.0 (iPhone) <script>alert(1)</script> Safari/604.1`})
	stranger := c.signIn("full@keydeck.example")
	c.asked()

	page := laptop.get(sessionsPage).doc(t)
	if n := page.Count("tr[data-session]"); n != 2 {
		t.Fatalf("%d sessions are listed, want the person's two: %s", n, page.Text("main"))
	}
	rows := page.All("tr[data-session]")
	if !strings.Contains(rows[0].Text(), "This session") || !strings.Contains(rows[1].Text(), "Safari on iPhone") {
		t.Errorf("the rows are %q and %q", rows[0].Text(), rows[1].Text())
	}
	end := rows[1].One("form").Attr("action")
	if answer := stranger.post(end, nil); answer.status != http.StatusNotFound {
		t.Errorf("somebody else ends it: %d", answer.status)
	}
	if got := phone.get(keysPage).status; got != http.StatusOK {
		t.Fatalf("the other session: %d", got)
	}
	c.asked()
	answer := laptop.post(end, nil)
	if answer.status != http.StatusSeeOther || answer.header.Get("Location") != sessionsPage {
		t.Fatalf("ending it: %d", answer.status)
	}
	if revoked := c.asked(); len(revoked) != 1 || !strings.HasPrefix(revoked[0], "DELETE /auth/v1/tokens/") {
		t.Errorf("its token: %v", revoked)
	}
	if got := phone.get(keysPage).status; got != http.StatusSeeOther {
		t.Errorf("the session that was ended: %d", got)
	}
	if page := laptop.get(sessionsPage).doc(t); page.Count("tr[data-session]") != 1 || !strings.Contains(page.Text("#notice"), "is ended") {
		t.Errorf("afterwards: %s", page.Text("body"))
	}
	if got := laptop.post(end, nil).status; got != http.StatusNotFound {
		t.Errorf("a second time: %d", got)
	}
}

func TestSignOutEverywhere(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	here, there, stranger := c.signIn("member@keydeck.example"), c.signIn("member@keydeck.example"), c.signIn("full@keydeck.example")
	pasted := c.browser()
	token := c.token("member@keydeck.example", time.Hour)
	pasted.post("/sign-in", url.Values{"token": {token}})
	old := here.clone()
	c.asked()
	answer := here.post(sessionsPage+"/end-all", nil)
	if answer.status != http.StatusSeeOther || answer.header.Get("Location") != "/sign-in" || answer.header.Get("Clear-Site-Data") != `"cache"` {
		t.Errorf("got %d to %q", answer.status, answer.header.Get("Location"))
	}
	if revoked := c.asked(); len(revoked) != 2 {
		t.Errorf("tokens of ours were two, deleted: %v", revoked)
	}
	for name, b := range map[string]*browser{"here": old, "there": there, "with a pasted token": pasted} {
		if got := b.get(keysPage).status; got != http.StatusSeeOther {
			t.Errorf("%s: %d", name, got)
		}
	}
	if got := stranger.get(keysPage).status; got != http.StatusOK {
		t.Errorf("somebody else: %d", got)
	}
	if got := c.browser().post("/sign-in", url.Values{"token": {token}}).status; got != http.StatusSeeOther {
		t.Errorf("the pasted token was not ours to delete: %d", got)
	}
}

// A token of ours dies with its session also when the contract it is for is not
// that of the session which ends it.
func TestEndingASessionOfAnotherContract(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	in := func(contract string) *browser {
		b := c.browser()
		b.post("/sign-in", url.Values{"email": {"multi@keydeck.example"}, "password": {"sandbox"}, "contract": {contract}})
		return b
	}
	here := in("31718824")
	in("32045117")
	var named string
	c.answered(func(r *http.Request) {
		if r.Method == http.MethodDelete {
			named = r.Header.Get("X-Contract-Number")
		}
	})
	page := here.get(sessionsPage).doc(t)
	here.post(page.One("tr[data-session] form").Attr("action"), nil)
	c.settleTokens()
	if named != "32045117" {
		t.Errorf("the token was deleted for contract %q", named)
	}
}

// What a person does is written down, by whom, for whom and how it went, and
// they can read it.
func TestEverythingIsWrittenDown(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	c.browser().post("/sign-in", url.Values{"email": {"member@keydeck.example"}, "password": {"wrong"}})
	c.browser().post("/sign-in", url.Values{"email": {"my-password"}, "password": {"member@keydeck.example"}})
	b := c.signIn("member@keydeck.example")
	other := c.signIn("member@keydeck.example")
	address := b.generate("written down")
	key := strings.TrimPrefix(address, keysPage+"/")
	c.settle()
	b.get(address)
	b.get(address + "/key-pair.csv")
	b.post(address+"/description", url.Values{"description": {"changed"}})
	b.post(address+"/renew", url.Values{"confirm": {"yes"}, "request_id": {b.get(address + "/renew").doc(t).Value("input[name=request_id]")}})
	b.post(address+"/deactivate", url.Values{"confirm": {"no"}})
	b.post(address+"/deactivate", url.Values{"confirm": {"yes"}})
	c.settle()
	b.post(address+"/activate", nil)
	c.settle()
	b.post(address+"/delete", url.Values{"confirm": {key[len(key)-4:]}})
	b.post(other.get(sessionsPage).doc(t).One("tr[data-session] form").Attr("action"), nil) // itself
	activity := c.activityOf(t, other)
	other.post("/sign-out", nil)
	owner := c.signIn("owner@keydeck.example")
	owner.get("/key-owner?key=" + key)

	var got []string
	for _, e := range c.events(t) {
		got = append(got, string(e.Action)+" "+string(e.Outcome))
		if e.RequestID == "" || e.Address != "127.0.0.1" || e.Time.IsZero() {
			t.Errorf("%s: %+v", e.Action, e)
		}
		if e.Account == "my-password" {
			t.Error("what was typed for an address and is none was written down")
		}
		if e.AccessKey != "" && (e.AccessKey != key || e.Contract != "31718824") {
			t.Errorf("%s of %s in %s", e.Action, e.AccessKey, e.Contract)
		}
	}
	want := []string{
		"sign-in refused", "sign-in refused", "sign-in done", "sign-in done", "generate done", "reveal done", "download done",
		"describe done", "renew done", "deactivate refused", "deactivate done", "activate done", "delete done",
		"sign-out done", "sign-out done", "sign-in done", "owner-search done",
	}
	if !slices.Equal(got, want) {
		t.Errorf("written down:\n%q, want\n%q", got, want)
	}
	for _, words := range []string{"Signed in", "Generated a key", "Opened Copy key", "Downloaded a key pair", "Changed a description",
		"Renewed a secret", "Deactivated a key", "Activated a key", "Deleted a key", "Not done", "this session"} {
		if !strings.Contains(activity, words) {
			t.Errorf("Activity does not say %q: %s", words, activity)
		}
	}
}

func (c *console) activityOf(t *testing.T, b *browser) string {
	t.Helper()
	answer := b.get("/account/activity")
	if answer.status != http.StatusOK {
		t.Fatalf("Activity: %d", answer.status)
	}
	return answer.doc(t).Text("main")
}

// events are what is in the audit log.
func (c *console) events(t *testing.T) []audit.Event {
	t.Helper()
	var events []audit.Event
	for line := range strings.Lines(c.audited.String()) {
		var e audit.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		events = append(events, e)
	}
	return events
}

func TestActivityNamesWhoseKeyItWas(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	admin := c.signIn("admin@keydeck.example")
	tab := "/users/" + c.userID("member@keydeck.example") + "/object-storage-keys"
	admin.post(tab, url.Values{"request_id": {admin.get(tab + "/new").doc(t).Value("input[name=request_id]")}})
	if activity := c.activityOf(t, admin); !strings.Contains(activity, "of member@keydeck.example") {
		t.Errorf("Activity says %s", activity)
	}
	if activity := c.activityOf(t, c.signIn("member@keydeck.example")); strings.Contains(activity, "Generated") {
		t.Errorf("it is not theirs: %s", activity)
	}
}

func TestManyFailedSignIns(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	try := func(email, password string) answer {
		return c.browser().post("/sign-in", url.Values{"email": {email}, "password": {password}})
	}
	for i := range 6 {
		if got := try("member@keydeck.example", "wrong").status; got != http.StatusUnauthorized {
			t.Fatalf("attempt %d: %d", i+1, got)
		}
	}
	c.asked()
	answer := try("Member@keydeck.example ", "sandbox")
	if answer.status != http.StatusTooManyRequests || answer.header.Get("Retry-After") != "2" {
		t.Errorf("the seventh: %d, Retry-After %q", answer.status, answer.header.Get("Retry-After"))
	}
	if page := answer.doc(t); page.Value("#email") != "Member@keydeck.example" || !strings.Contains(page.Text("main"), "Try again in 2 seconds") {
		t.Errorf("it says %s", page.Text("main"))
	}
	if asked := c.asked(); len(asked) > 0 {
		t.Errorf("the API was asked: %v", asked)
	}
	nobody := make([]string, 0, 7)
	for range 7 {
		nobody = append(nobody, http.StatusText(try("nobody@keydeck.example", "wrong").status))
	}
	if nobody[5] != "Unauthorized" || nobody[6] != "Too Many Requests" {
		t.Errorf("an account that there is not is told apart: %v", nobody)
	}
	c.clock.Advance(3 * time.Second)
	if got := try("member@keydeck.example", "sandbox").status; got != http.StatusSeeOther {
		t.Errorf("after the wait, with the right password: %d", got)
	}
	if got := try("member@keydeck.example", "wrong").status; got != http.StatusUnauthorized {
		t.Errorf("after a success it begins anew: %d", got)
	}
}
