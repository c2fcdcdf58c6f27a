package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// page is a page to measure, as a user.
type page struct{ name, as, path string }

// setting is a console with its APIs behind a relay.
type setting struct {
	console *process
	relay   *relay
	apis    *process
}

// set starts them all, for a contract of so many users.
func (b *bench) set(ctx context.Context, users int) (*setting, error) {
	apis, err := b.sandbox(ctx, users)
	if err != nil {
		return nil, err
	}
	relay, err := newRelay(apis.address)
	if err != nil {
		apis.stop()
		return nil, err
	}
	console, _, err := b.console(ctx, relay.address)
	if err != nil {
		relay.stop(ctx)
		apis.stop()
		return nil, err
	}
	return &setting{console, relay, apis}, nil
}

func (s *setting) stop(ctx context.Context) {
	s.console.stop()
	s.relay.stop(ctx)
	s.apis.stop()
}

// pages are those whose speed has a goal.
func pages(ctx context.Context, console string) ([]page, error) {
	v, err := newVisitor(console)
	if err != nil {
		return nil, err
	}
	if err := v.signIn(ctx, byPassword(adminAccount)); err != nil {
		return nil, err
	}
	id, err := v.userID(ctx, fullAccount)
	if err != nil {
		return nil, err
	}
	return []page{
		{"Key management", fullAccount, "/object-storage/keys"},
		{"Object Storage Keys", adminAccount, "/users/" + id + "/object-storage-keys"},
		{"Users", adminAccount, "/users"},
	}, nil
}

// latency measures what the console adds to the slowest call of a page.
func (b *bench) latency(ctx context.Context) error {
	s, err := b.set(ctx, 0)
	if err != nil {
		return err
	}
	defer s.stop(ctx)
	list, err := pages(ctx, s.console.address)
	if err != nil {
		return err
	}
	for _, p := range list {
		for _, clients := range []int{1, 8, 64} {
			for _, delay := range []time.Duration{0, 20 * time.Millisecond, 100 * time.Millisecond} {
				if err := b.pageLatency(ctx, s, p, clients, delay); err != nil {
					return fmt.Errorf("%s: %w", p.name, err)
				}
			}
		}
	}
	return nil
}

func (b *bench) pageLatency(ctx context.Context, s *setting, p page, clients int, delay time.Duration) error {
	s.relay.delay.Store(0)
	tokens := map[*visitor]string{}
	var all []*visitor
	for range clients {
		visitors, err := crowd(ctx, s.console.address, p.as, 1)
		if err != nil {
			return err
		}
		s.relay.forget()
		if _, _, err := visitors[0].get(ctx, p.path); err != nil {
			return err
		}
		if found := s.relay.forget(); len(found) == 1 {
			tokens[visitors[0]] = found[0]
		} else {
			return errors.New("the calls of a page have several tokens")
		}
		all = append(all, visitors[0])
	}
	s.relay.delay.Store(int64(delay))
	var mu sync.Mutex
	var rounds []int
	added, err := together(ctx, all, b.cell, func(ctx context.Context, v *visitor) (time.Duration, error) {
		took, _, err := v.get(ctx, p.path)
		if err != nil {
			return 0, err
		}
		calls, err := s.relay.take(ctx, tokens[v])
		longest, n := slowest(calls)
		mu.Lock()
		rounds = append(rounds, n)
		mu.Unlock()
		return took - longest, err
	})
	if err != nil {
		return err
	}
	slices.Sort(rounds)
	goal := ""
	if clients == 8 {
		goal = "p50 1 ms, p99 5 ms"
	}
	b.add(fmt.Sprintf("added latency, %s, APIs at %d ms, %d clients", p.name, delay.Milliseconds(), clients),
		fmt.Sprintf("p50 %s, p99 %s%s, %d pages", ms(percentile(added, 50)), ms(percentile(added, 99)), inRounds(delay, rounds), len(added)), goal)
	return nil
}

// inRounds says how many of a page's calls had to follow one another, in the
// middle of all pages. Calls that take no time follow one another by chance.
func inRounds(delay time.Duration, sorted []int) string {
	if delay == 0 || len(sorted) == 0 {
		return ""
	}
	return fmt.Sprintf(", calls in %d round", sorted[len(sorted)/2])
}
