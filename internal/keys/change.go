package keys

import (
	"context"
	"errors"
	"slices"
)

// Told is what a person says to a change, with what this session has asked for
// and may still be under way: it is taken into account, so that two changes in
// a row cannot do what neither would be let do alone.
type Told struct {
	Confirm string  // see Confirmation.Accepts
	Asked   []Asked // at most one for each key
	// Begin, if there is one, is called right before an API is asked, with what
	// is to be followed if nobody comes to tell more. Its error ends the change
	// before it has begun.
	Begin func(context.Context, Asked) error
}

func (t Told) begin(ctx context.Context, wanted Asked) error {
	if t.Begin == nil {
		return nil
	}
	return t.Begin(ctx, wanted)
}

// SetActive activates or deactivates one of a user's keys. The state is read
// right before. ErrNotFound; ErrConflict for a key that is on its way
// in or out; ErrConfirmation for the only active key, unless it is confirmed.
//
// A key that is, or is known to be about to be, as it is wanted is left alone:
// the Asked of before is returned, or a zero one. Where what was asked for last
// says otherwise, or it is not known whether the API took it on, it is asked
// again, which does no harm.
func (s *Service) SetActive(ctx context.Context, owner Owner, accessKey string, active bool, told Told) (Asked, error) {
	k, l, err := s.Find(ctx, owner, accessKey)
	if err != nil {
		return Asked{}, err
	}
	return s.setActive(ctx, owner, k, l, active, told)
}

func (s *Service) setActive(ctx context.Context, owner Owner, k Key, l Listing, active bool, told Told) (Asked, error) {
	if !l.Offers(k).Toggle {
		return Asked{}, cannot("change key", l, Cloud)
	}
	wanted := Asked{AccessKey: k.AccessKey, Wish: WishInactive, At: s.now()}
	if active {
		wanted.Wish = WishActive
	}
	before, noted := s.noted(told.Asked, k.AccessKey)
	agreed := !noted || before.Wish == wanted.Wish
	switch {
	case agreed && k.Activity == wanted.Wish.activity():
		return Asked{}, nil
	case noted && agreed && before.taken() && s.underWay(ctx, before):
		return before, nil
	case !active && !l.Expecting(told.Asked, s.now()).ToDeactivate(k.AccessKey).Accepts(k.AccessKey, told.Confirm):
		return Asked{}, &Error{Kind: ErrConfirmation, Op: "deactivate key"}
	}
	if err := told.begin(ctx, wanted); err != nil {
		return Asked{}, err
	}
	change, err := s.remote.SetUserKeyActive(ctx, owner.UserID, k.AccessKey, active)
	if Unclear(err) && s.overlaps(ctx, told.Asked, k.AccessKey) {
		return wanted, err
	}
	if Unclear(err) {
		return s.lookWhetherSet(ctx, owner, wanted, err)
	}
	wanted.Change = change
	return wanted, err
}

// noted is the change of a key that was asked for last, as long as it has to be
// reckoned with: the list may have been read before it was carried out.
func (s *Service) noted(asked []Asked, accessKey string) (Asked, bool) {
	at := slices.IndexFunc(asked, func(a Asked) bool { return a.AccessKey == accessKey })
	if at < 0 || !asked[at].counts(s.now()) {
		return Asked{}, false
	}
	return asked[at], true
}

// underWay reports whether the API may still work on a change.
func (s *Service) underWay(ctx context.Context, a Asked) bool {
	state := s.changeStates(ctx, []Asked{a})[0]
	return !state.Done && !state.Failed
}

// overlaps reports whether an earlier change of a key may still be on its way:
// then what the list shows need not come of the later one, nor stay so.
func (s *Service) overlaps(ctx context.Context, asked []Asked, accessKey string) bool {
	before, noted := s.noted(asked, accessKey)
	return noted && s.underWay(context.WithoutCancel(ctx), before)
}

// lookWhetherSet clears up what became of a toggle whose answer was lost. The
// API carries it out by and by, so a key that has not changed yet may change:
// the error stays unclear, and the Asked is to be followed.
func (s *Service) lookWhetherSet(ctx context.Context, owner Owner, wanted Asked, lost error) (Asked, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTime)
	defer cancel()
	done, _ := look(ctx, func() (bool, error) {
		list, err := s.remote.UserKeys(ctx, owner.UserID)
		return err == nil && wanted.Reached(newListing(owner, list)), err
	})
	if done {
		return wanted, nil
	}
	return wanted, lost
}

// Describe gives one of the person's own keys another description. ErrInvalid
// for one that cannot be, ErrNotFound, ErrConflict, ErrRejected.
func (s *Service) Describe(ctx context.Context, owner Owner, accessKey, description string) error {
	description, err := CleanDescription(description)
	if err != nil {
		return err
	}
	k, l, err := s.Find(ctx, owner, accessKey)
	switch {
	case err != nil:
		return err
	case !l.Offers(k).Describe:
		return cannot("describe key", l, Management)
	case k.Description == description:
		return nil
	}
	lost := s.remote.DescribeOwnKey(ctx, k.ResourceID, description)
	if !Unclear(lost) {
		return lost
	}
	return s.lookWhether(ctx, owner, lost, func(l Listing) bool {
		k, found := l.Find(accessKey)
		return found && k.Description == description
	})
}

// Delete starts deleting one of a user's keys. The state is read right
// before: ErrConfirmation unless the confirmation is what ToDelete asks for
// then. ErrNotFound, ErrRejected, ErrConflict. A key that is being deleted
// already is no error.
//
// The Asked is to be followed if its Change has an id; else the lists tell.
func (s *Service) Delete(ctx context.Context, owner Owner, accessKey string, told Told) (Asked, error) {
	k, l, err := s.Find(ctx, owner, accessKey)
	if err != nil {
		return Asked{}, err
	}
	l = l.Expecting(slices.DeleteFunc(slices.Clone(told.Asked), func(a Asked) bool {
		return a.AccessKey == accessKey && !a.taken() // it is asked for anew
	}), s.now())
	if k, _ = l.Find(accessKey); k.Status == StatusDestroying {
		return Asked{}, nil
	}
	switch {
	case !l.Offers(k).Delete:
		return Asked{}, &Error{Kind: ErrNoPrivilege, Op: "delete key"}
	case !l.ToDelete(accessKey).Accepts(accessKey, told.Confirm):
		return Asked{}, &Error{Kind: ErrConfirmation, Op: "delete key"}
	}
	if k.ResourceID == "" {
		return s.deleteUserKey(ctx, owner, accessKey, told)
	}
	if err := told.begin(ctx, Asked{}); err != nil { // the lists tell
		return Asked{}, err
	}
	lost := s.remote.DeleteOwnKey(ctx, k.ResourceID)
	if !Unclear(lost) {
		return Asked{}, lost
	}
	return Asked{}, s.lookWhether(ctx, owner, lost, func(l Listing) bool {
		k, found := l.Find(accessKey)
		return !found || k.Status == StatusDestroying
	})
}

// deleteUserKey deletes through the Cloud API, whose lists show a key until it
// is gone.
func (s *Service) deleteUserKey(ctx context.Context, owner Owner, accessKey string, told Told) (Asked, error) {
	wanted := Asked{AccessKey: accessKey, Wish: WishGone, At: s.now()}
	if err := told.begin(ctx, wanted); err != nil {
		return Asked{}, err
	}
	change, err := s.remote.DeleteUserKey(ctx, owner.UserID, accessKey)
	if Unclear(err) {
		return s.lookWhetherSet(ctx, owner, wanted, err)
	}
	wanted.Change = change
	return wanted, err
}

// lookWhether clears up what became of a change of one's own key whose answer
// was lost. The Management API's list shows at once what it has taken on; a
// change that it does not show was not made.
func (s *Service) lookWhether(ctx context.Context, owner Owner, lost error, done func(Listing) bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTime)
	defer cancel()
	yes, err := look(ctx, func() (bool, error) {
		list, err := s.remote.OwnKeys(ctx)
		return err == nil && done(newListing(owner, list)), err
	})
	switch {
	case yes:
		return nil
	case err != nil:
		return lost
	default:
		return cleared(lost)
	}
}

// cannot says why a change cannot be asked for that needs one of the APIs.
func cannot(op string, l Listing, needs Source) error {
	switch {
	case l.NoPrivilege:
		return &Error{Kind: ErrNoPrivilege, Op: op}
	case l.Missing == needs && l.Cause != nil:
		return l.Cause
	default:
		return &Error{Kind: ErrConflict, Op: op, Err: errors.New("the key's state does not allow it")}
	}
}
