package chaos

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

func (u *user) path(k *key) string { return u.at + "/" + k.accessKey }

// expected reports whether a page about a key may be what it is: a key that the
// user was told of is not missing.
func (u *user) expected(k *key, p page) bool {
	if p.status != http.StatusNotFound {
		return true
	}
	if k.gone == no && time.Since(k.made) > time.Second { // the Cloud API does not know a new one at once
		u.violated("%s: the key %q (%s) is missing", u.name, k.description, k.tail())
	}
	if k.gone == unknown {
		k.gone = yes
	}
	return false
}

// change sends a form about a key. It says whether it was carried out, as far
// as that was told.
func (u *user) change(ctx context.Context, k *key, what string, form url.Values) fact {
	p, err := u.browser.do(ctx, u.path(k)+"/"+what, form)
	switch {
	case err != nil, strings.Contains(p.text("h1"), "not known whether"), p.status == http.StatusInternalServerError:
		u.count(what + ": not known")
		return unknown
	case p.toSignIn():
		if !u.maybeOut {
			u.violated("%s: the session is lost on the way to %s", u.name, what)
		}
		u.signIn(ctx)
		return no
	case p.status == http.StatusSeeOther:
		u.count(what)
		return yes
	default:
		u.expected(k, p)
		u.count(what + ": failed")
		return no
	}
}

func (u *user) toggle(ctx context.Context, k *key) {
	what, wanted := "activate", yes
	if k.active == yes || k.active == unknown && u.random.IntN(2) == 0 {
		what, wanted = "deactivate", no
	}
	switch u.change(ctx, k, what, url.Values{"confirm": {"yes"}}) {
	case yes:
		k.active = wanted
	case unknown:
		k.active = unknown
	}
}

func (u *user) remove(ctx context.Context, k *key) {
	p, ok := u.get(ctx, u.path(k)+"/delete")
	if !ok || !u.expected(k, p) || p.status != http.StatusOK {
		return
	}
	confirm := "yes"
	if p.has("#confirm") {
		confirm = k.accessKey[len(k.accessKey)-4:]
	}
	if done := u.change(ctx, k, "delete", url.Values{"confirm": {confirm}}); done != no {
		k.gone = done
	}
}

func (u *user) describe(ctx context.Context, k *key) {
	u.clicks++
	words := fmt.Sprintf("words %d of %s", u.clicks, u.name)
	switch u.change(ctx, k, "description", url.Values{"description": {words}}) {
	case yes:
		k.description, k.described = words, true
	case unknown:
		k.described = false
	}
}

func (u *user) saved(ctx context.Context, k *key) { u.change(ctx, k, "saved", url.Values{}) }

// show copies a key: the pair must be what the APIs have before or after. A new
// one is still kept for its owner.
func (u *user) show(ctx context.Context, k *key, isNew bool) {
	before, errBefore := u.apis.truthOf(u.subject)
	p, ok := u.get(ctx, u.path(k))
	after, errAfter := u.apis.truthOf(u.subject)
	if !ok || !u.expected(k, p) || errBefore != nil || errAfter != nil {
		return
	}
	u.count("shown")
	secret, right := p.text("#secret"), map[string]bool{before.secret(k.accessKey): true, after.secret(k.accessKey): true}
	lost := strings.Contains(p.text("main"), "secret was lost on the way")
	if p.status != http.StatusOK || !lost && (p.value("#key") != k.accessKey || secret == "" || !right[secret]) {
		u.violated("%s: the pair of %s is wrong: %d, %s", u.name, k.tail(), p.status, p.text("h1"))
	}
	if isNew && !lost && !p.has("form[action$='/saved']") {
		u.violated("%s: the new pair of %s is not kept", u.name, k.tail())
	}
}

func (u *user) download(ctx context.Context, k *key) {
	before, errBefore := u.apis.truthOf(u.subject)
	p, ok := u.get(ctx, u.path(k)+"/key-pair.csv")
	after, errAfter := u.apis.truthOf(u.subject)
	if !ok || !u.expected(k, p) || errBefore != nil || errAfter != nil {
		return
	}
	u.count("downloaded")
	rows, err := csv.NewReader(strings.NewReader(p.body)).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[1]) != 3 {
		u.violated("%s: the file of %s is none: %d", u.name, k.tail(), p.status)
		return
	}
	row, right := rows[1], map[string]bool{before.secret(k.accessKey): true, after.secret(k.accessKey): true}
	if row[0] != u.subject || row[1] != k.accessKey || !right[row[2]] {
		u.violated("%s: the file of %s is wrong", u.name, k.tail())
	}
}
