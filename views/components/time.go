package components

import (
	"strconv"
	"time"
)

const (
	dateLayout     = "2 Jan 2006"
	absoluteLayout = "2 Jan 2006, 15:04 MST"
)

// relativeDays is how long "days ago" is easier to read than a date.
const relativeDays = 30

// RelativeWords say when t was, seen from now: "3 minutes ago", "on 4 March 2023".
func RelativeWords(t, now time.Time) string {
	ago := now.Sub(t)
	switch {
	case ago < -time.Minute: // a clock is wrong by more than clocks are
		return "on " + t.UTC().Format(dateLayout)
	case ago < time.Minute:
		return "just now"
	case ago < time.Hour:
		return count(int(ago/time.Minute), "minute") + " ago"
	case ago < 24*time.Hour:
		return count(int(ago/time.Hour), "hour") + " ago"
	case ago < relativeDays*day:
		return count(int(ago/day), "day") + " ago"
	}
	return "on " + t.UTC().Format(dateLayout)
}

func count(n int, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return strconv.Itoa(n) + " " + unit
}

// The units of ages. Months are as long as they are on average.
const (
	day   = 24 * time.Hour
	month = 365 * day / 12
)

// AgeWords say how long something takes, or how old it is: "22 days", "7 months",
// "2 years, 5 months".
func AgeWords(age time.Duration) string {
	switch months := int(age / month); {
	case age < time.Minute:
		return "less than a minute"
	case age < time.Hour:
		return count(int(age/time.Minute), "minute")
	case age < day:
		return count(int(age/time.Hour), "hour")
	case age < 2*month:
		return count(int(age/day), "day")
	case months < 24:
		return count(months, "month")
	case months%12 == 0:
		return count(months/12, "year")
	default:
		return count(months/12, "year") + ", " + count(months%12, "month")
	}
}

// absolute is the exact time in UTC, for a title and for where scripts are off.
func absolute(t time.Time) string {
	return t.UTC().Format(absoluteLayout)
}
