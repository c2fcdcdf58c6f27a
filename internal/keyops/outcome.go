package keyops

import (
	"context"

	"keydeck/internal/keys"
)

// Outcome is how far a change has come that an API has accepted.
type Outcome struct {
	State   NoticeState // Accepted, Succeeded or Failed
	Failure error       // why it has failed
}

// Outcomes looks how far activations, deactivations or deletions of an owner's keys
// have come, with one look at the list. A change has succeeded only if the list
// shows it. It has failed if the API has refused it after all, if the key is not
// there any more, or if a later change has decided otherwise: ErrConflict.
func (s *Service) Outcomes(ctx context.Context, r Request, kind Kind, accessKeys []string) (map[string]Outcome, error) {
	state, err := s.State(ctx, r.Owner)
	if err != nil {
		return nil, err
	}
	list, err := r.Keys.List(ctx, r.Owner)
	switch {
	case err != nil:
		return nil, err
	case r.Owner.Managed && list.NoPrivilege:
		return nil, list.Refusal
	case list.Missing != 0:
		return nil, list.Cause
	}
	list, progress := r.Keys.Refresh(ctx, r.Owner, list, state.Changes)
	desired, _ := kind.desired()
	outcomes := map[string]Outcome{}
	for _, accessKey := range accessKeys {
		pending, _ := keys.PendingFor(state.Changes, accessKey, s.now())
		other := pending.AccessKey != "" && pending.Desired != desired
		outcomes[accessKey] = outcomeIn(list, accessKey, desired, progress[accessKey], other)
	}
	return outcomes, nil
}

// outcomeIn returns the outcome that a list shows. other reports whether a later
// change has decided on the key.
func outcomeIn(list keys.Listing, accessKey string, desired keys.DesiredState, progress keys.Progress, other bool) Outcome {
	_, listed := list.Find(accessKey)
	change := keys.PendingChange{AccessKey: accessKey, Desired: desired}
	switch {
	case !listed && desired != keys.DesiredDeleted:
		return Outcome{Failed, &keys.Error{Kind: keys.ErrNotFound, Op: "change key"}}
	case change.Converged(list):
		return Outcome{State: Succeeded}
	case other:
		return Outcome{Failed, &keys.Error{Kind: keys.ErrConflict, Op: "change key"}}
	case progress.Failed:
		return Outcome{Failed, &keys.Error{Kind: keys.ErrRejected, Op: "change key", Message: progress.Message}}
	default:
		return Outcome{State: Accepted}
	}
}
