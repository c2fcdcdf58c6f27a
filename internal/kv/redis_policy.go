package kv

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Warnings implements [Warner]. A server that evicts records when its memory is
// full forgets what must not be forgotten, such as that an operation has begun.
// Every primary of a cluster is looked at.
func (r *Redis) Warnings(ctx context.Context) []string {
	var mu sync.Mutex // a cluster client calls look concurrently
	found := map[string]bool{}
	look := func(ctx context.Context, node redis.Cmdable) error {
		policy, err := evictionPolicy(ctx, node)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err != nil:
			found["the maxmemory-policy of Redis cannot be read; make sure that it is noeviction, or records may be lost"] = true
		case policy != "noeviction":
			found["Redis may evict records when its memory is full, since its maxmemory-policy is "+policy+"; set it to noeviction"] = true
		}
		return nil
	}
	var err error
	if cluster, ok := r.client.(*redis.ClusterClient); ok {
		err = cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return look(ctx, node) })
	} else {
		err = look(ctx, r.client)
	}
	if err != nil {
		found["the nodes of the Redis cluster cannot be listed, so their maxmemory-policy is not known; make sure that it is noeviction"] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// evictionPolicy reads maxmemory-policy. Hosted servers often do not allow
// CONFIG; INFO has it as well.
func evictionPolicy(ctx context.Context, node redis.Cmdable) (string, error) {
	settings, err := node.ConfigGet(ctx, "maxmemory-policy").Result()
	if policy := settings["maxmemory-policy"]; err == nil && policy != "" {
		return policy, nil
	}
	info, err := node.Info(ctx, "memory").Result()
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(info) {
		if policy, ok := strings.CutPrefix(strings.TrimSpace(line), "maxmemory_policy:"); ok {
			return policy, nil
		}
	}
	return "", errors.New("kv: INFO has no maxmemory_policy")
}
