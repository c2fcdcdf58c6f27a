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

func TestMeter(t *testing.T) {
	tests := []struct {
		name             string
		used, limit      int
		text, value, max string
		full             bool
	}{
		{"some", 2, 5, "2 of 5 keys used", "2", "5", false},
		{"none", 0, 5, "0 of 5 keys used", "0", "5", false},
		{"all", 5, 5, "5 of 5 keys used", "5", "5", true},
		{"more than all", 7, 5, "7 of 5 keys used", "5", "5", true},
		{"no limit to fill", 0, 0, "0 of 0 keys used", "0", "0", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := render(t, components.Meter("keys used", test.used, test.limit))
			meter := d.One("meter")
			if got := d.Text(".meter-text"); got != test.text || meter.Attr("aria-label") != test.text {
				t.Errorf("it says %q and is named %q, want %q", got, meter.Attr("aria-label"), test.text)
			}
			if meter.Attr("value") != test.value || meter.Attr("max") != test.max || meter.Attr("min") != "0" {
				t.Errorf("it shows %s of %s", meter.Attr("value"), meter.Attr("max"))
			}
			if d.Has(".meter-full") != test.full {
				t.Errorf("full: %v, want %v", !test.full, test.full)
			}
		})
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
		if !d.Has(".icon-"+class) || d.Text(".message-body p + p") != "Why." {
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
	if d.Attr("nav", "aria-label") != "Storage" || d.Count("nav li a") != 2 {
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
		"tabs":   components.Tabs("T", []components.Tab{{Label: "Bad", Href: script}}),
		"dialog": components.Dialog(components.DialogView{ID: "d", Title: "T", Close: script}),
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
