package ionos

import (
	"context"
	"regexp"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// ChangeState implements keys.Store. A failed change is not done.
func (s session) ChangeState(ctx context.Context, change keys.Change) (keys.ChangeState, error) {
	if !keys.ValidUserID(change.RequestID) {
		return keys.ChangeState{}, unknown(readChange)
	}
	status, c, err := do(ctx, s, readChange, func(ctx context.Context) (cloud.RequestStatus, *cloud.APIResponse, error) {
		return s.client.cloud.RequestsApi.RequestsStatusGet(ctx, change.RequestID).Execute()
	})
	if err != nil {
		return keys.ChangeState{}, err
	}
	if status.Metadata == nil || status.Metadata.Status == nil {
		return keys.ChangeState{}, c.decodeError("has no status")
	}
	switch *status.Metadata.Status {
	case cloud.RequestStatusDone:
		return keys.ChangeState{Done: true}, nil
	case cloud.RequestStatusFailed:
		return keys.ChangeState{Failed: true, Message: sanitize(value(status.Metadata.Message), c.token)}, nil
	}
	return keys.ChangeState{}, nil
}

// requestPath matches the id of a request in the URL of its status. Only the id
// is used: the token must not go to the host in the header.
var requestPath = regexp.MustCompile(`/requests/([0-9A-Za-z-]{36})(?:/status)?/?(?:\?.*)?$`)

// requestID returns the id of the request that a Location header points to, or
// "".
func requestID(location string) string {
	if found := requestPath.FindStringSubmatch(location); found != nil {
		return found[1]
	}
	return ""
}
