package session

import (
	"encoding/json"
	"time"

	"keydeck/internal/secret"
)

// Session is one signed-in browser. It comes from [Manager.Start] or
// [Manager.Load]; the store does not see later changes of its fields.
type Session struct {
	UserID   string
	Email    string
	Name     string
	Contract string
	// ContractNamed: the person belongs to several contracts and has chosen this
	// one, so calls to the APIs must name it.
	ContractNamed bool
	Role          string // "owner", "administrator" or "user"

	Token   secret.Value
	TokenID string
	// TokenOurs: the token was made at sign-in and is revoked when the session
	// ends; a pasted token is not.
	TokenOurs    bool
	TokenExpires time.Time // zero if that is not known

	// Where the session was started, so that its person recognizes it in a list.
	Address string
	Browser string

	Started  time.Time
	LastUsed time.Time // at most a minute old: see Manager.Load
	Expires  time.Time // the absolute limit

	id string
	// A pointer: formatting a Session must not print a key.
	keys *keyring
}

// ID returns the public half of the cookie. It names the session in the store and
// in lists, and opens nothing.
func (s *Session) ID() string { return s.id }

// clockSlack is how far in the future a session or request id may have been made,
// by a clock that has gone back since.
const clockSlack = 5 * time.Minute

// alive reports whether the session is within its limits. One that started in
// the future is refused, since its age is not known while the clock is wrong.
func (s *Session) alive(now time.Time, idle time.Duration) bool {
	return now.Before(s.Expires) && now.Sub(s.LastUsed) < idle && s.Started.Sub(now) <= clockSlack
}

// record is a Session as it is sealed and stored. Token is a string, since
// secret.Value encodes as "[redacted]".
type record struct {
	UserID, Email, Name, Contract, Role string
	ContractNamed                       bool
	Token, TokenID                      string
	TokenOurs                           bool
	TokenExpires                        time.Time
	Address, Browser                    string
	Started, LastUsed, Expires          time.Time
}

func encodeSession(s *Session) ([]byte, error) {
	return json.Marshal(record{
		UserID: s.UserID, Email: s.Email, Name: s.Name, Contract: s.Contract, ContractNamed: s.ContractNamed, Role: s.Role,
		Token: s.Token.Reveal(), TokenID: s.TokenID, TokenOurs: s.TokenOurs, TokenExpires: s.TokenExpires,
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
		Token: secret.New(r.Token), TokenID: r.TokenID, TokenOurs: r.TokenOurs, TokenExpires: r.TokenExpires,
		Address: r.Address, Browser: r.Browser,
		Started: r.Started, LastUsed: r.LastUsed, Expires: r.Expires,
	}, nil
}
