package app

import (
	"crypto/sha256"
	"net/url"

	"keydeck/internal/kv"
	"keydeck/internal/loginlimit"
	"keydeck/internal/retry"
)

// newLimiter returns what slows the guessing of passwords down.
func (a *App) newLimiter(cfg Config) *loginlimit.Limiter {
	return loginlimit.New(loginlimit.Config{
		Store: a.store, Now: cfg.Now, Wait: retry.Sleep, Key: limiterKey(cfg.SessionStore, a.store),
		Guessing: func(sign loginlimit.Sign, address string, failures int) {
			a.metrics.guessing.WithLabelValues(string(sign)).Inc()
			a.logger.Warn("passwords are being guessed", "by", string(sign), "address", address, "failures", failures)
		},
	})
}

// limiterKey returns the key that hides accounts and addresses in the store, or nil
// for a random one. Consoles that share a store have its password in common, which
// is not in the store. Without a password, a reader of the store can find out
// which of a list of accounts had failures.
func limiterKey(storeURL string, store kv.Store) []byte {
	u, err := url.Parse(storeURL)
	if kv.EpochOf(store) != "" || err != nil {
		return nil
	}
	password, _ := u.User.Password()
	sum := sha256.Sum256([]byte("keydeck 1 login limits\x00" + password))
	return sum[:]
}
