package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is the Backend that several consoles share: Redis from version 6 on,
// or Valkey. A value is stored behind its expiry, as 16 digits of milliseconds
// since 1970, because the console's clock decides; Redis' own expiry clears
// away. What belongs to a group has its keys in a sorted set beside it, so that
// neither signing out nor a list of sessions looks through the whole database.
// The braces in the names keep a group on one node of a cluster.
type Redis struct {
	client *redis.Client
	now    func() time.Time
}

var _ Backend = (*Redis)(nil)

// redisPrefix keeps apart what is Keydeck's in a shared database.
const redisPrefix = "keydeck:"

// expiryDigits is the length of the expiry in front of a value.
const expiryDigits = 16

// Each script changes a record and the index of its group as one.
// KEYS: the record, the index. ARGV of those that write: the stored value, its
// life in ms, its expiry and now in ms, the record's key; then what it needs.
var (
	redisPut = redis.NewScript(redisWrite + `
return write()`)

	redisPutIfAbsent = redis.NewScript(redisWrite + `
if live() then return 0 end
return write()`)

	redisSwap = redis.NewScript(redisWrite + `
if live() ~= ARGV[6] then return 0 end
return write()`)

	redisDelete = redis.NewScript(`
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])`)

	// Its records lie on the node of the index, so they need not be told.
	redisDeletePrefix = redis.NewScript(`
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
	if string.sub(key, 1, #ARGV[1]) == ARGV[1] then
		redis.call('DEL', ARGV[2] .. string.sub(key, tonumber(ARGV[3]) + 1))
		redis.call('ZREM', KEYS[1], key)
	end
end
return 1`)
)

const redisWrite = `
local function live()
	local stored = redis.call('GET', KEYS[1])
	if stored and tonumber(string.sub(stored, 1, 16)) > tonumber(ARGV[4]) then
		return string.sub(stored, 17)
	end
	return false
end
local function write()
	if tonumber(ARGV[2]) <= 0 then
		redis.call('DEL', KEYS[1])
		redis.call('ZREM', KEYS[2], ARGV[5])
		return 1
	end
	redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
	redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[4])
	redis.call('ZADD', KEYS[2], ARGV[3], ARGV[5])
	if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then
		redis.call('PEXPIRE', KEYS[2], ARGV[2])
	end
	return 1
end`

// recordName and indexName are the names in Redis of a record and of the index
// of its group. A record without a group has an index of its own.
func recordName(key string) string { return redisPrefix + "{" + slotOf(key) + "}" + key }

func indexName(key string) string { return redisPrefix + "index:{" + slotOf(key) + "}" }

func slotOf(key string) string {
	if group := groupOf(key); group != "" {
		return group
	}
	return key
}

// Get implements Backend.
func (r *Redis) Get(ctx context.Context, key string) ([]byte, error) {
	stored, err := r.client.Get(ctx, recordName(key)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, trouble(err)
	}
	value, ok := r.live(stored)
	if !ok {
		return nil, ErrNotFound
	}
	return value, nil
}

// live returns the value of a stored record that has not expired.
func (r *Redis) live(stored []byte) (value []byte, ok bool) {
	if len(stored) < expiryDigits {
		return nil, false
	}
	expires, err := strconv.ParseInt(string(stored[:expiryDigits]), 10, 64)
	return stored[expiryDigits:], err == nil && r.now().UnixMilli() < expires
}

// Put implements Backend.
func (r *Redis) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	_, err := r.write(ctx, redisPut, key, value, expires)
	return err
}

// PutIfAbsent implements Backend.
func (r *Redis) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (bool, error) {
	return r.write(ctx, redisPutIfAbsent, key, value, expires)
}

// CompareAndSwap implements Backend.
func (r *Redis) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (bool, error) {
	return r.write(ctx, redisSwap, key, value, expires, old)
}

// write runs one of the scripts that write. None is sent again after an error:
// what was carried out would look like somebody else's.
func (r *Redis) write(ctx context.Context, script *redis.Script, key string, value []byte, expires time.Time, more ...any) (bool, error) {
	now := r.now().UnixMilli()
	end := max(expires.UnixMilli(), 0)
	arguments := append([]any{
		append(fmt.Appendf(nil, "%0*d", expiryDigits, end), value...), end - now, end, now, key,
	}, more...)
	written, err := script.Run(ctx, r.client, []string{recordName(key), indexName(key)}, arguments...).Int()
	return written == 1, trouble(err)
}

// Delete implements Backend.
func (r *Redis) Delete(ctx context.Context, key string) error {
	return trouble(redisDelete.Run(ctx, r.client, []string{recordName(key), indexName(key)}, key).Err())
}

// DeletePrefix implements Backend.
func (r *Redis) DeletePrefix(ctx context.Context, prefix string) error {
	if groupOf(prefix) == "" {
		return errNoGroup
	}
	return trouble(redisDeletePrefix.Run(ctx, r.client, []string{indexName(prefix)}, prefix, recordName(groupOf(prefix)), len(groupOf(prefix))).Err())
}

// List implements Backend.
func (r *Redis) List(ctx context.Context, prefix string, limit int) ([]Record, error) {
	keys, err := r.keys(ctx, prefix)
	if err != nil {
		return nil, err
	}
	var list []Record
	// In parts, since some may be gone, and a person's may be many.
	for part := range slices.Chunk(keys, 100) {
		names := make([]string, len(part))
		for i, key := range part {
			names[i] = recordName(key)
		}
		found, err := r.client.MGet(ctx, names...).Result()
		if err != nil {
			return nil, trouble(err)
		}
		for i, stored := range found {
			text, _ := stored.(string)
			if value, ok := r.live([]byte(text)); ok && len(list) < limit {
				list = append(list, Record{part[i], bytes.Clone(value)})
			}
		}
		if len(list) == limit {
			break
		}
	}
	return list, nil
}

// keys gives the keys of a group that begin with prefix, in order.
func (r *Redis) keys(ctx context.Context, prefix string) ([]string, error) {
	if groupOf(prefix) == "" {
		return nil, errNoGroup
	}
	all, err := r.client.ZRange(ctx, indexName(prefix), 0, -1).Result()
	if err != nil {
		return nil, trouble(err)
	}
	keys := slices.DeleteFunc(all, func(key string) bool { return !strings.HasPrefix(key, prefix) })
	slices.Sort(keys)
	return keys, nil
}

// Ping implements Backend with a real write: a replica that only reads, or one
// that is out of memory, cannot store a session.
func (r *Redis) Ping(ctx context.Context) error {
	return trouble(r.client.Set(ctx, redisPrefix+"ping", "", time.Minute).Err())
}

// Close implements Backend.
func (r *Redis) Close() error { return r.client.Close() }
