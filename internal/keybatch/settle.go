package keybatch

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/retry"
)

// settle looks for the outcomes of what was accepted or is unknown. It returns
// errUnsettled when they do not come to an end in time.
func (w *run) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	open := func(i Item) bool { return i.State == Accepted || i.State == Unknown }
	if err := retry.Sleep(ctx, looks.MinBackoff); err != nil {
		return err
	}
	return looks.Do(ctx, func(ctx context.Context) error {
		w.each(open, func(o Owner) {
			if err := w.look(ctx, o); stops(err) && ctx.Err() == nil {
				w.stop(err)
			}
		})
		switch {
		case w.why() != nil:
			return retry.Permanent(w.why())
		case len(w.owners(open)) > 0:
			return errUnsettled
		default:
			return nil
		}
	})
}

// look looks once at the keys of an owner. An error that may pass is not returned.
func (w *run) look(ctx context.Context, o Owner) error {
	if err := w.throttle.Wait(ctx); err != nil {
		return err
	}
	var accepted []string
	for i, item := range o.Keys {
		if item.State == Unknown {
			w.reconcile(ctx, o, i)
		}
		if o.Keys[i].State == Accepted {
			accepted = append(accepted, item.AccessKey)
		}
	}
	if len(accepted) == 0 {
		return nil
	}
	outcomes, err := w.service.changes.Outcomes(ctx, w.of(o, Item{}), w.op.Data.Kind, accepted)
	if wait := cmp.Or(keys.RetryAfter(err), defaultBackoff); errors.Is(err, keys.ErrThrottled) && wait <= maxPause {
		w.throttle.Backoff(wait)
		return nil
	}
	for i, item := range o.Keys {
		switch outcome := outcomes[item.AccessKey]; {
		case item.State != Accepted || !slices.Contains(accepted, item.AccessKey) || err != nil:
			continue
		case outcome.State == keyops.Succeeded:
			item.State = Done
		case outcome.State == keyops.Failed:
			item.refuse(outcome.Failure)
		default:
			continue
		}
		w.put(o.UserID, i, item)
		w.request.Changed(o.UserID)
	}
	return err
}

// reconcile finds out whether a change was carried out whose answer was lost.
func (w *run) reconcile(ctx context.Context, o Owner, place int) {
	item := &o.Keys[place]
	r := w.of(o, *item)
	found, err := w.service.changes.Reconcile(ctx, r, r.IdempotencyKey)
	switch {
	case err == nil && w.op.Data.Kind == keyops.Create:
		item.AccessKey, item.State = found.AccessKey, Done
	case err == nil:
		item.State = Accepted
	case keys.Indeterminate(err), stops(err):
		return
	default:
		item.refuse(err)
	}
	w.put(o.UserID, place, *item)
}

// keep writes news and renews the lease until the work has ended.
func (w *run) keep(ctx context.Context) {
	renewed := w.service.now()
	tick := time.NewTicker(flushInterval)
	defer tick.Stop()
	for {
		select {
		case <-w.ended:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		w.mu.Lock()
		due := w.dirty || w.service.now().Sub(renewed) >= renewInterval
		w.mu.Unlock()
		if !due {
			continue
		}
		switch err := w.write(ctx); {
		case errors.Is(err, errTaken):
			w.stop(err)
			return
		case err != nil:
			w.service.logger.Warn("how far a batch has come was not recorded", "id", w.request.ID, "error", err)
		default:
			renewed = w.service.now()
		}
	}
}

// write writes how far the batch has come, and renews the lease.
func (w *run) write(ctx context.Context) error {
	w.mu.Lock()
	b := w.batch.clone()
	w.dirty = false
	w.mu.Unlock()
	b.Lease = w.service.now().Add(leaseTTL)
	err := w.edit(ctx, b)
	if err != nil {
		w.mu.Lock()
		w.dirty = true
		w.mu.Unlock()
	}
	return err
}

// edit replaces the batch in the record, unless another process has taken it.
func (w *run) edit(ctx context.Context, b Batch) error {
	return w.log.Edit(ctx, func(all []idempotency.Operation[Batch]) ([]idempotency.Operation[Batch], error) {
		for i, op := range all {
			if op.ID == w.op.ID && op.Data.Worker == w.worker {
				all[i].Data = b
				return all, nil
			}
		}
		return nil, errTaken
	})
}

// storePolicy is for writing down what has happened already.
var storePolicy = retry.Policy{MinBackoff: 100 * time.Millisecond, MaxBackoff: 800 * time.Millisecond, Attempts: 5}

// finish writes how the run has ended, and gives the batch back. Where that cannot
// be written, the batch is taken over once the lease has ended.
func (w *run) finish(ctx context.Context) error {
	b, err := w.batch.clone(), w.stopped
	if errors.Is(err, errTaken) {
		return nil
	}
	b.Worker, b.Lease = "", time.Time{}
	if err != nil {
		b.Stopped = w.service.now()
		b.Failure, b.Message = cmp.Or(keyops.FailureName(err), "unavailable"), keys.Clip(keys.Message(err), maxMessage)
	}
	if errors.Is(err, errUnsettled) {
		b.Failure = unsettled
	}
	return storePolicy.Do(ctx, func(ctx context.Context) error {
		if err != nil {
			return unlessTaken(w.edit(ctx, b))
		}
		_, failed := w.log.Complete(ctx, w.op, idempotency.Done, func(op *idempotency.Operation[Batch], all []idempotency.Operation[Batch]) ([]idempotency.Operation[Batch], error) {
			op.Data = b
			return all, nil
		})
		return failed
	})
}

// unlessTaken returns err, or nil where another process has taken the batch: it writes
// how that ends.
func unlessTaken(err error) error {
	if errors.Is(err, errTaken) {
		return nil
	}
	return err
}
