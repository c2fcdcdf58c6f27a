package keyreport

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/keys"
	"keydeck/internal/retry"
)

// Source returns what has been read of a contract's keys so far, and has the reading
// go on. It waits a moment for more.
type Source func(context.Context) (contractkeys.Snapshot, error)

// Stream selects rows while the keys are read.
type Stream struct {
	Source   Source
	Filter   Filter
	Now      func() time.Time
	Emit     func([]Row) error                 // called with what is selected, in its order
	Progress func(contractkeys.Snapshot)       // called after each look; may be nil
	Found    func(contractkeys.Snapshot) error // called once all users are known; may be nil

	emitted map[string]bool // by user id
	rows    []Row           // held back to be sorted
	keys    int             // selected so far
	misses  int             // looks in a row at an interrupted reading
	looked  int
}

const (
	// maxMisses is after how many looks at an interrupted reading in a row, that have
	// brought nothing, it is not taken up again.
	maxMisses = 3
	// missPause is the pause between them.
	missPause = 11 * time.Second
)

// Result is what a Stream came to.
type Result struct {
	Last     contractkeys.Snapshot
	Keys     int   // that were selected
	Complete bool  // every key of the contract was read
	Err      error // why the reading has stopped early; nil if it has not
}

// Run emits the selected rows in the order of their owners, as soon as they are
// read, or once all are read where the filter sorts by age. Users whose keys could
// not be read come last. It waits as long as the API asks for, and takes an
// interrupted reading up again.
//
// The error is that of Emit or of ctx, one that is no [*keys.Error], or that of a
// source from which the users could not even be listed.
func (s *Stream) Run(ctx context.Context) (Result, error) {
	s.emitted = map[string]bool{}
	var last contractkeys.Snapshot
	for {
		found, err := s.Source(ctx)
		if ctx.Err() != nil {
			return Result{}, ctx.Err()
		}
		if fault := cmp.Or(err, found.Err); fault != nil && keys.KindName(fault) == "" {
			return Result{}, fault
		}
		if err == nil && found.Listed {
			if err := s.take(found, &last); err != nil {
				return Result{}, err
			}
		}
		if err == nil && s.Progress != nil {
			s.Progress(found)
		}
		stopped := cmp.Or(err, found.Err)
		if err == nil && found.Done() && !mayRecover(found) || s.givesUp(found, stopped) {
			return s.finish(last, stopped)
		}
		if err := retry.Sleep(ctx, s.pause(found, stopped)); err != nil {
			return Result{}, err
		}
	}
}

// givesUp reports whether the reading is not taken up again.
func (s *Stream) givesUp(found contractkeys.Snapshot, stopped error) bool {
	if errors.Is(stopped, keys.ErrUnauthorized) || errors.Is(stopped, keys.ErrForbidden) {
		return true
	}
	if read := found.Looked - found.Failed(); read > s.looked {
		s.looked, s.misses = read, 0
	}
	if stopped != nil || found.Done() {
		s.misses++
	}
	return s.misses >= maxMisses
}

// mayRecover reports whether there are users whose keys could not be read for a
// reason that may pass.
func mayRecover(found contractkeys.Snapshot) bool {
	return slices.ContainsFunc(found.Entries, func(e *contractkeys.Entry) bool {
		return e.State == contractkeys.Failed && !errors.Is(e.Reason, keys.ErrNoPrivilege) && !errors.Is(e.Reason, keys.ErrForbidden)
	})
}

func (s *Stream) pause(found contractkeys.Snapshot, stopped error) time.Duration {
	switch {
	case stopped != nil:
		return max(keys.RetryAfter(stopped), missPause)
	case found.Done(): // some users failed, and are tried again
		return missPause
	default:
		return found.Wait
	}
}

// take emits the users that have been read, up to the first that has not.
func (s *Stream) take(found contractkeys.Snapshot, last *contractkeys.Snapshot) error {
	if !last.Listed && s.Found != nil {
		if err := s.Found(found); err != nil {
			return err
		}
	}
	*last = found
	sel := newSelection(s.Filter, found, s.Now())
	var rows []Row
	for _, e := range found.Entries {
		if e.State == contractkeys.Pending {
			break
		}
		if e.State == contractkeys.Read && !s.emitted[e.User.ID] {
			s.emitted[e.User.ID] = true
			rows = append(rows, sel.rows(sel.owner(e))...)
		}
	}
	return s.emit(rows)
}

// finish emits what was held back.
func (s *Stream) finish(last contractkeys.Snapshot, stopped error) (Result, error) {
	if !last.Listed {
		return Result{Err: stopped}, cmp.Or(stopped, error(&keys.Error{Kind: keys.ErrUnavailable, Op: "list users"}))
	}
	sel := newSelection(s.Filter, last, s.Now())
	var late, unread []Row
	for _, e := range last.Entries {
		switch rows := sel.rows(sel.owner(e)); {
		case s.emitted[e.User.ID]:
		case e.State == contractkeys.Read:
			late = append(late, rows...)
		default:
			unread = append(unread, rows...)
		}
	}
	err := s.emit(late)
	if err == nil && s.sorted() {
		Order(s.rows, s.Filter.Sort)
		err = s.Emit(s.rows)
	}
	if err == nil {
		err = s.Emit(unread)
	}
	return Result{Last: last, Keys: s.keys, Complete: last.Complete(), Err: stopped}, err
}

func (s *Stream) sorted() bool { return s.Filter.Sort != "" && s.Filter.Sort != SortOwner }

func (s *Stream) emit(rows []Row) error {
	s.keys += len(rows)
	if s.sorted() {
		s.rows = append(s.rows, rows...)
		return nil
	}
	return s.Emit(rows)
}
