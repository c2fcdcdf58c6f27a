package components_test

import (
	"testing"
	"time"

	"keydeck/views/components"
)

func TestTime(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	berlin := time.FixedZone("CET", 3600)
	tests := []struct {
		name string
		at   time.Time
		want string
	}{
		{"now", now, "just now"},
		{"a moment", now.Add(-59 * time.Second), "just now"},
		{"a minute", now.Add(-time.Minute), "1 minute ago"},
		{"minutes", now.Add(-3*time.Minute - 59*time.Second), "3 minutes ago"},
		{"nearly an hour", now.Add(-time.Hour + time.Second), "59 minutes ago"},
		{"an hour", now.Add(-time.Hour), "1 hour ago"},
		{"hours", now.Add(-23*time.Hour - 59*time.Minute), "23 hours ago"},
		{"a day", now.Add(-24 * time.Hour), "1 day ago"},
		{"days", now.Add(-29*24*time.Hour - 23*time.Hour), "29 days ago"},
		{"a month", now.Add(-30 * 24 * time.Hour), "on 8 February 2026"},
		{"years", time.Date(2023, 3, 4, 5, 6, 7, 0, time.UTC), "on 4 March 2023"},
		{"another zone", time.Date(2023, 3, 4, 0, 30, 0, 0, berlin), "on 3 March 2023"},
		{"a clock a little off", now.Add(50 * time.Second), "just now"},
		{"to come", now.Add(48 * time.Hour), "on 12 March 2026"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := render(t, components.Time(test.at, now))
			if got := d.Text("time"); got != test.want {
				t.Errorf("it says %q, want %q", got, test.want)
			}
			if got, want := d.Attr("time", "datetime"), test.at.UTC().Format(time.RFC3339); got != want {
				t.Errorf("datetime is %q, want %q", got, want)
			}
		})
	}
	d := render(t, components.Time(time.Date(2023, 3, 4, 0, 30, 0, 0, berlin), now))
	if got, want := d.Attr("time", "title"), "3 March 2023 at 23:30 UTC"; got != want {
		t.Errorf("the title is %q, want %q", got, want)
	}
}

func TestTimeUnknown(t *testing.T) {
	d := render(t, components.Time(time.Time{}, time.Now()))
	if d.Has("time") || d.Text("span") != "unknown" {
		t.Error("the zero time is shown as a time")
	}
}
