package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestDelete(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		account, key string
		confirm      string // "tail" is the key's last four characters
		status       int
		says         string
	}{
		"inactive, confirmed":           {full, "Old laptop", "yes", 303, ""},
		"inactive, not confirmed":       {full, "Old laptop", "", 422, "cannot be restored"},
		"inactive, something else":      {full, "Old laptop", "tail", 422, "cannot be restored"},
		"active, with its characters":   {full, "CI artifacts", "tail", 303, ""},
		"active, with a mere yes":       {full, "CI artifacts", "yes", 422, "Type the last four"},
		"active, not confirmed":         {full, "CI artifacts", "", 422, "Type the last four"},
		"active, with wrong characters": {full, "CI artifacts", "zzzz", 422, "not the last four"},
		"active, with too many":         {full, "CI artifacts", "tail ", 422, "not the last four"},
		"the last, with its characters": {twofa, "Photo archive", "tail", 303, ""},
		"the last, with a mere yes":     {twofa, "Photo archive", "yes", 422, "This is your last key"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.as(tt.account)
			key := b.key(tt.key)
			confirm := strings.Replace(tt.confirm, "tail", key[len(key)-4:], 1)
			answer := b.post(keysPage+"/"+key+"/delete", url.Values{"confirm": {confirm}})
			if answer.status != tt.status {
				t.Fatalf("got %d: %s", answer.status, answer.doc(t).Text("main"))
			}
			deleted := len(changes(c.asked()))
			if tt.status != http.StatusSeeOther {
				if page := answer.doc(t); deleted != 0 || !strings.Contains(page.Text("main"), tt.says) || !page.Has("input[name=confirm]") {
					t.Errorf("%d deletions: %s", deleted, page.Text("main"))
				}
				return
			}
			if row := b.row(key); deleted != 1 || !strings.Contains(row, "Being deleted") || strings.Contains(row, "Delete") {
				t.Errorf("%d deletions, and the row says %s", deleted, row)
			}
			if again := b.post(keysPage+"/"+key+"/delete", url.Values{"confirm": {confirm}}); again.status != http.StatusSeeOther {
				t.Errorf("again: %d", again.status)
			}
			if asked := changes(c.asked()); len(asked) > 0 {
				t.Errorf("again, asked %v", asked)
			}
			c.settle()
			if b.row(key) != "" {
				t.Error("it is still there")
			}
		})
	}
}

// TestDeleteByAStaleDialog: what deleting takes is decided by the state at that
// moment, not by the dialog.
func TestDeleteByAStaleDialog(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("Old laptop")
	if !b.get(keysPage + "/" + key + "/delete").doc(t).Has("input[name=confirm][value=yes]") {
		t.Fatal("it does not take a mere yes")
	}
	b.post(keysPage+"/"+key+"/activate", nil) // in another tab
	c.settle()
	answer := b.post(keysPage+"/"+key+"/delete", url.Values{"confirm": {"yes"}})
	if page := answer.doc(t); answer.status != http.StatusUnprocessableEntity || !strings.Contains(page.Text("main"), "This key is active") {
		t.Errorf("got %d: %s", answer.status, page.Text("main"))
	}
}

// TestADeletedPairIsNotShown from what was kept of it.
func TestADeletedPairIsNotShown(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	address := b.generate("short-lived")
	c.settle()
	key := strings.TrimPrefix(address, keysPage+"/")
	b.post(address+"/delete", url.Values{"confirm": {key[len(key)-4:]}})
	c.settle()
	if answer := b.get(address); answer.status != http.StatusNotFound {
		t.Errorf("got %d", answer.status)
	}
}

// TestDeleteWithoutManagement goes through the Cloud API, whose lists show a
// key until it is gone.
func TestDeleteWithoutManagement(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("CI artifacts")
	c.fault(`{"path":"/accesskeys","times":99,"status":500}`)
	if answer := b.post(keysPage+"/"+key+"/delete", url.Values{"confirm": {key[len(key)-4:]}}); answer.status != http.StatusSeeOther {
		t.Fatalf("got %d: %s", answer.status, answer.doc(t).Text("main"))
	}
	if asked := changes(c.asked()); len(asked) != 1 || !strings.HasPrefix(asked[0], "DELETE /cloudapi/v6/") {
		t.Errorf("asked %v", asked)
	}
	if row := b.row(key); !strings.Contains(row, "Being deleted") {
		t.Errorf("the row says %s", row)
	}
	c.settle()
	if b.row(key) != "" {
		t.Error("it is still there")
	}
}
