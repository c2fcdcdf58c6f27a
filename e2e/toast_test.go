package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// covered are the enabled controls of a page that lie under its notice, wherever the
// page is scrolled to.
const covered = `() => {
	const notice = document.getElementById('notice');
	const found = [];
	for (const control of document.querySelectorAll('a, button:not(:disabled), input, textarea, summary, select')) {
		if (notice.contains(control) || !control.checkVisibility()) continue;
		control.scrollIntoView({ block: 'center' });
		const a = control.getBoundingClientRect();
		const b = notice.getBoundingClientRect();
		if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) {
			found.push(control.textContent || control.id);
		}
	}
	return found.join(', ');
}`

// TestNoticeCoversNothing: what a change says first, and what it says at its end, lies
// over no control that can be used.
func TestNoticeCoversNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		as  string
		act func(*page)
	}{
		"deactivated": {full, func(p *page) {
			p.click(p.toggle(veeam))
			p.says(p.notice(), "is being deactivated")
			p.coversNothing()
			p.says(p.notice(), "is deactivated")
		}},
		"by a manager": {owner, func(p *page) { // whose bar has more menus
			p.click(p.toggle("Terraform state"))
			p.says(p.notice(), "is deactivated")
		}},
		"the only row": {twofa, func(p *page) {
			p.choose(photos, "Edit description")
			p.fill("Description (optional)", photos+"s")
			p.click(p.button("Save"))
			p.says(p.notice(), "was changed")
		}},
		"deleted": {full, func(p *page) {
			p.choose(laptop, "Delete")
			p.click(p.button("Delete"))
			p.says(p.notice(), "is being deleted")
			p.coversNothing()
			p.says(p.notice(), "is deleted")
		}},
		"refused": {full, func(p *page) {
			p.console.fault(fault{Method: http.MethodPut, Path: "/cloudapi", Status: http.StatusUnprocessableEntity})
			p.expect(http.StatusUnprocessableEntity)
			p.click(p.toggle(veeam))
			p.says(p.notice(), "refused")
		}},
	} {
		for _, narrow := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, narrow %v", name, narrow), func(t *testing.T) {
				t.Parallel()
				c := startConsole(t, provisioning(time.Second))
				p := openKeys(t, c, pageOptions{as: test.as, narrow: narrow})
				test.act(p)
				p.coversNothing()
			})
		}
	}
}

// coversNothing wants no enabled control to lie under the notice.
func (p *page) coversNothing() {
	p.t.Helper()
	found, err := p.Evaluate(covered)
	check(p.t, err)
	if found != "" {
		p.t.Errorf("the notice covers %v", found)
	}
}

// TestNoticeFollows: the same notice says that a key is being deactivated, and then
// that it is.
func TestNoticeFollows(t *testing.T) {
	t.Parallel()
	c := startConsole(t, provisioning(time.Second))
	p := openKeys(t, c, pageOptions{as: full})
	stays := p.stays()
	check(t, expect.Locator(p.notice()).ToHaveAttribute("role", "status"))
	p.click(p.toggle(veeam))
	p.says(p.notice(), "is being deactivated")
	p.says(p.notice(), "is deactivated")
	check(t, expect.Locator(p.notice()).ToHaveAttribute("role", "status"))
	p.choose(laptop, "Delete")
	p.click(p.button("Delete"))
	p.says(p.notice(), "is being deleted")
	p.says(p.notice(), "is deleted")
	stays()
}

// TestNoticeGoes: after eight seconds, unless the pointer or the focus is on it.
func TestNoticeGoes(t *testing.T) {
	t.Parallel()
	for _, narrow := range []bool{false, true} {
		t.Run(fmt.Sprintf("narrow %v", narrow), func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: full, narrow: narrow})
			check(t, p.Clock().Install())
			p.open(keysPage)
			p.choose(ci, "Edit description")
			p.fill("Description (optional)", "another")
			p.click(p.button("Save"))
			p.says(p.notice(), "was changed")
			check(t, p.notice().Locator(".message").Hover())
			check(t, p.Clock().RunFor(20*1000))
			p.says(p.notice(), "was changed")
			check(t, p.Mouse().Move(1, 1))
			check(t, p.button("Dismiss").Focus())
			check(t, p.Clock().RunFor(20*1000))
			p.says(p.notice(), "was changed")
			check(t, p.main().Focus())
			check(t, p.Clock().RunFor(7*1000))
			p.says(p.notice(), "was changed")
			check(t, p.Clock().RunFor(2*1000))
			check(t, expect.Locator(p.notice()).ToBeEmpty())
			p.focused(p.main())
		})
	}
}

// TestNoticeStays as long as it offers to undo.
func TestNoticeStays(t *testing.T) {
	t.Parallel()
	c := startConsole(t, provisioning(time.Hour))
	p := newPage(t, c, pageOptions{as: full})
	check(t, p.Clock().Install())
	p.open(keysPage)
	p.click(p.toggle(veeam))
	p.see(p.notice().GetByText("Undo"))
	check(t, p.Clock().RunFor(20*1000))
	p.see(p.notice().GetByText("Undo"))
}
