package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// each changes every key of a list.
func each(change func(key object)) func(object) any {
	return func(list object) any {
		for _, key := range items(list) {
			change(key.(object))
		}
		return list
	}
}

// property changes a property of every key of a list.
func property(name string, change func(any) any) func(object) any {
	return each(func(key object) {
		properties := key["properties"].(object)
		properties[name] = change(properties[name])
	})
}

func null(any) any { return nil }

// twice repeats the first item of a list.
func twice(list object) any {
	list["items"] = append(items(list)[:1:1], items(list)...)
	return list
}

// stranger is a user that there is not.
const stranger = "99999999-9999-4999-8999-999999999999"

// another adds a key to a list, which change makes another user's.
func another(change func(properties, metadata object)) func(object) any {
	return func(list object) any {
		foreign := clone(items(list)[0].(object))
		properties := foreign["properties"].(object)
		foreign["id"], properties["accessKey"], properties["description"] = "7b0a3c52-1d0e-4f62-8a43-51f3c9a4d2b7", "foreign-key", "foreign"
		change(properties, foreign["metadata"].(object))
		list["items"] = append(items(list), foreign)
		return list
	}
}

func clone(o object) object {
	copied := object{}
	for name, value := range o {
		if inner, nested := value.(object); nested {
			value = clone(inner)
		}
		copied[name] = value
	}
	return copied
}

// sameFacts are rewritings of answers that state the same facts in another way.
func sameFacts() map[string]rewriting {
	asText := func(value any) any { return fmt.Sprint(value) }
	return map[string]rewriting{
		"canonical user id null":         replace("/accesskeys", property("canonicalUserId", null)),
		"canonical user id missing":      replace("/accesskeys", each(func(key object) { delete(key["properties"].(object), "canonicalUserId") })),
		"owner null, made by the person": replace("/accesskeys", property("contractUserId", null)),
		"a key of another user": replace("/accesskeys", another(func(properties, _ object) {
			properties["contractUserId"] = "31718824:" + stranger
		})),
		"a key without owner made by another user": replace("/accesskeys", another(func(properties, metadata object) {
			delete(properties, "contractUserId")
			metadata["createdByUserId"] = stranger
		})),
		"a key twice in the Management API": replace("/accesskeys", twice),
		"a key twice in the Cloud API":      replace("/s3keys", twice),
		"null among the keys":               replace("/accesskeys", func(list object) any { list["items"] = append(items(list), nil); return list }),
		"active as text":                    replace("/s3keys", property("active", asText)),
		"administrative as text": replace("/accesskeys", each(func(key object) {
			key["metadata"].(object)["administrative"] = asText(key["metadata"].(object)["administrative"])
		})),
		"limits as text": replace("", func(list object) any {
			if _, listed := list["limit"]; listed {
				list["limit"], list["offset"] = "100", "0"
			}
			return list
		}),
		"another label": func(_ *http.Request, a *httptest.ResponseRecorder) { a.Header().Set("Content-Type", "text/plain") },
		"no label":      func(_ *http.Request, a *httptest.ResponseRecorder) { a.Header().Del("Content-Type") },
		"byte order mark": func(_ *http.Request, a *httptest.ResponseRecorder) {
			text := "\xef\xbb\xbf" + a.Body.String()
			a.Body.Reset()
			a.Body.WriteString(text)
		},
	}
}

// TestListKeysFacts shows Key management over each of them: the whole page stays the
// same, ids, counts and rows alike.
func TestListKeysFacts(t *testing.T) {
	t.Parallel()
	for name, rewrite := range sameFacts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			want := c.signIn(owner).get(keysPage).doc(t).Text("main")
			answer := c.rewriting(rewrite).signIn(owner).get(keysPage)
			if got := answer.doc(t).Text("main"); answer.status != http.StatusOK || got != want || !strings.Contains(got, "2 of 5") {
				t.Errorf("%d\n got %s\nwant %s", answer.status, got, want)
			}
		})
	}
}

// TestCanonicalUserID: it comes from the keys, else from the user's record, and is
// promised only to those who have none and may have a key.
func TestCanonicalUserID(t *testing.T) {
	t.Parallel()
	nullInKeys := replace("/accesskeys", property("canonicalUserId", null))
	noRecord := func(r *http.Request, a *httptest.ResponseRecorder) {
		nullInKeys(r, a)
		if path := r.URL.Path; strings.Contains(path, "/um/users/") && !strings.HasSuffix(path, "/s3keys") {
			refuse("/", http.StatusInternalServerError, "")(r, a)
		}
	}
	for name, tt := range map[string]struct {
		account string
		after   rewriting // once signed in
		want    string    // "" is an id
	}{
		"with keys":                     {owner, same, ""},
		"null in the keys":              {owner, nullInKeys, ""},
		"null in the keys, no record":   {owner, noRecord, "Not known at the moment."},
		"no key yet":                    {member, same, "It appears with the first key."},
		"no key yet, no record":         {member, noRecord, "Not known at the moment."},
		"no key, no Cloud API":          {member, refuse("/cloudapi/v6/um", 500, ""), "Not known at the moment."},
		"no key, no Management API":     {member, refuse("/accesskeys", 500, ""), "Not known at the moment."},
		"without the privilege":         {guest, same, "There is none."},
		"without privilege, no record":  {guest, noRecord, "Not known at the moment."},
		"a manager who is refused":      {admin, refuse("/accesskeys", 403, "locked"), ""},
		"an administrator without keys": {admin, replace("keys", func(list object) any { list["items"] = nil; return list }), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(tt.account)
			page := b.on(c.rewriting(tt.after)).get(keysPage).doc(t)
			got := page.Text("#canonical-user-id")
			if isID := len(got) >= 16 && !strings.Contains(got, " "); isID != (tt.want == "") || !isID && got != tt.want {
				t.Errorf("it says %q, want %q", got, tt.want)
			}
			if tt.want != "It appears with the first key." && strings.Contains(page.Text("main"), "ppears with the first key") {
				t.Errorf("the page promises it: %s", page.Text("main"))
			}
		})
	}
}

// TestUserKeysCanonicalUserID: the tab of a user promises nothing either to who may
// not have a key.
func TestUserKeysCanonicalUserID(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	for email, want := range map[string]string{member: "It appears with the first key.", guest: "There is none."} {
		page := b.get(c.keysOf(email)).doc(t)
		if got := page.Text("#canonical-user-id"); got != want {
			t.Errorf("%s: it says %q, want %q", email, got, want)
		}
		if promised := strings.Contains(page.Text("main"), "first key gives"); promised != (email == member) {
			t.Errorf("%s: %s", email, page.Text("main"))
		}
	}
	if got := b.get(c.keysOf(full)).doc(t).Text("#canonical-user-id"); got == "" || strings.Contains(got, " ") {
		t.Errorf("of a user with keys it says %q", got)
	}
}

// TestEmptyCollections: no items are none, at every list.
func TestEmptyCollections(t *testing.T) {
	t.Parallel()
	for form, change := range map[string]func(object) any{
		"null":    func(list object) any { list["items"] = nil; return list },
		"missing": func(list object) any { delete(list, "items"); return list },
	} {
		for path, tt := range map[string]struct{ as, end, says string }{
			keysPage:                          {member, "/accesskeys", "No access keys yet"},
			keysPage + "?sort=":               {member, "/s3keys", "No access keys yet"},
			"/users":                          {admin, "/um/users", "no users on this page"},
			"/users?q=x":                      {admin, "/um/users", "No user matches"},
			"/groups":                         {admin, "/um/groups", ""},
			"/users/{id}":                     {admin, "/groups", "In no group"},
			"/users/{id}/object-storage-keys": {admin, "/s3keys", "No keys yet"},
		} {
			t.Run(form+" "+tt.end+" "+path, func(t *testing.T) {
				t.Parallel()
				c := newConsole(t)
				b := c.signIn(tt.as)
				path = strings.Replace(path, "{id}", c.userID(full), 1)
				answer := b.on(c.rewriting(replace(tt.end, change))).get(path)
				text := answer.doc(t).Text("main")
				if answer.status != http.StatusOK || !strings.Contains(text, tt.says) || strings.Contains(text, "does not answer") {
					t.Errorf("%d: %s", answer.status, text)
				}
				if tt.as == member && !strings.Contains(answer.body, "Generate a key</a>") {
					t.Error("no first key can be generated")
				}
			})
		}
	}
}

// TestUsersUnique: a user who is twice in a list has one row, searched or not.
func TestUsersUnique(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	group := c.groupID("Storage Team")
	for path, selector := range map[string]string{"/users": "[data-user]", "/users?sort=name": "[data-user]", "/groups": "[data-group]", "/groups/" + group: "tbody tr"} {
		want := b.get(path).doc(t).Count(selector)
		for _, end := range []string{"/um/users", "/um/groups", "/" + group + "/users"} {
			if got := b.on(c.rewriting(replace(end, twice))).get(path).doc(t).Count(selector); got != want {
				t.Errorf("%s, twice in %s: %d rows, want %d", path, end, got, want)
			}
		}
	}
}
