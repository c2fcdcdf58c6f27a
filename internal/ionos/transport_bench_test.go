package ionos_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
	"keydeck/internal/sandbox"
	"keydeck/internal/secret"
)

// BenchmarkNewHTTPTransport lists a user's keys over TLS, with ten milliseconds each
// way: through our transport, and as the SDK does it by itself, which opens a
// connection for each call.
func BenchmarkNewHTTPTransport(b *testing.B) {
	box, err := sandbox.New(sandbox.Config{})
	if err != nil {
		b.Fatal(err)
	}
	token := box.Token("full@keydeck.example", time.Hour)
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(box)
	server.Listener = far{server.Listener, 10 * time.Millisecond}
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.StartTLS()
	b.Cleanup(server.Close)
	trust := x509.NewCertPool()
	trust.AddCert(server.Certificate())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust, MinVersion: tls.VersionTLS12}, MaxIdleConnsPerHost: 16}

	ours, err := ionos.New(ionos.Config{
		ManagementURL: server.URL, CloudURL: server.URL + "/cloudapi/v6", AuthURL: server.URL + "/auth/v1", Transport: transport,
	})
	if err != nil {
		b.Fatal(err)
	}
	identity, err := ours.Identify(secret.New(token))
	if err != nil {
		b.Fatal(err)
	}
	remote := ours.As(keys.Access{Token: secret.New(token)})
	configuration := cloud.NewConfiguration("", "", token, server.URL+"/cloudapi/v6")
	configuration.HTTPClient = &http.Client{Transport: transport}
	theirs := cloud.NewAPIClient(configuration)

	for name, list := range map[string]func() error{
		"ours": func() error {
			_, err := remote.UserKeys(b.Context(), identity.UserID)
			return err
		},
		"sdk": func() error {
			_, _, err := theirs.UserS3KeysApi.UmUsersS3keysGet(b.Context(), identity.UserID).Depth(1).Execute()
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			before := opened.Load()
			for b.Loop() {
				if err := list(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(1000*float64(opened.Load()-before)/float64(b.N), "connections/1000")
		})
	}
}

// far is a network whose packets are under way for a while, each way.
type far struct {
	net.Listener
	delay time.Duration
}

func (f far) Accept() (net.Conn, error) {
	near, err := f.Listener.Accept()
	if err != nil {
		return nil, err
	}
	here, there := net.Pipe()
	go carry(there, near, f.delay)
	go carry(near, there, f.delay)
	return here, nil
}

// packet is what was read, and when it arrives.
type packet struct {
	data []byte
	at   time.Time
}

// carry takes what one end writes to the other, later, and in order.
func carry(to, from net.Conn, delay time.Duration) {
	underWay := make(chan packet, 1024)
	go func() {
		defer close(underWay)
		for {
			data := make([]byte, 32<<10)
			n, err := from.Read(data)
			if n > 0 {
				underWay <- packet{data[:n], time.Now().Add(delay)}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range underWay {
		<-time.After(time.Until(p.at))
		if _, err := to.Write(p.data); err != nil {
			break
		}
	}
	_ = to.Close()
	_, _ = io.Copy(io.Discard, from)
}
