package keys_test

import (
	"testing"

	"keydeck/internal/keys"
)

func TestClip(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "eight by": "eight by", "nine byte": "nine …", "äöüß": "äöüß", "äöüßä": "äö…", "🗝🗝🗝": "🗝…",
	} {
		if got := keys.Clip(text, 8); got != want || len(got) > 8 {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
