package session

import (
	"crypto/hmac"
	"io"
	"strconv"
	"strings"
	"time"
)

// requestIDLife is how long a form may be left open before it is sent.
const requestIDLife = time.Hour

// maxRequestID bounds what is looked at; an issued one has about 55 bytes.
const maxRequestID = 96

// IssueRequestID returns a request id for a form: it makes what the form asks
// for happen once. It is valid for an hour, in this session, for this form;
// nothing is stored. It is empty, and so refused later, if the session comes
// from neither Start nor Load or there is no randomness.
func (m *Manager) IssueRequestID(s *Session, form string) string {
	nonce := make([]byte, 10)
	if _, err := io.ReadFull(m.random, nonce); err != nil || s == nil || s.keys == nil {
		return ""
	}
	body := strconv.FormatInt(m.now().Unix(), 36) + "-" + base32Lower.EncodeToString(nonce)
	mac, err := s.keys.mac(forRequestID, form, body)
	if err != nil {
		return ""
	}
	return body + "-" + mac
}

// CheckRequestID returns ErrBadRequestID unless id was issued for this form in
// this session within the last hour. It does not say whether the id has been
// used: that is for Claim.
func (m *Manager) CheckRequestID(s *Session, form, id string) error {
	if s == nil || s.keys == nil || len(id) > maxRequestID {
		return ErrBadRequestID
	}
	end := strings.LastIndexByte(id, '-')
	if end < 0 {
		return ErrBadRequestID
	}
	body, mac := id[:end], id[end+1:]
	want, err := s.keys.mac(forRequestID, form, body)
	if err != nil || !hmac.Equal([]byte(mac), []byte(want)) {
		return ErrBadRequestID
	}
	seconds, _, _ := strings.Cut(body, "-")
	issued, err := strconv.ParseInt(seconds, 36, 64)
	if err != nil {
		return ErrBadRequestID
	}
	if age := m.now().Sub(time.Unix(issued, 0)); age >= requestIDLife || age < -clockSlack {
		return ErrBadRequestID
	}
	return nil
}
