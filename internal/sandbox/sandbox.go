// Package sandbox serves three remote APIs in this process, with one state
// behind them: Object Storage Management (/accesskeys, /regions), the Cloud
// API v6 (/cloudapi/v6) and the Auth API (/auth/v1). It is meant to be
// indistinguishable from them to an official client, including their delays
// and their oddities. [Sandbox.Storage] is the S3 endpoint that the keys open.
//
// What happens with time (a key becoming available, a toggle settling, a
// deletion) is computed at the next request, from the clock in Config. There
// are no background goroutines and nothing is kept on disk: another start
// gives the seeded state again.
//
// It knows nothing of the console: besides its own parts, s3 and objects, it
// imports none of the project's packages and none of the official clients, so
// that it shares no mistake with what it checks.
//
// # Controls
//
// Paths below /_sandbox/ need no credentials, speak JSON and are in no log. What
// a page of another site has a browser send is refused.
//
//	POST   /_sandbox/faults        {"method","path","times","status","body","headers","delay","drop","work",
//	                               "storage","code"}
//	GET    /_sandbox/faults        {"faults":[…]}, those that still have times left
//	DELETE /_sandbox/faults        ends the delays of requests on their way, too
//	POST   /_sandbox/random-faults {"seed","path","delay","maxDelay","throttle","fail","failAfter",
//	                               "dropBefore","dropAfter","hang","hangFor"}
//	GET    /_sandbox/random-faults {"probabilities","counts":{"requests",…}}, also when they are cleared
//	DELETE /_sandbox/random-faults
//	GET    /_sandbox/requests      {"requests":[{"method","path","status","time","connection"}]}
//	DELETE /_sandbox/requests
//	POST   /_sandbox/keys/{key}    {"status":"FAILED|AVAILABLE","message","toggle":"fail","secretKey"}
//	DELETE /_sandbox/keys/{key}    gone at once
//	GET    /_sandbox/users/{user}/keys {"user","made","renewed","keys":[{"accessKey","secretKey","description","active","status"}]}
//	POST   /_sandbox/users/{user}  {"firstname","lastname","email","administrator","active","groups":["name or id"]}
//	DELETE /_sandbox/users/{user}
//	POST   /_sandbox/groups/{group} {"name","s3Privilege"}
//	POST   /_sandbox/buckets/{bucket} {"grant":["user"]}, as a bucket policy would
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
// made-up answer of a `status`. With `storage` the fault is one of the S3
// endpoint; `code` is the error code of its answer, such as SlowDown. Go's
// http.Transport repeats a GET by itself when a reused connection is closed:
// such a fault may need times 2.
//
// Random faults happen with the probabilities given, each from 0 to 1. The
// fault of a request is a function of the seed, the caller, the operation and
// the number of earlier calls, so that a run can be repeated.
package sandbox

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"keydeck/internal/sandbox/s3"
)

// MaxTokens is how many unexpired tokens the service lets a user have.
const MaxTokens = 100

// Config is the configuration of a sandbox. The zero value is usable.
type Config struct {
	// Provisioning is how long creating, toggling and deleting take to
	// settle: 3 seconds when zero, at once when negative.
	Provisioning time.Duration
	// Propagation is how long it takes until the S3 endpoint takes a key that
	// has become available or active, or a secret that was renewed: 1 second
	// when zero, at once when negative.
	Propagation time.Duration
	// StorageURL is where Storage is served. Regions name its host and port as
	// their endpoint, and the service's own host names when it is empty.
	StorageURL string
	// RealEndpoints has regions name the service's own host names although
	// StorageURL is set.
	RealEndpoints bool
	// StorageLimits bound what Storage keeps; s3.ServiceLimits when zero.
	StorageLimits s3.Limits
	// SuspendedKeys has Storage still take the keys of users who are
	// deactivated or have lost the privilege. What the service does is not
	// found documented.
	SuspendedKeys bool
	// SpecialSecrets makes secrets with characters that formats and shells
	// stumble over: + / = " ' \ $ % and spaces.
	SpecialSecrets bool
	// MaxTokens is how many unexpired tokens a user may have, MaxTokens at the
	// service; no limit when zero, for tests that sign in at will.
	MaxTokens int
	// Users is how many users there are at least. The accounts and a few
	// others always exist.
	Users int
	// Seed is JSON with more users, groups and keys, or with all of them. See
	// docs/emulator.md for its form.
	Seed []byte
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
	provisioning   time.Duration
	now            func() time.Time
	random         io.Reader
	accounts       []Account
	storageHost    string // for regions to name; empty for the names of the service
	maxTokens      int    // zero for no limit
	suspended      bool   // the keys of suspended users are taken
	specialSecrets bool
	storage        *s3.Server
	signingKey     func() (*rsa.PrivateKey, error)
	signed         *lru.Cache[string, signed]
	routes         []route
	connections    atomic.Int64
	log            requestLog
	faults         faultList
	randomFaults   randomFaults

	randomMu sync.Mutex // guards random
	mu       sync.Mutex // guards state; taken before randomMu
	state    *state
}

// New gives a sandbox in its seeded state. The error is about Config.Users or
// Config.Seed.
func New(cfg Config) (*Sandbox, error) {
	if cfg.Users < 0 {
		return nil, errors.New("sandbox: Config.Users must not be negative")
	}
	s := &Sandbox{
		provisioning:   max(cfg.Provisioning, 0),
		maxTokens:      cfg.MaxTokens,
		suspended:      cfg.SuspendedKeys,
		specialSecrets: cfg.SpecialSecrets,
		now:            cfg.Now,
		random:         cfg.Random,
		signingKey:     sync.OnceValues(parseSigningKey),
		routes:         routes(),
	}
	s.signed, _ = lru.New[string, signed](maxSigned) // fails without a size alone
	if !cfg.RealEndpoints {
		_, s.storageHost, _ = strings.Cut(cfg.StorageURL, "://")
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
	var err error
	if s.state, s.accounts, err = readSeed(cfg.Seed, cfg.Users); err != nil {
		return nil, err
	}
	s.state.propagation = max(cfg.Propagation, 0)
	if cfg.Propagation == 0 {
		s.state.propagation = time.Second
	}
	s.storage = s.newStorage(cfg.StorageURL, cmp.Or(cfg.StorageLimits, s3.ServiceLimits))
	return s, nil
}

// Accounts lists the users who can sign in, with their passwords.
func (s *Sandbox) Accounts() []Account { return slices.Clone(s.accounts) }

func builtInAccounts() []Account {
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
