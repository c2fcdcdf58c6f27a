package pages

import (
	"bytes"
	"fmt"
	"regexp"
	"testing"

	"github.com/a-h/templ"

	"keydeck/internal/htmltest"
	"keydeck/internal/keys"
	"keydeck/internal/secret"
	"keydeck/views/links"
)

// facts are what is so while a page is drawn.
type facts struct {
	key          KeyState // of the key that the page is about
	old          KeyState // of the old key of a rotation
	rotated      bool     // the page is about a rotation
	renewal      bool     // the pair is new by its secret alone
	otherActive  bool     // another key is active
	last         bool     // no other key is left
	full         bool
	missing      keys.Source
	canonicalIDs bool // the list tells of the owner's Canonical User ID
}

// claims are sentences of the pages that are not true of every state, and when they
// are.
var claims = []struct {
	sentence *regexp.Regexp
	true     func(facts) bool
}{
	{regexp.MustCompile(`keeps working`), func(f facts) bool { return f.old == StateActive }},
	{regexp.MustCompile(`The old key is active`), func(f facts) bool { return f.old == StateActive }},
	{regexp.MustCompile(`(?i)the old key is deactivated`), func(f facts) bool { return f.old == StateInactive }},
	{regexp.MustCompile(`(?i)the old key is being activated`), func(f facts) bool { return f.old == StateActivating }},
	{regexp.MustCompile(`(?i)the old key is being deactivated`), func(f facts) bool { return f.old == StateDeactivating }},
	{regexp.MustCompile(`(?i)the old key is being deleted`), func(f facts) bool { return f.old == StateDeleting }},
	{regexp.MustCompile(`(?i)the old key is deleted`), func(f facts) bool { return f.old == StateDeleted }},
	{regexp.MustCompile(`(?i)deactivate the old (key|one)|deactivate and delete the old key`), func(f facts) bool {
		return f.old != StateInactive && f.old != StateDeactivating && f.old != StateDeleting && f.old != StateDeleted
	}},
	{regexp.MustCompile(`(?i)delete the old key|deactivate the old one and delete it`), func(f facts) bool { return !f.old.gone() }},
	{regexp.MustCompile(`Both keys work`), func(f facts) bool { return f.key == StateActive }},
	{regexp.MustCompile(`This key is active`), func(f facts) bool { return f.key == StateActive || f.key == StateBeingMade }},
	{regexp.MustCompile(`This key is deactivated`), func(f facts) bool { return f.key == StateInactive }},
	{regexp.MustCompile(`This key is being (de)?activated`), func(f facts) bool { return f.key == StateActivating || f.key == StateDeactivating }},
	{regexp.MustCompile(`not known .*(in use|is active)|is active is not known`), func(f facts) bool {
		return f.key != StateActive && f.key != StateInactive || f.rotated && f.old != StateActive && f.old != StateInactive
	}},
	{regexp.MustCompile(`successfully generated`), func(f facts) bool { return !f.renewal }},
	{regexp.MustCompile(`secret .*is new|secret before no longer works`), func(f facts) bool { return f.renewal }},
	{regexp.MustCompile(`stops working at once|fails until it is given`), func(f facts) bool { return f.key != StateInactive }},
	{regexp.MustCompile(`without interruption|loses? access`), func(f facts) bool { return f.key != StateInactive }},
	{regexp.MustCompile(`only active key`), func(f facts) bool { return f.key == StateActive && !f.otherActive }},
	{regexp.MustCompile(`Other active keys`), func(f facts) bool { return f.otherActive }},
	{regexp.MustCompile(`last key`), func(f facts) bool { return f.last }},
	{regexp.MustCompile(`Other keys are`), func(f facts) bool { return !f.last }},
	{regexp.MustCompile(`Five keys are the limit|All five keys`), func(f facts) bool { return f.full }},
	{regexp.MustCompile(`No access keys yet`), func(f facts) bool { return f.last }},
	{regexp.MustCompile(`It appears with the first key`), func(f facts) bool { return f.missing == 0 && !f.canonicalIDs }},
	{regexp.MustCompile(`does not answer`), func(f facts) bool { return f.missing != 0 }},
}

// checkClaims fails where a sentence contradicts the facts.
func checkClaims(t *testing.T, name, text string, f facts) {
	t.Helper()
	for _, claim := range claims {
		if found := claim.sentence.FindString(text); found != "" && !claim.true(f) {
			t.Errorf("%s: it says %q", name, found)
		}
	}
}

// TestClaims draws every page about a key in every state of the key, and of the
// keys beside it.
func TestClaims(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for _, status := range keyStatuses[:5] {
		for _, activity := range activities {
			for _, others := range []int{0, 1, 4} {
				for _, othersActive := range []bool{false, true} {
					for _, owner := range []string{"", "member@keydeck.example"} {
						l := keys.Listing{Keys: []keys.Key{keyIn("KEYONE", status, activity)}}
						for i := range others {
							other := keyIn(fmt.Sprintf("OTHER%d", i), keys.StatusAvailable, keys.Inactive)
							if othersActive {
								other.Activity = keys.Active
							}
							l.Keys = append(l.Keys, other)
						}
						for page, text := range pagesOf(t, l, owner) {
							f := factsOf(l)
							f.renewal = page == "renewed pair"
							checkClaims(t, fmt.Sprintf("%s of %q %d beside %d (active %v) of %q", page, status, activity, others, othersActive, owner), text, f)
							for _, claim := range claims {
								said[claim.sentence.String()] = said[claim.sentence.String()] || claim.sentence.MatchString(text)
							}
						}
					}
				}
			}
		}
	}
	for _, sentence := range []string{`This key is deactivated`, `only active key`, `last key`, `successfully generated`} {
		if !said[sentence] {
			t.Errorf("no page says %q: the claim is out of date", sentence)
		}
	}
}

// factsOf returns what a list says of its first key.
func factsOf(l keys.Listing) facts {
	first := l.Keys[0].AccessKey
	return facts{
		key: KeyStateIn(l, nil, first), last: l.Last(first), full: l.Full(), otherActive: !l.OnlyActive(first),
		old: KeyStateIn(l, nil, first),
	}
}

// pagesOf draws the pages about the first key of a list that its state allows.
func pagesOf(t *testing.T, l keys.Listing, owner string) map[string]string {
	t.Helper()
	k, to := l.Keys[0], links.Links{}.Own()
	can := l.Capabilities(k)
	form := KeyForm{Links: to, Key: k, Full: l.Full(), Last: l.Last(k.AccessKey), For: owner, RequestID: "request"}
	pair := KeyPair{
		Links: to, Owner: keys.Owner{Email: "member@keydeck.example", Managed: owner != ""}, New: true,
		Pair: keys.KeyPair{Key: k, Secret: secret.New("0123456789012345678901234567890123456789")},
	}
	texts := map[string]string{}
	add := func(page string, allowed bool, part templ.Component) {
		if allowed {
			texts[page] = drawn(t, part).Text("body")
		}
	}
	add("pair", can.Copy, KeyPairDialog(pair, true))
	pair.Renewal = true
	add("renewed pair", can.Copy && owner == "", KeyPairDialog(pair, true))
	pair.Renewal, pair.Replaces, pair.OldState = false, k.AccessKey, KeyStateIn(l, nil, k.AccessKey)
	add("successor", can.Copy, KeyPairDialog(pair, true))
	add("rotation", can.Rotate, RotateKeyDialog(form, KeyStateIn(l, nil, k.AccessKey), nil, noon, true))
	add("renewal", can.Renew, RenewKeyDialog(form, true))
	deactivation := form
	deactivation.Confirm = l.ToDeactivate(k.AccessKey)
	add("deactivation", can.Toggle && k.Activity != keys.Inactive, DeactivateKeyDialog(deactivation, true))
	deletion := form
	deletion.Confirm = l.ToDelete(k.AccessKey)
	add("deletion", can.Delete, DeleteKeyDialog(deletion, true))
	return texts
}

// TestListClaims draws the list with and without keys, privilege, and answers of
// both APIs.
func TestListClaims(t *testing.T) {
	t.Parallel()
	for n := range keys.MaxPerUser + 1 {
		for _, missing := range []keys.Source{0, keys.Management, keys.Cloud} {
			for _, canonicalID := range []string{"", "a2d27a5aa12d369a339051959c567779"} {
				for old := range KeyState(keyStates) {
					l := keys.Listing{Missing: missing, CanonicalUserID: canonicalID}
					for i := range n {
						l.Keys = append(l.Keys, keyIn(fmt.Sprintf("KEY%d", i), keys.StatusAvailable, keys.Active))
					}
					v := KeyList{Links: links.Links{}.Own(), Listing: l, Now: noon}
					if n > 1 {
						v.Rotation = &KeyRotation{Old: "KEY0", New: "KEY1", OldState: old}
					}
					doc := drawn(t, KeyListPage(v))
					name := fmt.Sprintf("%d keys, %d missing, ID %q, old %d", n, missing, canonicalID, old)
					checkClaims(t, name, doc.Text("body"), facts{
						old: old, last: n == 0, full: l.Full(), missing: missing, canonicalIDs: canonicalID != "",
						key: StateUnknown, otherActive: n > 0,
					})
					if offered := doc.Has("a[href$='/new']"); offered != (!l.Full() && missing != keys.Management) {
						t.Errorf("%s: generating is offered: %v", name, offered)
					}
				}
			}
		}
	}
}

// drawn returns a part of a page as it is drawn.
func drawn(t *testing.T, part templ.Component) *htmltest.Doc {
	t.Helper()
	var out bytes.Buffer
	if err := part.Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return htmltest.Parse(t, out.Bytes())
}
