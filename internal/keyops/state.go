package keyops

import (
	"context"

	"keydeck/internal/keys"
)

// State is what is stored about an owner's keys: changes that do not show in the
// lists yet, the rotation that was begun, and outcomes that have not been shown.
// The zero State is empty.
type State struct {
	Changes  []keys.PendingChange // at most one for each key
	Rotation Rotation             // zero if there is none

	service *Service
	log     *log
}

// State reads what is stored about an owner's keys. ErrStore.
func (s *Service) State(ctx context.Context, owner keys.Owner) (State, error) {
	l, err := s.load(ctx, owner)
	if err != nil {
		return State{}, err
	}
	state := State{Changes: pendingChanges(l.Operations()), service: s, log: l}
	if op, found := l.Find(rotationID); found {
		state.Rotation = rotationOf(op)
	}
	return state, nil
}

// CreationInProgress returns an [InProgressError] while a creation for the owner is
// pending in the session, or its outcome is not known; else nil.
func (st State) CreationInProgress(r Request) error {
	if st.log == nil {
		return nil
	}
	return st.service.creationInProgress(st.log, Change{Kind: Create, Session: r.Session.ID()})
}
