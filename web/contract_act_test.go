package web_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/audit"
	"keydeck/internal/htmltest"
)

// selection names the keys that the list selects with a filter.
func (b *browser) selection(query string) []string {
	b.console.t.Helper()
	page := b.readAll(contractKeys + "?" + query + "&select=all")
	var named []string
	for _, input := range page.All("#selection input[name=key]") {
		named = append(named, input.Attr("value"))
	}
	return named
}

// confirmed is the answer to a question, as its form sends it.
func confirmed(page *htmltest.Doc) url.Values {
	values := url.Values{}
	for _, input := range page.All("#change-keys input[name]") {
		values.Add(input.Attr("name"), input.Attr("value"))
	}
	return values
}

// act asks and confirms, and returns the address of the results.
func (b *browser) act(act string, named []string) string {
	b.console.t.Helper()
	values := confirmed(b.post(contractKeys+"/"+act, url.Values{"key": named}).doc(b.console.t))
	if act == "delete" {
		values.Set("confirm", fmt.Sprint(len(named)))
	}
	answer := b.post(contractKeys+"/"+act, values)
	to := answer.header.Get("Location")
	if answer.status != http.StatusSeeOther || !strings.HasPrefix(to, contractKeys+"/results/") {
		b.console.t.Fatalf("%s: %d to %q: %s", act, answer.status, to, answer.doc(b.console.t).Text("main"))
	}
	return to
}

// settled looks at results until they do not look again by themselves.
func (b *browser) settled(address string) *htmltest.Doc {
	b.console.t.Helper()
	for range 200 {
		page := b.get(address).doc(b.console.t)
		if !page.Has("#results[hx-get]") {
			return page
		}
		time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
	}
	b.console.t.Fatal("the results do not settle")
	return nil
}

// puts counts the requests that change keys.
func puts(asked []string) int {
	n := 0
	for _, line := range asked {
		if strings.HasPrefix(line, "PUT ") || strings.HasPrefix(line, "DELETE ") {
			n++
		}
	}
	return n
}

// TestChangeKeys: select, deactivate, look at the results; then delete.
func TestChangeKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.as(admin)
		named := b.selection("q=" + c.userID(full))
		if len(named) != 5 {
			t.Fatalf("selected %v", named)
		}
		asked := b.post(contractKeys+"/deactivate", url.Values{"key": named, "back": {contractKeys + "?q=x"}})
		question := asked.doc(t)
		htmltest.Sound(t, question)
		htmltest.NoInline(t, question)
		if asked.status != http.StatusUnprocessableEntity || !strings.Contains(question.Text("main"), "One user may be left without an active key") ||
			question.Count("input[name=lockout]") != 1 || question.Attr("footer a", "href") != contractKeys+"?q=x" {
			t.Errorf("%d: %s", asked.status, question.Text("main"))
		}
		c.asked()
		values := confirmed(question)
		first, second := b.post(contractKeys+"/deactivate", values), b.post(contractKeys+"/deactivate", values)
		to := first.header.Get("Location")
		if first.status != http.StatusSeeOther || second.header.Get("Location") != to {
			t.Fatalf("%d %s, %d %s", first.status, to, second.status, second.header.Get("Location"))
		}
		if page := b.get(to).doc(t); !page.Has("#results[hx-get]") || !page.Has("noscript") || page.Count("[data-result=done]") > 0 {
			t.Errorf("at once: %s", page.Text("main"))
		}
		page := b.settled(to)
		htmltest.Sound(t, page)
		if page.Count("[data-result=done]") != 5 || page.Has("form[action$='/deactivate']") || puts(c.asked()) != 4 { // one was deactivated before
			t.Errorf("in the end: %s", page.Text("main"))
		}
		if got := b.readAll(contractKeys + "?state=active&q=" + c.userID(full)).Count("tbody tr"); got != 0 {
			t.Errorf("%d are active in the list", got)
		}
		page = b.settled(b.act("delete", named[:2]))
		if page.Count("[data-result=done]") != 2 {
			t.Errorf("deleted: %s", page.Text("main"))
		}
		if got := b.readAll(contractKeys + "?q=" + c.userID(full)).Count("tbody tr"); got != 3 {
			t.Errorf("%d are left in the list", got)
		}
	})
}

// TestChangeKeysAudit: a record for each key in the audit log, and one for all of them
// in the activity.
func TestChangeKeysAudit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.as(admin)
		b.settled(b.act("deactivate", b.selection("q="+c.userID(full))))
		counts := map[audit.Action]int{}
		for _, e := range c.events(t) {
			counts[e.Action]++
			if e.Action == audit.Deactivate && (e.Outcome != audit.Done || e.Target != c.userID(full) || e.TargetAs != full || e.AccessKey == "" || e.Account != admin || e.RequestID == "") {
				t.Errorf("a record is %+v", e)
			}
			if e.Action == audit.ChangeKeys && (e.Keys != 5 || e.Outcome != audit.Done) {
				t.Errorf("the record of all is %+v", e)
			}
		}
		if counts[audit.Deactivate] != 5 || counts[audit.ChangeKeys] != 1 {
			t.Errorf("records: %v", counts)
		}
		if rows := b.get("/account/activity").doc(t).Text("main"); strings.Count(rows, "Changed several keys") != 1 || strings.Contains(rows, "Deactivated a key") {
			t.Errorf("the activity is %s", rows)
		}
	})
}

// TestChangeKeysQuestion: what does not answer the question changes nothing.
func TestChangeKeysQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b, other := c.as(admin), c.as(owner)
		named, others := b.selection("q="+c.userID(full)), b.selection("q="+c.userID(owner))
		for name, tt := range map[string]struct {
			act    string
			change func(url.Values)
			says   string
		}{
			"without confirm":  {"deactivate", func(v url.Values) { v.Del("confirm") }, "Deactivate 5 keys?"},
			"another confirm":  {"activate", func(v url.Values) { v.Set("confirm", "no") }, "Activate 5 keys?"},
			"no number":        {"delete", func(v url.Values) { v.Set("confirm", "") }, "Enter the number of keys: 5."},
			"another number":   {"delete", func(v url.Values) { v.Set("confirm", "4") }, "Enter the number of keys: 5."},
			"yes for a number": {"delete", func(v url.Values) { v.Set("confirm", "yes") }, "Enter the number of keys: 5."},
			"of another session": {"deactivate", func(v url.Values) {
				v.Set("request_id", confirmed(other.post(contractKeys+"/deactivate", v).doc(t)).Get("request_id"))
			}, "open for too long"},
			"of another act": {"delete", func(v url.Values) {
				v.Set("request_id", confirmed(b.post(contractKeys+"/activate", v).doc(t)).Get("request_id"))
			}, "open for too long"},
			"no request id":         {"deactivate", func(v url.Values) { v.Del("request_id") }, "open for too long"},
			"without being asked":   {"deactivate", func(v url.Values) { v.Del("lockout") }, "have changed since you were asked"},
			"about to lose another": {"deactivate", func(v url.Values) { v["key"] = append(v["key"], others...) }, "have changed since you were asked"},
		} {
			values := confirmed(b.post(contractKeys+"/"+tt.act, url.Values{"key": named}).doc(t))
			tt.change(values)
			c.asked()
			answer := b.post(contractKeys+"/"+tt.act, values)
			if n := puts(c.asked()); answer.status != http.StatusUnprocessableEntity || !strings.Contains(answer.doc(t).Text("main"), tt.says) || n > 0 {
				t.Errorf("%s: %d, %d changes: %s", name, answer.status, n, answer.doc(t).Text("main"))
			}
		}
	})
}

// TestChangeKeysBadInput: what names no keys is refused, and what names keys that are
// not there is said to.
func TestChangeKeysBadInput(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.as(admin)
		key := c.userID(full) + "/" + fullsKey
		many := make([]string, 501)
		for i := range many {
			many[i] = fmt.Sprintf("%s/%s%04d", c.userID(full), fullsKey[:12], i)
		}
		for name, tt := range map[string]struct {
			named  []string
			status int
			says   string
		}{
			"none":              {nil, 422, "No key is selected"},
			"501":               {many, 422, "Five hundred keys"},
			"500":               {many[:500], 422, "Deactivate 500 keys?"},
			"the same twice":    {[]string{key, key}, 422, "Deactivate 1 key?"},
			"markup":            {[]string{"<b>/" + fullsKey}, 422, "not a key"},
			"no user":           {[]string{fullsKey}, 422, "not a key"},
			"a path":            {[]string{key + "/../x"}, 422, "not a key"},
			"control character": {[]string{key + "\x00"}, 422, "not a key"},
			"too long":          {[]string{c.userID(full) + "/" + strings.Repeat("x", 300)}, 422, "not a key"},
			"far too long":      {[]string{strings.Repeat("x", 300<<10)}, 413, "too much to take"},
			"another contract":  {[]string{"11111111-1111-4111-8111-111111111111/" + fullsKey}, 422, "Not found"},
			"another's key":     {[]string{c.userID(owner) + "/" + fullsKey}, 422, "Not found"},
		} {
			answer := b.post(contractKeys+"/deactivate", url.Values{"key": tt.named})
			if answer.status != tt.status || !strings.Contains(answer.doc(t).Text("main"), tt.says) {
				t.Errorf("%s: %d %.300s", name, answer.status, answer.doc(t).Text("main"))
			}
		}
		page := b.settled(b.act("deactivate", []string{"11111111-1111-4111-8111-111111111111/" + fullsKey, c.userID(owner) + "/" + fullsKey}))
		if page.Count("[data-result=refused]") != 2 || !strings.Contains(page.Text("main"), "There is no such user") || !strings.Contains(page.Text("main"), "There is no such key") {
			t.Errorf("the results are %s", page.Text("main"))
		}
		for _, address := range []string{contractKeys + "/results/x", contractKeys + "/results/%3Cb%3E", contractKeys + "/results/x/results.csv"} {
			if answer := b.get(address); answer.status != http.StatusNotFound || !strings.Contains(answer.doc(t).Text("main"), "There are no such results") {
				t.Errorf("%s: %d", address, answer.status)
			}
		}
	})
}

// TestChangeKeysResults: they are their person's, in any session; what was refused
// can be tried again; the file has the same lines.
func TestChangeKeysResults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.as(admin)
		named := b.selection("q=" + c.userID(full))
		c.fault(`{"method":"PUT","path":"/cloudapi/v6/um/users/","status":422,"times":1,"body":"{\"messages\":[{\"message\":\"<b>not</b> now\"}]}","headers":{"Content-Type":"application/json"}}`)
		to := b.act("deactivate", named)
		page := b.settled(to)
		if page.Count("[data-result=done]") != 4 || page.Count("[data-result=refused]") != 1 || !strings.Contains(page.Text("[data-result=refused]"), "<b>not</b> now") {
			t.Errorf("the results are %s", page.Text("main"))
		}
		if got := c.signIn(admin).get(to).status; got != http.StatusOK {
			t.Errorf("another session of the person: %d", got)
		}
		for _, other := range []string{owner, member} {
			if got := c.signIn(other).get(to).status; got != http.StatusNotFound && got != http.StatusForbidden {
				t.Errorf("%s: %d", other, got)
			}
		}
		file := b.get(to + "/results.csv")
		records, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
		if err != nil || len(records) != 6 || !strings.Contains(file.header.Get("Content-Disposition"), "-deactivate-") {
			t.Errorf("the file: %v, %v, %v", records, file.header, err)
		}
		refused := slices.IndexFunc(records, func(r []string) bool { return r[5] == "not done" && r[6] != "" })
		if refused < 1 || records[refused][0] != full || records[refused][7] != admin {
			t.Errorf("the file has %v", records)
		}
		rest := page.One("form[action$='/deactivate']")
		values := url.Values{}
		for _, input := range rest.All("input[name=key]") {
			values.Add("key", input.Attr("value"))
		}
		if len(values["key"]) != 1 {
			t.Fatalf("the rest is %v", values)
		}
		if again := b.settled(b.act("deactivate", values["key"])); again.Count("[data-result=done]") != 1 {
			t.Errorf("the rest: %s", again.Text("main"))
		}
	})
}

// TestChangeKeysInterrupted: a token that ends half-way, and another console that goes
// on with it; each key is changed once.
func TestChangeKeysInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsoleOf(t, 60)
		b := c.as(admin)
		all := len(b.selection("state=active&owner=member"))
		named := b.selection("state=active&owner=member")
		c.asked()
		c.fault(`{"path":"/cloudapi/v6/um/users/","status":401,"times":1000}`)
		to := func() string {
			c.control(http.MethodDelete, "faults", "")
			values := confirmed(b.post(contractKeys+"/deactivate", url.Values{"key": named}).doc(t))
			c.fault(`{"method":"PUT","path":"/cloudapi/v6/um/users/","status":401,"times":1000}`)
			return b.post(contractKeys+"/deactivate", values).header.Get("Location")
		}()
		synctest.Wait()
		page := b.get(to).doc(t)
		if page.Has("#results[hx-get]") || page.Count("[data-result='']") != all || !strings.Contains(page.Text("main"), "refuses the token") {
			t.Errorf("stopped: %s", page.Text("#results"))
		}
		c.control(http.MethodDelete, "faults", "")
		time.Sleep(5 * time.Second) //nolint:forbidigo // the bubble's time
		other := c.on(c.serve(c.store))
		page = other.as(admin).settled(to)
		if page.Count("[data-result=done]") != all {
			t.Errorf("in the end: %s", page.Text("#results"))
		}
	})
}

// TestChangeKeysMany: the first 500 of all keys that match, on all pages, with APIs
// that take 100 ms a call.
func TestChangeKeysMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsoleOf(t, 1000)
		b := c.as(admin)
		page := b.readAll(contractKeys + "?state=active&select=all")
		if text := page.Text("#selection"); !strings.Contains(text, "The first 500 of ") || page.Count("tbody input:checked") != 50 {
			t.Errorf("selected: %.300s", text)
		}
		named := b.selection("state=active")
		c.fault(`{"path":"/","delay":"100ms","times":1000000}`)
		began := time.Now()
		question := b.post(contractKeys+"/deactivate", url.Values{"key": named})
		asked := time.Since(began)
		values := confirmed(question.doc(t))
		c.asked()
		began = time.Now()
		to := b.post(contractKeys+"/deactivate", values).header.Get("Location")
		page = b.settled(to)
		took, calls := time.Since(began), c.asked()
		if page.Count("[data-result=done]") != 500 || puts(calls) != 500 || asked > time.Second || took > 30*time.Second {
			t.Errorf("%d done by %d changes in %v; asked in %v", page.Count("[data-result=done]"), puts(calls), took, asked)
		}
		t.Logf("asked in %v with %d bytes, settled in %v with %d calls", asked, len(question.body), took, len(calls))
	})
}

// TestSelectWhileReading: nothing is selected while the list fills, and what was asked
// to be is once it is there or reading is stopped.
func TestSelectWhileReading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsoleOf(t, 60)
		b := c.as(admin)
		c.fault(`{"path":"/cloudapi/v6/um/users/","delay":"400ms","times":1000}`)
		page := b.get(contractKeys + "?select=all").doc(t)
		if !page.Has("#rows[hx-get]") || !page.Has("tbody tr") || page.Has("#selection") {
			t.Fatalf("while it is read: %s", page.Text("#rows"))
		}
		stopped := b.get(page.Attr("a:contains('Stop')", "href")).doc(t)
		if !stopped.Has("#selection") || stopped.Count("tbody input:checked") != stopped.Count("tbody tr") {
			t.Errorf("stopped: %s", stopped.Text("#rows"))
		}
		done := b.readAll(stopped.Attr("a:contains('Go on')", "href"))
		if done.Count("tbody input:checked") != 50 || !done.Has("#selection input[type=hidden][name=key]") {
			t.Errorf("in the end: %s", done.Text("#rows"))
		}
		if none := b.readAll(done.Attr("a:contains('Select none')", "href")); none.Has("input:checked") {
			t.Error("Select none selects some")
		}
	})
}
