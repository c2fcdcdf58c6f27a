package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/htmltest"
)

const contractKeys = "/contract/keys"

// readAll goes on with the list of all keys until it does not go on by itself.
func (b *browser) readAll(address string) *htmltest.Doc {
	b.console.t.Helper()
	for range 500 {
		page := b.get(address).doc(b.console.t)
		if !page.Has("#rows[hx-get]") {
			return page
		}
		address = page.Attr("#rows", "hx-get")
	}
	b.console.t.Fatal("reading the keys does not end")
	return nil
}

// numbers are the tiles of the list, by their words.
func numbers(page *htmltest.Doc) map[string]string {
	found := map[string]string{}
	for _, tile := range page.All(".tiles > div") {
		found[tile.One("dt").Text()] = tile.One("dd").Text()
	}
	return found
}

// listed counts the lists of keys that were asked for, of a user or of all.
func listed(asked []string, userID string) int {
	n := 0
	for _, line := range asked {
		if strings.HasSuffix(line, userID+"/s3keys") {
			n++
		}
	}
	return n
}

func TestContractKeys(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	page := b.readAll(contractKeys)
	htmltest.Sound(t, page)
	htmltest.NoInline(t, page)
	if page.Text(".tabs [aria-current]") != "Keys" || page.Text("h1") != "Users & Groups" {
		t.Errorf("it is the tab %q of %q", page.Text(".tabs [aria-current]"), page.Text("h1"))
	}
	keys, rows := numbers(page)["Keys"], page.Count("tbody tr")
	if keys != fmt.Sprint(rows) || rows == 0 {
		t.Errorf("%s keys, %d rows", keys, rows)
	}
	for _, tile := range page.All(".tiles > div") {
		found, label := b.readAll(tile.One("a").Attr("href")), tile.One("dt").Text()
		if label != "Users with five keys" && fmt.Sprint(found.Count("tbody tr")) != tile.One("dd").Text() {
			t.Errorf("%s leads to %d rows", label, found.Count("tbody tr"))
		}
	}
	row := page.One("tbody tr:contains('full@keydeck.example'):contains('user-owned buckets only')")
	if row.Attr("data-key") != fullsKey || !row.Has("a[href='"+c.keysOf(full)+"']") || !row.Has(".badge:contains('year')") {
		t.Errorf("a row is %s", row.Text())
	}
	if !strings.Contains(page.Text("main"), "judged by its form") {
		t.Errorf("it does not say how the scope is known: %s", page.Text("main"))
	}
}

// TestContractKeysCalls: one list for each user who can have keys, and none for
// others; a second look costs the check of the permission.
func TestContractKeysCalls(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	b.readAll(contractKeys)
	asked := c.asked()
	if n := listed(asked, ""); n == 0 || n >= 12 {
		t.Errorf("%d lists of keys", n)
	}
	if listed(asked, c.userID(member)) > 0 {
		t.Error("a user without Canonical User ID was asked about")
	}
	c.asked()
	b.readAll(contractKeys + "?state=active")
	c.signIn(owner).readAll(contractKeys)
	if asked := c.asked(); len(asked) != 1 {
		t.Errorf("a look at what has been read asks %v", asked)
	}
}

func TestContractKeysFilters(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	all := b.readAll(contractKeys).Count("tbody tr")
	for query, want := range map[string]int{
		"q=" + fullsKey: 1, "q=echeverria": 5, "q=RAFAEL": 5, "q=" + c.userID(full): 5, "q=%3Cb%3E": 0, "q=" + strings.Repeat("x", 3000): 0,
		"q=full@keydeck.example&state=inactive": 1, "older=3650": 0, "page=2": 0, "sort=owner": all, "sort=-created": all,
	} {
		if page := b.readAll(contractKeys + "?" + query); page.Count("tbody tr") != want {
			t.Errorf("%.40s: %d rows, want %d: %s", query, page.Count("tbody tr"), want, page.Text("#rows"))
		}
	}
	for query, good := range map[string]string{
		"state=on": "active, inactive", "older=0": "from 1 to 3650", "older=3651": "from 1 to 3650", "valid=x": "user-owned, all",
		"owner=x": "no-privilege, deactivated", "sort=x": "created, -created, owner", "page=0": "from 1", "since=x": "Open the list again", "since=-1": "Open the list again",
	} {
		for _, path := range []string{contractKeys, contractKeys + ".csv", contractKeys + ".json"} {
			if answer := b.get(path + "?" + query); answer.status != http.StatusUnprocessableEntity || !strings.Contains(answer.doc(t).Text("main"), good) {
				t.Errorf("%s?%s: %d %s", path, query, answer.status, answer.doc(t).Text("main"))
			}
		}
	}
	active := b.readAll(contractKeys + "?state=active&q=full@").One(".chips [aria-current]")
	if active.Text() != "Active 4" || active.Attr("href") != contractKeys+"?q=full%40" {
		t.Errorf("the chosen filter is %q and leads to %s", active.Text(), active.Attr("href"))
	}
}

// TestContractKeysProgress: what there is so far is shown; it can be stopped and go
// on, without scripts as well.
func TestContractKeysProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsoleOf(t, 60)
		b := c.as(admin)
		c.fault(`{"path":"/cloudapi/v6/um/users/","delay":"400ms","times":1000}`)
		page := b.get(contractKeys).doc(t)
		if !page.Has("#rows[hx-get]") || !page.Has("noscript") || !page.Has("progress") || !page.Has("tbody tr") {
			t.Fatalf("while it is read: %s", page.Text("#rows"))
		}
		stopped := b.get(page.Attr("a:contains('Stop')", "href")).doc(t)
		if stopped.Has("#rows[hx-get]") || stopped.Has("noscript") || !strings.Contains(stopped.Text("#rows [role=status]"), " users have been read.") {
			t.Errorf("stopped: %s", stopped.Text("#rows"))
		}
		if page := b.readAll(stopped.Attr("a:contains('Go on')", "href")); page.Has("progress") || page.Text("#rows a:contains('Read again')") == "" {
			t.Errorf("in the end: %s", page.Text("#rows"))
		}
		c.asked()
		again := b.readAll(contractKeys).Attr("a:contains('Read again')", "href")
		c.clock.Advance(time.Second)
		b.readAll(again)
		if listed(c.asked(), "") == 0 {
			t.Error("Read again reads nothing")
		}
	})
}

// TestContractKeysTrouble: what could not be read is said to be, and who may not
// list users any more sees nothing.
func TestContractKeysTrouble(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault, says string
		status      int
	}{
		"one user":  {`{"path":"/cloudapi/v6/um/users/%s/s3keys","status":500,"times":100}`, "The keys of one user could not be read", 200},
		"all users": {`{"path":"/cloudapi/v6/um/users/","status":503,"times":1000}`, "Reading the keys has stopped", 200},
		"long wait": {`{"path":"/cloudapi/v6/um/users/","status":429,"times":1000,"headers":{"Retry-After":"3600"}}`, "goes on in 3600 seconds", 200},
		"groups":    {`{"path":"/cloudapi/v6/um/groups","status":500,"times":100}`, "Who may use object storage is not known", 200},
		"no users":  {`{"path":"/cloudapi/v6/um/users","status":500,"times":1000}`, "failing", 502},
		"forbidden": {`{"path":"/cloudapi/v6/um/users","status":403,"times":1000}`, "does not allow", 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				users := 0
				if name == "all users" {
					users = 60
				}
				c := newConsoleOf(t, users)
				b := c.as(admin)
				if strings.Contains(tt.fault, "%s") {
					tt.fault = fmt.Sprintf(tt.fault, c.userID(full))
				}
				c.fault(tt.fault)
				answer := b.get(contractKeys)
				for range 20 {
					if page := answer.doc(t); !page.Has("#rows[hx-get]") || strings.Contains(page.Text("main"), tt.says) {
						break
					}
					time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
					answer = b.get(contractKeys)
				}
				page := answer.doc(t)
				if answer.status != tt.status || !strings.Contains(page.Text("main"), tt.says) {
					t.Errorf("%d: %s", answer.status, page.Text("main"))
				}
				if tt.status == http.StatusOK && page.Has("#rows[hx-get]") != (name == "long wait") {
					t.Errorf("goes on by itself: %v", page.Has("#rows[hx-get]"))
				}
				if name == "one user" && !page.Has("tbody tr:contains('"+full+"') .badge:contains('could not be read')") {
					t.Errorf("the user is no row: %s", page.Text("tbody"))
				}
			})
		})
	}
}

// TestContractKeysChanged: a change made here is seen in the list.
func TestContractKeysChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.as(admin)
		state := func() string {
			return b.readAll(contractKeys + "?q=" + fullsKey).Text("tbody .dot")
		}
		if got := state(); got != "Active" {
			t.Fatalf("before: %s", got)
		}
		b.post(c.keysOf(full)+"/"+fullsKey+"/deactivate", url.Values{"confirm": {"yes"}})
		time.Sleep(6 * time.Second) //nolint:forbidigo // the bubble's time
		if got := state(); got != "Deactivated" {
			t.Errorf("after: %s", got)
		}
	})
}

// TestSearchUsersByKey: a part of a key finds its owner among the users once the keys
// have been read, and otherwise leads to where it is searched.
func TestSearchUsersByKey(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	search := func(query string) *htmltest.Doc { return b.get("/users?" + url.Values{"q": {query}}.Encode()).doc(t) }
	if page := search(fullsKey[:8]); page.Has("[data-user]") || !page.Has("a:contains('Find the owner of this key')") {
		t.Errorf("before: %s", page.Text("#rows"))
	}
	b.readAll(contractKeys)
	for _, query := range []string{fullsKey, fullsKey[:8], fullsKey[len(fullsKey)-6:], fullsKey[:8] + "…" + fullsKey[len(fullsKey)-6:]} {
		if page := search(query); page.Count("[data-user]") != 1 || !strings.Contains(page.Text("[data-user]"), full) {
			t.Errorf("%s: %s", query, page.Text("#rows"))
		}
	}
	for name, id := range map[string]string{"user id": c.userID(full), "Contract User ID": "31718824:" + c.userID(full)} {
		if page := search(id); page.Count("[data-user]") != 1 {
			t.Errorf("%s: %s", name, page.Text("#rows"))
		}
	}
}

// TestUserKeysFacts: on a person's tab there are the facts of the list of all keys.
func TestUserKeysFacts(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	page := c.signIn(admin).get(c.keysOf(full)).doc(t)
	if page.Count("tr .badge:contains('user-owned buckets only')") != 1 || !strings.Contains(page.Text("main"), "judged by its form") || !strings.Contains(page.Text("main"), "two-factor") {
		t.Errorf("the tab says %s", page.Text("main"))
	}
}
