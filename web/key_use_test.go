package web_test

import (
	"html"
	"net/http"
	"path"
	"strings"
	"testing"

	"keydeck/internal/toolconfig"
)

// TestUseKeyIsAudited as what it is: the settings for a tool hold the secret.
func TestUseKeyIsAudited(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	b.get(keysPage + "/" + b.key("CI artifacts") + "/use/rclone")
	activity := b.get("/account/activity").doc(t).Text("main")
	if !strings.Contains(activity, "Opened a tool's settings") || strings.Contains(activity, "Opened Copy key") {
		t.Errorf("the activity says %s", activity)
	}
	for _, e := range c.events(t) {
		if e.Action == "reveal" {
			t.Error("the audit log says that Copy key was opened")
		}
	}
}

// TestUnverifiedPair: while the Cloud API refuses to say whether a new pair is still
// the key's, the pair is there, and each page and file that holds it says that it could
// not be checked.
func TestUnverifiedPair(t *testing.T) {
	t.Parallel()
	const says = "could not be checked"
	for _, status := range []string{"400", "403", "500"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(member)
			address := b.generate("")
			c.settle()
			secret := b.get(address).doc(t).Text("#secret")
			c.fault(`{"method":"GET","path":"/cloudapi/v6/um/users/` + c.userID(member) + `/s3keys/` + path.Base(address) + `","status":` + status + `,"times":1000}`)
			holds := func(a answer) {
				t.Helper()
				if a.status != http.StatusOK || !strings.Contains(html.UnescapeString(a.body), secret) {
					t.Errorf("got %d without the secret", a.status)
				}
			}
			page := b.get(address)
			holds(page)
			if !strings.Contains(page.doc(t).Text("main .message-warning"), says) {
				t.Error("Copy key does not say that the pair could not be checked")
			}
			csv := b.get(address + "/key-pair.csv")
			holds(csv)
			if name := csv.header.Get("Content-Disposition"); !strings.Contains(name, "not-checked") {
				t.Errorf("the CSV is called %s", name)
			}
			for _, tool := range toolconfig.Tools() {
				page := b.get(address + "/use/" + tool.ID).doc(t)
				if !strings.Contains(page.Text("main .message-warning"), says) {
					t.Errorf("%s: the page does not say that the pair could not be checked", tool.ID)
				}
				for _, file := range tool.Files {
					a := b.get(address + "/use/" + tool.ID + "/" + file.Name)
					if strings.Contains(a.body, path.Base(address)) && !strings.Contains(a.body+a.header.Get("Content-Disposition"), "not-checked") && !strings.Contains(a.body, says) {
						t.Errorf("%s does not say that the pair could not be checked", file.Name)
					}
				}
			}
		})
	}
}
