package session

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"keydeck/internal/kv"
	"keydeck/internal/parallel"
)

const (
	// MaxContractActivities is how many entries of a contract are read at most.
	MaxContractActivities = 10_000
	// maxActors is of how many people the logs are read.
	maxActors = 1000
	// maxReads is how many logs are read at the same time.
	maxReads = 8
)

// actorGroup holds who has signed in to a contract.
func actorGroup(contract string) string { return "actors/" + hashUserID("contract "+contract) + "/" }

// AddActor notes that a person has signed in to a contract, so that their log is among
// those of the contract for as long as its entries are kept. It takes one call of the
// store, at sign-in alone: a change of a key takes none for this.
func (m *Manager) AddActor(ctx context.Context, contract, userID string) error {
	key := actorGroup(contract) + hashUserID(userID)
	if err := m.backend.Put(ctx, key, []byte(userID), m.now().Add(activityTTL)); err != nil {
		return fmt.Errorf("session: noting an actor: %w", err)
	}
	return nil
}

// ContractActivities returns the newest entries of the logs of all who have signed in to
// a contract, the newest first. They may be about another contract of the same people:
// the caller knows which. whole is false where there are more than are read.
func (m *Manager) ContractActivities(ctx context.Context, contract string) (list []Activity, whole bool, err error) {
	actors, err := m.backend.List(ctx, actorGroup(contract), "", maxActors)
	if err != nil {
		return nil, false, fmt.Errorf("session: reading actors: %w", err)
	}
	if len(actors) == 0 {
		return nil, true, nil
	}
	each := min(MaxActivities, max(MaxContractActivities/len(actors), 1))
	logs, errs := make([][]Activity, len(actors)), make([]error, len(actors))
	parallel.Each(actors, maxReads, func(i int, actor kv.Record) {
		logs[i], errs[i] = m.Activities(ctx, string(actor.Value), each)
	})
	if err := cmp.Or(errs...); err != nil {
		return nil, false, err
	}
	whole = len(actors) < maxActors
	for _, log := range logs {
		list = append(list, log...)
		whole = whole && (len(log) < each || each == MaxActivities)
	}
	slices.SortFunc(list, func(a, b Activity) int { return cmp.Compare(a.ID, b.ID) })
	return list, whole, nil
}
