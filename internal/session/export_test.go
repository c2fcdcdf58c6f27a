package session

import bolt "go.etcd.io/bbolt"

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
