package ionos

import (
	"context"
	"regexp"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// ChangeState implements keys.Store. A change that failed is not done.
func (s session) ChangeState(ctx context.Context, change keys.Change) (keys.ChangeState, error) {
	if !keys.ValidUserID(change.RequestID) {
		return keys.ChangeState{}, unknown(readChange)
	}
	status, x, err := ask(ctx, s, readChange, func(ctx context.Context) (cloud.RequestStatus, *cloud.APIResponse, error) {
		return s.client.cloud.RequestsApi.RequestsStatusGet(ctx, change.RequestID).Execute()
	})
	if err != nil {
		return keys.ChangeState{}, err
	}
	if status.Metadata == nil || status.Metadata.Status == nil {
		return keys.ChangeState{}, x.unreadable("has no status")
	}
	switch *status.Metadata.Status {
	case cloud.RequestStatusDone:
		return keys.ChangeState{Done: true}, nil
	case cloud.RequestStatusFailed:
		return keys.ChangeState{Failed: true, Message: plain(value(status.Metadata.Message), x.token)}, nil
	}
	return keys.ChangeState{}, nil
}

// requestPath finds the id of a request in the address of its status. Only the
// id is taken: where the header points to is not where the token may go.
var requestPath = regexp.MustCompile(`/requests/([0-9A-Za-z-]{36})(?:/status)?/?(?:\?.*)?$`)

// requestID gives the id of the request that a Location header points to, or
// nothing.
func requestID(location string) string {
	if found := requestPath.FindStringSubmatch(location); found != nil {
		return found[1]
	}
	return ""
}
