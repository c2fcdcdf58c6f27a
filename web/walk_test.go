package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keydeck/web"
)

// walk is an owner's browser that asks for every address, with names that exist
// and forms that are filled in.
type walk struct {
	*console
	b   *browser
	key string // the owner's
}

func newWalk(t *testing.T, change ...func(*web.Config)) walk {
	t.Helper()
	c := newConsole(t, change...)
	return walk{c, c.signIn("owner@keydeck.example"), c.keyOf("owner@keydeck.example")}
}

// target is an address that finds something, or makes a key for a user who has
// none.
func (w walk) target(address web.Address) string {
	target := address.Path
	switch {
	case address.Method == http.MethodPost && strings.HasSuffix(target, "-keys"):
		target = strings.Replace(target, ":user", w.userID("member@keydeck.example"), 1)
	case strings.HasSuffix(target, ":key/rotate") && strings.HasPrefix(target, "/users"): // of one with room for a successor
		target = strings.NewReplacer(":user", w.userID("twofa@keydeck.example"), ":key", w.keyOf("twofa@keydeck.example")).Replace(target)
	case strings.HasPrefix(target, "/object-storage"):
		target = strings.Replace(target, ":key", w.key, 1)
	case target == "/key-owner":
		target += "?key=" + w.key
	case strings.HasSuffix(target, "/offboard/results/:id"):
		form := "/users/" + w.userID("full@keydeck.example") + "/offboard"
		target = w.b.post(form, w.b.offboardForm(form, "full@keydeck.example")).header.Get("Location")
	case strings.HasSuffix(target, "-counts"):
		target += "?id=" + w.userID("full@keydeck.example")
	}
	return w.filled(strings.NewReplacer(":group", w.groupID("Storage Team"), ":tool", "rclone", ":file", "rclone.conf").Replace(target))
}

// values fill in the form at an address; nil for what is no form.
func (w walk) values(t *testing.T, address web.Address, target string) url.Values {
	t.Helper()
	if address.Method != http.MethodPost {
		return nil
	}
	values := url.Values{
		"confirm": {"yes"}, "description": {"x"}, "region": {"de"}, "email": {"owner@keydeck.example"}, "password": {"sandbox"},
		"group": {w.groupID("Storage Team")}, "users": {"full@keydeck.example"}, "user": {w.userID("member@keydeck.example")}, "s3": {"no"},
	}
	if strings.HasPrefix(target, contractKeys+"/") {
		values.Set("key", w.userID("full@keydeck.example")+"/"+w.keyOf("full@keydeck.example"))
		question := w.b.post(target, url.Values{"key": values["key"]}).doc(t)
		values.Set("request_id", question.Attr("input[name=request_id]", "value"))
		if strings.HasSuffix(target, "/delete") {
			values.Set("confirm", "1")
		}
		return values
	}
	if strings.HasSuffix(target, "/offboard") {
		return w.b.offboardForm(target, "full@keydeck.example")
	}
	at := target
	if strings.HasSuffix(target, "keys") {
		at += "/new"
	}
	page := w.b.get(at).doc(t)
	if page.Has("input[name=request_id]") {
		values.Set("request_id", page.Attr("input[name=request_id]", "value"))
	}
	if key, deletes := strings.CutSuffix(target, "/delete"); deletes && page.Has("#confirm") {
		values.Set("confirm", key[len(key)-4:])
	}
	return values
}
