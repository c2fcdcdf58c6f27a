package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"time"
)

// footprint is what the console takes of a machine.
func (b *bench) footprint(ctx context.Context) error {
	binary, err := os.Stat(b.binary)
	if err != nil {
		return err
	}
	b.add("binary, stripped", fmt.Sprintf("%.1f MB", float64(binary.Size())/1e6), "25 MB")
	apis, err := b.sandbox(ctx, 0)
	if err != nil {
		return err
	}
	defer apis.stop()
	if err := b.starts(ctx, "http://"+apis.address); err != nil {
		return err
	}
	p, _, err := b.console(ctx, "http://"+apis.address)
	if err != nil {
		return err
	}
	defer p.stop()
	if err := b.addResident(p, "resident after start", "25 MB"); err != nil {
		return err
	}
	visitors, err := crowd(ctx, p.address, fullAccount, 8)
	if err != nil {
		return err
	}
	for i := range 1000 {
		if _, _, err := visitors[i%len(visitors)].get(ctx, "/object-storage/keys"); err != nil {
			return err
		}
	}
	return b.addResident(p, "resident after a thousand pages", "40 MB")
}

// starts measures from the start of the program to its first answer.
func (b *bench) starts(ctx context.Context, apis string) error {
	var times []time.Duration
	for range 9 {
		p, took, err := b.console(ctx, apis)
		if err != nil {
			return err
		}
		p.stop()
		times = append(times, took)
	}
	slices.Sort(times)
	b.add("start to the first 200, median of 9", ms(percentile(times, 50)), "50 ms")
	return nil
}

func (b *bench) addResident(p *process, what, goal string) error {
	bytes, _, err := p.resident()
	if err != nil {
		return err
	}
	b.add(what, fmt.Sprintf("%.1f MB", bytes/1e6), goal)
	return nil
}

// token gives one of an account's, to sign in with many times over.
func (v *visitor) token(ctx context.Context, apis, email string) (url.Values, error) {
	token, err := tokenOf(ctx, apis, email)
	return url.Values{"token": {token}}, err
}
