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

// TestAKeyIsTested through its life: it works, is deactivated, works again, has
// another secret, is gone.
func TestAKeyIsTested(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	address := b.generate("tested")
	want := func(says string) {
		t.Helper()
		answer := b.test(address, "eu-central-3")
		if text := answer.doc(t).Text("#trial"); answer.status != http.StatusOK || !strings.Contains(text, says) {
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

// TestATestGoesOnByItself while the key may not have spread, and not for ever.
func TestATestGoesOnByItself(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	address := b.generate("new")
	page := b.test(address, "de").doc(t)
	again := page.One("#trial form[hx-post]")
	if again.Attr("action") != address+"/test" || !strings.HasPrefix(again.Attr("hx-trigger"), "load delay:") || page.Count("#trial noscript") != 1 {
		t.Errorf("it does not go on: %s", again)
	}
	form := url.Values{"region": {again.One("[name=region]").Value()}, "since": {again.One("[name=since]").Value()}}
	c.clock.Advance(31 * time.Second)
	c.control(http.MethodPost, "keys/"+strings.TrimPrefix(address, keysPage+"/"), `{"status":"AVAILABLE","secretKey":"another+secret/of/the/same/kind0123456789"}`)
	c.clock.Advance(5 * time.Second)
	if page := b.post(address+"/test", form).doc(t); page.Count("#trial form[hx-post]") != 0 || !strings.Contains(page.Text("#trial"), "does not belong to this key") {
		t.Errorf("after half a minute: %s", page.Text("#trial"))
	}
	for _, since := range []string{"", "x", "-1", "99999999999999999999", "9999999999999", "0"} {
		form.Set("since", since)
		if got := b.post(address+"/test", form).status; got != http.StatusOK {
			t.Errorf("since %q: %d", since, got)
		}
	}
}

// TestATestInADialog takes the place of the part that asked.
func TestATestInADialog(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	answer := b.test(keysPage+"/"+c.keyOf("full@keydeck.example"), "de", htmx, header{"HX-Target", "dialog"})
	if answer.header.Get("HX-Retarget") != "#trial" || answer.header.Get("HX-Reswap") != "outerHTML" || answer.doc(t).Count("#trial") != 1 {
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

// TestEndpointsThatAreNotListed are never dialled, whatever is sent for one.
func TestEndpointsThatAreNotListed(t *testing.T) {
	t.Parallel()
	d := &dialled{}
	d.hosts.Store(&[]string{})
	c := newConsole(t, func(cfg *web.Config) { cfg.Prober = proberOver(d) })
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

// TestWhatIsSaidOfATest: each trouble has its sentence.
func TestWhatIsSaidOfATest(t *testing.T) {
	t.Parallel()
	for says, probe := range map[string]keys.Probe{
		"it opens one bucket":            {Buckets: 1, Took: 1500 * time.Millisecond},
		"answered after 1.5 s":           {Buckets: 3, Took: 1500 * time.Millisecond},
		"refuses it":                     {Code: "AccessDenied"},
		"is 20m0s ahead":                 {Code: "RequestTimeTooSkewed", Ahead: 20 * time.Minute},
		"is 20m0s behind":                {Code: "RequestTimeTooSkewed", Ahead: -20 * time.Minute},
		"The clocks differ":              {Code: "RequestTimeTooSkewed"},
		"says “SlowDownNow”":             {Code: "SlowDownNow"},
		"did not answer in time":         {Trouble: keys.NoAnswer},
		"a certificate that is not its":  {Trouble: keys.BadCertificate},
		"a redirect, which is not":       {Trouble: keys.Redirected},
		"trouble of its own":             {Trouble: keys.Failing},
		"no answer of object storage":    {Trouble: keys.NotStorage},
		"cannot connect to":              {Trouble: keys.NoConnection},
		"does not belong to this key":    {Code: "SignatureDoesNotMatch"},
		"is tried again for half a minu": {Code: "InvalidAccessKeyId"},
	} {
		c := newConsole(t, func(cfg *web.Config) { cfg.Prober = saying(probe) })
		b := c.signIn("admin@keydeck.example")
		answer := b.test(keysPage+"/"+c.keyOf("admin@keydeck.example"), "de")
		if text := answer.doc(t).Text("#trial"); answer.status != http.StatusOK || !strings.Contains(text, says) {
			t.Errorf("%+v: %d, %s", probe, answer.status, text)
		}
	}
}

// TestTestingForOthers is for those who look after them, under their address.
func TestTestingForOthers(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	admin := c.signIn("admin@keydeck.example")
	address := "/users/" + c.userID("full@keydeck.example") + "/object-storage-keys/" + c.keyOf("full@keydeck.example")
	if text := admin.test(address, "de").doc(t).Text("#trial"); !strings.Contains(text, "This key works") {
		t.Errorf("it says %s", text)
	}
	answer := admin.get(address + "/use/csv/key-pair.csv")
	if answer.status != http.StatusOK || !strings.Contains(answer.body, "\r\nfull@keydeck.example,") {
		t.Errorf("the file: %d", answer.status)
	}
}

func TestUseWithATool(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	address := keysPage + "/" + c.keyOf("full@keydeck.example")
	secret := b.get(address).doc(t).Text("#secret")
	copyKey := b.get(address).doc(t)
	links := copyKey.All("a[href*='/use/']")
	if len(links) < 10 {
		t.Fatalf("%d tools are offered", len(links))
	}
	for _, link := range links {
		page := b.get(link.Attr("href") + "?region=eu-south-2")
		doc := page.doc(t)
		if page.status != http.StatusOK || page.header.Get("Cache-Control") != "no-store" || doc.Count("textarea") == 0 {
			t.Errorf("%s: %d", link.Text(), page.status)
		}
		for _, download := range doc.All("a[download]") {
			file := b.get(download.Attr("href"))
			if file.status != http.StatusOK || !strings.HasPrefix(file.header.Get("Content-Disposition"), `attachment; filename="`) || file.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d, %v", download.Attr("href"), file.status, file.header)
			}
			masked := doc.Count("textarea.secret-value") > 0
			if masked && !strings.Contains(page.body, "&#43;") && !strings.Contains(page.body, secret) {
				t.Errorf("%s does not hold the secret", link.Text())
			}
			if strings.Contains(download.Attr("href"), secret) {
				t.Error("the secret is in an address")
			}
		}
	}
	for path, want := range map[string]int{
		"/use/none": 404, "/use/aws-cli/none": 404, "/use/aws-cli/..%2fconfig": 404, "/use/AWS-CLI": 404, "/use/aws-cli/config": 200,
	} {
		if got := b.get(address + path).status; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

// TestASecretThatDoesNotFit is not written in a way that a tool would misread.
func TestASecretThatDoesNotFit(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	key := c.keyOf("full@keydeck.example")
	c.control(http.MethodPost, "keys/"+key, `{"secretKey":"$a+b/c= \"'\\%(x)s "}`)
	address := keysPage + "/" + key
	page := b.get(address + "/use/s3cmd")
	if page.status != http.StatusOK || !strings.Contains(page.doc(t).Text("main"), "read another one out of it") {
		t.Errorf("got %d: %s", page.status, page.doc(t).Text("main"))
	}
	if got := b.get(address + "/use/s3cmd/.s3cfg").status; got != http.StatusUnprocessableEntity {
		t.Errorf("the file: %d", got)
	}
	if file := b.get(address + "/use/sh/object-storage.sh"); file.status != http.StatusOK || !strings.Contains(file.body, `'$a+b/c= "'\''\%(x)s '`) {
		t.Errorf("for a shell: %d", file.status)
	}
}
