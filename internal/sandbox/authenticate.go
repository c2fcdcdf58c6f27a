package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// credentials are what a request presented, checked as far as that goes
// without the state.
type credentials struct {
	byToken         bool
	claims          claims
	tokenID         string
	email, password string
}

// caller is who a request comes from.
type caller struct {
	user     *user
	contract *contract
	tokenID  string // empty for Basic
}

// presented reads the Authorization header.
func (s *Sandbox) presented(r *http.Request, may access) (credentials, error) {
	if may == byAnyone {
		return credentials{}, nil
	}
	scheme, raw, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		c, id, err := s.verify(strings.TrimSpace(raw))
		if err != nil {
			return credentials{}, unauthorized()
		}
		return credentials{byToken: true, claims: c, tokenID: id}, nil
	}
	email, password, found := r.BasicAuth()
	if !found || may != byTokenOrPassword {
		return credentials{}, unauthorized()
	}
	return credentials{email: email, password: password}, nil
}

// identify says who it is, and for which contract.
func (s *Sandbox) identify(cred credentials, r *http.Request) (caller, error) {
	var who caller
	if cred.byToken {
		if who.user = s.state.usersByID[cred.claims.Identity.UUID]; who.user == nil ||
			!who.user.active || s.state.revoked[cred.tokenID] {
			return caller{}, unauthorized()
		}
		who.tokenID = cred.tokenID
	} else if who.user = s.state.authenticate(s.now(), cred.email, cred.password); who.user == nil {
		return caller{}, unauthorized()
	}
	var err error
	who.contract, err = who.user.choose(cred.claims.Identity.ContractNumber, r)
	return who, err
}

// authenticate gives nil for a wrong password, an unknown or inactive user
// and one with two factors alike, after the same work.
func (s *state) authenticate(now time.Time, email, password string) *user {
	u := s.usersByEmail[strings.ToLower(email)]
	expected := seededPassword
	if u != nil {
		expected = u.password
	}
	given, right := sha256.Sum256([]byte(password)), sha256.Sum256([]byte(expected))
	matches := subtle.ConstantTimeCompare(given[:], right[:]) == 1
	if u == nil || !u.active || u.secAuthActive || now.Before(u.visible) || !matches {
		return nil
	}
	return u
}

// choose finds the contract of a request: the one in X-Contract-Number, else
// the token's, else the only one. What a user of several contracts is answered
// for naming none is not found documented.
func (u *user) choose(ofToken int64, r *http.Request) (*contract, error) {
	number := ofToken
	// The Management API knows no such header: the contract is the token's.
	named := r.Header.Get("X-Contract-Number")
	if named != "" && (strings.HasPrefix(r.URL.Path, cloudBase) || strings.HasPrefix(r.URL.Path, authBase)) {
		n, err := strconv.ParseInt(named, 10, 64)
		if err != nil {
			return nil, wrongContract()
		}
		number = n
	}
	if number == 0 && len(u.contracts) > 1 {
		return nil, refuse(http.StatusForbidden,
			"[VDC-5-60] The user has several contracts, please provide the contract number in the X-Contract-Number header")
	}
	if number == 0 {
		return u.contracts[0], nil
	}
	if in := u.contract(number); in != nil {
		return in, nil
	}
	return nil, wrongContract()
}

func wrongContract() *refusal {
	return refuse(http.StatusForbidden, "[VDC-5-61] The user does not belong to the contract in the X-Contract-Number header")
}
