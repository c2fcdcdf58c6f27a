package kv

import (
	"context"
	"errors"
	"net"

	"github.com/redis/go-redis/v9"
)

// sendOnce is a hook on the nodes of a cluster. A cluster client has to send a
// request again to follow a redirection, which says that the request was not
// carried out; go-redis uses the same attempts for a request whose answer was
// lost, and has no setting for the one without the other. The hook hides such an
// error from it.
type sendOnce struct{}

var _ redis.Hook = sendOnce{}

// DialHook implements redis.Hook.
func (sendOnce) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook implements redis.Hook.
func (sendOnce) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error { return unanswered(next(ctx, cmd)) }
}

// ProcessPipelineHook implements redis.Hook.
func (sendOnce) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := unanswered(next(ctx, cmds))
		for _, cmd := range cmds {
			cmd.SetErr(unanswered(cmd.Err()))
		}
		return err
	}
}

// unansweredError is the loss of a request that may have been carried out. It
// unwraps to nothing, so that go-redis does not recognize it.
type unansweredError struct{ err error }

func (e *unansweredError) Error() string { return e.err.Error() }

// unanswered marks an error after which a request may have been carried out: all
// but answers of the server, contexts that have ended (after which go-redis sends
// nothing), and connections that were not made.
func unanswered(err error) error {
	var answer redis.Error
	switch {
	case err == nil, errors.As(err, &answer), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return err
	}
	if marked, ok := errors.AsType[*unansweredError](err); ok {
		return marked
	}
	return &unansweredError{err}
}
