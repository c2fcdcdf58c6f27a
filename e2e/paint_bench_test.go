package e2e

import (
	"slices"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// benched are the pages that are measured, and what is awaited on each.
var benched = map[string]struct{ as, path, awaited string }{
	"Key management":      {full, keysPage, "[data-key]"},
	"Users":               {admin, "/users", "[data-user]"},
	"Groups":              {admin, "/groups", "tbody tr"},
	"Generate a key":      {member, newKey, ".dialog"},
	"Sign in":             {"", "/sign-in", "#email"},
	"Object Storage Keys": {admin, "", "[data-key]"}, // of a user, whose id is asked for
}

// BenchmarkPaint measures in the browser, cold and warm, the median of nine:
// when something is painted, and when what the page is about is there.
func BenchmarkPaint(b *testing.B) {
	const looks = 9
	for name, at := range benched {
		for _, warm := range []bool{false, true} {
			b.Run(name+map[bool]string{false: "/cold", true: "/warm"}[warm], func(b *testing.B) {
				c := startConsole(b)
				if at.path == "" {
					at.path = "/users/" + c.userID(full) + "/object-storage-keys"
				}
				var painted, there []float64
				var p *page
				for i := range looks {
					if i == 0 || !warm {
						p = newPage(b, c, pageOptions{as: at.as, still: true})
					}
					if i == 0 && warm {
						p.open(at.path)
					}
					p.open(at.path)
					fcp, key := p.paintTimes(at.awaited)
					painted, there = append(painted, fcp), append(there, key)
				}
				slices.Sort(painted)
				slices.Sort(there)
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(painted[looks/2], "ms-to-paint")
				b.ReportMetric(there[looks/2], "ms-to-content")
			})
		}
	}
}

// paintTimes tells when the page was first painted, and when an element of it
// was, by which all of it is: in milliseconds since it was asked for.
func (p *page) paintTimes(selector string) (painted, there float64) {
	p.t.Helper()
	check(p.t, p.Locator(selector).First().WaitFor())
	times, err := p.Evaluate(`async () => {
		const entry = () => performance.getEntriesByName('first-contentful-paint')[0];
		while (!entry()) await new Promise((resolve) => requestAnimationFrame(resolve));
		const load = performance.getEntriesByType('navigation')[0];
		return [entry().startTime, Math.max(entry().startTime, load.domContentLoadedEventEnd)];
	}`)
	check(p.t, err)
	pair := times.([]any)
	return number(pair[0]), number(pair[1])
}

func number(of any) float64 {
	switch n := of.(type) {
	case float64:
		return n
	case int:
		return float64(n)
	default:
		return 0
	}
}

// BenchmarkWeight tells what each page takes over the wire, cold and warm, with
// the tab's icon.
func BenchmarkWeight(b *testing.B) {
	for name, at := range benched {
		b.Run(name, func(b *testing.B) {
			c := startConsole(b)
			if at.path == "" {
				at.path = "/users/" + c.userID(full) + "/object-storage-keys"
			}
			p := newPage(b, c, pageOptions{as: at.as})
			p.open(at.path)
			coldBytes, coldRequests := p.weighed()
			p.open(at.path)
			warmBytes, warmRequests := p.weighed()
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(coldBytes, "B-cold")
			b.ReportMetric(coldRequests, "requests-cold")
			b.ReportMetric(warmBytes, "B-warm")
			b.ReportMetric(warmRequests, "requests-warm")
		})
	}
}

// weighed waits for the page to be whole and gives what it took since the last
// time.
func (p *page) weighed() (bytes, requests float64) {
	p.t.Helper()
	check(p.t, p.WaitForLoadState(playwright.PageWaitForLoadStateOptions{State: playwright.LoadStateNetworkidle}))
	check(p.t, p.weight.check())
	p.weight.mu.Lock()
	defer p.weight.mu.Unlock()
	for _, l := range p.weight.loads {
		if l.bytes > 0 {
			bytes += l.bytes
			requests++
		}
	}
	p.weight.loads = nil
	return bytes, requests
}
