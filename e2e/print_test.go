package e2e

import (
	"regexp"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// TestPrint: what people put into a safe is the pair, whose it is and where it
// works, on one page, from the dialog and from the page alike.
func TestPrint(t *testing.T) {
	t.Parallel()
	for name, byAddress := range map[string]bool{"dialog": false, "page": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: full, dark: true})
			p.open(keysPage)
			if byAddress {
				p.open(keyAddress(c, full, 1))
			} else {
				p.click(p.offered(ci, "Copy key"))
				p.see(p.dialog("Copy key"))
			}
			pair := p.shownPair()
			check(t, p.EmulateMedia(playwright.PageEmulateMediaOptions{Media: playwright.MediaPrint}))
			p.screenshot("print-" + name)
			p.onPaper(pair.key, pair.secret, full, "Endpoints", strings.TrimPrefix(c.app.StorageURL(), "http://"), "Berlin")
			paper, err := p.PDF(playwright.PagePdfOptions{Format: playwright.String("A4")})
			check(t, err)
			if pages := len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(paper, -1)); pages != 1 {
				t.Errorf("it takes %d pages", pages)
			}
		})
	}
}

// onPaper wants these texts on paper, and nothing that is to be pressed.
func (p *page) onPaper(texts ...string) {
	p.t.Helper()
	seen, err := p.Evaluate(`() => {
		const values = [...document.querySelectorAll('textarea')].filter((field) => field.checkVisibility())
			.map((field) => field.value);
		return document.body.innerText + '\n' + values.join('\n');
	}`)
	check(p.t, err)
	for _, text := range texts {
		if !strings.Contains(seen.(string), text) {
			p.t.Errorf("a text of %d characters is not on the paper", len(text))
		}
	}
	for _, not := range []string{"Sign out", "Close", "Show", "Download", "Theme", "Access keys", "Regions and endpoints", "Test key", "rclone"} {
		if strings.Contains(seen.(string), not) {
			p.t.Errorf("%q is on the paper", not)
		}
	}
	masked, err := p.Locator("#secret").Evaluate("field => getComputedStyle(field).webkitTextSecurity", nil)
	if check(p.t, err); masked != "none" {
		p.t.Errorf("the secret is masked: %v", masked)
	}
}
