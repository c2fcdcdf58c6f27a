package keystest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/retry"
	"keydeck/internal/secret"
)

// Fake is the keys of the users of a contract, in memory, for tests of the rules
// above [keys.Store]. Both APIs show the same keys. Time is that of the bubble of
// testing/synctest that a test runs in. It is safe for concurrent use.
type Fake struct {
	keys.Directory // nil: the rules on keys call no method of it

	// Settle is how long activating, deactivating and deleting take.
	Settle time.Duration
	// Spread is how long the Cloud API does not return a new key.
	Spread time.Duration
	// NoSecrets has the Cloud API return keys without their secrets.
	NoSecrets bool
	// Admin has the keys that CreateOwnKey creates be administrative.
	Admin bool

	mu      sync.Mutex
	records []*fakeKey
	changes []fakeChange
	calls   map[string]int
	faults  map[string][]Fault
	made    int
}

type fakeKey struct {
	keys.Key
	user   string
	secret string
	spread time.Time // when the Cloud API returns it
}

type fakeChange struct {
	accessKey string
	desired   keys.DesiredState
	at        time.Time // when it converges
	refused   string    // the API's words, for one that fails then
	converged bool
}

var _ keys.Remote = (*Fake)(nil)

// Fault is what happens to a call.
type Fault struct {
	// Err is returned instead of the answer. Worked: the work is done all the same.
	Err    error
	Worked bool
	// Wait passes before the work. If the call's context ends meanwhile the call
	// fails; with Late the work is done at the end of Wait in any case.
	Wait time.Duration
	Late bool
	// Listed, if not nil, is what a list returns.
	Listed []keys.Key
	// During is called before the work.
	During func()
	// Refused, if not empty, has an accepted change fail in the end, with these
	// words.
	Refused string
}

// Lost returns the error of a change whose answer was lost.
func Lost() error {
	return &keys.Error{Kind: keys.ErrUnavailable, Op: "change key", Indeterminate: true, Err: errors.New("connection reset")}
}

// Refused returns the error of a call that an API has refused with words of its own.
func Refused(kind error, words string) error {
	return &keys.Error{Kind: kind, Op: "change key", Message: words}
}

// Fail has the next calls of a method meet faults, one each.
func (f *Fake) Fail(method string, faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.faults == nil {
		f.faults = map[string][]Fault{}
	}
	f.faults[method] = append(f.faults[method], faults...)
}

// FailAll has many calls of a method meet a fault.
func (f *Fake) FailAll(method string, fault Fault) {
	f.Fail(method, slices.Repeat([]Fault{fault}, 1000)...)
}

// Heal removes the faults that no call has met.
func (f *Fake) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// Calls returns how often a method was called.
func (f *Fake) Calls(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

// Add adds a key to a user's, and returns its access key.
func (f *Fake) Add(userID string, k keys.Key) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.add(userID, k).AccessKey
}

// Update changes a key behind everyone's back; its secret, if newSecret is set.
func (f *Fake) Update(accessKey string, change func(*keys.Key), newSecret string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.find(accessKey); k != nil {
		change(&k.Key)
		if newSecret != "" {
			k.secret = newSecret
		}
	}
}

// Remove deletes a key at once.
func (f *Fake) Remove(accessKey string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(accessKey)
}

// Secret returns a key's secret, or "" if there is no such key.
func (f *Fake) Secret(accessKey string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.find(accessKey); k != nil {
		return k.secret
	}
	return ""
}

// Keys returns the access keys of a user, the earliest first.
func (f *Fake) Keys(userID string) (accessKeys []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.converge()
	for _, k := range f.records {
		if k.user == userID {
			accessKeys = append(accessKeys, k.AccessKey)
		}
	}
	return accessKeys
}

func (f *Fake) add(userID string, k keys.Key) *fakeKey {
	f.made++
	if k.AccessKey == "" {
		k.AccessKey = fmt.Sprintf("KEY%05d", f.made)
	}
	k.ResourceID, k.Created = "resource-"+k.AccessKey, time.Now().Add(time.Duration(f.made))
	if k.Activity == keys.ActivityUnknown {
		k.Activity = keys.Active
	}
	if k.Status == keys.StatusUnknown {
		k.Status = keys.StatusAvailable
	}
	added := &fakeKey{Key: k, user: userID, secret: fmt.Sprintf("secret-%05d", f.made)}
	f.records = append(f.records, added)
	return added
}

func (f *Fake) find(accessKey string) *fakeKey {
	for _, k := range f.records {
		if k.AccessKey == accessKey {
			return k
		}
	}
	return nil
}

func (f *Fake) remove(accessKey string) {
	f.records = slices.DeleteFunc(f.records, func(k *fakeKey) bool { return k.AccessKey == accessKey })
}

// converge carries out the accepted changes whose time has come.
func (f *Fake) converge() {
	for i, c := range f.changes {
		if c.converged || c.refused != "" || time.Now().Before(c.at) {
			continue
		}
		f.changes[i].converged = true
		switch k := f.find(c.accessKey); {
		case c.desired == keys.DesiredDeleted:
			f.remove(c.accessKey)
		case k != nil:
			k.Activity = c.desired.Activity()
		}
	}
}

// answer runs the work of a method under the next fault.
func answer[T any](ctx context.Context, f *Fake, method string, change bool, work func(Fault) (T, error)) (T, error) {
	fault := f.begin(method)
	var none T
	locked := func() (T, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.converge()
		return work(fault)
	}
	tooSlow := &keys.Error{Kind: keys.ErrTimeout, Op: method, Indeterminate: change, Err: context.DeadlineExceeded}
	if fault.During != nil {
		fault.During()
	}
	if fault.Late {
		time.AfterFunc(fault.Wait, func() { _, _ = locked() })
		_ = retry.Sleep(ctx, fault.Wait)
		return none, tooSlow
	}
	if retry.Sleep(ctx, fault.Wait) != nil {
		return none, tooSlow
	}
	if fault.Err != nil && !fault.Worked {
		return none, fault.Err
	}
	done, err := locked()
	if fault.Err != nil {
		return none, fault.Err
	}
	return done, err
}

func (f *Fake) begin(method string) (fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == nil {
		f.calls = map[string]int{}
	}
	f.calls[method]++
	if next := f.faults[method]; len(next) > 0 {
		fault, f.faults[method] = next[0], next[1:]
	}
	return fault
}

func secretOf(k *fakeKey) secret.Value { return secret.New(k.secret) }
