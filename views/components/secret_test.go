package components_test

import (
	"testing"

	"keydeck/internal/secret"
	"keydeck/views/components"
)

// What is copied is what is stored, to the letter.
func TestSecretIsExact(t *testing.T) {
	for _, value := range []string{
		"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY==",
		`+/=&<>"'`,
		"</code><script>alert(1)</script>",
		"&amp;&lt;&#43;",
		" leading and trailing ",
		"",
	} {
		d := render(t, components.Secret("secret", "Secret", secret.New(value)))
		if got := d.Value("code#secret"); got != value {
			t.Errorf("%q became %q", value, got)
		}
		if d.Has("script") {
			t.Errorf("%q got out of its field", value)
		}
	}
}

func TestSecret(t *testing.T) {
	d := render(t, components.Secret("secret", "Secret", secret.New("abc")))
	box := d.One(".value")
	if d.Text("#"+box.Attr("aria-labelledby")) != "Secret" || box.Attr("role") != "group" {
		t.Errorf("%s has no name", box)
	}
	if eye := box.One(".eye > input"); eye.Attr("type") != "checkbox" || eye.HasAttr("checked") || eye.Attr("aria-label") != "Show Secret" {
		t.Errorf("%s does not show it, or shows it before it is asked for", eye)
	}
	if d.Has("input:not([type=checkbox]), textarea") || d.Has("[name]") {
		t.Error("a form would send the secret, or a browser keep it")
	}
	if d.Attr("code", "translate") != "no" {
		t.Error("a browser may translate the secret")
	}
}

// What is copied of several lines is what is stored, to the letter.
func TestCopyText(t *testing.T) {
	for _, text := range []string{"a = b\nc = d\n", "\n\nbegins with lines", " x ", "&lt;</pre>"} {
		for _, masked := range []bool{true, false} {
			d := render(t, components.CopyText("lines", "Lines", secret.New(text), masked))
			if got := d.Value("pre#lines"); got != text {
				t.Errorf("%q became %q", text, got)
			}
			if d.Has(".eye") != masked {
				t.Errorf("masked: %v, want %v", !masked, masked)
			}
		}
	}
}

func TestCopyField(t *testing.T) {
	const value = `79a59df9+/="<&>'`
	d := render(t, components.CopyField("owner", "Canonical User ID", value))
	if got := d.Value("code#owner"); got != value {
		t.Errorf("%q became %q", value, got)
	}
	button := d.One("button[data-copy]")
	if button.Attr("data-copy") != "#owner" || button.Attr("type") != "button" {
		t.Errorf("%s copies something else, or sends a form", button)
	}
	if got := button.Attr("aria-label"); got != "Copy Canonical User ID" {
		t.Errorf("the button is named %q", got)
	}
	if d.Has(".eye") || !d.Has("button.js-only") {
		t.Error("it is masked, or offers to copy where there is no script")
	}
}
