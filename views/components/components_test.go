package components_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"keydeck/internal/htmltest"
	"keydeck/views/components"
)

// render draws a component with some children, and holds it against what every
// part of a page must be like.
func render(t *testing.T, c templ.Component, children ...templ.Component) *htmltest.Doc {
	t.Helper()
	var out strings.Builder
	ctx := templ.WithChildren(t.Context(), templ.Join(children...))
	if err := c.Render(ctx, &out); err != nil {
		t.Fatal(err)
	}
	d := htmltest.Parse(t, out.String())
	htmltest.NoInline(t, d)
	htmltest.SoundPart(t, d)
	return d
}

func TestBadge(t *testing.T) {
	for kind, class := range map[string]string{
		"neutral": "badge-neutral", "info": "badge-info", "success": "badge-success",
		"warning": "badge-warning", "danger": "badge-danger", "": "badge-neutral", "purple": "badge-neutral",
	} {
		d := render(t, components.Badge(kind, "ADMIN <KEY>"))
		if got := d.Text("span.badge." + class); got != "ADMIN <KEY>" {
			t.Errorf("%q: %q", kind, got)
		}
	}
}

func TestMeterText(t *testing.T) {
	for want, n := range map[string][2]int{
		"2 of 5 keys used": {2, 5}, "0 of 5 keys used": {0, 5}, "7 of 5 keys used": {7, 5},
	} {
		if got := components.MeterText("keys used", n[0], n[1]); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}

func TestProgress(t *testing.T) {
	for _, test := range []struct {
		done, total int
		value       string
	}{{2, 5, "2"}, {0, 5, "0"}, {7, 5, "5"}} {
		bar := render(t, components.Progress("Read", test.done, test.total)).One("progress")
		if bar.Attr("value") != test.value || bar.Attr("max") != "5" || bar.Attr("aria-label") != "Read" {
			t.Errorf("%d of %d is %s", test.done, test.total, bar)
		}
	}
	if bar := render(t, components.Progress("Read", 3, 0)).One("progress"); bar.HasAttr("value") || bar.HasAttr("max") {
		t.Errorf("without a total it is %s", bar)
	}
}

func TestMessage(t *testing.T) {
	for kind, class := range map[string]string{
		"success": "success", "info": "info", "warning": "warning", "error": "error", "": "info", "fatal": "info",
	} {
		d := render(t, components.Message(kind, "What happened"), templ.Raw("<p>Why.</p>"))
		if got := d.Text(".message-" + class + " .message-title"); got != "What happened" {
			t.Errorf("%q: %q", kind, got)
		}
		if !d.Has(".message.i-"+class) || d.Text(".message-body p + p") != "Why." {
			t.Errorf("%q: no picture, or no text", kind)
		}
	}
	if render(t, components.Message("info", "")).Has(".message-title") {
		t.Error("a message without a title has an empty one")
	}
}

func TestEmpty(t *testing.T) {
	d := render(t, components.Empty("No keys yet"), templ.Raw("<p>Make one.</p>"))
	if d.Text(".empty-title") != "No keys yet" || d.Text(".empty-title + p") != "Make one." {
		t.Errorf("it says %q", d.Text(".empty"))
	}
}

func TestTabs(t *testing.T) {
	d := render(t, components.Tabs("Storage", []components.Tab{
		{Label: "Keys", Href: "/keys", Current: true}, {Label: "Buckets & more", Href: "/b?x=1&y=2"},
	}))
	if d.Attr("nav", "aria-label") != "Storage" || d.Count("nav.tabs > a") != 2 {
		t.Error("the tabs are no named list of links")
	}
	if d.Text(`[aria-current="page"]`) != "Keys" {
		t.Error("the current one is not marked, or not alone")
	}
	if d.Text(`a[href="/b?x=1&y=2"]`) != "Buckets & more" {
		t.Error("an address came out as another")
	}
}

// An address that is a script is not written, whoever passed it on.
func TestScriptsAreNoAddresses(t *testing.T) {
	const script = "javascript:alert(1)"
	for name, c := range map[string]templ.Component{
		"tabs":    components.Tabs("T", []components.Tab{{Label: "Bad", Href: script}}),
		"dialog":  components.Dialog(components.DialogView{ID: "d", Title: "T", Close: script}),
		"heading": components.Heading(components.HeadingView{Title: "T", BackHref: script}),
		"pages":   components.Pages(components.PagesView{Next: script}),
		"table":   components.Table(components.TableView{Columns: []components.Column{{Sorts: []components.Sort{{Href: script}}}}}),
	} {
		var out strings.Builder
		if err := c.Render(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), script) {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}
