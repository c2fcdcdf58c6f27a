package keyops

import (
	"context"
	"slices"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keys"
)

// Rotation is a key and the one that is to replace it, by their access keys, with
// the evidence that the new one can.
type Rotation struct {
	Old, New string
	Tested   time.Time // when a test with the new pair last passed; zero if none has
	InUse    time.Time // when the person said that their tools use the new key; zero if they have not
}

// rotationID is the id of the record of a rotation among the operations.
const rotationID = "rotation"

func rotationOf(op operation) Rotation {
	return Rotation{Old: op.Data.Predecessor, New: op.Data.AccessKey, Tested: op.Data.Tested, InUse: op.Data.InUse}
}

// StartRotation records that one key is to replace another. The evidence of the
// same rotation is kept. It changes no key. ErrStore.
func (s *Service) StartRotation(ctx context.Context, owner keys.Owner, oldKey, newKey string) error {
	return s.editRotation(ctx, owner, func(r Rotation) Rotation {
		if r.Old == oldKey && r.New == newKey {
			return r
		}
		return Rotation{Old: oldKey, New: newKey}
	})
}

// EndRotation drops the record of the rotation of a key. It changes no key.
// ErrStore.
func (s *Service) EndRotation(ctx context.Context, owner keys.Owner, oldKey string) error {
	return s.editRotation(ctx, owner, func(r Rotation) Rotation {
		if r.Old == oldKey {
			return Rotation{}
		}
		return r
	})
}

// ConfirmInUse records, in the rotation of oldKey, the person's word that their
// tools use the new key. ErrStore.
func (s *Service) ConfirmInUse(ctx context.Context, owner keys.Owner, oldKey string) error {
	return s.editRotation(ctx, owner, func(r Rotation) Rotation {
		if r.Old == oldKey {
			r.InUse = s.now()
		}
		return r
	})
}

// RecordTest records that a test with the pair of a key has passed, if the key is
// the new one of a rotation. ErrStore.
func (s *Service) RecordTest(ctx context.Context, owner keys.Owner, accessKey string) error {
	return s.editRotation(ctx, owner, func(r Rotation) Rotation {
		if r.New == accessKey {
			r.Tested = s.now()
		}
		return r
	})
}

func (s *Service) editRotation(ctx context.Context, owner keys.Owner, edit func(Rotation) Rotation) error {
	l, err := s.load(ctx, owner)
	if err != nil {
		return err
	}
	err = l.Edit(ctx, func(all []operation) ([]operation, error) {
		before := rotationIn(all)
		if after := edit(before); after != before {
			return s.withRotation(all, after), nil
		}
		return nil, nil // nothing to write
	})
	if err != nil {
		return storeError(err)
	}
	return nil
}

// rotationAfter returns the operations after a change of a key: a successor starts
// a rotation, and a new secret of the new key voids its evidence.
func (s *Service) rotationAfter(all []operation, c Change) []operation {
	before := rotationIn(all)
	switch {
	case c.Kind == Create && c.Predecessor != "":
		return s.withRotation(all, Rotation{Old: c.Predecessor, New: c.AccessKey})
	case c.Kind == Renew && c.AccessKey == before.New:
		return s.withRotation(all, Rotation{Old: before.Old, New: before.New})
	default:
		return all
	}
}

func rotationIn(all []operation) Rotation {
	i := slices.IndexFunc(all, func(op operation) bool { return op.ID == rotationID })
	if i < 0 {
		return Rotation{}
	}
	return rotationOf(all[i])
}

// withRotation puts a rotation in place of an earlier one; one without keys ends
// it.
func (s *Service) withRotation(all []operation, r Rotation) []operation {
	all = slices.DeleteFunc(slices.Clone(all), func(op operation) bool { return op.ID == rotationID })
	if r.Old == "" {
		return all
	}
	now := s.now()
	return append(all, operation{
		ID: rotationID, State: idempotency.Done, Keyed: true, Acquired: now, Updated: now, Expires: now.Add(rotationTTL),
		Data: Change{Kind: rotation, Predecessor: r.Old, AccessKey: r.New, Tested: r.Tested, InUse: r.InUse},
	})
}
