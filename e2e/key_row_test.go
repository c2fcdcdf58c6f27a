package e2e

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// What keys of the list are found by, and what is asked about them.

// openKeys opens the list of an account's keys.
func openKeys(t testing.TB, c *console, o pageOptions) *page {
	t.Helper()
	p := newPage(t, c, o)
	p.open(keysPage)
	p.see(p.heading("IONOS Object Storage"))
	return p
}

// keyRow is the row of the key with this description.
func (p *page) keyRow(description string) playwright.Locator {
	return p.Locator("[data-key]").Filter(playwright.LocatorFilterOptions{HasText: description})
}

// offered is what a row or its menu offers, by the words that are seen there: the
// name has that of the key besides when there are scripts.
func (p *page) offered(description, words string) playwright.Locator {
	return p.keyRow(description).GetByText(words, playwright.LocatorGetByTextOptions{Exact: playwright.Bool(true)})
}

// more is the button of a row's menu; without scripts, the link to what is in it.
func (p *page) more(description string) playwright.Locator {
	return p.keyRow(description).Locator(".i-more")
}

// choose chooses something of a row's menu.
func (p *page) choose(description, words string) {
	p.t.Helper()
	p.click(p.more(description))
	p.click(p.offered(description, words))
}

// chooseByKey chooses something of a row's menu by the keyboard.
func (p *page) chooseByKey(description, words string) {
	p.t.Helper()
	p.enter(p.more(description))
	p.press("ArrowDown")
	for range 5 {
		found, err := p.offered(description, words).Evaluate("element => element === document.activeElement", nil)
		if check(p.t, err); found == true {
			break
		}
		p.press("ArrowDown")
	}
	p.focused(p.offered(description, words))
	p.press("Enter")
}

func (p *page) toggle(description string) playwright.Locator {
	return p.keyRow(description).GetByRole("switch")
}

func (p *page) toggledOn(description string) {
	p.t.Helper()
	check(p.t, expect.Locator(p.toggle(description)).ToBeChecked())
}

func (p *page) toggledOff(description string) {
	p.t.Helper()
	check(p.t, expect.Locator(p.toggle(description)).Not().ToBeChecked())
}

func (p *page) rows(n int) {
	p.t.Helper()
	check(p.t, expect.Locator(p.Locator("[data-key]")).ToHaveCount(n))
}

// dialogAbout is a dialog whose title goes on with a key.
func (p *page) dialogAbout(title string) playwright.Locator {
	role := playwright.AriaRole("dialog")
	if p.noScript {
		role = "region"
	}
	return p.GetByRole(role, playwright.PageGetByRoleOptions{Name: regexp.MustCompile("^" + title + " ")})
}

func (p *page) notice() playwright.Locator { return p.Locator("#notice") }

// stays marks the page. What it returns wants it to be still the same one:
// with scripts, nothing loads it anew.
func (p *page) stays() func() {
	p.t.Helper()
	if p.noScript {
		return func() {}
	}
	_, err := p.Evaluate(`() => { window.stillHere = true; }`)
	check(p.t, err)
	return func() {
		p.t.Helper()
		if here, err := p.Evaluate(`() => window.stillHere`); here != true {
			p.t.Errorf("the page was loaded anew: %v", err)
		}
	}
}

// focusStays wants the keyboard to go on from the content: there, or at
// something in it.
func (p *page) focusStays() {
	p.t.Helper()
	if !p.noScript {
		p.focused(p.Locator("main:focus, main :focus"))
	}
}

// accessKey is the key with this description, at the API.
func (c *console) accessKey(email, description string) string {
	c.t.Helper()
	for _, key := range c.keysOf(email) {
		if key.Description == description {
			return key.AccessKey
		}
	}
	c.t.Fatalf("%s has no key %q", email, description)
	return ""
}

// userID is the id of a user at the Cloud API.
func (c *console) userID(email string) string {
	c.t.Helper()
	var people struct {
		Items []struct {
			ID         string
			Properties struct{ Email string }
		}
	}
	c.ask(http.MethodGet, "/cloudapi/v6/um/users?depth=1", c.token(owner, time.Hour), nil, &people)
	for _, person := range people.Items {
		if person.Properties.Email == email {
			return person.ID
		}
	}
	c.t.Fatalf("there is no %s", email)
	return ""
}

// activeAtAPI wants the API to have a key active, or not.
func (c *console) activeAtAPI(email, accessKey string, want bool) {
	c.t.Helper()
	var key struct{ Properties struct{ Active bool } }
	path := "/cloudapi/v6/um/users/" + c.userID(email) + "/s3keys/" + accessKey
	c.ask(http.MethodGet, path, c.token(owner, time.Hour), nil, &key)
	if key.Properties.Active != want {
		c.t.Errorf("at the API the key's being active is %v", key.Properties.Active)
	}
}

// toggled wants the API to have been asked that often.
func (c *console) toggled(times int) {
	c.t.Helper()
	if asked := c.requests(http.MethodPut, "/cloudapi/v6"); len(asked) != times {
		c.t.Errorf("the API was asked %v, want %d", asked, times)
	}
}

// failToggle has the next toggle of a key fail.
func (c *console) failToggle(accessKey, message string) {
	c.t.Helper()
	c.control(http.MethodPost, "/_sandbox/keys/"+accessKey, map[string]string{"toggle": "fail", "message": message}, nil)
}

// dropKey has a key be gone, without anybody here knowing.
func (c *console) dropKey(accessKey string) {
	c.t.Helper()
	c.control(http.MethodDelete, "/_sandbox/keys/"+accessKey, nil, nil)
}

// keysAtAPI wants that many keys there.
func (c *console) keysAtAPI(email string, want int) {
	c.t.Helper()
	if keys := c.keysOf(email); len(keys) != want {
		c.t.Errorf("the API has %v", keys)
	}
}
