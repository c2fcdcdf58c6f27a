package session

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// What a session's secret is used for. Each use has a key of its own, so that
// a value made for one means nothing in another.
const (
	forRecord    = "keydeck 1 session record"
	forOperation = "keydeck 1 operation"
	forVault     = "keydeck 1 vault"
	forNames     = "keydeck 1 names"
	forRequestID = "keydeck 1 request id"
)

// base32Lower has one letter case and no padding: what it writes has exactly
// one spelling, needs no escaping in cookies, forms, addresses and store keys.
var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// keyring makes the keys of one session from its cookie. It lives as long as
// a request does and is never stored.
type keyring struct{ root []byte }

func newKeyring(c credential) (*keyring, error) {
	root, err := hkdf.Extract(sha256.New, []byte(c.secret), []byte(c.id))
	if err != nil {
		return nil, err
	}
	return &keyring{root}, nil
}

func (k *keyring) key(purpose string) ([]byte, error) {
	return hkdf.Expand(sha256.New, k.root, purpose, sha256.Size)
}

func (k *keyring) aead(purpose string) (cipher.AEAD, error) {
	key, err := k.key(purpose)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal encrypts what is to be stored under storeKey.
func (k *keyring) seal(purpose, storeKey string, plain []byte) ([]byte, error) {
	aead, err := k.aead(purpose)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, plain, []byte(storeKey)), nil
}

// open decrypts what was sealed for storeKey and no other key; anything else
// is errUnsealed.
func (k *keyring) open(purpose, storeKey string, sealed []byte) ([]byte, error) {
	aead, err := k.aead(purpose)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nil, sealed, []byte(storeKey))
	if err != nil {
		return nil, errUnsealed
	}
	return plain, nil
}

// mac authenticates parts, in 26 letters and digits. The parts are told
// apart by a NUL, which none but the first may contain.
func (k *keyring) mac(purpose string, parts ...string) (string, error) {
	key, err := k.key(purpose)
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte(strings.Join(parts, "\x00")))
	return base32Lower.EncodeToString(h.Sum(nil)[:16]), nil
}
