package main

import (
	"context"
	"fmt"
	"time"

	"keydeck/internal/retry"
)

// connections counts what a thousand pages open to the APIs.
func (b *bench) connections(ctx context.Context) error {
	s, err := b.set(ctx, 0)
	if err != nil {
		return err
	}
	defer s.stop(ctx)
	visitors, err := crowd(ctx, s.console.address, fullAccount, 8)
	if err != nil {
		return err
	}
	before, asked := s.relay.connections.Load(), s.relay.requests.Load()
	const each = 125
	left := map[*visitor]int{}
	for _, v := range visitors {
		left[v] = each
	}
	for _, v := range visitors {
		for range each {
			if _, _, err := v.get(ctx, "/object-storage/keys"); err != nil {
				return err
			}
		}
	}
	if err := retry.Sleep(ctx, time.Millisecond); err != nil {
		return err
	}
	n := len(visitors) * each
	b.add(fmt.Sprintf("new connections to the APIs, %d pages", n),
		fmt.Sprintf("%d for %d requests", s.relay.connections.Load()-before, s.relay.requests.Load()-asked), fmt.Sprintf("%d", n/100))
	return nil
}
