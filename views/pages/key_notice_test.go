package pages

import (
	"fmt"
	"strings"
	"testing"

	"keydeck/views/links"
)

func TestFlash(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"saved", "rotated", "left", "end"} {
		if Flash(what, "key") == nil {
			t.Errorf("%s has no words", what)
		}
	}
	if Flash("<b>", "key") != nil {
		t.Error("anything is said")
	}
}

// TestKeyNotice: every change has its words in every state, each another sentence,
// and leads on where there is a way.
func TestKeyNotice(t *testing.T) {
	t.Parallel()
	of := links.Links{}.Own()
	sentences := map[string]string{}
	for _, what := range []string{"generate", "renew", "describe", "activate", "deactivate", "delete"} {
		asynchronous := what == "activate" || what == "deactivate" || what == "delete"
		for _, state := range []string{"in progress", "accepted", "succeeded", "failed", "unknown"} {
			if state == "accepted" && !asynchronous {
				continue
			}
			n := KeyNotice{Links: of, What: what, State: state, AccessKey: "AKEXAMPLE", Why: "Because.", RequestID: "abc"}.Notice()
			if n.Title == "" {
				t.Errorf("%s %s has no words", what, state)
			}
			if other := sentences[n.Title]; other != "" && state != "accepted" {
				t.Errorf("%s %s says the same as %s", what, state, other)
			}
			sentences[n.Title] = what + " " + state
			pair := what == "generate" || what == "renew"
			if leads := n.LinkHref != ""; leads != (state == "unknown" || state == "succeeded" && pair) {
				t.Errorf("%s %s leads to %q", what, state, n.LinkHref)
			}
			if undo := n.UndoHref != ""; undo != (asynchronous && what != "delete" && (state == "accepted" || state == "succeeded")) {
				t.Errorf("%s %s is undone by %q", what, state, n.UndoHref)
			}
			if (n.Kind == "error") != (state == "failed") || (n.Text == "Because.") != (state == "failed") {
				t.Errorf("%s %s: a notice of kind %s says %q", what, state, n.Kind, n.Text)
			}
		}
	}
}

// TestKeyNoticeWords: a new key is said to be active where its state is known
// to be, and leads to its pair as long as it is there.
func TestKeyNoticeWords(t *testing.T) {
	t.Parallel()
	said := map[string]KeyState{}
	for state := range KeyState(keyStates) {
		n := KeyNotice{Links: links.Links{}.Own(), What: "generate", State: "succeeded", AccessKey: "AKEXAMPLE", KeyState: state}.Notice()
		if other, again := said[n.Title]; again {
			t.Errorf("states %d and %d are both %q", state, other, n.Title)
		}
		said[n.Title] = state
		if strings.HasSuffix(n.Title, " It is active.") != (state == StateActive) {
			t.Errorf("state %d: %q", state, n.Title)
		}
		if (n.LinkHref == "") != (state == StateDeleting || state == StateDeleted) {
			t.Errorf("state %d leads to %q", state, n.LinkHref)
		}
	}
}

// TestKeyNoticeChangedSince: what is said of an activation or deactivation that has
// come to its end is the key's state, and only a state that it has brought about
// can be undone.
func TestKeyNoticeChangedSince(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what  string
		state KeyState
		want  string
		undo  bool
	}{
		{"activate", StateActive, "Key AKEXAMPLE is active.", true},
		{"activate", StateUnknown, "Key AKEXAMPLE is active.", true},
		{"activate", StateInactive, "Key AKEXAMPLE was activated, and has been deactivated since.", false},
		{"activate", StateDeleting, "Key AKEXAMPLE is being deleted.", false},
		{"deactivate", StateInactive, "Key AKEXAMPLE is deactivated.", true},
		{"deactivate", StateActive, "Key AKEXAMPLE was deactivated, and is active again.", false},
		{"deactivate", StateDeleted, "Key AKEXAMPLE is deleted.", false},
	} {
		n := KeyNotice{Links: links.Links{}.Own(), What: test.what, State: "succeeded", AccessKey: "AKEXAMPLE", KeyState: test.state}.Notice()
		if n.Title != test.want || (n.UndoHref != "") != test.undo {
			t.Errorf("%s, state %d: %q, undone by %q", test.what, test.state, n.Title, n.UndoHref)
		}
	}
}

// TestKeyNoticeName: a notice names the key by what it is for where that is known, as
// far as there is room, else by the key itself.
func TestKeyNoticeName(t *testing.T) {
	t.Parallel()
	const isolated = "\u2068%s\u2069"
	for name, want := range map[string]string{
		"":                                   "Key 8k4xHJuX…eB5d0w is deactivated.",
		"CI artifacts":                       "Key “" + fmt.Sprintf(isolated, "CI artifacts") + "” is deactivated.",
		strings.Repeat("ä", maxNoticeName):   "Key “" + fmt.Sprintf(isolated, strings.Repeat("ä", maxNoticeName)) + "” is deactivated.",
		strings.Repeat("ä", maxNoticeName+1): "Key “" + fmt.Sprintf(isolated, strings.Repeat("ä", maxNoticeName-1)+"…") + "” is deactivated.",
	} {
		n := KeyNotice{
			Links: links.Links{}.Own(), What: "deactivate", State: "succeeded", KeyState: StateInactive, Name: name,
			AccessKey: "8k4xHJuXMhiB0_FcCdicZ-jfjqk_EfVbRw8Bh4uk93sis64Y3F7jnujKq4LTRQ6RT6FG2s9-UQqay2h473n98XeB5d0w",
		}.Notice()
		if n.Title != want {
			t.Errorf("%q: it says %q, want %q", name, n.Title, want)
		}
	}
}
