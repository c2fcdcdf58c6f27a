package components_test

import (
	"strings"
	"testing"

	"keydeck/internal/keys"
	"keydeck/views/components"
)

// What is copied is what is stored, to the letter.
func TestSecretIsExact(t *testing.T) {
	for _, value := range []string{
		"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY==",
		`+/=&<>"'`,
		"</textarea><script>alert(1)</script>",
		"&amp;&lt;&#43;",
		" leading and trailing ",
		"",
	} {
		d := render(t, components.Secret("secret", "Secret", keys.NewSecret(value)))
		if got := d.Value("textarea#secret"); got != value {
			t.Errorf("%q became %q", value, got)
		}
		if d.Has("script") {
			t.Errorf("%q got out of its field", value)
		}
	}
}

func TestSecretField(t *testing.T) {
	d := render(t, components.Secret("secret", "Secret", keys.NewSecret("abc")))
	field := d.One("textarea#secret")
	if !field.HasAttr("readonly") {
		t.Errorf("%s can be written into", field)
	}
	if field.HasAttr("name") {
		t.Error("a form would send the secret")
	}
	for name, want := range map[string]string{"autocomplete": "off", "spellcheck": "false"} {
		if got := field.Attr(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(field.Attr("class"), "secret-value") {
		t.Error("nothing masks it")
	}
	if d.Has(`[type="password"]`) {
		t.Error("from a password field nothing can be copied")
	}
	if d.Text(`label[for="secret"]`) != "Secret" || d.Text("label.check") != "Show Secret" {
		t.Error("the field or its Show has no name of its own")
	}
	if d.Has(".secret-show[checked]") {
		t.Error("it is shown before it is asked for")
	}
}

func TestCopyField(t *testing.T) {
	const value = `79a59df9+/="<&>'`
	d := render(t, components.CopyField("owner", "Canonical User ID", value))
	if got := d.Value("textarea#owner[readonly]"); got != value {
		t.Errorf("%q became %q", value, got)
	}
	if d.One("textarea").HasAttr("name") {
		t.Error("a form would send the value")
	}
	button := d.One("button[data-copy]")
	if button.Attr("data-copy") != "#owner" || button.Attr("type") != "button" {
		t.Errorf("%s copies something else, or sends a form", button)
	}
	if got := button.One(".copy-label").Text(); got != "Copy Canonical User ID" {
		t.Errorf("the button is named %q", got)
	}
}

// A browser that cannot fit a field to its value shows the whole of it too.
func TestRows(t *testing.T) {
	for length, want := range map[int]string{0: "1", 1: "1", 44: "1", 45: "2", 92: "3"} {
		d := render(t, components.CopyField("key", "Key", strings.Repeat("x", length)))
		if got := d.Attr("textarea", "rows"); got != want {
			t.Errorf("%d characters get %s rows, want %s", length, got, want)
		}
	}
}

func TestCopyButton(t *testing.T) {
	d := render(t, components.CopyField("key", "Key", "abc"))
	button := d.One(".copy > button")
	if got := button.One(".copy-done").Text(); got != "Copied" {
		t.Errorf("it says %q afterwards", got)
	}
	if d.Text(`[role="status"]`) != "" {
		t.Error("it says something before it is pressed")
	}
	if d.Attr(".copy-done", "aria-hidden") != "true" {
		t.Error("its name holds what it has not done")
	}
}
