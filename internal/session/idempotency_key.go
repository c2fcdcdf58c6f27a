package session

import (
	"crypto/hmac"
	"io"
	"strconv"
	"strings"
	"time"
)

// idempotencyKeyTTL is how long a form may be left open before it is sent.
const idempotencyKeyTTL = time.Hour

// maxIdempotencyKey bounds what is looked at; an issued one has about 55 bytes.
const maxIdempotencyKey = 96

// IssueIdempotencyKey returns a key for a form: what the form asks for happens
// once. It is valid for an hour, in this session, for this form;
// nothing is stored. It is empty, and so refused later, if the session comes
// from neither Start nor Load or there is no randomness.
func (m *Manager) IssueIdempotencyKey(s *Session, form string) string {
	nonce := make([]byte, 10)
	if _, err := io.ReadFull(m.random, nonce); err != nil || s == nil || s.keys == nil {
		return ""
	}
	body := strconv.FormatInt(m.now().Unix(), 36) + "-" + base32Lower.EncodeToString(nonce)
	mac, err := s.keys.mac(forIdempotencyKey, form, body)
	if err != nil {
		return ""
	}
	return body + "-" + mac
}

// CheckIdempotencyKey returns ErrBadIdempotencyKey unless id was issued for this form in
// this session within the last hour. It does not say whether the key has been
// used: package idempotency does.
func (m *Manager) CheckIdempotencyKey(s *Session, form, id string) error {
	if s == nil || s.keys == nil || len(id) > maxIdempotencyKey {
		return ErrBadIdempotencyKey
	}
	end := strings.LastIndexByte(id, '-')
	if end < 0 {
		return ErrBadIdempotencyKey
	}
	body, mac := id[:end], id[end+1:]
	want, err := s.keys.mac(forIdempotencyKey, form, body)
	if err != nil || !hmac.Equal([]byte(mac), []byte(want)) {
		return ErrBadIdempotencyKey
	}
	seconds, _, _ := strings.Cut(body, "-")
	issued, err := strconv.ParseInt(seconds, 36, 64)
	if err != nil {
		return ErrBadIdempotencyKey
	}
	if age := m.now().Sub(time.Unix(issued, 0)); age >= idempotencyKeyTTL || age < -clockSlack {
		return ErrBadIdempotencyKey
	}
	return nil
}
