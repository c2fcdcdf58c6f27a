package keyops

import (
	"context"
	"slices"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keys"
)

// Stage is how much of a change's outcome its person has been shown.
type Stage int

// The stages.
const (
	StageNone     Stage = iota
	StageAccepted       // that an API has accepted it
	StageOutcome
)

// NoticeState is what is known of a change that a notice is about.
type NoticeState int

// The states.
const (
	InProgress NoticeState = iota // a request is at it
	Accepted                      // an API carries it out
	Succeeded
	Failed
	Unknown // it may have been carried out or not
)

// Notice is what its person has not been shown of a change: the page that would
// have shown it was left, or it has come to its end since.
type Notice struct {
	State       NoticeState
	Kind        Kind
	AccessKey   string // the key that was created or changed; empty for one that was not created
	Predecessor string // the key that a created one is to replace
	Failure     error  // why it has failed

	id string
}

// stage is what a person knows who has been shown the notice.
func (n Notice) stage() Stage {
	switch n.State {
	case Accepted:
		return StageAccepted
	case Succeeded, Failed:
		return StageOutcome
	case InProgress, Unknown:
		return StageNone
	default:
		return StageNone
	}
}

// View is what a page knows of the owner's keys.
type View struct {
	Listing  keys.Listing
	Progress map[string]keys.Progress
}

const (
	// noticeTTL is how long an outcome is news.
	noticeTTL = time.Hour
	// otherSessionDelay lets the session that has asked for a change show its
	// outcome before the person's other sessions do.
	otherSessionDelay = 15 * time.Second
	// awaitTimeout is how long a page looks again by itself for a change to come to
	// its end.
	awaitTimeout = 2 * time.Minute
)

// Notices returns what the person of a session has not been shown of their changes
// of the owner's keys, the earliest first. view is nil for a page that has not read
// the keys.
//
// awaited reports whether a change of theirs is still on its way, so that the page
// should look again.
func (st State) Notices(ctx context.Context, r Request, view *View) (notices []Notice, awaited bool) {
	if st.log == nil {
		return nil, false
	}
	operations := st.log.Operations()
	for i, op := range operations {
		if !st.concerns(op, r) || superseded(operations[i+1:], op) {
			continue
		}
		n := st.noticeOf(op, view)
		if n.State == Succeeded && overtakes(operations[:i], op) && r.Keys.InProgress(ctx, pendingOf(op)) {
			n.State = Accepted // the list shows what was before both
		}
		if n.stage() == StageNone || n.stage() > op.Data.Shown {
			notices = append(notices, n)
		}
		onItsWay := n.State == InProgress || n.State == Accepted
		awaited = awaited || onItsWay && st.service.now().Sub(op.Updated) < awaitTimeout
	}
	return notices, awaited
}

// overtakes reports whether an accepted change of a key follows another one that
// may not have been carried out either.
func overtakes(earlier []operation, op operation) bool {
	_, asynchronous := op.Data.Kind.desired()
	return asynchronous && op.Data.RequestID != "" && superseder(earlier, op)
}

// concerns reports whether an operation is news to the person of a session.
func (st State) concerns(op operation, r Request) bool {
	age := st.service.now().Sub(op.Updated)
	mine := op.Data.Actor == digest(r.Session.UserID)
	here := op.Data.Session == r.Session.ID() || age >= otherSessionDelay || st.service.now().Sub(op.Acquired) >= changeTimeout
	switch {
	case op.Data.Kind == rotation || age >= noticeTTL || op.Data.Shown >= StageOutcome:
		return false
	case op.State == idempotency.Pending && !st.service.operations.Orphaned(op):
		return true // the list changes soon, and that is for all to see
	default:
		return mine && here
	}
}

// superseded reports whether a later operation decides on the same key.
func superseded(later []operation, op operation) bool {
	_, asynchronous := op.Data.Kind.desired()
	return asynchronous && superseder(later, op)
}

// superseder reports whether one of others changes the same key asynchronously.
func superseder(others []operation, op operation) bool {
	return slices.ContainsFunc(others, func(other operation) bool {
		_, decides := other.Data.Kind.desired()
		return decides && other.Data.AccessKey == op.Data.AccessKey && other.State != idempotency.Failed
	})
}

func (st State) noticeOf(op operation, view *View) Notice {
	n := Notice{Kind: op.Data.Kind, AccessKey: op.Data.AccessKey, Predecessor: op.Data.Predecessor, id: op.ID}
	switch {
	case op.State == idempotency.Failed:
		n.State, n.Failure = Failed, op.Data.failure()
	case op.State == idempotency.Done:
		n.State = Succeeded
		if desired, asynchronous := op.Data.Kind.desired(); asynchronous {
			n.State, n.Failure = convergence(op, desired, view)
		}
	case op.State == idempotency.Pending && !st.service.operations.Orphaned(op):
		n.State = InProgress
	default:
		n.State = Unknown
	}
	return n
}

// convergence tells how far an accepted change has come. One that is no longer in
// progress has come to its end, though the list may show another state: the key was
// changed again or deleted elsewhere.
func convergence(op operation, desired keys.DesiredState, view *View) (NoticeState, error) {
	if view == nil {
		return Accepted, nil
	}
	progress, changing := view.Progress[op.Data.AccessKey]
	_, listed := view.Listing.Find(op.Data.AccessKey)
	switch {
	case changing && progress.Failed:
		return Failed, &keys.Error{Kind: keys.ErrRejected, Op: string(op.Data.Kind), Message: progress.Message}
	case changing, view.Listing.Missing != 0, desired == keys.DesiredDeleted && listed:
		return Accepted, nil
	default:
		return Succeeded, nil
	}
}

// PairShown notes that the person has seen a new pair, whose page says that the key was
// created or its secret renewed: no other page has to say it.
func (st State) PairShown(ctx context.Context, r Request, accessKey string) {
	notices, _ := st.Notices(ctx, r, nil)
	st.Shown(ctx, r, slices.DeleteFunc(notices, func(n Notice) bool {
		return n.AccessKey != accessKey || n.Kind != Create && n.Kind != Renew
	}))
}

// Shown notes that notices have been shown. That it could not is for the log: they
// are shown again.
func (st State) Shown(ctx context.Context, r Request, notices []Notice) {
	stages := map[string]Stage{}
	for _, n := range notices {
		if n.stage() > StageNone {
			stages[n.id] = n.stage()
		}
	}
	if len(stages) == 0 {
		return
	}
	err := st.log.Edit(ctx, func(all []operation) ([]operation, error) {
		for i := range all {
			all[i].Data.Shown = max(all[i].Data.Shown, stages[all[i].ID])
		}
		return all, nil
	})
	if err != nil {
		st.service.logger.Warn("shown outcomes were not recorded", "id", r.ID, "error", err)
	}
}

// Settle finds out the outcome of those of the person's changes that is not known,
// with one look each. The page that asks shows what is found.
func (st State) Settle(ctx context.Context, r Request) {
	if st.log == nil {
		return
	}
	r.Gone = nil // no answer has said what is found
	for _, op := range st.log.Operations() {
		unknown := op.State == idempotency.Indeterminate || st.service.operations.Orphaned(op)
		if unknown && st.concerns(op, r) {
			_, _ = st.service.reconcile(ctx, r, st.log, op, onePoll)
		}
	}
}
