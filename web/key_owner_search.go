package web

import (
	"context"
	"sync"

	"keydeck/internal/keys"
	"keydeck/internal/roll"
	"keydeck/views/pages"
)

// ownerSearch looks through users in one order: those who have had a key
// first, whom their Canonical User ID tells, and only then the others.
type ownerSearch struct {
	v         *visit
	accessKey string
	pace      *keys.Pace

	mu     sync.Mutex
	looked int // users looked through from the first on, without gaps
	found  *pages.KeyOwnerFound
}

// run looks through users from one on until the time for this part is up. The
// calls themselves may take longer.
func (o *ownerSearch) run(ctx, part context.Context, state roll.State, from int) error {
	ctx = keys.WithPace(ctx, o.pace)
	o.looked = from
	var batch []keys.User
	n := 0
	for _, withKeys := range []bool{true, false} {
		for u := range state.All() {
			if (u.CanonicalUserID != "") != withKeys {
				continue
			}
			if n++; n <= from {
				continue
			}
			if batch = append(batch, u); len(batch) < ownerCalls {
				continue
			}
			if err := o.ask(ctx, batch); err != nil || o.found != nil {
				return err
			}
			if part.Err() != nil || o.pace.Held() > 0 {
				return nil
			}
			batch = batch[:0]
		}
	}
	return o.ask(ctx, batch)
}

// ask looks through some users at once. If one of them cannot be asked about,
// none of them counts as looked through.
func (o *ownerSearch) ask(ctx context.Context, users []keys.User) error {
	errs := make([]error, len(users))
	var calls sync.WaitGroup
	for i, u := range users {
		calls.Go(func() { errs[i] = o.askOne(ctx, u) })
	}
	calls.Wait()
	if o.found != nil {
		return nil
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	o.looked += len(users)
	return nil
}

func (o *ownerSearch) askOne(ctx context.Context, u keys.User) error {
	list, err := o.v.remote.UserKeys(ctx, u.ID)
	switch {
	case isAny(err, keys.ErrNotFound, keys.ErrNoPrivilege): // deleted meanwhile, or has none
		return nil
	case err != nil:
		return err
	}
	for _, k := range list {
		if k.AccessKey == o.accessKey {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.found = &pages.KeyOwnerFound{User: u, Key: k}
		}
	}
	return nil
}
