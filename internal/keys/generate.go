package keys

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Generate makes a key for a user, whose description a managed user's key
// cannot have. Five keys are ErrLimit, a description that cannot be is
// ErrInvalid, both before anything is made; ErrNoPrivilege.
//
// It asks for the key once, after telling begin. If the answer is lost it looks
// whether there is a new key: if there is, that is the one, with a zero Secret
// where the Cloud API does not give it; if there surely is none, the error says
// so; else the error is Unclear.
func (s *Service) Generate(ctx context.Context, owner Owner, description string, begin Begin) (KeyPair, error) {
	description, err := CleanDescription(description)
	if err != nil {
		return KeyPair{}, err
	}
	return s.generate(ctx, s.generation(owner, description), begin)
}

// generation is a key about to be made through one of the APIs.
type generation struct {
	owner       Owner
	description string
	list        func(context.Context) ([]Key, error)
	create      func(context.Context) (KeyPair, error)
	fits        func(Key) bool // a new key could be this one
}

func (s *Service) generation(owner Owner, description string) generation {
	g := generation{
		owner: owner, description: description,
		list:   s.remote.OwnKeys,
		create: func(ctx context.Context) (KeyPair, error) { return s.remote.CreateOwnKey(ctx, description) },
		fits:   func(k Key) bool { return k.Description == description },
	}
	if owner.Managed {
		g.list = func(ctx context.Context) ([]Key, error) {
			list, err := s.remote.UserKeys(ctx, owner.UserID)
			return list, noUser(err)
		}
		g.create = func(ctx context.Context) (KeyPair, error) { return s.remote.CreateUserKey(ctx, owner.UserID) }
		g.fits = func(Key) bool { return true }
	}
	return g
}

func (s *Service) generate(ctx context.Context, g generation, begin Begin) (KeyPair, error) {
	before, err := g.list(ctx)
	if err != nil {
		return KeyPair{}, err
	}
	if len(before) >= MaxPerUser {
		return KeyPair{}, limitReached(nil)
	}
	attempt := Attempt{At: s.now(), Description: g.description}
	for _, k := range before {
		attempt.Before = append(attempt.Before, k.AccessKey)
	}
	if err := begin.tell(ctx, attempt); err != nil {
		return KeyPair{}, err
	}
	pair, err := g.create(ctx)
	switch {
	case err == nil:
		return pair, nil
	case Unclear(err):
		return s.lookForNew(ctx, g, attempt.Before, err)
	case errors.Is(err, ErrRejected):
		// What the API says to a sixth key is not documented: another key may
		// have come in between.
		if after, listErr := g.list(ctx); listErr == nil && len(after) >= MaxPerUser {
			return KeyPair{}, limitReached(err)
		}
	}
	return KeyPair{}, err
}

func limitReached(cause error) error {
	return &Error{Kind: ErrLimit, Op: "create key", Err: cause}
}

// lookForNew clears up what became of a key whose answer was lost. The request
// may have used up its time: looking gets some of its own.
func (s *Service) lookForNew(ctx context.Context, g generation, before []string, lost error) (KeyPair, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTime)
	defer cancel()
	var found []Key
	looked, err := look(ctx, func() (bool, error) {
		after, err := g.list(ctx)
		found = slices.DeleteFunc(after, func(k Key) bool {
			return slices.Contains(before, k.AccessKey) || !g.fits(k)
		})
		return len(found) > 0, err
	})
	switch {
	case looked:
		// Of several that could be the one, it is the oldest: the others came of
		// what was asked for later. The caller sees to it that it is handed out
		// once.
		pair := s.withSecret(ctx, g.owner, slices.MinFunc(found, func(a, b Key) int { return a.Created.Compare(b.Created) }))
		pair.Found = true
		return pair, nil
	case err != nil:
		return KeyPair{}, lost
	default:
		return KeyPair{}, cleared(lost)
	}
}

// withSecret adds the secret of a key that was just made, or leaves it zero.
// The Cloud API does not know a new key at once.
func (s *Service) withSecret(ctx context.Context, owner Owner, k Key) KeyPair {
	pair := KeyPair{Key: k}
	_, _ = look(ctx, func() (bool, error) {
		got, err := s.remote.UserKeyPair(ctx, owner.UserID, k.AccessKey)
		if err == nil {
			pair = KeyPair{Key: join([]Key{k}, []Key{got.Key})[0], Secret: got.Secret}
		}
		return !pair.Secret.IsZero(), nil
	})
	return pair
}

const (
	// lookTime bounds clearing up a lost answer.
	lookTime = 10 * time.Second
	// A change whose answer was lost may take a moment to show.
	firstPause = 250 * time.Millisecond
	looks      = 4
)

// look asks until the answer is yes, with growing pauses, and gives up after
// some two seconds. The error is that of the last look that failed after which
// none succeeded.
func look(ctx context.Context, ask func() (bool, error)) (yes bool, err error) {
	for i := range looks {
		if i > 0 && !pause(ctx, firstPause<<(i-1)) {
			return false, ctx.Err()
		}
		if yes, err = ask(); yes && err == nil {
			return true, nil
		}
	}
	return false, err
}

// pause waits, and reports whether it did to the end.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// cleared takes the doubt from an error after looks that found nothing. A
// request that nobody answered in time may still be on its way: there the
// doubt stays.
func cleared(lost error) error {
	e, ok := errors.AsType[*Error](lost)
	if !ok || errors.Is(lost, ErrTimeout) {
		return lost
	}
	sure := *e
	sure.Unclear = false
	return &sure
}
