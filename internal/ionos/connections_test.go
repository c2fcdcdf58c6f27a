package ionos_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	management "github.com/ionos-cloud/sdk-go-bundle/products/objectstoragemanagement/v2"
	"github.com/ionos-cloud/sdk-go-bundle/shared"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
	"keydeck/internal/sandbox"
)

// counting serves the sandbox over TCP and counts connections.
func counting(t *testing.T) (address string, connections *atomic.Int64) {
	t.Helper()
	box, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	connections = new(atomic.Int64)
	server := httptest.NewUnstartedServer(box)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, connections
}

func clientOf(t *testing.T, address string) *ionos.Client {
	t.Helper()
	transport := ionos.NewHTTPTransport()
	t.Cleanup(transport.CloseIdleConnections)
	return newClient(t, ionos.Config{
		ManagementURL: address, CloudURL: address + "/cloudapi/v6", AuthURL: address + "/auth/v1", Transport: transport,
	})
}

const manyCalls = 100

// TestNewHTTPTransportReuse: all calls, of all sessions, come on one connection
// where the SDKs by themselves make one for each.
func TestNewHTTPTransportReuse(t *testing.T) {
	t.Parallel()
	address, connections := counting(t)
	client := clientOf(t, address)
	secret, err := client.SignIn(t.Context(), credentials("full@keydeck.example"), 0)
	if err != nil {
		t.Fatal(err)
	}
	me, err := client.Identify(secret)
	if err != nil {
		t.Fatal(err)
	}
	for range manyCalls / 4 {
		remote := client.As(keys.Access{Token: secret})
		if _, err := remote.OwnKeys(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := remote.UserKeys(t.Context(), me.UserID); err != nil {
			t.Fatal(err)
		}
		_, _ = remote.User(t.Context(), resourceID)    // refused
		_, _ = remote.CreateOwnKey(t.Context(), "six") // refused
	}
	if got := connections.Load(); got != 1 {
		t.Errorf("%d calls came on %d connections, want 1", manyCalls, got)
	}

	address, connections = counting(t)
	bare := management.NewAPIClient(shared.NewConfiguration("", "", secret.Reveal(), address))
	for range manyCalls {
		if _, _, err := bare.AccesskeysApi.AccesskeysGet(t.Context()).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	if got := connections.Load(); got != manyCalls {
		t.Errorf("the SDK alone made %d connections for %d calls: is the transport still needed?", got, manyCalls)
	}
}

// TestNewHTTPTransportConcurrent: as many connections as calls at once.
func TestNewHTTPTransportConcurrent(t *testing.T) {
	t.Parallel()
	address, connections := counting(t)
	client := clientOf(t, address)
	secret, err := client.SignIn(t.Context(), credentials("owner@keydeck.example"), 0)
	if err != nil {
		t.Fatal(err)
	}
	const atOnce = 16
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for range manyCalls / atOnce {
				if _, err := client.As(keys.Access{Token: secret}).OwnKeys(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	// A connection can be dialled for a call that then takes one that has
	// become free; it is kept, and not lost.
	if got := connections.Load(); got > 2*atOnce {
		t.Errorf("%d calls at once came on %d connections", atOnce, got)
	}
}

// TestAsAllocations: there is a session for every request of every user.
func TestAsAllocations(t *testing.T) {
	client := newClient(t, ionos.Config{})
	access := keys.Access{Token: token()}
	if n := testing.AllocsPerRun(100, func() { client.As(access) }); n > 1 {
		t.Errorf("As allocates %v times", n)
	}
}
