package contractkeys_test

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// TestPeek: a reading that is only looked at stops, and stays.
func TestPeek(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, cache := newContract(2000), newCache()
		if s, err := cache.Peek(t.Context(), c.asker("a")); err != nil || s.Running || s.Listed || c.calls != 1 {
			t.Errorf("before: %+v, %v", s, err)
		}
		recent(t, cache, c.asker("a"), time.Second)
		var before contractkeys.Snapshot
		for range 20 {
			before, _ = cache.Peek(t.Context(), c.asker("a"))
			wait(time.Second)
		}
		if before.Running || before.Looked == 0 || before.Done() || before.Err != nil {
			t.Errorf("stopped: running %v, %d read, %v", before.Running, before.Looked, before.Err)
		}
		if s := follow(t, cache, c.asker("a")); !s.Complete() {
			t.Error("it does not go on")
		}
		for id, n := range c.asked {
			if n > 1 {
				t.Fatalf("%s was read %d times", id, n)
			}
		}
	})
}

// TestChanged: a change is seen, also one that the API carries out later and one
// that gives a user the first key.
func TestChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, cache := newContract(40), newCache()
		follow(t, cache, c.asker("a"))
		calls := c.calls
		first := userID(100_000)
		cache.Changed("1", userID(5))
		cache.Changed("1", first)
		cache.Changed("2", userID(5)) // nothing is kept of that contract
		wait(5 * time.Second)
		follow(t, cache, c.asker("a"))
		c.change(func() {
			c.keys[userID(5)] = c.keys[userID(5)][:1]
			c.users[1].CanonicalUserID = "f" // its second user is the first without keys
			c.keys[first] = []keys.Key{{AccessKey: "first"}}
		})
		wait(5 * time.Second)
		s := follow(t, cache, c.asker("a"))
		if count(s) != 80 || !s.Complete() || len(s.Entries) != 41 {
			t.Errorf("%d keys of %d users, complete %v", count(s), len(s.Entries), s.Complete())
		}
		if c.calls-calls > 12 {
			t.Errorf("%d calls for two users", c.calls-calls)
		}
		wait(time.Minute)
		follow(t, cache, c.asker("a"))
		settled := c.asked[userID(5)]
		follow(t, cache, c.asker("a"))
		if c.asked[userID(5)] != settled {
			t.Error("a change that has settled is read again")
		}
	})
}

// TestBounds: readings that are not used make room.
func TestBounds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache := contractkeys.NewCache(contractkeys.Config{Users: directory.NewCache(directory.Config{}), MaxContracts: 2, MaxTotal: 250})
		contracts := map[string]*contract{}
		ask := func(number string) {
			c := contracts[number]
			if c == nil {
				c = newContract(40) // 120 users and keys
				contracts[number] = c
			}
			asker := c.asker("a")
			asker.Contract = number
			if s := follow(t, cache, asker); !s.Complete() {
				t.Errorf("%s is not complete", number)
			}
		}
		for _, number := range []string{"1", "2", "1", "3", "1", "2"} {
			ask(number)
		}
		for number, want := range map[string]int{"1": 1, "2": 2, "3": 1} {
			if got := contracts[number].asked[userID(0)]; got != want {
				t.Errorf("contract %s was read %d times, want %d", number, got, want)
			}
		}
	})
}

// TestMemory: 10,000 users with 20,000 keys of 92 characters take at most 40 MB,
// the users included.
func TestMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newContract(10_000)
		for id := range c.keys {
			for i := range c.keys[id] {
				c.keys[id][i].AccessKey = fmt.Sprintf("%s-%055d", id, i)
			}
		}
		c.latency = time.Millisecond
		cache := newCache()
		before := heap()
		s := follow(t, cache, c.asker("a"))
		used := heap() - before
		if limit := int64(40 << 20); used <= 0 || used > limit {
			t.Errorf("takes %d bytes, at most %d", used, limit)
		}
		t.Logf("%d keys take %.1f MB", count(s), float64(used)/(1<<20))
		runtime.KeepAlive(c)
		runtime.KeepAlive(cache)
	})
}

// heap returns how many bytes are in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
