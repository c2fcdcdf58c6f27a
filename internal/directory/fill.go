package directory

import (
	"cmp"
	"context"
	"errors"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

// fill reads all users, once more if the list shifts meanwhile.
func (r *reading) fill(ctx context.Context, remote keys.Directory) error {
	for attempt := 1; ; attempt++ {
		if err := r.readAll(ctx, remote); err != nil {
			return err
		}
		if r.overlaps() {
			return nil
		}
		if attempt == maxAttempts {
			r.update(func() { r.shifted = true })
			return nil
		}
		r.update(func() { r.began, r.pages, r.bounded = r.cfg.Now(), map[int]page{}, false })
	}
}

// readAll reads the pages that are missing, several at a time, up to the first
// that is not full.
func (r *reading) readAll(ctx context.Context, remote keys.Directory) error {
	for first, end := 0, 1; ; first, end = end, end+maxCalls { // most contracts have one page
		if r.unused() {
			return errUnused
		}
		last, err := r.readPages(ctx, remote, first, end)
		switch {
		case err != nil || last:
			return err
		case end*stride >= r.cfg.MaxUsers:
			r.update(func() { r.bounded = true })
			return nil
		}
	}
}

// readPages reads the missing pages from first to before end, and reports
// whether the last page is among them.
func (r *reading) readPages(ctx context.Context, remote keys.Directory, first, end int) (last bool, err error) {
	var missing []int
	for n := first; n < end; n++ {
		if p, read := r.page(n); !read {
			missing = append(missing, n)
		} else if p.last() {
			last = true
		}
	}
	errs := make([]error, len(missing))
	parallel.Each(missing, maxCalls, func(i, n int) { errs[i] = r.readPage(ctx, remote, n) })
	for _, n := range missing {
		p, read := r.page(n)
		last = last || read && p.last()
	}
	return last, errors.Join(errs...)
}

func (r *reading) page(n int) (page, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, read := r.pages[n]
	return p, read
}

// readPage reads one page, and waits as long as a throttling API asks for.
func (r *reading) readPage(ctx context.Context, remote keys.Directory, n int) error {
	throttle := keys.ThrottleFrom(ctx)
	for {
		if err := throttle.Wait(ctx); err != nil {
			return err
		}
		users, err := remote.Users(ctx, keys.Page{Offset: n * stride, Limit: pageSize})
		if err == nil {
			r.update(func() { r.pages[n] = page{users} })
			return nil
		}
		after := cmp.Or(keys.RetryAfter(err), defaultBackoff)
		if !errors.Is(err, keys.ErrThrottled) || after > maxBackoff {
			return err
		}
		r.update(func() { throttle.Backoff(after) })
	}
}

// overlaps reports whether each page begins with the user that the page before
// ends with. Where it does not, a user was added or deleted between the two
// calls, and another may be on neither page.
func (r *reading) overlaps() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for n := 1; n < len(r.pages); n++ {
		before, p := r.pages[n-1].users, r.pages[n].users
		switch {
		case len(before) < pageSize: // the last page, or one behind it
			if len(p) > 0 {
				return false
			}
		case len(p) == 0 || p[0].ID != before[len(before)-1].ID:
			return false
		}
	}
	return true
}
