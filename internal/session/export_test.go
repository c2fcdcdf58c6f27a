package session

import (
	"context"

	bolt "go.etcd.io/bbolt"
)

// What tests outside the package look at.
var (
	Explain     = explain
	ParseCookie = parseCookie
)

// CookieValue is what a cookie that parseCookie takes is made of.
func (c credential) CookieValue() string { return c.cookieValue() }

// PagesInUse returns how many pages of the file hold something.
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

// Flush empties the database.
func (r *Redis) Flush(ctx context.Context) error { return r.client.FlushDB(ctx).Err() }
