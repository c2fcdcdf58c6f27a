package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// askToDescribe opens the dialog, which has the description as it is.
func (p *page) askToDescribe(of string) {
	p.t.Helper()
	p.choose(of, "Edit description")
	p.see(p.dialog("Edit description"))
	check(p.t, expect.Locator(p.field(description)).ToHaveValue(of))
}

// isDescribed: the row and the API have it.
func (p *page) isDescribed(was, is string) {
	p.t.Helper()
	p.at(keysPage)
	p.noDialog()
	p.see(p.keyRow(is))
	p.gone(p.keyRow(was))
	p.rows(5)
	p.says(p.notice(), "was changed")
	p.focusStays()
	p.console.accessKey(full, is)
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	for name, is := range map[string]string{
		"another":    "NAS in the cellar",
		"markup":     `<img src=x onerror=alert(1)> "&amp;" </td>`,
		"as many as": strings.Repeat("ö", 255),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, noScript bool) {
				p := openKeys(t, startConsole(t), pageOptions{as: full, noScript: noScript})
				stays := p.stays()
				p.askToDescribe(veeam)
				p.fill(description, is)
				p.click(p.button("Save"))
				p.isDescribed(veeam, is)
				stays()
				p.askToDescribe(is)
			})
		})
	}
}

func TestDescribeByKeyboard(t *testing.T) {
	t.Parallel()
	p := openKeys(t, startConsole(t), pageOptions{as: full})
	stays := p.stays()
	p.tabTo(p.more(veeam))
	p.chooseByKey(veeam, "Edit description")
	p.focused(p.field(description))
	p.press("Escape")
	p.noDialog()
	p.at(keysPage)
	p.focused(p.more(veeam))
	p.chooseByKey(veeam, "Edit description")
	p.focused(p.field(description))
	p.press("ControlOrMeta+a")
	p.typed("by hand")
	p.press("Enter")
	p.isDescribed(veeam, "by hand")
	p.focused(p.more("by hand"))
	stays()
}

// TestDescribeRefused: what was typed stays, and nothing changes.
func TestDescribeRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ typed, says string }{
		"too long":                 {strings.Repeat("ö", 256), "more than 255 characters"},
		"with a control character": {"bell\aand <b>tab</b>", "control characters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, noScript bool) {
				c := startConsole(t)
				p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
				p.askToDescribe(veeam)
				_, err := p.field(description).Evaluate("field => field.removeAttribute('maxlength')", nil)
				check(t, err)
				p.fill(description, tt.typed)
				p.expect(http.StatusUnprocessableEntity)
				p.click(p.button("Save"))
				p.says(p.dialog("Edit description").Locator(".error"), tt.says)
				p.focused(p.dialog("Edit description").Locator(`[aria-invalid="true"]`))
				check(t, expect.Locator(p.field(description)).ToHaveValue(tt.typed))
				c.accessKey(full, veeam)
				p.fill(description, "better")
				p.click(p.button("Save"))
				p.isDescribed(veeam, "better")
			})
		})
	}
}

// TestDescribeDeletedKey: more cannot be typed.
func TestDescribeDeletedKey(t *testing.T) {
	t.Parallel()
	p := openKeys(t, startConsole(t), pageOptions{as: full})
	p.askToDescribe(veeam)
	p.fill(description, strings.Repeat("x", 254))
	p.press("End")
	p.typed("yz")
	check(t, expect.Locator(p.field(description)).ToHaveValue(strings.Repeat("x", 254)+"y"))
}
