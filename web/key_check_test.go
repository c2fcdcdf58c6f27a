package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keydeck/internal/keys"
	"keydeck/web"
)

// test tries a key and gives what is told of it.
func (b *browser) test(address, region string, more ...header) answer {
	return b.post(address+"/test", url.Values{"region": {region}}, more...)
}

// TestCheckKey through its life: it works, is deactivated, works again, has
// another secret, is gone.
func TestCheckKey(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	address := b.generate("tested")
	want := func(says string) {
		t.Helper()
		answer := b.test(address, "eu-central-3")
		if text := answer.doc(t).Text("#key-check"); answer.status != http.StatusOK || !strings.Contains(text, says) {
			t.Errorf("got %d: %s; want %q", answer.status, text, says)
		}
	}
	want("does not know this key yet")
	c.clock.Advance(10 * time.Second)
	want("This key works")
	b.post(address+"/deactivate", url.Values{"confirm": {"yes"}})
	c.clock.Advance(10 * time.Second)
	want("This key is deactivated")
	b.post(address+"/activate", nil)
	c.clock.Advance(10 * time.Second)
	want("This key works")
	b.post(address+"/renew", url.Values{"confirm": {"yes"}, "request_id": {b.get(address + "/renew").doc(t).Value("input[name=request_id]")}})
	c.clock.Advance(10 * time.Second)
	want("This key works")
	key := strings.TrimPrefix(address, keysPage+"/")
	b.post(address+"/delete", url.Values{"confirm": {key[len(key)-4:]}})
	c.clock.Advance(10 * time.Second)
	if got := b.test(address, "eu-central-3").status; got != http.StatusNotFound {
		t.Errorf("a key that is gone: %d", got)
	}
	if strings.Contains(c.log.String()+c.audited.String(), "X-Amz-Signature") || !strings.Contains(c.audited.String(), `"action":"test"`) {
		t.Error("the test is not written down, or a signature is")
	}
}

// TestCheckKeyPolling while the key may not have spread, and not for ever.
func TestCheckKeyPolling(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	address := b.generate("new")
	page := b.test(address, "de").doc(t)
	again := page.One("#key-check form[hx-post]")
	if again.Attr("action") != address+"/test" || !strings.HasPrefix(again.Attr("hx-trigger"), "load delay:") || page.Count("#key-check noscript") != 1 {
		t.Errorf("it does not go on: %s", again)
	}
	form := url.Values{"region": {again.One("[name=region]").Value()}, "since": {again.One("[name=since]").Value()}}
	c.clock.Advance(31 * time.Second)
	key := strings.TrimPrefix(address, keysPage+"/")
	c.fault(`{"method":"GET","path":"/cloudapi/v6/um/users/` + c.userID("member@keydeck.example") + `/s3keys/` + key + `","times":99,"status":503}`)
	c.control(http.MethodPost, "keys/"+key, `{"status":"AVAILABLE","secretKey":"another+secret/of/the/same/kind0123456789"}`)
	c.clock.Advance(5 * time.Second)
	if page := b.post(address+"/test", form).doc(t); page.Count("#key-check form[hx-post]") != 0 || !strings.Contains(page.Text("#key-check"), "does not belong to this key") {
		t.Errorf("after half a minute: %s", page.Text("#key-check"))
	}
	for _, since := range []string{"", "x", "-1", "99999999999999999999", "9999999999999", "0"} {
		form.Set("since", since)
		if got := b.post(address+"/test", form).status; got != http.StatusOK {
			t.Errorf("since %q: %d", since, got)
		}
	}
}

// TestCheckKeyDialog takes the place of the part that asked.
func TestCheckKeyDialog(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	answer := b.test(keysPage+"/"+c.keyOf("full@keydeck.example"), "de", htmx, header{"HX-Target", "dialog"})
	if answer.header.Get("HX-Retarget") != "#key-check" || answer.header.Get("HX-Reswap") != "outerHTML" || answer.doc(t).Count("#key-check") != 1 {
		t.Errorf("got %v: %s", answer.header, answer.body)
	}
	for _, name := range []string{"HX-Push-Url", "HX-Replace-Url"} {
		if answer.header.Get(name) != "" {
			t.Errorf("%s: %s", name, answer.header.Get(name))
		}
	}
}

// dialled counts what is asked of endpoints, and by which names.
type dialled struct{ hosts atomic.Pointer[[]string] }

func (d *dialled) RoundTrip(r *http.Request) (*http.Response, error) {
	hosts := append([]string{}, *d.hosts.Load()...)
	hosts = append(hosts, r.URL.Host)
	d.hosts.Store(&hosts)
	recorder := httptest.NewRecorder()
	recorder.WriteHeader(http.StatusTeapot)
	return recorder.Result(), nil
}

// TestCheckKeyUnknownEndpoint are never dialled, whatever is sent for one.
func TestCheckKeyUnknownEndpoint(t *testing.T) {
	t.Parallel()
	d := &dialled{}
	d.hosts.Store(&[]string{})
	c := newConsole(t, func(cfg *web.Config) { cfg.Checker = checkerOver(d) })
	b := c.signIn("full@keydeck.example")
	legacy := keysPage + "/" + c.keyOf("full@keydeck.example") // of user-owned buckets
	for _, region := range []string{
		"", "nowhere", "127.0.0.1:22", "http://169.254.169.254/latest/meta-data", "s3.eu-central-3.ionoscloud.com", "DE", "de ", "de\x00",
		"de/../eu-central-3", "eu-central-3@evil.example", "eu-central-3", "[::1]", strings.Repeat("x", 5000),
	} {
		if got := b.test(legacy, region).status; got != http.StatusUnprocessableEntity {
			t.Errorf("%.40q: %d", region, got)
		}
		address := legacy + "/use/rclone?region=" + url.QueryEscape(region)
		if got := b.get(address).status; region != "" && got != http.StatusUnprocessableEntity {
			t.Errorf("settings for %.40q: %d", region, got)
		}
	}
	if hosts := *d.hosts.Load(); len(hosts) > 0 {
		t.Errorf("dialled %v", hosts)
	}
	b.test(legacy, "de")
	if hosts := *d.hosts.Load(); len(hosts) != 1 || hosts[0] != "s3.eu-central-1.ionoscloud.com" {
		t.Errorf("dialled %v", hosts)
	}
}

// TestCheckKeyVerdicts: each trouble has its sentence.
func TestCheckKeyVerdicts(t *testing.T) {
	t.Parallel()
	for says, probe := range map[string]keys.EndpointResult{
		"It lists one bucket owned by":   {Buckets: 1, Took: 1500 * time.Millisecond},
		"answered after 1.5 s":           {Buckets: 3, Took: 1500 * time.Millisecond},
		"refuses it":                     {Code: "AccessDenied"},
		"is 20m0s ahead":                 {Code: "RequestTimeTooSkewed", ClockOffset: 20 * time.Minute},
		"is 20m0s behind":                {Code: "RequestTimeTooSkewed", ClockOffset: -20 * time.Minute},
		"The clocks differ":              {Code: "RequestTimeTooSkewed"},
		"says “SlowDownNow”":             {Code: "SlowDownNow"},
		"did not answer in time":         {Failure: keys.NoResponse},
		"a certificate that is not its":  {Failure: keys.BadCertificate},
		"a redirect, which is not":       {Failure: keys.Redirected},
		"reports an error of its own":    {Failure: keys.ServerError},
		"not an answer from object stor": {Failure: keys.NotS3},
		"cannot connect to":              {Failure: keys.NoConnection},
		"does not belong to this key":    {Code: "SignatureDoesNotMatch"},
		"is repeated for half a minute":  {Code: "InvalidAccessKeyId"},
	} {
		c := newConsole(t, func(cfg *web.Config) { cfg.Checker = fixedResult(probe) })
		b := c.signIn("admin@keydeck.example")
		answer := b.test(keysPage+"/"+c.keyOf("admin@keydeck.example"), "de")
		if text := answer.doc(t).Text("#key-check"); answer.status != http.StatusOK || !strings.Contains(text, says) {
			t.Errorf("%+v: %d, %s", probe, answer.status, text)
		}
	}
}

// TestCheckKeyOfAnother is for those who look after them, under their address.
func TestCheckKeyOfAnother(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	admin := c.signIn("admin@keydeck.example")
	address := "/users/" + c.userID("full@keydeck.example") + "/object-storage-keys/" + c.keyOf("full@keydeck.example")
	if text := admin.test(address, "de").doc(t).Text("#key-check"); !strings.Contains(text, "This key works") {
		t.Errorf("it says %s", text)
	}
	answer := admin.get(address + "/use/csv/key-pair.csv")
	if answer.status != http.StatusOK || !strings.Contains(answer.body, "\r\nfull@keydeck.example,") {
		t.Errorf("the file: %d", answer.status)
	}
}

func TestUseWithTool(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	address := keysPage + "/" + c.keyOf("full@keydeck.example")
	secret := b.get(address).doc(t).Text("#secret")
	form := b.get(b.get(address).doc(t).Attr(".segments a:not([aria-current])", "href")).doc(t).One("form:has(#use-tool)")
	tools := form.All("#use-tool option")
	if len(tools) < 10 || !form.Has("[value='eu-south-2']") {
		t.Fatalf("%d tools are offered", len(tools))
	}
	for _, offered := range tools {
		tool := offered.Attr("value")
		chosen := b.get(form.Attr("action") + "?tool=" + tool + "&region=eu-south-2")
		if to := chosen.header.Get("Location"); chosen.status != http.StatusSeeOther || to != address+"/use/"+tool+"?region=eu-south-2" {
			t.Fatalf("%s leads to %q", tool, to)
		}
		page := b.get(chosen.header.Get("Location"))
		doc := page.doc(t)
		if page.status != http.StatusOK || page.header.Get("Cache-Control") != "no-store" || doc.Count(".value") == 0 {
			t.Errorf("%s: %d", tool, page.status)
		}
		for _, download := range doc.All("a[download]") {
			file := b.get(download.Attr("href"))
			if file.status != http.StatusOK || !strings.HasPrefix(file.header.Get("Content-Disposition"), `attachment; filename="`) || file.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d, %v", download.Attr("href"), file.status, file.header)
			}
			masked := doc.Count(".value .eye") > 0
			if masked && !strings.Contains(page.body, "&#43;") && !strings.Contains(page.body, secret) {
				t.Errorf("%s does not hold the secret", tool)
			}
			if strings.Contains(download.Attr("href"), secret) {
				t.Error("the secret is in an address")
			}
		}
	}
	for path, want := range map[string]int{
		"/use/none": 404, "/use/aws-cli/none": 404, "/use/aws-cli/..%2fconfig": 404, "/use/AWS-CLI": 404, "/use/aws-cli/config": 200,
		"/use/aws-cli?tool=none": 404, "/use/aws-cli?tool=//elsewhere.example": 404,
	} {
		if got := b.get(address + path).status; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

// TestToolsUnsupportedSecret is not written in a way that a tool would misread.
func TestToolsUnsupportedSecret(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	key := c.keyOf("full@keydeck.example")
	c.control(http.MethodPost, "keys/"+key, `{"secretKey":"$a+b/c= \"'\\%(x)s "}`)
	address := keysPage + "/" + key
	page := b.get(address + "/use/s3cmd")
	if page.status != http.StatusOK || !strings.Contains(page.doc(t).Text("main"), "read a different one from it") {
		t.Errorf("got %d: %s", page.status, page.doc(t).Text("main"))
	}
	if got := b.get(address + "/use/s3cmd/.s3cfg").status; got != http.StatusUnprocessableEntity {
		t.Errorf("the file: %d", got)
	}
	if file := b.get(address + "/use/sh/object-storage.sh"); file.status != http.StatusOK || !strings.Contains(file.body, `'$a+b/c= "'\''\%(x)s '`) {
		t.Errorf("for a shell: %d", file.status)
	}
}
