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
		{"a month", now.Add(-30 * 24 * time.Hour), "on 8 Feb 2026"},
		{"years", time.Date(2023, 3, 4, 5, 6, 7, 0, time.UTC), "on 4 Mar 2023"},
		{"another zone", time.Date(2023, 3, 4, 0, 30, 0, 0, berlin), "on 3 Mar 2023"},
		{"a clock a little off", now.Add(50 * time.Second), "just now"},
		{"to come", now.Add(48 * time.Hour), "on 12 Mar 2026"},
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
	if got, want := d.Attr("time", "title"), "3 Mar 2023, 23:30 UTC"; got != want {
		t.Errorf("the title is %q, want %q", got, want)
	}
}

func TestTimeUnknown(t *testing.T) {
	d := render(t, components.Time(time.Time{}, time.Now()))
	if d.Has("time") || d.Text("span") != "unknown" {
		t.Error("the zero time is shown as a time")
	}
}

func TestWhen(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	d := render(t, components.When(now.Add(-3*time.Minute), now))
	if d.Text("time:not([data-zone])") != "3 minutes ago" || d.Text("small time[data-zone=minute]") != "10 Mar 2026, 11:57 UTC" {
		t.Errorf("it says %q", d.Text("*"))
	}
	if d := render(t, components.When(time.Time{}, now)); d.Has("time") || d.Text("span") != "unknown" {
		t.Error("the zero time is shown as a time")
	}
}

func TestAge(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	created := time.Date(2023, 10, 1, 8, 0, 0, 0, time.UTC)
	for old, marked := range map[time.Duration]bool{0: false, now.Sub(created) + 1: false, now.Sub(created): true, time.Hour: true} {
		d := render(t, components.Age(created, now, old))
		if d.Text("time[data-zone=day]") != "1 Oct 2023" || d.Text("small") != "2 years, 5 months" || d.Has(".badge-warning") != marked {
			t.Errorf("old from %v on: it says %q and %q", old, d.Text("time"), d.Text("small"))
		}
	}
	if d := render(t, components.Age(time.Time{}, now, time.Hour)); d.Has("time") || d.Text("span") != "unknown" {
		t.Error("the zero time is shown as a time")
	}
}

func TestAgeWords(t *testing.T) {
	const day = 24 * time.Hour
	for age, want := range map[time.Duration]string{
		0: "less than a minute", time.Minute: "1 minute", 10 * time.Minute: "10 minutes", time.Hour: "1 hour",
		23 * time.Hour: "23 hours", day: "1 day", 22 * day: "22 days", 60 * day: "60 days", 61 * day: "2 months",
		364 * day: "11 months", 365 * day: "12 months", 720 * day: "23 months", 730 * day: "2 years", 1000 * day: "2 years, 8 months",
		1100 * day: "3 years",
	} {
		if got := components.AgeWords(age); got != want {
			t.Errorf("%v: %q, want %q", age, got, want)
		}
	}
}
