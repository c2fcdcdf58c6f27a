package session_test

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"keydeck/internal/session"
	"keydeck/internal/session/sessiontest"
)

func openRedis(t testing.TB, url string, now func() time.Time) *session.Redis {
	t.Helper()
	r, err := session.OpenRedis(session.RedisConfig{URL: url, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func TestRedisInMemory(t *testing.T) {
	t.Parallel()
	sessiontest.TestBackend(t, func(t *testing.T, now func() time.Time) session.Backend {
		return openRedis(t, "redis://"+miniredis.RunT(t).Addr(), now)
	})
}

// server is a real Redis of the test's own.
type server struct {
	t       testing.TB
	address string
	options []string
	process *exec.Cmd
}

// startRedis starts one, which keeps nothing on a disk.
func startRedis(t testing.TB, options ...string) *server {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, address: free.Addr().String(), options: options}
	_ = free.Close()
	s.start()
	t.Cleanup(s.stop)
	return s
}

func (s *server) start() {
	s.t.Helper()
	program := "redis-server"
	if _, err := exec.LookPath(program); err != nil {
		if program = "valkey-server"; !installed(program) {
			s.t.Fatal("neither redis-server nor valkey-server is installed: run make setup")
		}
	}
	_, port, _ := net.SplitHostPort(s.address)
	s.process = exec.Command(program, append([]string{
		"--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--dir", s.t.TempDir(), "--loglevel", "warning",
	}, s.options...)...)
	s.process.Stderr = os.Stderr
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	await(s.t, "redis takes connections", func() bool {
		conn, err := net.DialTimeout("tcp", s.address, time.Second)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

func (s *server) stop() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	s.process = nil
}

// await looks again and again, for ten seconds at most.
func await(t testing.TB, what string, is func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatal("never: " + what)
		}
	}
}

func TestRedisServer(t *testing.T) {
	s := startRedis(t)
	database := 0
	sessiontest.TestBackend(t, func(t *testing.T, now func() time.Time) session.Backend {
		r := openRedis(t, "redis://"+s.address, now)
		if err := r.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		database++
		return r
	})
	if database == 0 {
		t.Error("the suite opened nothing")
	}
}

// What has expired is cleared away by Redis itself, index and all.
func TestRedisClearsAway(t *testing.T) {
	t.Parallel()
	mini := miniredis.RunT(t)
	clock := sessiontest.NewClock(time.Now())
	r := openRedis(t, "redis://"+mini.Addr(), clock.Now)
	for key, life := range map[string]time.Duration{"s/a/1": time.Minute, "s/a/2": time.Hour, "plain": time.Minute} {
		if err := r.Put(t.Context(), key, []byte("x"), clock.Now().Add(life)); err != nil {
			t.Fatal(err)
		}
	}
	mini.FastForward(2 * time.Minute)
	clock.Advance(2 * time.Minute)
	if keys := strings.Join(mini.Keys(), " "); strings.Contains(keys, "s/a/1") || strings.Contains(keys, "plain") || !strings.Contains(keys, "s/a/2") {
		t.Errorf("after two minutes there is %s", keys)
	}
	mini.FastForward(time.Hour)
	clock.Advance(time.Hour)
	if keys := mini.Keys(); len(keys) > 1 || len(keys) == 1 && !strings.HasSuffix(keys[0], "ping") {
		t.Errorf("after an hour there is %q", keys)
	}
}

// A Redis that goes away is trouble, at once and not absence; when it returns
// it is used again, without a restart.
func TestRedisGoesAwayAndReturns(t *testing.T) {
	t.Parallel()
	s := startRedis(t)
	r := openRedis(t, "redis://"+s.address, nil)
	put := func() error { return r.Put(t.Context(), "s/a/1", []byte("x"), time.Now().Add(time.Hour)) }
	if err := put(); err != nil {
		t.Fatal(err)
	}
	s.stop()
	if err := put(); err == nil {
		t.Error("stored in a Redis that is gone")
	}
	if _, err := r.Get(t.Context(), "s/a/1"); err == nil || errors.Is(err, session.ErrNotFound) {
		t.Errorf("reading: %v; that is trouble, not absence", err)
	}
	if r.Ping(t.Context()) == nil {
		t.Error("it is there, says Ping")
	}
	s.start()
	await(t, "it is used again", func() bool { return put() == nil })
}

// One that hangs does not hold a request for long.
func TestRedisHangs(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	started := time.Now()
	r, err := session.OpenRedis(session.RedisConfig{URL: "redis://" + listener.Addr().String(), Timeout: 50 * time.Millisecond})
	if err == nil {
		_ = r.Close()
		t.Fatal("opened")
	}
	if took := time.Since(started); took > time.Second || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("after %v: %v", took, err)
	}
}

func TestRedisRefuses(t *testing.T) {
	t.Parallel()
	const password = "hunter2-hunter2"
	locked := startRedis(t, "--requirepass", password+"x")
	plain := startRedis(t)
	for name, tt := range map[string]struct{ url, says string }{
		"no host":           {"redis://:" + password + "@/0", "names no host"},
		"a path":            {"redis://:" + password + "@" + plain.address + "/sessions", "is a number"},
		"a query":           {"redis://:" + password + "@" + plain.address + "/0?db=1", "must end with"},
		"a fragment":        {"redis://" + plain.address + "/0#" + password, "must end with"},
		"an unescaped hash": {"redis://:" + password + "#x@" + plain.address + "/0", "is no URL"},
		"an unescaped %":    {"redis://:" + password + "%zz@" + plain.address, "is no URL"},
		"a port in words":   {"redis://:" + password + "@127.0.0.1:redis", "is no URL"},
		"control character": {"redis://:" + password + "\n@" + plain.address, "is no URL"},
		"a wrong password":  {"redis://:" + password + "@" + locked.address, "another user or password"},
		"no password":       {"redis://" + locked.address, "another user or password"},
		"a wrong user":      {"redis://nobody:" + password + "@" + locked.address, "another user or password"},
		"no such database":  {"redis://" + plain.address + "/99", "no database of this number"},
		"nobody there":      {"redis://:" + password + "@127.0.0.1:1", "cannot be reached"},
		"TLS to plain":      {"rediss://" + plain.address, "cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := session.OpenRedis(session.RedisConfig{URL: tt.url})
			if err == nil {
				_ = r.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("it says %q, not %q", err, tt.says)
			}
			if strings.Contains(err.Error(), password) || strings.Contains(err.Error(), tt.url) {
				t.Errorf("it holds what nobody should read: %v", err)
			}
		})
	}
}

func TestRedisReplicaIsRefused(t *testing.T) {
	t.Parallel()
	primary := startRedis(t)
	host, port, _ := net.SplitHostPort(primary.address)
	replica := startRedis(t, "--replicaof", host+" "+port)
	_, err := session.OpenRedis(session.RedisConfig{URL: "redis://" + replica.address})
	if err == nil || !strings.Contains(err.Error(), "is a replica") {
		t.Errorf("opened a replica: %v", err)
	}
}

// A Redis that still reads its data is waited for.
func TestRedisIsLoading(t *testing.T) {
	t.Parallel()
	mini := miniredis.RunT(t)
	mini.SetError("LOADING Redis is loading the dataset in memory")
	ready := make(chan struct{})
	go func() {
		defer close(ready)
		for mini.TotalConnectionCount() == 0 {
			<-time.After(time.Millisecond)
		}
		mini.SetError("")
	}()
	r, err := session.OpenRedis(session.RedisConfig{URL: "redis://" + mini.Addr()})
	<-ready
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
}

// A server that is none.
func TestRedisTalksNonsense(t *testing.T) {
	t.Parallel()
	for name, says := range map[string]string{"http": "HTTP/1.1 400 Bad Request\r\n\r\n", "garbage": "\x00\xff\r\n", "a huge length": "$99999999999\r\n"} {
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
					_, _ = conn.Write([]byte(says))
					_ = conn.Close()
				}
			}()
			if r, err := session.OpenRedis(session.RedisConfig{URL: "redis://" + listener.Addr().String()}); err == nil {
				_ = r.Close()
				t.Error("opened")
			}
		})
	}
}
