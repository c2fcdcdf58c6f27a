package session

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// redisTime bounds each call: a request that waits for it has others waiting
// behind it.
const redisTime = 2 * time.Second

// RedisConfig says where Redis is.
type RedisConfig struct {
	URL string           // redis://[user:password@]host[:port][/db], or rediss:// for TLS
	Now func() time.Time // time.Now if nil
	// Timeout is for reaching it and for each call; two seconds if zero.
	Timeout time.Duration
}

// OpenRedis opens a store in Redis, and writes to it, so that whatever is wrong
// shows now and not in front of a user. An error is one line that says what to
// do, and never holds the URL or a password.
func OpenRedis(cfg RedisConfig) (*Redis, error) {
	cfg.Timeout = cmp.Or(cfg.Timeout, redisTime)
	options, err := redisOptions(cfg)
	if err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	// It would write of its own accord, to standard error, with addresses.
	redis.SetLogger(silent{})
	r := &Redis{client: redis.NewClient(options), now: cfg.Now}
	if err := r.awaken(cfg.Timeout); err != nil {
		_ = r.client.Close()
		return nil, fmt.Errorf("redis at %s: %w", options.Addr, redisAdvice(err))
	}
	return r, nil
}

// loadTime is how long a Redis that is up and reads its data is waited for: both
// may have been started at the same moment.
const loadTime = 10 * time.Second

// awaken asks until Redis has read its data.
func (r *Redis) awaken(timeout time.Duration) error {
	deadline := time.Now().Add(loadTime)
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 2*timeout)
		err := r.Ping(ctx)
		cancel()
		if err == nil || !strings.Contains(err.Error(), "LOADING ") || time.Now().After(deadline) {
			return err
		}
		<-time.After(loadPause)
	}
}

// loadPause is between two looks at a Redis that reads its data.
const loadPause = 100 * time.Millisecond

// silent is a logger for what is returned as an error anyway.
type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// redisOptions reads the URL. What go-redis says of one that is wrong may
// quote it, so it is not repeated.
func redisOptions(cfg RedisConfig) (*redis.Options, error) {
	address := cfg.URL
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, errors.New("the address of Redis is no URL: write redis://HOST:PORT/0, and escape what is special in a password")
	case u.Hostname() == "":
		return nil, errors.New("the address of Redis names no host: write redis://HOST:PORT/0")
	case u.RawQuery != "" || u.Fragment != "" || strings.Contains(address, "#"):
		return nil, errors.New("the address of Redis must end with the number of its database: write redis://HOST:PORT/0")
	case strings.Trim(strings.Trim(u.Path, "/"), "0123456789") != "":
		return nil, errors.New("the database of Redis is a number: write redis://HOST:PORT/0")
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		return nil, errors.New("the address of Redis cannot be used: write redis://HOST:PORT/0")
	}
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = cfg.Timeout, cfg.Timeout, cfg.Timeout
	options.ContextTimeoutEnabled = true
	options.MaxRetries = -1 // see Redis.write
	options.DisableIdentity = true
	return options, nil
}

// redisAdvice says what to do about why Redis cannot be used.
func redisAdvice(err error) error {
	text := err.Error()
	untrusted, _ := errors.AsType[*x509.UnknownAuthorityError](err)
	misnamed, _ := errors.AsType[*x509.HostnameError](err)
	_, unreachable := errors.AsType[net.Error](err)
	switch {
	case strings.Contains(text, "WRONGPASS"), strings.Contains(text, "NOAUTH"), strings.Contains(text, "invalid password"):
		return errors.New("it wants another user or password: put them into the address, as in redis://USER:PASSWORD@HOST:PORT/0")
	case strings.Contains(text, "NOPERM"):
		return errors.New("this user may not write keys that begin with keydeck: or run scripts: allow it to")
	case strings.Contains(text, "READONLY"):
		return errors.New("it is a replica, which takes no writes: give the address of its primary")
	case strings.Contains(text, "DB index"), strings.Contains(text, "invalid DB"):
		return errors.New("it has no database of this number: use 0")
	case untrusted != nil, misnamed != nil, strings.Contains(text, "x509:"), strings.Contains(text, "tls:"):
		return errors.New("its certificate is not trusted: check it, or use redis:// within a private network")
	case strings.Contains(text, "LOADING"):
		return errors.New("it is still reading its data: start Keydeck again when it is done")
	case errors.Is(err, context.DeadlineExceeded), unreachable:
		return errors.New("it cannot be reached: check host and port, that it runs, and speaks TLS where the address is rediss://")
	}
	return err
}

// trouble names the store in an error.
func trouble(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("session store in Redis: %w", err)
}
