package kv_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"keydeck/internal/retry"
)

// server is a Redis, or Valkey, of the test's own.
type server struct {
	t       testing.TB
	address string
	options []string
	process *exec.Cmd
}

// startRedis starts a server that stores nothing on the disk. An option replaces
// an earlier one of its name.
func startRedis(t testing.TB, options ...string) *server {
	t.Helper()
	s := &server{t: t, address: freeAddress(t)}
	s.options = append([]string{
		"--bind", "127.0.0.1", "--port", portOf(s.address), "--save", "", "--appendonly", "no", "--dir", t.TempDir(), "--loglevel", "warning",
	}, options...)
	s.start()
	t.Cleanup(s.stop)
	return s
}

func (s *server) start() {
	s.t.Helper()
	s.process = exec.Command(redisProgram(s.t), s.options...)
	s.process.Stderr = os.Stderr
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	await(s.t, "redis accepts connections", func() bool {
		conn, err := net.DialTimeout("tcp", s.address, time.Second)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
}

// stop kills the server.
func (s *server) stop() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	s.process = nil
}

// do sends a command to the server.
func (s *server) do(arguments ...any) string {
	s.t.Helper()
	client := redis.NewClient(&redis.Options{Addr: s.address, DisableIdentity: true})
	defer func() { _ = client.Close() }()
	result, err := client.Do(s.t.Context(), arguments...).Result()
	if err != nil {
		s.t.Fatalf("%v: %v", arguments, err)
	}
	return fmt.Sprint(result)
}

func redisProgram(t testing.TB) string {
	t.Helper()
	for _, program := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(program); err == nil {
			return path
		}
	}
	t.Fatal("neither redis-server nor valkey-server is installed: run make setup")
	return ""
}

// addresses are those that freeAddress has returned: a server may not listen on
// one yet when the next is needed.
var addresses sync.Map

// freeAddress returns an address that it has not returned before.
func freeAddress(t testing.TB) string {
	t.Helper()
	for {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := listener.Addr().String()
		_ = listener.Close()
		if _, used := addresses.LoadOrStore(address, true); !used {
			return address
		}
	}
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

// await polls until is reports true, for twenty seconds at most.
func await(t testing.TB, what string, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	poll := retry.Policy{MinBackoff: 10 * time.Millisecond, MaxBackoff: 10 * time.Millisecond}
	err := poll.Do(ctx, func(context.Context) error {
		if is() {
			return nil
		}
		return fmt.Errorf("did not happen: %s", what)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// startOnSocket starts a server on a Unix socket and returns its URL.
func startOnSocket(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "kv") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "redis.sock")
	startRedis(t, "--unixsocket", path, "--unixsocketperm", "700")
	return "unix://" + path
}

// startCluster starts three nodes that share the slots, and returns the URL of
// the cluster.
func startCluster(t *testing.T) string {
	t.Helper()
	slots := [][2]int{{0, 5460}, {5461, 10922}, {10923, 16383}}
	nodes := make([]*server, len(slots))
	buses := make([]string, len(slots))
	for i, slot := range slots {
		buses[i] = portOf(freeAddress(t))
		nodes[i] = startRedis(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", buses[i])
		nodes[i].do("cluster", "addslotsrange", slot[0], slot[1])
	}
	for i := range nodes[1:] {
		nodes[0].do("cluster", "meet", "127.0.0.1", portOf(nodes[i+1].address), buses[i+1])
	}
	for _, node := range nodes {
		await(t, "the cluster is up", func() bool {
			info := node.do("cluster", "info")
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3") &&
				strings.Contains(info, "cluster_slots_assigned:16384")
		})
	}
	return "redis+cluster://" + nodes[0].address + "?addr=" + nodes[1].address
}

// sentinel is a Sentinel that watches a primary.
type sentinel struct {
	*server
	url     string
	primary *server
}

func startSentinel(t *testing.T) *sentinel {
	t.Helper()
	primary, address := startRedis(t), freeAddress(t)
	config := filepath.Join(t.TempDir(), "sentinel.conf")
	lines := fmt.Sprintf("bind 127.0.0.1\nport %s\ndir %s\nsentinel monitor main 127.0.0.1 %s 1\n"+
		"sentinel down-after-milliseconds main 300\nsentinel failover-timeout main 2000\n", portOf(address), filepath.Dir(config), portOf(primary.address))
	if err := os.WriteFile(config, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	watcher := &server{t: t, address: address, options: []string{config, "--sentinel", "--loglevel", "warning"}}
	watcher.start()
	t.Cleanup(watcher.stop)
	return &sentinel{watcher, "redis+sentinel://" + address + "/0?master_name=main", primary}
}

// startReplica gives the primary a replica that is up to date, and waits until
// the sentinel knows it.
func (s *sentinel) startReplica() *server {
	s.t.Helper()
	replica := startRedis(s.t, "--replicaof", "127.0.0.1 "+portOf(s.primary.address))
	await(s.t, "the replica is connected", func() bool {
		return strings.Contains(replica.do("info", "replication"), "master_link_status:up")
	})
	await(s.t, "the sentinel knows the replica", func() bool {
		return strings.Contains(s.do("sentinel", "replicas", "main"), portOf(replica.address))
	})
	return replica
}
