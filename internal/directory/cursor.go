package directory

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"keydeck/internal/keys"
)

// Cursor is how far a search for the owner of a key has come. It names the last
// user looked at, and no position in a list: users that are added, deleted or
// put in another order between two steps move no other user past it.
type Cursor struct {
	// Since is when the search began. All its steps look at users as they were
	// read since then.
	Since time.Time
	// Looked and Total are how many users were looked at, of how many, for
	// display.
	Looked, Total int

	phase phase
	last  string // id of the last user looked at in this phase; empty at its start
}

// phase is a part of the users: those who have had a key come first.
type phase int

const (
	withKeys    phase = iota // users with a Canonical User ID, which comes with the first key
	withoutKeys              // all others
)

func phaseOf(u keys.User) phase {
	if u.CanonicalUserID != "" {
		return withKeys
	}
	return withoutKeys
}

// before reports whether a user comes after the cursor.
func (c Cursor) before(u keys.User) bool {
	p := phaseOf(u)
	return p > c.phase || p == c.phase && u.ID > c.last
}

// NewCursor returns the beginning of a search at a time.
func NewCursor(now time.Time) Cursor { return Cursor{Since: now.Truncate(time.Millisecond)} }

// String returns the cursor as it stands in an address.
func (c Cursor) String() string {
	return fmt.Sprintf("%d.%d.%d.%d.%s", c.Since.UnixMilli(), c.Looked, c.Total, c.phase, c.last)
}

// ParseCursor reads a cursor from an address. It reports whether the text is
// one, of a search that began at most an hour ago.
func ParseCursor(text string, now time.Time) (Cursor, bool) {
	fields := strings.Split(text, ".")
	if len(fields) != 5 || fields[4] != "" && !keys.ValidUserID(fields[4]) {
		return Cursor{}, false
	}
	var numbers [4]int64
	for i := range numbers {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil || n < 0 {
			return Cursor{}, false
		}
		numbers[i] = n
	}
	c := Cursor{
		Since: time.UnixMilli(numbers[0]), Looked: int(numbers[1]), Total: int(numbers[2]), phase: phase(numbers[3]), last: fields[4],
	}
	age := now.Sub(c.Since)
	return c, c.phase <= withoutKeys && -maxSkew < age && age < maxSearch
}

const (
	// maxSearch is how long a search may go on.
	maxSearch = time.Hour
	// maxSkew is how far the clocks of two replicas may be apart.
	maxSkew = time.Minute
)
