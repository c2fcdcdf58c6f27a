package kv_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	miniserver "github.com/alicebob/miniredis/v2/server"

	"keydeck/internal/kv"
	"keydeck/internal/kv/kvtest"
)

// TestRedis holds what is true of Redis and not of every store.
func TestRedis(t *testing.T) {
	t.Parallel()
	t.Run("the server removes what has expired", testRedisExpiry)
	t.Run("restart", testRedisRestart)
	t.Run("failover", testRedisFailover)
	for name, scheme := range map[string]string{"server": "redis", "cluster": "redis+cluster"} {
		t.Run("lost answer/"+name, func(t *testing.T) { testRedisLostAnswer(t, scheme) })
	}
}

func testRedisExpiry(t *testing.T) {
	t.Parallel()
	mini := miniredis.RunT(t)
	clock := kvtest.NewClock(time.Now())
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

// A server that has gone is a failure at once, and not absence; when it returns
// it is used again without a restart of this process.
func testRedisRestart(t *testing.T) {
	t.Parallel()
	s := startRedis(t)
	r := openRedis(t, "redis://"+s.address, nil)
	put := func() error { return r.Put(t.Context(), "s/a/1", []byte("x"), time.Now().Add(time.Hour)) }
	if err := put(); err != nil {
		t.Fatal(err)
	}
	s.stop()
	if err := put(); err == nil {
		t.Error("Put succeeded without a server")
	}
	if _, err := r.Get(t.Context(), "s/a/1"); err == nil || errors.Is(err, kv.ErrNotFound) {
		t.Errorf("Get: %v, want a failure and not absence", err)
	}
	if r.Ping(t.Context()) == nil {
		t.Error("Ping succeeded without a server")
	}
	s.start()
	await(t, "the server is used again", func() bool { return put() == nil })
}

// The replica that Sentinel makes the primary is used without a restart.
func testRedisFailover(t *testing.T) {
	t.Parallel()
	s := startSentinel(t)
	replica := s.startReplica()
	r := openRedis(t, s.url, nil)
	put := func(key string) error { return r.Put(t.Context(), key, []byte("x"), time.Now().Add(time.Hour)) }
	if err := put("s/a/1"); err != nil {
		t.Fatal(err)
	}
	await(t, "the record is replicated", func() bool { return strings.Contains(replica.do("keys", "*"), "s/a/1") })
	s.primary.stop()
	_ = put("s/a/2") // fails, unless Sentinel is quicker than the test
	await(t, "the new primary takes writes", func() bool { return put("s/a/3") == nil })
	if _, err := r.Get(t.Context(), "s/a/1"); err != nil {
		t.Errorf("the record from before: %v", err)
	}
}

// A request whose answer is lost is an error and is not sent again.
func testRedisLostAnswer(t *testing.T, scheme string) {
	t.Parallel()
	mini := miniredis.RunT(t)
	r := openRedis(t, scheme+"://"+mini.Addr(), nil)
	if err := r.Put(t.Context(), "s/a/1", []byte("x"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err) // the script is known from now on
	}
	var sent atomic.Int64
	mini.Server().SetPreHook(func(peer *miniserver.Peer, command string, _ ...string) bool {
		switch command {
		case "EVALSHA", "EVAL", "EXEC":
			sent.Add(1)
			peer.Close()
			return true
		}
		return false
	})
	for name, call := range map[string]func() error{
		"PutIfAbsent": func() error {
			_, err := r.PutIfAbsent(t.Context(), "s/a/2", []byte("x"), time.Now().Add(time.Hour))
			return err
		},
		"CompareAndSwap": func() error {
			_, err := r.CompareAndSwap(t.Context(), "s/a/1", []byte("x"), []byte("y"), time.Now().Add(time.Hour))
			return err
		},
		"Put":         func() error { return r.Put(t.Context(), "s/a/1", []byte("x"), time.Now().Add(time.Hour)) },
		"Delete":      func() error { return r.Delete(t.Context(), "s/a/1") },
		"DeleteGroup": func() error { return r.DeleteGroup(t.Context(), "s/a/") },
	} {
		sent.Store(0)
		if err := call(); err == nil || sent.Load() != 1 {
			t.Errorf("%s was sent %d times: %v", name, sent.Load(), err)
		}
	}
}
