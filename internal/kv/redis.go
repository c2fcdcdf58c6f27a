package kv

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is the Store that several processes share: Redis from version 6 on, or
// Valkey; one server, a primary that Sentinel watches, or a cluster. The layout
// of its keys is in redis_record.go.
//
// No request is sent again that the server may have carried out: the second
// answer to a write would be taken for the first.
type Redis struct {
	client redis.UniversalClient
	now    func() time.Time
}

var _ interface {
	Store
	Warner
} = (*Redis)(nil)

// redisBatch is how many records one command reads or deletes at most, so that
// other clients of the server wait no longer than for a few milliseconds.
const redisBatch = 200

// Get implements Store.
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

// Put implements Store.
func (r *Redis) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	_, err := r.write(ctx, always, key, nil, value, expires)
	return err
}

// PutIfAbsent implements Store.
func (r *Redis) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (bool, error) {
	return r.write(ctx, ifAbsent, key, nil, value, expires)
}

// CompareAndSwap implements Store.
func (r *Redis) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (bool, error) {
	return r.write(ctx, ifEqual, key, old, value, expires)
}

// Delete implements Store.
func (r *Redis) Delete(ctx context.Context, keys ...string) error {
	if err := checkOneGroup(keys); err != nil {
		return err
	}
	for batch := range slices.Chunk(keys, redisBatch) {
		if err := r.deleteBatch(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// deleteBatch deletes records together with their entries in the index.
func (r *Redis) deleteBatch(ctx context.Context, keys []string) error {
	members := make([]any, len(keys))
	for i, key := range keys {
		members[i] = key
	}
	_, err := r.client.TxPipelined(ctx, func(tx redis.Pipeliner) error {
		tx.Del(ctx, recordNames(keys)...)
		tx.ZRem(ctx, indexName(keys[0]), members...)
		return nil
	})
	return trouble(err)
}

// DeleteGroup implements Store. A record that is added between its two steps
// stays, index entry and all, as if it had been added afterwards.
func (r *Redis) DeleteGroup(ctx context.Context, group string) error {
	if err := checkGroup(group); err != nil {
		return err
	}
	keys, err := r.keys(ctx, group)
	if err != nil {
		return err
	}
	return r.Delete(ctx, keys...)
}

// List implements Store.
func (r *Redis) List(ctx context.Context, prefix, after string, limit int) ([]Record, error) {
	if err := checkPrefix(prefix); err != nil {
		return nil, err
	}
	keys, err := r.keys(ctx, groupOf(prefix))
	if err != nil {
		return nil, err
	}
	keys = slices.DeleteFunc(keys, func(key string) bool { return !strings.HasPrefix(key, prefix) || key <= after })
	slices.Sort(keys)
	var list []Record
	for len(keys) > 0 && len(list) < limit {
		batch := keys[:min(len(keys), limit-len(list), redisBatch)]
		keys = keys[len(batch):]
		found, err := r.client.MGet(ctx, recordNames(batch)...).Result()
		if err != nil {
			return nil, trouble(err)
		}
		for i, stored := range found {
			text, _ := stored.(string) // nil for a record that has expired
			if value, ok := r.live([]byte(text)); ok {
				list = append(list, Record{batch[i], value})
			}
		}
	}
	return list, nil
}

// keys returns the keys of a group, in the order of their expiry.
func (r *Redis) keys(ctx context.Context, group string) ([]string, error) {
	keys, err := r.client.ZRange(ctx, indexName(group), 0, -1).Result()
	return keys, trouble(err)
}

// Ping implements Store with a write: a replica and a server without memory
// left answer reads only.
func (r *Redis) Ping(ctx context.Context) error {
	return trouble(r.client.Set(ctx, redisPrefix+"ping", "", time.Minute).Err())
}

// Close implements Store.
func (r *Redis) Close() error { return r.client.Close() }

// trouble adds to an error which store has failed.
func trouble(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*unansweredError](err); ok {
		err = e.err
	}
	return fmt.Errorf("store in Redis: %w", err)
}
