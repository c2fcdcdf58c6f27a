package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"
)

// scale measures how times and memory grow with the contract and with the
// sessions.
func (b *bench) scale(ctx context.Context) error {
	for _, users := range []int{1, 100, 1000, 10_000} {
		if err := b.scaleUsers(ctx, users); err != nil {
			return err
		}
	}
	return b.scaleSessions(ctx)
}

func (b *bench) scaleUsers(ctx context.Context, users int) error {
	s, err := b.set(ctx, users)
	if err != nil {
		return err
	}
	defer s.stop(ctx)
	visitors, err := crowd(ctx, s.console.address, adminAccount, 1)
	if err != nil {
		return err
	}
	v := visitors[0]
	first, err := median(ctx, v, 15, "/users")
	if err != nil {
		return err
	}
	search, _, err := v.get(ctx, "/users?q=no+such+user")
	if err != nil {
		return err
	}
	again, err := median(ctx, v, 15, "/users?q=user00")
	if err != nil {
		return err
	}
	bytes, _, err := s.console.resident()
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("a contract of %d users", max(users, 12)),
		fmt.Sprintf("Users %s, first search %s, later ones %s, resident %.1f MB", ms(first), ms(search), ms(again), bytes/1e6), "no worse than linear")
	return nil
}

// median of several looks at a page.
func median(ctx context.Context, v *visitor, n int, path string) (time.Duration, error) {
	var times []time.Duration
	for range n {
		took, _, err := v.get(ctx, path)
		if err != nil {
			return 0, err
		}
		times = append(times, took)
	}
	slices.Sort(times)
	return percentile(times, 50), nil
}

// scaleSessions signs in again and again.
func (b *bench) scaleSessions(ctx context.Context) error {
	apis, err := b.sandbox(ctx, 0)
	if err != nil {
		return err
	}
	defer apis.stop()
	p, _, err := b.console(ctx, "http://"+apis.address)
	if err != nil {
		return err
	}
	defer p.stop()
	v, err := newVisitor(p.address)
	if err != nil {
		return err
	}
	form, err := v.token(ctx, apis.address, fullAccount)
	if err != nil {
		return err
	}
	empty, err := os.Stat(p.store)
	if err != nil {
		return err
	}
	sessions := 0
	for _, upTo := range []int{1, 100, 1000, 10_000} {
		var times []time.Duration
		for ; sessions < upTo; sessions++ {
			if err := v.forget(); err != nil { // signing in again would end the session of before
				return err
			}
			began := time.Now()
			if err := v.signIn(ctx, form); err != nil {
				return err
			}
			times = append(times, time.Since(began))
		}
		slices.Sort(times)
		page, err := median(ctx, v, 15, "/object-storage/keys")
		if err != nil {
			return err
		}
		bytes, own, err := p.resident()
		if err != nil {
			return err
		}
		b.add(fmt.Sprintf("%d sessions", upTo), fmt.Sprintf("sign-in %s, Key management %s, resident %.1f MB, %.1f of them the heap and the like, store %.1f KB per session",
			ms(percentile(times, 50)), ms(page), bytes/1e6, own/1e6, p.perSession(empty.Size(), upTo)/1e3), "store 8 KB per session, memory flat")
	}
	return nil
}

// perSession is what a store has grown by for each of so many sessions, in
// bytes.
func (p *process) perSession(empty int64, sessions int) float64 {
	info, err := os.Stat(p.store)
	if err != nil {
		return 0
	}
	return float64(info.Size()-empty) / float64(sessions)
}

// tokenOf asks the sandbox's Auth API for a token.
func tokenOf(ctx context.Context, apis, email string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+apis+"/auth/v1/tokens/generate?ttl=36000", nil)
	if err != nil {
		return "", err
	}
	request.SetBasicAuth(email, "sandbox")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct{ Token string }
	err = json.NewDecoder(response.Body).Decode(&answer)
	return answer.Token, err
}
