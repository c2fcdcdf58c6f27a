// Package sandbox serves three remote APIs in this process, with one state
// behind them: Object Storage Management (/accesskeys, /regions), the Cloud
// API v6 (/cloudapi/v6) and the Auth API (/auth/v1). It is meant to be
// indistinguishable from them to an official client, including their delays
// and their oddities. [Sandbox.Storage] is the S3 endpoint that the keys open.
//
// What happens with time (a key becoming available, a toggle settling, a
// deletion) is worked out when somebody asks, from the clock in Config. There
// are no background goroutines and nothing is kept on disk: another start
// gives the seeded state again.
//
// It knows nothing of the console: it imports none of the project's packages
// and none of the official clients, so that it shares no mistake with what it
// checks.
//
// # Controls
//
// Paths below /_sandbox/ need no credentials, speak JSON and are in no log.
//
//	POST   /_sandbox/faults        {"method","path","times","status","body","headers","delay","drop","work"}
//	GET    /_sandbox/faults        {"faults":[…]}, those that still have times left
//	DELETE /_sandbox/faults
//	POST   /_sandbox/storm         {"seed","path","delay","maxDelay","throttle","fail","failAfter",
//	                               "dropBefore","dropAfter","hang","hangFor"}
//	GET    /_sandbox/storm         {"storm","counts":{"requests",…}}, also when it is over
//	DELETE /_sandbox/storm
//	GET    /_sandbox/requests      {"requests":[{"method","path","status","time","connection"}]}
//	DELETE /_sandbox/requests
//	POST   /_sandbox/keys/{key}    {"status":"FAILED|AVAILABLE","message","toggle":"fail","secretKey"}
//	DELETE /_sandbox/keys/{key}    gone at once
//	GET    /_sandbox/users/{user}/keys {"user","made","renewed","keys":[{"accessKey","secretKey","description","active","status"}]}
//	POST   /_sandbox/users/{user}  {"firstname","lastname","email","administrator","active","groups":["name or id"]}
//	DELETE /_sandbox/users/{user}
//	POST   /_sandbox/groups/{group} {"name","s3Privilege"}
//	POST   /_sandbox/tokens        {"email","ttl":3600} gives {"token"}; a negative ttl gives an expired one
//
// {key} is an access key or its UUID, {user} an e-mail address or UUID,
// {group} a name or UUID; a field left out stays as it is. "made" and "renewed"
// count what was made and renewed for that user since the start. "toggle":"fail"
// makes the next activation or deactivation of that key end as a FAILED
// request with the message given. /_sandbox/tokens stands in for the vendor's
// token manager, the only place where a user with two factors gets a token.
//
// A fault applies to the next `times` requests (one, if left out) whose path
// begins with `path`. With `status` the answer is made up and no work is done;
// `drop` closes the connection "before" or "after" the work; with only a delay
// or headers the work is done normally, and with `work` it is done before the
// made-up answer of a `status`. Go's http.Transport sends a GET again
// by itself when a reused connection is closed: such a fault may need times 2.
//
// A storm is trouble at random, in place of faults that are told one by one.
// Its numbers say how likely each is, from 0 to 1. What a request meets follows
// from the seed, from who asks, for what, and how often before: the same run
// meets the same.
package sandbox

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Config is what a sandbox is told from outside.
type Config struct {
	// Provisioning is how long creating, toggling and deleting take to
	// settle: 3 seconds when zero, at once when negative.
	Provisioning time.Duration
	// Propagation is how long it takes until the S3 endpoint takes a key that
	// has become available or active, or a secret that was renewed: 1 second
	// when zero, at once when negative.
	Propagation time.Duration
	// StorageURL is where Storage is served, for /regions to name. When empty,
	// regions name the real endpoints.
	StorageURL string
	// AwkwardSecrets makes secrets with characters that formats and shells
	// stumble over: + / = " ' \ $ % and spaces.
	AwkwardSecrets bool
	// Users is how many users there are at least. The accounts and a few
	// others always exist.
	Users int
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Random gives ids and secrets of what is made at run time; crypto/rand
	// when nil. Seeded ones do not come from it.
	Random io.Reader
}

// Account is a user who can sign in, for a sign-in page to offer.
type Account struct {
	Email, Password, Name string
	// Note says in one clause what the account is good for.
	Note string
}

// Sandbox is an http.Handler for the three APIs and the controls. It is safe
// for concurrent use.
type Sandbox struct {
	provisioning time.Duration
	now          func() time.Time
	random       io.Reader
	storageURL   string
	awkward      bool
	storage      *storage
	signingKey   func() (*rsa.PrivateKey, error)
	routes       []route
	connections  atomic.Int64
	log          requestLog
	faults       faultList
	weather      weather

	mu    sync.Mutex // guards state and random
	state *state
}

// New gives a sandbox in its seeded state.
func New(cfg Config) (*Sandbox, error) {
	if cfg.Users < 0 {
		return nil, errors.New("sandbox: Config.Users must not be negative")
	}
	s := &Sandbox{
		provisioning: max(cfg.Provisioning, 0),
		storageURL:   cfg.StorageURL,
		awkward:      cfg.AwkwardSecrets,
		now:          cfg.Now,
		random:       cfg.Random,
		signingKey:   sync.OnceValues(parseSigningKey),
		routes:       routes(),
	}
	if cfg.Provisioning == 0 {
		s.provisioning = 3 * time.Second
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	s.state = seed(cfg.Users)
	s.state.propagation = max(cfg.Propagation, 0)
	if cfg.Propagation == 0 {
		s.state.propagation = time.Second
	}
	s.storage = &storage{s, accounts{clock: clockOf(s.now), open: map[string]*account{}}}
	return s, nil
}

// Accounts lists those who can sign in, with their password.
func (s *Sandbox) Accounts() []Account {
	list := make([]Account, 0, len(seededAccounts))
	for _, a := range seededAccounts {
		list = append(list, Account{
			Email: a.email, Password: seededPassword,
			Name: a.firstname + " " + a.lastname, Note: a.note,
		})
	}
	return list
}

// connectionKey finds a connection's number in a request's context.
type connectionKey struct{}

// ConnContext numbers the TCP connections, for an http.Server's ConnContext.
// Without it every request is said to have come on connection 0.
func (s *Sandbox) ConnContext(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, s.connections.Add(1))
}

func connectionOf(r *http.Request) int64 {
	n, _ := r.Context().Value(connectionKey{}).(int64)
	return n
}
