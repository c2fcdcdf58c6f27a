package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// markup is what must come back as text wherever it is shown.
var markup = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'><svg/onload=alert(1)>`, `</title><script>1</script>`,
	`javascript:alert(1)`, `{{constructor.constructor('1')()}}`, `<a href="javascript:1">x</a>`, `" autofocus onfocus=alert(1) x="`,
	`</textarea><script>1</script>`, `<!--`, `]]>`, "\u202egnp.exe", `&lt;script&gt;`, `=cmd|' /C calc'!A0`, `%3Cscript%3E`,
}

// wantInert fails if anything on a page came to life.
func wantInert(t *testing.T, where string, answer answer) {
	t.Helper()
	if answer.body == "" || !strings.HasPrefix(answer.header.Get("Content-Type"), "text/html") {
		return
	}
	page := answer.doc(t)
	for _, selector := range []string{"img", "svg[onload]", "script:not([src])", "[onerror]", "[onfocus]", "[onload]", "iframe", "[style]", "a[href^='javascript:']", "base", "object"} {
		if n := page.Count(selector); n > 0 {
			t.Errorf("%s: %d %s", where, n, selector)
		}
	}
}

// TestMarkupThatIsStored: names, addresses, groups and descriptions are whatever
// somebody chose.
func TestMarkupThatIsStored(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	owner := c.signIn("owner@keydeck.example")
	victim := c.userID("member@keydeck.example")
	for _, evil := range markup {
		quoted := jsonText(evil)
		c.control(http.MethodPost, "users/"+victim, `{"firstname":`+quoted+`,"lastname":`+quoted+`,"email":`+jsonText("x"+evil+"@keydeck.example")+`}`)
		for _, address := range []string{"/users", "/users?q=" + url.QueryEscape(evil), "/users/" + victim, "/users/" + victim + "/object-storage-keys",
			"/users/" + victim + "/object-storage-keys/new", "/groups", "/key-owner?key=" + url.QueryEscape(evil)} {
			wantInert(t, address, owner.get(address))
			wantInert(t, address, owner.get(address, htmx))
		}
		token := c.token(victim, time.Hour)
		themselves := c.browser()
		themselves.post("/sign-in", url.Values{"token": {token}})
		answer := themselves.post(keysPage, url.Values{"request_id": {themselves.requestID()}, "description": {evil}})
		wantInert(t, "a refused description", answer)
		if answer.status == http.StatusUnprocessableEntity && strings.Contains(evil, "\u202e") {
			continue // it turns the direction of writing, and is taken for what it is
		}
		if answer.status != http.StatusSeeOther {
			t.Fatalf("a description of %q: %d", evil, answer.status)
		}
		address := answer.header.Get("Location")
		c.settle()
		for _, at := range []string{keysPage, keysPage + "?q=" + url.QueryEscape(evil), address, address + "/description", address + "/delete",
			address + "/renew", address + "/rotate", sessionsPage, "/account/activity"} {
			wantInert(t, at, themselves.get(at))
		}
		list := themselves.get(keysPage).doc(t).Text("main")
		if shown := strings.Join(strings.Fields(evil), " "); !strings.Contains(strings.Join(strings.Fields(list), " "), shown) {
			t.Errorf("the description %q is not shown as it is: %s", evil, list)
		}
		key := strings.TrimPrefix(address, keysPage+"/")
		themselves.post(address+"/delete", url.Values{"confirm": {key[len(key)-4:]}})
		c.settle()
	}
}

// TestMarkupInWhatTheAPIsSay: their messages are shown, as text.
func TestMarkupInWhatTheAPIsSay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("full@keydeck.example")
		address := keysPage + "/" + c.keyOf("full@keydeck.example")
		for _, evil := range markup {
			body := jsonText(`{"httpStatus":422,"messages":[{"errorCode":` + jsonText(evil) + `,"message":` + jsonText(evil) + `}]}`)
			for _, status := range []string{"422", "403", "409", "500"} {
				answering := `"path":"/","times":3,"status":` + status + `,"body":` + body + `,"headers":{"Content-Type":"application/json"}}`
				c.fault("{" + answering)
				wantInert(t, "the list, "+status, b.get(keysPage))
				c.control(http.MethodDelete, "faults", "")
				for _, headers := range [][]header{nil, {htmx}} {
					c.fault(`{"method":"PUT",` + answering)
					wantInert(t, "a change, "+status, b.post(address+"/description", url.Values{"description": {"x"}}, headers...))
					c.control(http.MethodDelete, "faults", "")
				}
			}
		}
	})
}

// TestMarkupThatIsReflected: whatever is typed comes back as text.
func TestMarkupThatIsReflected(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("owner@keydeck.example")
	for _, evil := range markup {
		typed := url.Values{"email": {evil}, "password": {evil}, "contract": {evil}, "next": {evil}}
		wantInert(t, "sign-in", c.browser().post("/sign-in", typed))
		wantInert(t, "sign-in", c.browser().get("/sign-in?next="+url.QueryEscape(evil)))
		wantInert(t, "token", c.browser().post("/sign-in", url.Values{"token": {evil}}))
		wantInert(t, "a stale form", b.post(keysPage, url.Values{"request_id": {evil}, "description": {evil + "\x01"}}))
		wantInert(t, "preferences", b.post("/account/preferences", url.Values{"theme": {evil}, "back": {evil}}))
		for _, address := range []string{"/users?page=%s&q=%s", "/key-owner?key=%s&from=%s", keysPage + "?q=%s&sort=%s", "/%s", keysPage + "/%s", "/users/%s", "/groups/%s", "/account/sessions/%s/end"} {
			target := strings.ReplaceAll(address, "%s", url.PathEscape(evil))
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			parsed, err := url.Parse(target)
			if err != nil {
				continue
			}
			r.URL, r.RequestURI = parsed, target
			wantInert(t, target, b.do(r))
		}
	}
}

// TestHeaderInjection: no field gets a line of its own among the headers, nor a
// cookie.
func TestHeaderInjection(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	address := b.generate("x")
	c.settle()
	for _, evil := range []string{"a\r\nX-Evil: 1", "a\nSet-Cookie: x=1", "a\rX-Evil: 1", "\r\n\r\n<script>", "a%0d%0aX-Evil:1", "a\u560d\u560aX-Evil: 1", "a; Path=/evil", "a\x00b"} {
		for name, answer := range map[string]answer{
			"next":        c.browser().post("/sign-in", url.Values{"email": {"guest@keydeck.example"}, "password": {"sandbox"}, "next": {"/users?x=" + evil}}),
			"back":        b.post("/account/preferences", url.Values{"theme": {"dark"}, "back": {"/users?x=" + evil}}),
			"theme":       b.post("/account/preferences", url.Values{"theme": {evil}}),
			"description": b.post(address+"/description", url.Values{"description": {evil}}),
			"rotation":    b.post(address+"/saved", url.Values{"rotation": {evil}}),
			"current":     b.get(keysPage+"/new", htmx, header{"HX-Current-URL", "http://127.0.0.1/" + evil}),
		} {
			for header, values := range answer.header {
				text := strings.Join(values, " ")
				if header == "X-Evil" || strings.ContainsAny(text, "\r\n\x00") || strings.Contains(text, "Path=/evil") {
					t.Errorf("%s of %q: %s: %q", name, evil, header, text)
				}
			}
		}
	}
}

// TestHostHeader: nothing is built from the name that a client uses, and
// nobody signs in under a foreign one over plain http.
func TestHostHeader(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	signedIn := c.signIn("owner@keydeck.example")
	for _, host := range []string{"evil.example", "127.0.0.1:8080@evil.example", "evil.example:80", "localhost.evil.example", "", "[::1].evil.example", "evil.example/127.0.0.1"} {
		for _, b := range []*browser{c.browser(), signedIn} {
			for _, address := range []string{"/", "/sign-in", keysPage, "/users", "/nowhere"} {
				answer := b.doAt(host, httptest.NewRequest(http.MethodGet, address, nil))
				if strings.Contains(answer.body, "evil.example") || strings.Contains(answer.header.Get("Location"), "evil") {
					t.Errorf("%q: %s repeats it", host, address)
				}
			}
		}
		credentials := url.Values{"email": {"owner@keydeck.example"}, "password": {"sandbox"}}
		c.asked()
		answer := c.browser().doAt(host, form(http.MethodPost, "/sign-in", credentials))
		if answer.status != http.StatusForbidden || len(c.asked()) > 0 {
			t.Errorf("%q: signing in answers %d", host, answer.status)
		}
	}
}

// TestPathsThatClimb: assets are the ones that there are, by their own names.
func TestPathsThatClimb(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.browser()
	for _, path := range []string{
		"/static/../go.mod", "/static/..%2fgo.mod", "/static/%2e%2e/go.mod", "/static/..\\go.mod", "/static/....//go.mod", "/static//etc/passwd",
		"/static/%00", "/static/app.css%00.js", "/static/", "/static", "/static/css", "/static/app.css", "/static/packed/app.css", "/static/..;/go.mod",
		"/static/%252e%252e/go.mod", "/../../etc/passwd", "/static/C:/windows/win.ini",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		parsed, err := url.Parse(path)
		if err != nil {
			continue
		}
		r.URL, r.RequestURI = parsed, path
		if answer := b.do(r); answer.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, answer.status)
		}
	}
}

// TestCookiesOfOthers: a session is what its own cookie opens, whole and
// untouched.
func TestCookiesOfOthers(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	mine, hers := c.signIn("member@keydeck.example"), c.signIn("owner@keydeck.example")
	const name = "__Host-keydeck"
	mineID, mineSecret, _ := strings.Cut(mine.cookies[name].Value, ".")
	hersID, hersSecret, _ := strings.Cut(hers.cookies[name].Value, ".")
	tampered := []string{hersID + "." + mineSecret, mineID + "." + hersSecret, hersID, hersID + ".", "." + hersSecret, hersSecret + "." + hersID}
	whole := mine.cookies[name].Value
	for i := range whole {
		changed := []byte(whole)
		changed[i] ^= 1
		tampered = append(tampered, string(changed))
	}
	for _, value := range tampered {
		b := c.browser()
		b.cookies[name] = &http.Cookie{Name: name, Value: value}
		if got := b.get(keysPage).status; got != http.StatusSeeOther {
			t.Errorf("%.12s…: %d", value, got)
		}
	}
	// Under the name that browsers let anybody plant, it is no session.
	b := c.browser()
	b.cookies["keydeck"] = &http.Cookie{Name: "keydeck", Value: whole}
	if got := b.get(keysPage).status; got != http.StatusSeeOther {
		t.Errorf("under the other name: %d", got)
	}
}

// jsonText is a text in JSON.
func jsonText(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}
