package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"keydeck/internal/htmltest"
)

const (
	owner  = "owner@keydeck.example"
	admin  = "admin@keydeck.example"
	member = "member@keydeck.example"

	memberName = "Amara Okafor"
	guest      = "guest@keydeck.example"
)

// userID finds a user's id, as the token of an owner does.
func (c *console) userID(email string) string {
	c.t.Helper()
	var list struct {
		Items []struct {
			ID         string
			Properties struct{ Email string }
		}
	}
	c.api("/cloudapi/v6/um/users?depth=1", &list)
	for _, item := range list.Items {
		if item.Properties.Email == email {
			return item.ID
		}
	}
	c.t.Fatalf("no user %s", email)
	return ""
}

// groupID finds a group's id by its name.
func (c *console) groupID(name string) string {
	c.t.Helper()
	var list struct {
		Items []struct {
			ID         string
			Properties struct{ Name string }
		}
	}
	c.api("/cloudapi/v6/um/groups?depth=1", &list)
	for _, item := range list.Items {
		if item.Properties.Name == name {
			return item.ID
		}
	}
	c.t.Fatalf("no group %s", name)
	return ""
}

// api asks the sandbox itself, as the owner.
func (c *console) api(path string, out any) {
	c.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://apis.test"+path, nil)
	r.Header.Set("Authorization", "Bearer "+c.token(owner, time.Hour))
	recorder := httptest.NewRecorder()
	c.sandbox.ServeHTTP(recorder, r)
	if err := json.Unmarshal(recorder.Body.Bytes(), out); err != nil || recorder.Code != http.StatusOK {
		c.t.Fatalf("%s: %d %v", path, recorder.Code, err)
	}
	c.asked()
}

func (c *console) keysOf(email string) string {
	return "/users/" + c.userID(email) + "/object-storage-keys"
}

// TestWhoMaySeeWhat: each role at each address. Who may not is refused before
// any API is asked.
func TestWhoMaySeeWhat(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	id, group := c.userID(full), c.groupID("Storage Team")
	userKeys := "/users/" + id + "/object-storage-keys"
	key := userKeys + "/" + fullsKey
	addresses := []struct {
		method, path string
		allowed      int // for those who manage others
	}{
		{"GET", "/users", 200}, {"GET", "/users?q=a", 200}, {"GET", "/users/" + id, 200}, {"GET", "/users/key-counts?id=" + id, 200}, {"GET", "/users/key-counts?id=%3Cb%3E", 422},
		{"GET", userKeys, 200}, {"GET", userKeys + "/new", 200}, {"POST", userKeys, 422},
		{"GET", key, 200}, {"GET", key + "/key-pair.csv", 200},
		{"GET", key + "/deactivate", 200}, {"POST", key + "/deactivate", 303}, {"POST", key + "/activate", 303},
		{"GET", key + "/delete", 200}, {"POST", key + "/delete", 422},
		{"GET", key + "/rotate", 200}, {"POST", key + "/rotate", 422}, {"GET", key + "/handover", 200},
		{"GET", "/groups", 200}, {"GET", "/groups/" + group, 200}, {"GET", "/groups/member-counts?id=" + group, 200},
		{"GET", "/contract/keys", 200}, {"GET", "/contract/keys?older=0", 422}, {"GET", "/contract/keys.csv", 200}, {"GET", "/contract/keys.json?owner=me", 422},
		{"GET", "/key-owner", 200}, {"GET", "/key-owner?key=" + fullsKey, 200},
		{"GET", "/users/nobody", 404}, {"GET", "/users/" + strings.Repeat("0", 36), 404}, {"GET", "/users/%3Cb%3E", 404},
		{"GET", "/groups/nobody", 404}, {"GET", "/users/" + strings.Repeat("0", 36) + "/object-storage-keys", 404},
		{"GET", userKeys + "/0123456789abcdef0123", 404}, {"GET", userKeys + "/not%20a%20key", 404},
		// What the Cloud API cannot do is at no address.
		{"GET", key + "/renew", 404}, {"GET", key + "/description", 404},
	}
	for _, email := range []string{owner, admin, member, full, guest, twofa, ""} {
		b := c.browser()
		if email != "" {
			b = c.as(email)
		}
		for _, a := range addresses {
			want := a.allowed
			switch {
			case email == "":
				want = http.StatusSeeOther
			case email != owner && email != admin && want != http.StatusNotFound:
				want = http.StatusForbidden
			}
			r := httptest.NewRequest(a.method, a.path, strings.NewReader(""))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			answer := b.do(r)
			asked := c.asked()
			// At addresses that are none, it does not matter who asks.
			hidden := a.allowed == http.StatusNotFound && answer.status == http.StatusForbidden && want == http.StatusNotFound
			unknown := email == "" && answer.status == http.StatusNotFound
			if answer.status != want && !hidden && !unknown {
				t.Errorf("%s: %s %s: %d, want %d", email, a.method, a.path, answer.status, want)
			}
			if answer.status == http.StatusForbidden && len(asked) > 0 || email == "" && len(asked) > 0 {
				t.Errorf("%s: %s %s asked %v", email, a.method, a.path, asked)
			}
			if answer.status == http.StatusForbidden && !strings.Contains(answer.doc(t).Text("main"), "owners and administrators") {
				t.Errorf("%s: %s: %s", email, a.path, answer.doc(t).Text("main"))
			}
		}
	}
}

func TestOnlyThoseWhoMaySeeTheMenu(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	for email, want := range map[string]bool{owner: true, admin: true, member: false, guest: false} {
		if got := c.signIn(email).get(keysPage).doc(t).Has(".menu a[href='/users']"); got != want {
			t.Errorf("%s: %v", email, got)
		}
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	answer := b.get("/users")
	page := answer.doc(t)
	if asked := c.asked(); len(asked) != 3 {
		t.Errorf("asked %v", asked)
	}
	htmltest.Sound(t, page)
	htmltest.NoInline(t, page)
	for email, want := range map[string]string{
		owner: "As owner", admin: "As administrator", full: "Storage Team, Backup Operators",
		member: "Storage Team", guest: "Not permitted",
	} {
		row := page.One("tr:contains('" + email + "')")
		if got := row.One("td:not(:last-child)").Text(); got != want {
			t.Errorf("%s: %s, want %s", email, got, want)
		}
		if role := email == owner || email == admin; row.Has(".badge") != role {
			t.Errorf("%s: a badge for the role: %v, want %v", email, !role, role)
		}
	}
	id, other := c.userID(full), c.userID(guest)
	counts := b.get("/users/key-counts?id=" + id + "&id=" + other).body
	if !strings.Contains(counts, "0\t5 keys, 4 active\t\n") || !strings.Contains(counts, "1\tNo keys\t\n") {
		t.Errorf("the counts are %q", counts)
	}
}

func TestSearchUsers(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	queries := map[string]int{
		"?q=echeverria": 1, "?q=rafael+ECHEVERR%C3%8DA": 1,
		"?q=amara": 1, "?q=OKAFOR+amara": 1, "?q=member@": 1, "?q=%3Cscript%3E": 0, "?q=" + strings.Repeat("x", 3000): 0,
		"?q=%ff": 12, "?q=halvorsen": 1, "?page=2": 0, "?page=-1": 12, "?page=99999999999": 0, "?sort=nonsense": 12, "?sort=-name": 12,
	}
	c.asked()
	for query, want := range queries {
		page := b.get("/users" + query).doc(t)
		if got := page.Count("[data-user]"); got != want {
			t.Errorf("%.30q finds %d: %s", query, got, page.Text("#rows"))
		}
	}
	sorted := b.get("/users?sort=email").doc(t)
	if first := sorted.Text("tbody tr:first-child"); !strings.Contains(first, admin) {
		t.Errorf("by e-mail, the first is %s", first)
	}
	// One call for each page, which is the page or checks the permission, and
	// one to read all users.
	if got, want := count(c.asked(), "GET /cloudapi/v6/um/users"), len(queries)+1+1; got != want {
		t.Errorf("the users were listed %d times, want %d", got, want)
	}
}

// TestSearchUsersByID finds a user by each id that the pages show, whole and in
// part, and leads from an access key to the search for its owner.
func TestSearchUsersByID(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	id, tab := c.userID(full), b.get(c.keysOf(full)).doc(t)
	canonical, contract := tab.Text("#canonical-user-id"), tab.Text("#contract-user-id")
	for name, query := range map[string]string{
		"user id": id, "user id in capitals": strings.ToUpper(id), "part of a user id": id[:8],
		"Canonical User ID": canonical, "end of a Canonical User ID": canonical[len(canonical)-12:], "Contract User ID": contract,
	} {
		t.Run(name, func(t *testing.T) {
			page := b.get("/users?" + url.Values{"q": {query}}.Encode()).doc(t)
			if page.Count("[data-user]") != 1 || !strings.Contains(page.Text("[data-user]"), full) {
				t.Errorf("%q finds %s", query, page.Text("#rows"))
			}
		})
	}
	page := b.get("/users?q=" + fullsKey).doc(t)
	if got, want := page.Attr("#rows a", "href"), "/key-owner?key="+fullsKey; got != want {
		t.Errorf("a key leads to %q, want %q", got, want)
	}
}

// TestNamesAreText, whatever they hold.
func TestNamesAreText(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	id := c.userID(full)
	long := strings.Repeat("W", 200)
	body, _ := json.Marshal(map[string]any{"firstname": "<b>\u202eOla", "lastname": `=1+1"'` + long})
	c.control(http.MethodPost, "users/"+id, string(body))
	b := c.signIn(admin)
	for _, address := range []string{"/users", "/users?q=Ola", "/users/" + id, "/users/" + id + "/object-storage-keys", "/groups/" + c.groupID("Storage Team")} {
		page := b.get(address).doc(t)
		if !strings.Contains(page.Text("main"), "<b>\u202eOla =1+1\"'"+long) || page.Has("main b") {
			t.Errorf("%s: %.200s", address, page.Text("main"))
		}
		htmltest.Sound(t, page)
	}
}

func TestUserAndGroup(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(owner)
	for email, want := range map[string]string{
		owner: "as the owner", admin: "as an administrator", member: "through Storage Team", guest: "no group of this user gives Use Object Storage",
	} {
		address := "/users/" + c.userID(email)
		page := b.get(address).doc(t)
		if !strings.Contains(page.Text("main"), want) || !strings.Contains(page.Text("main"), email) {
			t.Errorf("%s: %s", email, page.Text("main"))
		}
		htmltest.Sound(t, page)
	}
	groups := b.get("/groups").doc(t)
	if groups.Count("[data-group]") != 4 || !strings.Contains(groups.Text("tr:contains('Storage Team')"), "Use Object Storage") {
		t.Errorf("the groups are %s", groups.Text("main"))
	}
	group := c.groupID("Network Engineering")
	if page := b.get("/groups/" + group).doc(t); !strings.Contains(page.Text("main"), "does not give") || !strings.Contains(page.Text("main"), guest) {
		t.Errorf("the group is %s", page.Text("main"))
	}
	if got := b.get("/groups/member-counts?id=" + group).body; !strings.HasPrefix(got, "0\t") || strings.Contains(got, "\t0\t") {
		t.Errorf("the members are %q", got)
	}
}

// TestUnknownIsNotNone: what could not be read takes no privilege from anybody.
func TestUnknownIsNotNone(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]string{
		"groups": `{"path":"/cloudapi/v6/um/groups","times":9,"status":500}`, "contract": `{"path":"/cloudapi/v6/contracts","times":9,"status":500}`,
	} {
		c := newConsole(t)
		b := c.signIn(admin)
		c.fault(fault)
		page := b.get("/users").doc(t)
		if row := page.Text("tr:contains('" + guest + "')"); !strings.Contains(row, "Unknown") {
			t.Errorf("without the %s, the guest's row says %s", name, row)
		}
		if row := page.Text("tr:contains('" + admin + "')"); !strings.Contains(row, "administrator") {
			t.Errorf("without the %s, the administrator's row says %s", name, row)
		}
	}
}

func TestCountingMeetsTheLimit(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	id := c.userID(full)
	address := "/users/key-counts?id=" + id
	c.fault(`{"path":"/cloudapi/v6/um/users","times":1,"status":429,"headers":{"Retry-After":"3600"}}`)
	if got := b.get(address).body; got != "0\twaiting\t3600\n" {
		t.Errorf("throttled, it says %q", got)
	}
	c.fault(`{"path":"/cloudapi/v6/um/users","times":1,"status":500}`)
	if got := b.get(address).body; got != "0\tunknown\t\n" {
		t.Errorf("failing, it says %q", got)
	}
	if got := b.get("/users/key-counts?" + strings.Repeat("id="+id+"&", 101)).status; got != http.StatusUnprocessableEntity {
		t.Errorf("too many at once: %d", got)
	}
}

// TestManyMembers are paged, and counted up to a page of the API.
func TestManyMembers(t *testing.T) {
	t.Parallel()
	c := newConsoleOf(t, 700)
	b := c.signIn(admin)
	group := c.groupID("Storage Team")
	if got := b.get("/groups/member-counts?id=" + group).body; got != "0\t100 or more\t\n" {
		t.Errorf("the count is %q", got)
	}
	page := b.get("/groups/" + group + "?page=2").doc(t)
	if page.Count("tbody tr") != 20 || page.Attr("a[rel=next]", "href") != "/groups/"+group+"?page=3#members" || !page.Has("a[rel=prev]") {
		t.Errorf("the second page has %d", page.Count("tbody tr"))
	}
	if text := b.get("/groups/" + group + "?page=99").doc(t).Text("main"); !strings.Contains(text, "No members on this page") {
		t.Errorf("the last page says %s", text)
	}
}
