package session

import (
	"encoding/json"
	"time"
)

// Session is one signed-in browser. It comes from [Manager.Start] or
// [Manager.Load]; changing its fields afterwards changes nothing in the store.
type Session struct {
	UserID   string
	Email    string
	Name     string
	Contract string
	// ContractNamed: the person belongs to several contracts and has named this
	// one, so the APIs are to be told of it.
	ContractNamed bool
	Role          string // "owner", "administrator" or "user"

	Token   Token
	TokenID string
	// TokenOurs: the token was made at sign-in and is to be deleted at the
	// Auth API on sign-out; one that was pasted is only forgotten.
	TokenOurs bool

	// Where it was begun, for its person to know it by in a list.
	Address string
	Browser string

	Started  time.Time
	LastUsed time.Time // to the minute or so: see Manager.Load
	Expires  time.Time // the absolute limit

	id string
	// A pointer, so that printing a Session prints no key.
	keys *keyring
}

// ID returns the public half of the cookie: it names the session in the store
// and in a list of sessions, and opens nothing.
func (s *Session) ID() string { return s.id }

// clockSlack is how far back a clock may go before the sessions and request
// ids that it makes look like made in the future are refused.
const clockSlack = 5 * time.Minute

// alive reports whether the session is within its limits. A session from the
// future has an age nobody can judge: it is refused until the clock is right
// again, instead of living for as long as the clock is wrong.
func (s *Session) alive(now time.Time, idle time.Duration) bool {
	return now.Before(s.Expires) && now.Sub(s.LastUsed) < idle && s.Started.Sub(now) <= clockSlack
}

// record is a Session as it is sealed and stored. The Token there is open,
// since Token itself encodes as "[redacted]".
type record struct {
	UserID, Email, Name, Contract, Role string
	ContractNamed                       bool
	Token, TokenID                      string
	TokenOurs                           bool
	Address, Browser                    string
	Started, LastUsed, Expires          time.Time
}

func encodeSession(s *Session) ([]byte, error) {
	return json.Marshal(record{
		UserID: s.UserID, Email: s.Email, Name: s.Name, Contract: s.Contract, ContractNamed: s.ContractNamed, Role: s.Role,
		Token: s.Token.Reveal(), TokenID: s.TokenID, TokenOurs: s.TokenOurs,
		Address: s.Address, Browser: s.Browser,
		Started: s.Started, LastUsed: s.LastUsed, Expires: s.Expires,
	})
}

func decodeSession(plain []byte) (*Session, error) {
	var r record
	if err := json.Unmarshal(plain, &r); err != nil {
		return nil, err
	}
	return &Session{
		UserID: r.UserID, Email: r.Email, Name: r.Name, Contract: r.Contract, ContractNamed: r.ContractNamed, Role: r.Role,
		Token: NewToken(r.Token), TokenID: r.TokenID, TokenOurs: r.TokenOurs,
		Address: r.Address, Browser: r.Browser,
		Started: r.Started, LastUsed: r.LastUsed, Expires: r.Expires,
	}, nil
}
