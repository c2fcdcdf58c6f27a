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

// The purposes of a session's keys. Each has a key of its own, so that a value
// made for one is not valid for another.
const (
	forRecord         = "keydeck 1 session record"
	forValues         = "keydeck 1 vault"
	forNames          = "keydeck 1 names"
	forIdempotencyKey = "keydeck 1 request id"
)

// base32Lower has one letter case and no padding: each value has one spelling,
// and needs no escaping in cookies, forms, URLs and keys of the store.
var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// keyring derives the keys of one session from its cookie. It exists for the
// time of a request and is never stored.
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

// seal encrypts a value that is stored under storeKey.
func (k *keyring) seal(purpose, storeKey string, plain []byte) ([]byte, error) {
	aead, err := k.aead(purpose)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, plain, []byte(storeKey)), nil
}

// open decrypts a value that was sealed for the same purpose and storeKey, and
// returns errUnsealed for any other.
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

// mac returns a message authentication code of parts, in 26 letters and digits.
// The parts are separated by NUL, which only the first may contain.
func (k *keyring) mac(purpose string, parts ...string) (string, error) {
	key, err := k.key(purpose)
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte(strings.Join(parts, "\x00")))
	return base32Lower.EncodeToString(h.Sum(nil)[:16]), nil
}
