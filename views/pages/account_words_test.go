package pages

import (
	"testing"

	"keydeck/internal/audit"
)

// TestDeeds: every action of people has its words, each others, and none is left
// over.
func TestDeeds(t *testing.T) {
	t.Parallel()
	said := map[string]audit.Action{}
	for _, action := range audit.Actions() {
		words := deeds[action]
		if other, twice := said[words]; twice || words == "" {
			t.Errorf("%s is called %q, as is %q", action, words, other)
		}
		said[words] = action
	}
	if len(deeds) != len(audit.Actions()) {
		t.Errorf("there are words for %d actions, and %d actions", len(deeds), len(audit.Actions()))
	}
	if got := deedWords("of another version"); got != "of another version" {
		t.Errorf("an unknown action is called %q", got)
	}
}
