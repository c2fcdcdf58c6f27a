package sandbox

import (
	"slices"
	"time"
)

// change is an accepted change that takes effect when it is due.
type change struct {
	due   time.Time
	apply func(*state)
}

// settle applies the changes that are due. Every change takes equally long, so
// they are due in the order in which they were accepted.
func (s *state) settle(now time.Time) {
	done := 0
	for done < len(s.pending) && !s.pending[done].due.After(now) {
		s.pending[done].apply(s)
		done++
	}
	s.pending = slices.Delete(s.pending, 0, done)
}

// schedule has a change applied when its request settles, which may be now.
func (c *call) schedule(r *request, apply func(*state)) {
	c.state.pending = append(c.state.pending, change{r.settles, apply})
	c.state.settle(c.now)
}
