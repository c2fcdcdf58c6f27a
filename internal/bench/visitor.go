package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"keydeck/internal/parallel"
)

// visitor is a browser without a screen: it keeps connections and cookies.
type visitor struct {
	client  *http.Client
	console string
}

func newVisitor(console string) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &visitor{
		console: "http://" + console,
		client: &http.Client{
			Jar: jar, Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 1},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// forget drops the cookies: the next visitor is another one.
func (v *visitor) forget() (err error) {
	v.client.Jar, err = cookiejar.New(nil)
	return err
}

// secure makes a request as a browser would on loopback: cookies that are
// Secure go along. The jar of the standard library keeps them for https alone.
func (v *visitor) secure(r *http.Request) {
	https := *r.URL
	https.Scheme = "https"
	for _, cookie := range v.client.Jar.Cookies(&https) {
		r.AddCookie(cookie)
	}
}

// signIn opens a session.
func (v *visitor) signIn(ctx context.Context, form url.Values) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, v.console+"/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := v.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("signing in: %s", response.Status)
	}
	https := *request.URL
	https.Scheme = "https"
	v.client.Jar.SetCookies(&https, response.Cookies())
	return nil
}

// byPassword is the form that the sandbox's accounts sign in with.
func byPassword(email string) url.Values {
	return url.Values{"email": {email}, "password": {"sandbox"}}
}

// get reads a page whole, and tells how long that took and how long it is.
func (v *visitor) get(ctx context.Context, path string) (took time.Duration, length int64, err error) {
	began := time.Now()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, v.console+path, nil)
	if err != nil {
		return 0, 0, err
	}
	v.secure(request)
	response, err := v.client.Do(request)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = response.Body.Close() }()
	length, err = io.Copy(io.Discard, response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, response.Status)
	}
	return time.Since(began), length, err
}

// crowd is several visitors of one account, each with a session of its own.
func crowd(ctx context.Context, console, email string, n int) ([]*visitor, error) {
	visitors := make([]*visitor, n)
	for i := range visitors {
		v, err := newVisitor(console)
		if err != nil {
			return nil, err
		}
		if err := v.signIn(ctx, byPassword(email)); err != nil {
			return nil, err
		}
		visitors[i] = v
	}
	return visitors, nil
}

// together runs do repeatedly for every visitor during d, and returns the times,
// sorted.
func together(ctx context.Context, visitors []*visitor, d time.Duration, do func(context.Context, *visitor) (time.Duration, error)) ([]time.Duration, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	var all parallel.Group
	until := time.Now().Add(d)
	for _, v := range visitors {
		all.Go(func() {
			for time.Now().Before(until) {
				took, err := do(ctx, v)
				mu.Lock()
				if err != nil && failed == nil {
					failed = err
				}
				times = append(times, took)
				mu.Unlock()
				if err != nil {
					cancel()
					return
				}
			}
		})
	}
	all.Wait()
	slices.Sort(times)
	return times, failed
}

// percentile is the value below which so many of a hundred sorted ones are.
func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)*p/100, len(sorted)-1)]
}

// ms writes a time as people compare them here.
func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond)) }
