package pages

import (
	"regexp"
	"testing"
	"time"

	"keydeck/internal/keys"
	"keydeck/views/links"
)

// TestLeftWords: how long a pair is available is said as a duration, and never as a
// time of the server's zone.
func TestLeftWords(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]string{
		-time.Second: "for a minute at most", 0: "for a minute at most", time.Minute: "for a minute at most",
		61 * time.Second: "for the next two minutes", 9*time.Minute + 59*time.Second: "for the next ten minutes",
		10 * time.Minute: "for the next ten minutes", 15 * time.Minute: "for the next 15 minutes",
	} {
		if got := leftWords(left); got != want {
			t.Errorf("%v is %q", left, got)
		}
	}
	v := KeyPair{
		Links: links.Links{}.Own(), New: true, Left: 10 * time.Minute, Until: noon,
		Pair: keys.KeyPair{Key: keyIn("KEYONE", keys.StatusAvailable, keys.Active)},
	}
	doc := drawn(t, KeyPairDialog(v, true))
	if clock := regexp.MustCompile(`\d\d:\d\d`).FindString(doc.Text("body")); clock != "" {
		t.Errorf("it says %q", clock)
	}
	if got := doc.Attr("time[data-until]", "datetime"); got != "2025-11-25T12:00:00Z" {
		t.Errorf("for a script it says %q", got)
	}
}
