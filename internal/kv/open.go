package kv

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Open opens the store that url names: "bolt:PATH" or an address of Redis, as
// in [RedisConfig]. now is the clock by which records expire;
// ctx bounds the first request to Redis, and not the store. Errors never
// repeat the url, which may hold a password.
func Open(ctx context.Context, url string, now func() time.Time) (Store, error) {
	const give = "give bolt:PATH, such as bolt:keydeck-sessions.db, or redis://HOST:PORT/0"
	scheme, path, found := strings.Cut(url, ":")
	switch {
	case found && scheme == "bolt" && path != "":
		return OpenBolt(BoltConfig{Path: path, Now: now})
	case found && scheme == "bolt":
		return nil, errors.New("the path of the file is missing: " + give)
	case found && IsRedis(scheme):
		return OpenRedis(ctx, RedisConfig{URL: url, Now: now})
	}
	return nil, errors.New("unknown kind of store: " + give)
}
