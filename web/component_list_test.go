package web_test

import (
	"net/http"
	"testing"

	"keydeck/web"
)

// TestComponents: those who build the console see what there is, and nobody
// else does.
func TestComponents(t *testing.T) {
	t.Parallel()
	b := newConsole(t).browser()
	page := b.get("/_components").doc(t)
	for _, part := range []string{
		".button-primary", ".button-danger", ".button:disabled", "[aria-busy=true]", "[aria-invalid=true]", ".value",
		".eye", ".message-error", ".badge-danger", ".meter", ".empty", "table", ".tabs", ".steps", ".results", ".segments",
		".menu", ".skeleton", ".panel-foot", ".facts", "progress", "[aria-sort]", ".switch",
	} {
		if !page.Has("main " + part) {
			t.Errorf("no %s is shown", part)
		}
	}
	if !b.get("/_components?dialog=yes", htmx).doc(t).Has("dialog") || !b.get("/_components?dialog=yes").doc(t).Has("section.dialog") {
		t.Error("no dialog is shown")
	}
	if b.get("/_components?notice=success").doc(t).Text("#notice form button") != "Undo" {
		t.Error("no notice with Undo is shown")
	}
	if sent := b.post("/_components", nil); sent.header.Get("Location") != "/_components" {
		t.Errorf("a form leads to %q", sent.header.Get("Location"))
	}
	real := newConsole(t, func(cfg *web.Config) { cfg.Sandbox = false }).browser()
	if got := real.get("/_components").status; got != http.StatusNotFound {
		t.Errorf("outside the sandbox: %d", got)
	}
}
