package ionos_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
)

// TestRoundTripDroppedChange: over TCP, on a connection already in use, a change whose
// answer is lost reaches the API once, and is said to be unclear.
func TestRoundTripDroppedChange(t *testing.T) {
	t.Parallel()
	changes := map[string]func(context.Context, keys.Remote, names) error{
		"POST /accesskeys": func(ctx context.Context, r keys.Remote, _ names) error { return dropping(r.CreateOwnKey(ctx, "")) },
		"PUT /accesskeys/": func(ctx context.Context, r keys.Remote, n names) error {
			return dropping(r.RenewOwnKey(ctx, n.resource))
		},
		"DELETE /accesskeys/":         func(ctx context.Context, r keys.Remote, n names) error { return r.DeleteOwnKey(ctx, n.resource) },
		"POST /cloudapi/v6/um/users/": func(ctx context.Context, r keys.Remote, n names) error { return dropping(r.CreateUserKey(ctx, n.user)) },
		"PUT /cloudapi/v6/um/users/": func(ctx context.Context, r keys.Remote, n names) error {
			return dropping(r.SetUserKeyActive(ctx, n.user, n.access, true))
		},
		"DELETE /cloudapi/v6/um/users/": func(ctx context.Context, r keys.Remote, n names) error {
			return dropping(r.DeleteUserKey(ctx, n.user, n.access))
		},
	}
	for change, run := range changes {
		for _, drop := range []string{"before", "after"} {
			t.Run(drop+"/"+change, func(t *testing.T) {
				t.Parallel()
				address, _ := counting(t)
				remote, n := signedIn(t, clientOf(t, address))
				method, path, _ := strings.Cut(change, " ")
				control(t, "POST", address+"/_sandbox/faults", fmt.Sprintf(`{"method":%q,"path":%q,"times":5,"drop":%q}`, method, path, drop))
				err := run(t.Context(), remote, n)
				if !errors.Is(err, keys.ErrUnavailable) || !keys.Indeterminate(err) {
					t.Errorf("got error %v, unclear %v", err, keys.Indeterminate(err))
				}
				if got := arrived(t, address, method, path); got != 1 {
					t.Errorf("arrived %d times", got)
				}
			})
		}
	}
}

// TestRoundTripDroppedRead: a read is tried again, in vain if need be.
func TestRoundTripDroppedRead(t *testing.T) {
	t.Parallel()
	for times, ok := range map[int]bool{1: true, 2: true, 50: false} {
		address, _ := counting(t)
		remote, _ := signedIn(t, clientOf(t, address))
		before := arrived(t, address, "GET", "/accesskeys")
		control(t, "POST", address+"/_sandbox/faults", fmt.Sprintf(`{"method":"GET","path":"/accesskeys","times":%d,"drop":"before"}`, times))
		_, err := remote.OwnKeys(t.Context())
		if (err == nil) != ok || err != nil && !errors.Is(err, keys.ErrUnavailable) {
			t.Errorf("dropped %d times: got error %v", times, err)
		}
		// One more than three tries: net/http's own, on the connection in use.
		if got := arrived(t, address, "GET", "/accesskeys") - before; got > 4 {
			t.Errorf("dropped %d times: arrived %d times", times, got)
		}
	}
}

// names is what there is of the owner's to change.
type names struct{ user, resource, access string }

func signedIn(t *testing.T, client *ionos.Client) (keys.Remote, names) {
	t.Helper()
	secret, err := client.SignIn(t.Context(), credentials("owner@keydeck.example"), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	me, err := client.Identify(secret)
	if err != nil {
		t.Fatal(err)
	}
	remote := client.As(keys.Access{Token: secret})
	own, err := remote.OwnKeys(t.Context())
	if err != nil || len(own) == 0 {
		t.Fatalf("%d keys, error %v", len(own), err)
	}
	return remote, names{me.UserID, own[0].ResourceID, own[0].AccessKey}
}

// control speaks to the sandbox's controls.
func control(t *testing.T, method, address, body string) *json.Decoder {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: status %d", method, address, response.StatusCode)
	}
	return json.NewDecoder(response.Body)
}

// arrived counts the requests that reached the sandbox.
func arrived(t *testing.T, address, method, path string) int {
	t.Helper()
	var log struct {
		Requests []struct{ Method, Path string }
	}
	if err := control(t, "GET", address+"/_sandbox/requests", "").Decode(&log); err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, r := range log.Requests {
		if r.Method == method && strings.HasPrefix(r.Path, path) {
			count++
		}
	}
	return count
}
