package layout_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"keydeck/internal/htmltest"
	"keydeck/static"
	"keydeck/views/layout"
)

func page(t *testing.T, s layout.Shell) *htmltest.Doc {
	t.Helper()
	if s.Asset == nil {
		s.Asset = func(name string) string { return "/static/" + name }
	}
	var out strings.Builder
	ctx := templ.WithChildren(t.Context(), templ.Raw("<h1>Inside</h1>"))
	if err := layout.Page(s).Render(ctx, &out); err != nil {
		t.Fatal(err)
	}
	d := htmltest.Parse(t, out.String())
	htmltest.NoInline(t, d)
	htmltest.Sound(t, d)
	return d
}

func ada() *layout.Person {
	return &layout.Person{
		Name: "Ada <L>", Email: "ada@keydeck.example", Role: "Owner", Contract: "31884391", ManagesOthers: true,
	}
}

func TestPage(t *testing.T) {
	d := page(t, layout.Shell{
		Title: "Key management", Base: "/keys", Sandbox: true, Person: ada(), Current: "keys",
	})
	if got := d.Text("title"); got != "Key management · Keydeck" {
		t.Errorf("the title is %q", got)
	}
	if d.Text("main#main h1") != "Inside" || d.Attr("a.skip", "href") != "#main" {
		t.Error("the content is not where the first link leads")
	}
	bar := d.Text("header.bar")
	for _, want := range []string{"Keydeck", "Sandbox", "Owner · Contract 31884391", "Ada <L>", "ada@keydeck.example"} {
		if !strings.Contains(bar, want) {
			t.Errorf("the bar does not say %q: %s", want, bar)
		}
	}
	if d.Attr("a.product", "href") != "/keys/" {
		t.Error("the product's name does not lead home")
	}
	form := d.One(`header.bar #account form.bare[method="post"]`)
	if form.Attr("action") != "/keys/sign-out" || form.One("button").Text() != "Sign out" {
		t.Errorf("%s does not sign out", form)
	}
	for _, path := range []string{"/keys/account/sessions", "/keys/account/activity"} {
		if !d.Has(`#account a[href="` + path + `"]`) {
			t.Errorf("the account does not lead to %s", path)
		}
	}
	for _, menu := range []string{"nav", "account"} {
		if !d.Has(`button[popovertarget="`+menu+`"]`) || !d.One("#"+menu).HasAttr("popover") {
			t.Errorf("%s cannot be opened without a script", menu)
		}
	}
	if got := d.Attr(`button[popovertarget="account"]`, "aria-label"); got != "Account: Ada <L>" || d.Text(".who b") != "A<" {
		t.Errorf("the account is named %q and shown as %q", got, d.Text(".who b"))
	}
	if d.Attr("#notice", "role") != "status" || d.Text("#notice") != "" || !d.Has("#dialog") {
		t.Error("scripts find no place for notices or dialogs")
	}
	if !d.Has("template#words #lost") || !d.Has("template#words #not-copied") {
		t.Error("there are no words for a lost connection, or for a value that could not be copied")
	}
}

func TestMenu(t *testing.T) {
	d := page(t, layout.Shell{Base: "/keys", Person: ada(), Current: "users"})
	var said []string
	for _, e := range d.All("nav.menu > p, nav.menu a") {
		said = append(said, e.Text())
	}
	if got := strings.Join(said, ", "); got != "Menu, Storage & Backup, IONOS Object Storage, Management, Users & Groups" {
		t.Errorf("the menu says %q", got)
	}
	if d.Attr(`nav.menu [aria-current]`, "href") != "/keys/users" {
		t.Error("the current entry is not marked")
	}
	if !d.Has(`nav.menu a[href="/keys/object-storage/keys"]`) {
		t.Error("the menu does not lead to the keys")
	}
	user := ada()
	user.ManagesOthers = false
	if d := page(t, layout.Shell{Person: user}); strings.Contains(d.Text("nav.menu"), "Users") {
		t.Error("who manages nobody is sent to manage others")
	}
}

func TestPageOfNobody(t *testing.T) {
	d := page(t, layout.Shell{Title: "Sign in"})
	if d.Has("nav.menu") || d.Has(".bar form.bare") || !d.Has(".bar form.segments") || strings.Contains(d.Text("header.bar"), "Sandbox") {
		t.Error("nobody is signed in, and the bar knows somebody")
	}
	if got := page(t, layout.Shell{}).Text("title"); got != "Keydeck" {
		t.Errorf("a page without a name has the title %q", got)
	}
}

func TestTheme(t *testing.T) {
	for choice, scheme := range map[string]string{
		"": "light dark", "light": "light", "dark": "dark", `"><script>`: "light dark",
	} {
		d := page(t, layout.Shell{Theme: choice})
		if chosen := choice == scheme; d.One("html").HasAttr("data-theme") != chosen {
			t.Errorf("%q: data-theme is there: %v", choice, !chosen)
		}
		if got := d.Attr(`meta[name="color-scheme"]`, "content"); got != scheme {
			t.Errorf("%q: the scheme is %q, want %q", choice, got, scheme)
		}
	}
}

// Every asset that the shell asks for is there.
func TestAssets(t *testing.T) {
	assets, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	d := page(t, layout.Shell{Asset: assets.Path})
	for _, e := range d.All("script") {
		if !e.HasAttr("defer") {
			t.Errorf("%s holds the page up", e)
		}
	}
	if n := d.Count("link[href], script[src]"); n > 4 {
		t.Errorf("the shell asks for %d files", n)
	}
}
