package kv

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"keydeck/internal/retry"
)

const (
	// redisTimeout bounds each call: a request that waits for one has others
	// waiting behind it.
	redisTimeout = 2 * time.Second
	// loadingTimeout bounds the wait for a server that reads its data: both may
	// have been started at the same moment.
	loadingTimeout = 10 * time.Second
	loadingPause   = 100 * time.Millisecond
)

// RedisConfig says where Redis is.
type RedisConfig struct {
	// URL is one of
	//
	//	redis://[USER:PASSWORD@]HOST[:PORT][/DB]
	//	redis+sentinel://[USER:PASSWORD@]HOST[:PORT][/DB]?master_name=NAME
	//	redis+cluster://[USER:PASSWORD@]HOST[:PORT]
	//	unix://[USER:PASSWORD@]/PATH[?db=DB]
	//
	// with rediss instead of redis for TLS. For Sentinel and a cluster,
	// addr=HOST:PORT in the query names further nodes to ask, and may be
	// repeated; sentinel_username and sentinel_password sign in to Sentinel.
	URL string

	Now     func() time.Time // time.Now if nil
	Timeout time.Duration    // of a connection and of each call; two seconds if zero
}

// OpenRedis opens a store in Redis and writes to it, so that what is wrong shows
// now and not in front of a user. An error is one line that says what to do; it
// never holds the URL or a password.
func OpenRedis(ctx context.Context, cfg RedisConfig) (*Redis, error) {
	options, err := redisOptions(cfg.URL)
	if err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	timeout := cmp.Or(cfg.Timeout, redisTimeout)
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = timeout, timeout, timeout
	options.ContextTimeoutEnabled = true
	options.MaxRetries = -1 // none: see Redis
	options.DisableIdentity = true
	// go-redis writes to standard error, with addresses, what it also returns.
	redis.SetLogger(silent{})
	r := &Redis{client: redis.NewUniversalClient(options), now: cfg.Now}
	if cluster, ok := r.client.(*redis.ClusterClient); ok {
		cluster.OnNewNode(func(node *redis.Client) { node.AddHook(sendOnce{}) })
	}
	if err := r.firstPing(ctx, timeout); err != nil {
		_ = r.client.Close()
		return nil, fmt.Errorf("redis at %s: %w", strings.Join(options.Addrs, ", "), redisAdvice(err))
	}
	return r, nil
}

// firstPing pings, and waits while the server reads its data.
func (r *Redis) firstPing(ctx context.Context, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, loadingTimeout)
	defer cancel()
	policy := retry.Policy{MinBackoff: loadingPause, MaxBackoff: loadingPause}
	return policy.Do(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 2*timeout)
		defer cancel()
		err := r.Ping(ctx)
		if err != nil && strings.Contains(err.Error(), "LOADING ") {
			return err
		}
		return retry.Permanent(err)
	})
}

// silent is a logger that writes nothing.
type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// redisAdvice says what to do about an error of the first ping.
func redisAdvice(err error) error {
	text := err.Error()
	untrusted, _ := errors.AsType[*x509.UnknownAuthorityError](err)
	misnamed, _ := errors.AsType[*x509.HostnameError](err)
	_, unreachable := errors.AsType[net.Error](err)
	says := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(text, part) {
				return true
			}
		}
		return false
	}
	switch {
	case says("WRONGPASS", "NOAUTH", "invalid password"):
		return errors.New("it wants another user or password: put them into the address, as in redis://USER:PASSWORD@HOST:PORT/0")
	case says("NOPERM"):
		return errors.New("this user may not write keys that begin with keydeck: or run scripts: allow it to")
	case says("READONLY"):
		return errors.New("it is a replica, which takes no writes: give the address of its primary")
	case says("DB index", "invalid DB"):
		return errors.New("it has no database of this number: use 0")
	case untrusted != nil, misnamed != nil, says("x509:", "tls:"):
		return errors.New("its certificate is not trusted: check it, or use redis:// within a private network")
	case says("LOADING"):
		return errors.New("it is still reading its data: start Keydeck again when it is done")
	case says("cluster support disabled"):
		return errors.New("it is not a cluster: use redis:// instead of redis+cluster://")
	case says("CLUSTERDOWN", "Hash slot not served"):
		return errors.New("the cluster is down, or not all of its slots have a node: check it with redis-cli cluster info")
	case says("MOVED "):
		return errors.New("it is a node of a cluster: use redis+cluster:// instead of redis://")
	case says("sentinel", "unknown command"):
		return errors.New("no Sentinel there knows a primary of this master_name: check the addresses and the name, and that Sentinel runs")
	case errors.Is(err, context.DeadlineExceeded), unreachable:
		return errors.New("it cannot be reached: check host and port, that it runs, and speaks TLS where the address is rediss://")
	}
	return err
}
