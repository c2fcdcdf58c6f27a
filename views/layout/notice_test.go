package layout_test

import (
	"strings"
	"testing"

	"keydeck/internal/htmltest"
	"keydeck/views/layout"
)

func notice(t *testing.T, notices ...layout.Notice) *htmltest.Doc {
	t.Helper()
	var out strings.Builder
	if err := layout.NoticeArea(notices).Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	d := htmltest.Parse(t, out.String())
	htmltest.NoInline(t, d)
	htmltest.SoundPart(t, d)
	return d
}

func TestNoticeRole(t *testing.T) {
	for kind, role := range map[string]string{
		"success": "status", "info": "status", "warning": "status", "error": "alert",
	} {
		d := notice(t, layout.Notice{Kind: kind, Title: "What", Text: "Why."})
		if got := d.Attr("#notice[data-notice]", "role"); got != role {
			t.Errorf("%s: role is %q, want %q", kind, got, role)
		}
		if d.Text(".message-"+kind+" .message-title") != "What" || d.Text(".message-title + p") != "Why." {
			t.Errorf("%s: it says %q", kind, d.Text("#notice"))
		}
	}
	if d := notice(t); d.Attr("#notice", "role") != "status" || d.Has("#notice *") {
		t.Error("without a notice there is something")
	}
}

func TestNoticeWhole(t *testing.T) {
	d := notice(t, layout.Notice{
		Kind: "error", Title: "No <answer>", Text: "Later.", RequestID: "01J&ABC", RetryHref: "/keys",
	})
	for selector, want := range map[string]string{
		".message-title": "No <answer>", ".message-title + p": "Later.", `a[href="/keys"]`: "Try again",
		".message-id": "Request 01J&ABC", "code": "01J&ABC",
	} {
		if got := d.Text(selector); got != want {
			t.Errorf("%s says %q, want %q", selector, got, want)
		}
	}
}
