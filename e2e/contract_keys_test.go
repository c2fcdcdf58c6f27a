package e2e

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"keydeck/internal/keyreport"
)

// TestReview: the keys of all, in two clicks as a file; those that are old and for
// user-owned buckets only, found by the numbers and the filters, as a file as well; then
// one of them is deactivated.
func TestReview(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: owner, noScript: noScript})
		p.open("/users")
		p.click(p.tab("Keys"))
		p.see(p.link("Read again"))
		rows, err := p.Locator("tbody tr").Count()
		check(t, err)
		if got := len(p.downloadsKeys()); got != rows {
			t.Errorf("the file has %d keys, the page %d", got, rows)
		}
		p.click(p.Locator(".tiles").GetByText("User-owned buckets only"))
		check(t, expect.Locator(p.Locator("tbody tr")).ToHaveCount(2))
		p.click(p.Locator(".chips").GetByText("Active"))
		check(t, expect.Locator(p.Locator("tbody tr")).ToHaveCount(1))
		p.says(p.Locator("tbody tr"), "Rafael Echeverría")
		if got := p.downloadsKeys(); len(got) != 1 || got[0][0] != full || got[0][12] != "user-owned buckets only" {
			t.Errorf("the file has %v", got)
		}
		p.click(p.Locator(".chips [aria-current]").GetByText("Active"))
		check(t, expect.Locator(p.Locator("tbody tr")).ToHaveCount(2))
		p.click(p.Locator(".chips").GetByText("Older than 90 days"))
		p.see(p.Locator(".chips [aria-current]").GetByText("Older than 90 days"))
		p.click(p.Locator("tr:has-text('Rafael Echeverría') input"))
		p.expect(http.StatusUnprocessableEntity)
		p.click(p.button("Deactivate"))
		p.click(p.button("Deactivate 1 key"))
		p.changed(1)
		p.click(p.Locator("tbody").GetByText("Rafael Echeverría"))
		p.at("/users/" + c.userID(full) + "/object-storage-keys")
	})
}

// tab is a tab of Users & Groups.
func (p *page) tab(name string) playwright.Locator {
	return p.Locator(".tabs").GetByText(name, playwright.LocatorGetByTextOptions{Exact: playwright.Bool(true)})
}

// downloadsKeys downloads the list as it is filtered, and returns the records.
func (p *page) downloadsKeys() [][]string {
	p.t.Helper()
	name, content := p.download(func() error { return p.link("Download CSV").Click() })
	records, err := csv.NewReader(strings.NewReader(content)).ReadAll()
	check(p.t, err)
	if !strings.HasPrefix(name, "object-storage-keys-31718824-") || len(records) == 0 || len(records[0]) != len(keyreport.CSVHeader) {
		p.t.Fatalf("%s holds %q", name, content)
	}
	return records[1:]
}

// TestContractKeysProgress: the list fills while it is read, and can be stopped and
// searched meanwhile.
func TestContractKeysProgress(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t, users(60))
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		c.fault(fault{Path: "/cloudapi/v6/um/users/", Method: http.MethodGet, Delay: "900ms", Times: 1000})
		p.open("/contract/keys")
		p.see(p.Locator("progress"))
		p.click(p.link("Stop"))
		p.see(p.link("Go on"))
		p.says(p.Locator("#rows [role=status]"), "users")
		c.healFaults()
		p.click(p.link("Go on"))
		p.see(p.link("Read again"))
		p.gone(p.Locator("progress"))
		p.fill("Search", "echeverria")
		if noScript {
			p.click(p.button("Search"))
		}
		check(t, expect.Locator(p.Locator("tbody tr")).ToHaveCount(5))
	})
}

// TestReviewByKeyboard touches nothing but keys.
func TestReviewByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{as: admin})
	p.open("/users")
	p.tabTo(p.tab("Keys"))
	p.press("Enter")
	p.see(p.link("Read again"))
	p.tabTo(p.Locator(".tiles").GetByText("User-owned buckets only"))
	p.press("Enter")
	check(t, expect.Locator(p.Locator("tbody tr")).ToHaveCount(2))
	p.tabTo(p.field("Search"))
	p.typed("rafael")
	check(t, expect.Locator(p.Locator("tbody tr")).ToHaveCount(1))
	p.focused(p.field("Search"))
	p.tabTo(p.link("Read again"))
	p.press("Enter")
	check(t, expect.Locator(p.Locator("tbody tr")).ToHaveCount(1))
}
