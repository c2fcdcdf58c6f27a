package kv

import (
	"context"

	"github.com/redis/go-redis/v9"
	bolt "go.etcd.io/bbolt"
)

// Explain is explain, for tests.
var Explain = explain

// PagesInUse returns how many pages of the file are not free.
func (b *Bolt) PagesInUse(t interface{ Fatal(...any) }) (pages int) {
	err := b.db.View(func(tx *bolt.Tx) error {
		pages = int(tx.Size())/b.db.Info().PageSize - b.db.Stats().FreePageN - b.db.Stats().PendingPageN
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// Flush empties the database, or all nodes of the cluster.
func (r *Redis) Flush(ctx context.Context) error {
	if cluster, ok := r.client.(*redis.ClusterClient); ok {
		return cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return node.FlushDB(ctx).Err() })
	}
	return r.client.FlushDB(ctx).Err()
}
