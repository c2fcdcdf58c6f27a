package kv

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// A record is a string "keydeck:{GROUP}KEY": 16 digits with its expiry in
// milliseconds since 1970, then the value. The expiry in the value decides, by
// the clock of the process; the expiry that Redis knows frees the memory. Beside
// the records of a group is its index "keydeck:index:{GROUP}", a sorted set of
// their keys by expiry, so that neither listing nor deleting a group scans the
// database. The braces place a group on one node of a cluster.
const (
	redisPrefix  = "keydeck:"
	expiryDigits = 16
)

func recordName(key string) string { return redisPrefix + "{" + slotOf(key) + "}" + key }

func recordNames(keys []string) []string {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = recordName(key)
	}
	return names
}

func indexName(key string) string { return redisPrefix + "index:{" + slotOf(key) + "}" }

// slotOf returns the group of a key; a record without one has an index of its
// own.
func slotOf(key string) string {
	if group := groupOf(key); group != "" {
		return group
	}
	return key
}

// condition is what must hold for a write.
type condition string

const (
	always   condition = "always"
	ifAbsent condition = "absent"
	ifEqual  condition = "equal" // to the old value
)

// redisWrite writes a record and its entry in the index, if a condition holds.
// KEYS: the record, the index. ARGV: the condition, the old value, what to
// store, its life in ms, its expiry, now, the record's key.
var redisWrite = redis.NewScript(`
local function live()
	local stored = redis.call('GET', KEYS[1])
	if stored and tonumber(string.sub(stored, 1, 16)) > tonumber(ARGV[6]) then
		return string.sub(stored, 17)
	end
	return false
end
if ARGV[1] == 'absent' and live() then return 0 end
if ARGV[1] == 'equal' and live() ~= ARGV[2] then return 0 end
if tonumber(ARGV[4]) <= 0 then
	redis.call('DEL', KEYS[1])
	redis.call('ZREM', KEYS[2], ARGV[7])
	return 1
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[6])
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[7])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[4]) then
	redis.call('PEXPIRE', KEYS[2], ARGV[4])
end
return 1`)

// write writes a record and reports whether the condition held.
func (r *Redis) write(ctx context.Context, when condition, key string, old, value []byte, expires time.Time) (bool, error) {
	now := r.now().UnixMilli()
	end := max(expires.UnixMilli(), 0)
	written, err := redisWrite.Run(ctx, r.client, []string{recordName(key), indexName(key)},
		string(when), old, encodeRecord(value, end), end-now, end, now, key).Int()
	return written == 1, trouble(err)
}

func encodeRecord(value []byte, expires int64) []byte {
	return append(fmt.Appendf(nil, "%0*d", expiryDigits, expires), value...)
}

// live returns the value of a stored record that has not expired.
func (r *Redis) live(stored []byte) (value []byte, ok bool) {
	if len(stored) < expiryDigits {
		return nil, false
	}
	expires, err := strconv.ParseInt(string(stored[:expiryDigits]), 10, 64)
	return stored[expiryDigits:], err == nil && r.now().UnixMilli() < expires
}
