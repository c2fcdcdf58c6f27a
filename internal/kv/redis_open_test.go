package kv_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"keydeck/internal/kv"
	"keydeck/internal/waittest"
)

// wantNoRedis opens what must not open, and checks that the error is one line
// which says a text and holds no secret.
func wantNoRedis(t *testing.T, cfg kv.RedisConfig, says string, secrets ...string) {
	t.Helper()
	r, err := kv.OpenRedis(t.Context(), cfg)
	if err == nil {
		_ = r.Close()
		t.Fatal("opened")
	}
	if !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
		t.Errorf("the error is %q, want %q in one line", err, says)
	}
	for _, secret := range secrets {
		if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), cfg.URL+":") {
			t.Errorf("the error holds %q: %v", secret, err)
		}
	}
}

func TestOpenRedis(t *testing.T) {
	t.Parallel()
	const password = "hunter2-hunter2"
	locked, plain := startRedis(t, "--requirepass", password+"x"), startRedis(t)
	replica := startRedis(t, "--replicaof", "127.0.0.1 "+portOf(plain.address))
	node := startRedis(t, "--cluster-enabled", "yes", "--cluster-port", portOf(freeAddress(t)))
	for name, tt := range map[string]struct{ url, says string }{
		"no host":                       {"redis://:" + password + "@/0", "names no host"},
		"a path":                        {"redis://:" + password + "@" + plain.address + "/sessions", "is a number"},
		"a query":                       {"redis://:" + password + "@" + plain.address + "/0?db=1", "must end with"},
		"a fragment":                    {"redis://" + plain.address + "/0#" + password, "must end with"},
		"an unescaped hash":             {"redis://:" + password + "#x@" + plain.address + "/0", "is no URL"},
		"an unescaped percent sign":     {"redis://:" + password + "%zz@" + plain.address, "is no URL"},
		"a port that is not a number":   {"redis://:" + password + "@127.0.0.1:redis", "is no URL"},
		"a control character":           {"redis://:" + password + "\n@" + plain.address, "is no URL"},
		"a query that is not one":       {"redis+cluster://" + plain.address + "?%zz=" + password, "query"},
		"an unknown setting":            {"redis+cluster://" + plain.address + "?password=" + password, "not known"},
		"an addr without a host":        {"redis+cluster://" + plain.address + "?addr=:" + password, "not HOST:PORT"},
		"an addr with a password":       {"redis+cluster://" + plain.address + "?addr=:" + password + "@h:1", "not HOST:PORT"},
		"a cluster with a database":     {"redis+cluster://" + plain.address + "/1", "has one only"},
		"no master_name":                {"redis+sentinel://:" + password + "@" + plain.address, "master_name"},
		"a socket without a path":       {"unix://", "names no path"},
		"a socket on a host":            {"unix://" + password + "/redis.sock", "names no path"},
		"a socket that is not there":    {"unix:///none/redis.sock", "cannot be reached"},
		"a wrong password":              {"redis://:" + password + "@" + locked.address, "another user or password"},
		"no password":                   {"redis://" + locked.address, "another user or password"},
		"a wrong user":                  {"redis://other:" + password + "@" + locked.address, "another user or password"},
		"a wrong password of a cluster": {"redis+cluster://:" + password + "@" + locked.address, "another user or password"},
		"no such database":              {"redis://" + plain.address + "/99", "no database of this number"},
		"no server":                     {"redis://:" + password + "@127.0.0.1:1", "cannot be reached"},
		"no server of a cluster":        {"redis+cluster://:" + password + "@127.0.0.1:1", "cannot be reached"},
		"a replica":                     {"redis://" + replica.address, "is a replica"},
		"no cluster":                    {"redis+cluster://" + plain.address, "not a cluster"},
		"a cluster without slots":       {"redis+cluster://" + node.address, "cluster is down"},
		"a node of a cluster":           {"redis://" + node.address, "cluster is down"},
		"a server for a sentinel":       {"redis+sentinel://" + plain.address + "?master_name=main&sentinel_password=" + password, "no Sentinel there"},
		"no sentinel":                   {"redis+sentinel://127.0.0.1:1?master_name=main", "no Sentinel there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantNoRedis(t, kv.RedisConfig{URL: tt.url}, tt.says, password)
		})
	}
	t.Run("timeout", testOpenRedisTimeout)
	t.Run("loading", testOpenRedisLoading)
	t.Run("other protocol", testOpenRedisProtocol)
	t.Run("TLS to plain", func(t *testing.T) {
		t.Parallel()
		wantNoRedis(t, kv.RedisConfig{URL: "rediss://" + plain.address, Timeout: 200 * time.Millisecond}, "cannot be reached")
	})
	t.Run("an unknown master_name", func(t *testing.T) {
		t.Parallel()
		url := strings.Replace(startSentinel(t).url, "=main", "=other", 1)
		wantNoRedis(t, kv.RedisConfig{URL: url}, "no Sentinel there")
	})
}

// A server that does not answer is given up after the timeout.
func testOpenRedisTimeout(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	began := time.Now()
	wantNoRedis(t, kv.RedisConfig{URL: "redis://" + listener.Addr().String(), Timeout: 50 * time.Millisecond}, "cannot be reached")
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v", took)
	}
}

// A server that is reading its data is waited for.
func testOpenRedisLoading(t *testing.T) {
	t.Parallel()
	mini := miniredis.RunT(t)
	mini.SetError("LOADING Redis is loading the dataset in memory")
	ready := make(chan struct{})
	go func() {
		defer close(ready)
		await(t, "a connection is made", func() bool { return mini.TotalConnectionCount() > 0 })
		mini.SetError("")
	}()
	openRedis(t, "redis://"+mini.Addr(), nil)
	waittest.Receive(t, ready, "the server to be ready")
}

// A server of another protocol is refused.
func testOpenRedisProtocol(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"http": "HTTP/1.1 400 Bad Request\r\n\r\n", "garbage": "\x00\xff\r\n", "a huge length": "$99999999999\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = listener.Close() })
			go func() {
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					_, _ = conn.Write([]byte(answer))
					_ = conn.Close()
				}
			}()
			wantNoRedis(t, kv.RedisConfig{URL: "redis://" + listener.Addr().String()}, "")
		})
	}
}
