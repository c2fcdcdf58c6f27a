package pages

import (
	"strconv"
	"time"
)

// SessionEnd is how a session has ended.
type SessionEnd string

// The ways in which a session ends.
const (
	NotEnded       SessionEnd = ""
	SignedOut      SessionEnd = "signed-out"
	EndedByLimit   SessionEnd = "limit"     // it was open for as long as a session can be
	EndedUnused    SessionEnd = "unused"    // it was not used, or its record was lost
	EndedElsewhere SessionEnd = "elsewhere" // from another session of the person
	EndedByAPI     SessionEnd = "refused"   // no API accepts its token
)

// SessionEnds returns all of them.
func SessionEnds() []SessionEnd {
	return []SessionEnd{SignedOut, EndedByLimit, EndedUnused, EndedElsewhere, EndedByAPI}
}

// ended says how the session before ended; title is empty if there was none.
func (v SignIn) ended() (title, text string) {
	const ended = "Your session has ended"
	switch v.Ended {
	case SignedOut:
		return "You are signed out", "The session is deleted here, and its token at IONOS if it was created for it."
	case EndedByLimit:
		return ended, "It was open for " + duration(v.Max) + ", or as long as its token was valid: no session lasts longer."
	case EndedUnused:
		return ended, "It was not used for " + duration(v.Idle) + ", or this console lost it."
	case EndedElsewhere:
		return ended, "You ended it from another session."
	case EndedByAPI:
		return ended, "The IONOS APIs no longer accept its token: it was revoked or has expired, or the account was deactivated."
	case NotEnded:
		return "", ""
	default:
		return "", ""
	}
}

// duration writes a limit in full hours or minutes.
func duration(d time.Duration) string {
	n, unit := int(d.Minutes()), "minute"
	if d >= time.Hour && d%time.Hour == 0 {
		n, unit = int(d.Hours()), "hour"
	}
	if n != 1 {
		unit += "s"
	}
	return strconv.Itoa(n) + " " + unit
}
