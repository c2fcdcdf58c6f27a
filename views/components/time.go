package components

import (
	"strconv"
	"time"
)

const (
	dateLayout     = "2 January 2006"
	absoluteLayout = "2 January 2006 at 15:04 MST"
)

// relativeDays is how long "days ago" is easier to read than a date.
const relativeDays = 30

// relative says when t was, seen from now: "3 minutes ago", "on 4 March 2023".
func relative(t, now time.Time) string {
	ago := now.Sub(t)
	switch {
	case ago < -time.Minute: // a clock is wrong by more than clocks are
		return "on " + t.UTC().Format(dateLayout)
	case ago < time.Minute:
		return "just now"
	case ago < time.Hour:
		return count(int(ago/time.Minute), "minute")
	case ago < 24*time.Hour:
		return count(int(ago/time.Hour), "hour")
	case ago < relativeDays*24*time.Hour:
		return count(int(ago/(24*time.Hour)), "day")
	}
	return "on " + t.UTC().Format(dateLayout)
}

func count(n int, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return strconv.Itoa(n) + " " + unit + " ago"
}

// absolute is the whole truth, in UTC, for a title and for print.
func absolute(t time.Time) string {
	return t.UTC().Format(absoluteLayout)
}
