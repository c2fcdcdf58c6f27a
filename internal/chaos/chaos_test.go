package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// plan is how much of it there is. What each user does, what the APIs do to
// them and when the console is killed follows from the seed; what happens at
// the same moment does not.
type plan struct {
	seed                     uint64
	users, operations, kills int
	faults                   map[string]any
	// patience is how long a user asks what became of something before they go
	// on with something else, and at the end.
	patience, atLast time.Duration
	// arrival is how long a request can take before it is on record what it changes.
	arrival time.Duration
}

// short is what `make test` runs.
var short = plan{
	seed: 1, users: 12, operations: 500, kills: 3, patience: 2 * time.Second, atLast: 2 * time.Second,
	arrival: 5 * time.Second,
	faults:  map[string]any{"delay": .2, "throttle": .02, "fail": .02, "failAfter": .02, "dropBefore": .02, "dropAfter": .03},
}

// long is what `make chaos` runs. Some calls hang for longer than the console
// waits for them.
var long = plan{
	seed: 1, users: 24, operations: 12_000, kills: 25, patience: 5 * time.Second, atLast: 100 * time.Second,
	arrival: time.Minute,
	faults:  map[string]any{"delay": .2, "throttle": .01, "fail": .01, "failAfter": .01, "dropBefore": .01, "dropAfter": .015, "hang": .0005},
}

func planned(t *testing.T) plan {
	t.Helper()
	p := short
	if os.Getenv("KEYDECK_CHAOS") == "long" {
		p = long
	}
	if given := os.Getenv("KEYDECK_CHAOS_SEED"); given != "" {
		seed, err := strconv.ParseUint(given, 10, 64)
		if err != nil {
			t.Fatalf("KEYDECK_CHAOS_SEED: %v", err)
		}
		p.seed = seed
	}
	return p
}

// chaos is a run of a plan.
type chaos struct {
	plan
	apis     *apis
	consoles []*console
	owners   []*owner
	shared   *redis // where the consoles keep their sessions; nil where there is one
	url      string // where people find them

	done     atomic.Int64
	strikes  map[int64]bool // after which operation the console is struck
	struck   chan struct{}
	striking atomic.Int64 // grows before and after each strike, and so is odd in between

	mu     sync.Mutex
	faults []string // what must not be
	tally  map[string]int
}

// violated notes what must not be.
func (c *chaos) violated(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *chaos) count(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tally[what]++
}

// finished is told of each operation of a user.
func (c *chaos) finished() {
	if c.strikes[c.done.Add(1)] {
		c.struck <- struct{}{}
	}
}

func TestChaos(t *testing.T) {
	c := newChaos(t)
	c.consoles = []*console{startConsole(t, c.apis)}
	c.url = c.consoles[0].url
	c.run(t)
}

func newChaos(t *testing.T) *chaos {
	t.Helper()
	p := planned(t)
	t.Logf("seed %d (KEYDECK_CHAOS_SEED=%d reproduces the plan), %d users", p.seed, p.seed, p.users)
	return &chaos{plan: p, apis: startAPIs(t, 200), struck: make(chan struct{}, p.operations), strikes: map[int64]bool{}, tally: map[string]int{}}
}

func (c *chaos) run(t *testing.T) {
	t.Helper()
	p := c.plan
	random := rand.New(rand.NewPCG(p.seed, 0))
	for len(c.strikes) < p.kills+p.kills/5 {
		c.strikes[1+random.Int64N(int64(p.operations)*19/20)] = true
	}
	users := c.people(t)
	faults := map[string]any{"seed": p.seed, "path": "/"}
	for name, likely := range p.faults {
		faults[name] = likely
	}
	if err := c.apis.control(http.MethodPost, "random-faults", faults, nil); err != nil {
		t.Fatal(err)
	}

	began := time.Now()
	c.live(t.Context(), users)
	if err := c.apis.control(http.MethodDelete, "random-faults", nil, nil); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for _, o := range c.owners {
		all.Go(func() { o.verify(t.Context()) })
	}
	all.Wait()
	c.listen()
	c.report(t, time.Since(began))
}

// live has everybody do what they do while the console is struck.
func (c *chaos) live(ctx context.Context, users []*user) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var striking, living sync.WaitGroup
	striking.Go(func() { c.strike(ctx) })
	for i, u := range users {
		share := c.operations / len(users)
		if i < c.operations%len(users) {
			share++
		}
		living.Go(func() { u.live(ctx, share) })
	}
	living.Wait()
	stop()
	striking.Wait()
}

// strike kills a console, or stops it every sixth time, and starts it again.
// Where several share a store, that is struck as well.
func (c *chaos) strike(ctx context.Context) {
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-c.struck:
		}
		c.striking.Add(1)
		ok := c.strikeOnce(ctx, n)
		c.striking.Add(1)
		if !ok {
			return
		}
	}
}

// strikeOnce reports whether all is up again.
func (c *chaos) strikeOnce(ctx context.Context, n int) bool {
	if c.shared != nil && n%3 == 0 {
		c.shared.kill()
		c.count("killed Redis")
		c.shared.start()
		return true
	}
	console := c.consoles[n%len(c.consoles)]
	if n%6 == 0 {
		began := time.Now()
		if err := console.stop(); err != nil || time.Since(began) > 22*time.Second {
			c.violated("told to stop, the console ended after %v: %v", time.Since(began), err)
		}
		c.count("stopped")
	} else {
		if err := console.kill(); err != nil {
			c.violated("killing: %v", err)
		}
		c.count("killed")
	}
	if err := console.up(context.WithoutCancel(ctx)); err != nil {
		c.violated("the console did not start again: %v", err)
		return false
	}
	return true
}

// listen looks through the consoles' logs for what they should not say.
func (c *chaos) listen() {
	for _, console := range c.consoles {
		if !console.running() {
			c.violated("a console has ended by itself")
		}
		for line := range strings.Lines(console.said()) {
			for _, word := range []string{"DATA RACE", `"level":"ERROR"`, "panic"} {
				if strings.Contains(line, word) {
					c.violated("a console says %s", line)
				}
			}
		}
	}
}

func (c *chaos) report(t *testing.T, took time.Duration) {
	t.Helper()
	var random struct{ Counts map[string]int }
	if err := c.apis.control(http.MethodGet, "random-faults", nil, &random); err != nil {
		t.Fatal(err)
	}
	met := 0
	for kind, n := range random.Counts {
		if kind != "requests" && kind != "delay" {
			met += n
		}
	}
	t.Logf("%d operations in %v: %v", c.done.Load(), took.Round(time.Second), c.tally)
	t.Logf("%d faults of the APIs: %v", met, random.Counts)
	t.Logf("%d kills and %d stops survived, and %d of Redis", c.tally["killed"], c.tally["stopped"], c.tally["killed Redis"])
	if c.tally["killed"]+c.tally["killed Redis"] < c.kills || met*20 < c.operations {
		t.Errorf("%d kills and %d faults are fewer than planned", c.tally["killed"], met)
	}
	slices.Sort(c.faults)
	for _, fault := range c.faults[:min(len(c.faults), 40)] {
		t.Errorf("violated: %s", fault)
	}
	if len(c.faults) > 0 {
		t.Errorf("violated %d times; the first console's log ends with\n%s", len(c.faults), ending(c.consoles[0].said()))
	}
}

// ending is the last of a log.
func ending(text string) string { return text[max(0, len(text)-4000):] }
