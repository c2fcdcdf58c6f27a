package components_test

import (
	"testing"

	"github.com/a-h/templ"

	"keydeck/views/components"
)

func TestField(t *testing.T) {
	d := render(t, templ.Join(templ.Raw(`<form id="f"></form>`), components.Field(components.FieldView{
		ID: "description", Name: "description", Label: "Description", Value: `<b>"mine"</b> & 'yours'`,
		Hint: "What it is for.", Error: "Too long.", Autocomplete: "off", InputMode: "text", Form: "f",
		Required: true, Autofocus: true, Optional: true, MaxLength: 255, Spellcheck: true,
	})))
	field := d.One("input#description")
	for name, want := range map[string]string{
		"name": "description", "type": "text", "autocomplete": "off", "inputmode": "text", "form": "f",
		"maxlength": "255", "spellcheck": "true", "aria-invalid": "true",
		"aria-describedby": "description-hint description-error", "value": `<b>"mine"</b> & 'yours'`,
	} {
		if got := field.Attr(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !field.HasAttr("required") || !field.HasAttr("autofocus") {
		t.Error("it is not required, or gets no focus")
	}
	if got := d.Text(`label[for="description"]`); got != "Description (optional)" {
		t.Errorf("the label is %q", got)
	}
	if d.Text("#description-hint") != "What it is for." || d.Text("#description-error") != "Too long." {
		t.Error("hint or error are not what they are")
	}
}

func TestFieldBare(t *testing.T) {
	d := render(t, components.Field(components.FieldView{ID: "q", Name: "q", Label: "Search", Type: "search"}))
	field := d.One("input#q")
	for _, name := range []string{
		"aria-invalid", "aria-describedby", "required", "autofocus", "maxlength", "autocomplete", "inputmode", "form",
	} {
		if field.HasAttr(name) {
			t.Errorf("%s has %s", field, name)
		}
	}
	if field.Attr("type") != "search" || field.Attr("spellcheck") != "false" || d.Has("p") || d.Has(".optional") {
		t.Errorf("%s is not bare", field)
	}
}

// Whatever a handler passes on by mistake: a password is never sent back.
func TestFieldKeepsNoPassword(t *testing.T) {
	d := render(t, components.Field(components.FieldView{
		ID: "password", Name: "password", Label: "Password", Type: "password", Value: "hunter2",
	}))
	if d.One("input").HasAttr("value") {
		t.Error("the password is in the page")
	}
}

func TestDialogModal(t *testing.T) {
	d := render(t, components.Dialog(components.DialogView{
		ID: "new-key", Title: "Generate <a> key", Close: "/keys?q=a&b=c", Modal: true, Changed: true,
	}), templ.Raw("<p>Inside.</p>"))
	dialog := d.One("dialog#new-key[data-dialog]")
	if dialog.Attr("data-close-to") != "/keys?q=a&b=c" || !dialog.HasAttr("data-changed") || dialog.HasAttr("open") {
		t.Errorf("%s does not say where it closes to", dialog)
	}
	if d.Text("h2#"+dialog.Attr("aria-labelledby")) != "Generate <a> key" || d.Has("h1") {
		t.Error("the dialog has no title, or one of a page")
	}
	if d.Attr("a[data-close]", "href") != "/keys?q=a&b=c" || d.Attr("a[data-close]", "aria-label") != "Close" {
		t.Error("there is no way out")
	}
	if d.Attr("dialog > [data-notice]", "role") != "status" || d.Text("[data-notice]") != "" {
		t.Error("there is no place for a notice")
	}
	if d.Text(".dialog-body") != "Inside." {
		t.Error("there is nothing inside")
	}
}

func TestDialogAsPage(t *testing.T) {
	d := render(t, components.Dialog(components.DialogView{ID: "new-key", Title: "Generate a key", Close: "/keys"}),
		templ.Raw("<p>Inside.</p>"))
	if d.Has("dialog") || d.Has("[data-dialog]") || d.Has("[data-notice]") {
		t.Error("a page is taken for a modal")
	}
	if d.Text("section.dialog h1") != "Generate a key" || d.Attr("a[data-close]", "href") != "/keys" {
		t.Error("title or way out are missing")
	}
}

// The buttons are the last thing in a dialog, and of its form.
func TestDialogFooter(t *testing.T) {
	for _, modal := range []bool{true, false} {
		d := render(t, components.Dialog(components.DialogView{
			ID: "d", Title: "T", Close: "/", Modal: modal, Form: templ.Attributes{"method": "post", "action": "/do", "data-open": true},
			Footer: templ.Raw(`<button data-busy="Doing it…">Do it</button>`), Steps: []components.Tab{{Label: "One", Href: "/", Current: true}},
		}), templ.Raw("<p>Inside.</p>"))
		if d.Text(".dialog > form:last-child > footer:last-child > button:last-child") != "Do it" {
			t.Errorf("modal %v: the button is not last", modal)
		}
		if form := d.One("form"); form.Attr("method") != "post" || form.Attr("action") != "/do" || !form.HasAttr("data-open") {
			t.Errorf("modal %v: %s", modal, form)
		}
		if d.Text("form > .dialog-body") != "Inside." || d.Text(".segments [aria-current]") != "One" {
			t.Errorf("modal %v: the body is not in the form, or the steps are missing", modal)
		}
	}
}

// A dialog over an unchanged page closes without loading it again.
func TestDialogUnchanged(t *testing.T) {
	d := render(t, components.Dialog(components.DialogView{ID: "d", Title: "T", Close: "/", Modal: true}))
	if d.One("dialog").HasAttr("data-changed") {
		t.Error("it says that something changed")
	}
}
