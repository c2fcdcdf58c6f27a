package keys_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"keydeck/internal/keys"
)

func TestError(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	for name, tt := range map[string]struct {
		err  keys.Error
		text string
	}{
		"kind alone": {keys.Error{Kind: keys.ErrLimit}, "limit of keys reached"},
		"all": {
			keys.Error{Kind: keys.ErrRejected, Op: "create key", Message: "[VDC-1] no", Err: cause},
			"create key: rejected by the API: [VDC-1] no (connection reset)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := fmt.Errorf("wrapped: %w", &tt.err)
			if got := tt.err.Error(); got != tt.text {
				t.Errorf("got %q, want %q", got, tt.text)
			}
			if !errors.Is(err, tt.err.Kind) || errors.Is(err, cause) != (tt.err.Err != nil) {
				t.Error("the kind or the cause is not found")
			}
		})
	}
}

func TestKindName(t *testing.T) {
	t.Parallel()
	for _, kind := range []error{
		keys.ErrInvalid, keys.ErrUnauthorized, keys.ErrForbidden, keys.ErrNoPrivilege, keys.ErrNotFound, keys.ErrNoUser,
		keys.ErrConflict, keys.ErrLimit, keys.ErrRejected, keys.ErrThrottled, keys.ErrUnavailable, keys.ErrTimeout,
		keys.ErrNotReady, keys.ErrConfirmation,
	} {
		t.Run(kind.Error(), func(t *testing.T) {
			t.Parallel()
			name := keys.KindName(fmt.Errorf("wrapped: %w", &keys.Error{Kind: kind, Err: keys.ErrLimit}))
			if got := keys.KindOfName(name); name == "" || !errors.Is(got, kind) {
				t.Errorf("%q is %v", name, got)
			}
		})
	}
	t.Run("no error of this package", func(t *testing.T) {
		t.Parallel()
		name := keys.KindName(errors.New("other"))
		if got := keys.KindOfName(name); name != "" || !errors.Is(got, keys.ErrUnavailable) {
			t.Errorf("%q is %v", name, got)
		}
	})
	t.Run("kind without a name", func(t *testing.T) {
		t.Parallel()
		if name := keys.KindName(&keys.Error{Kind: errors.New("other")}); name != "" {
			t.Errorf("got %q", name)
		}
	})
}

func TestIndeterminate(t *testing.T) {
	t.Parallel()
	full := &keys.Error{Kind: keys.ErrThrottled, Message: "slow down", RetryAfter: time.Minute, Indeterminate: true}
	for name, tt := range map[string]struct {
		err  error
		want keys.Error
	}{
		"nil":       {nil, keys.Error{}},
		"other":     {errors.New("other"), keys.Error{}},
		"itself":    {full, *full},
		"joined":    {errors.Join(errors.New("other"), full), *full},
		"zero ones": {&keys.Error{Kind: keys.ErrLimit}, keys.Error{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := keys.Error{Message: keys.Message(tt.err), RetryAfter: keys.RetryAfter(tt.err), Indeterminate: keys.Indeterminate(tt.err)}
			got.Kind = tt.want.Kind
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		regions []string
		want    keys.Scope
	}{
		"not known":           {nil, keys.ScopeUnknown},
		"user-owned alone":    {[]string{"de", "eu-south-2"}, keys.ScopeUserOwned},
		"contract-owned, too": {[]string{"de", "eu-central-3"}, keys.ScopeAllBuckets},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (keys.Key{Regions: tt.regions}).Scope(); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestEstimatedScope(t *testing.T) {
	t.Parallel()
	legacy, present := "0123456789abcdef0123", strings.Repeat("Ab-_", 23)
	before, after := time.Date(2024, 4, 24, 23, 59, 59, 0, time.UTC), time.Date(2024, 4, 25, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		key  keys.Key
		want keys.Scope
	}{
		"legacy form":              {keys.Key{AccessKey: legacy}, keys.ScopeUserOwned},
		"legacy form, recent":      {keys.Key{AccessKey: legacy, Created: after}, keys.ScopeUserOwned},
		"present form":             {keys.Key{AccessKey: present}, keys.ScopeAllBuckets},
		"present form, old":        {keys.Key{AccessKey: present, Created: before}, keys.ScopeUserOwned},
		"present form, on the day": {keys.Key{AccessKey: present, Created: after}, keys.ScopeAllBuckets},
		"other form":               {keys.Key{AccessKey: "key"}, keys.ScopeUnknown},
		"other form, recent":       {keys.Key{AccessKey: "key", Created: after}, keys.ScopeAllBuckets},
		"regions known":            {keys.Key{AccessKey: legacy, Regions: []string{"de", "eu-central-3"}}, keys.ScopeAllBuckets},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.key.EstimatedScope(); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestValidAccessKey(t *testing.T) {
	t.Parallel()
	const uuid = "22222222-2222-4222-8222-222222222222"
	for name, tt := range map[string]struct {
		text              string
		accessKey, userID bool
	}{
		"empty":        {"", false, false},
		"key":          {"EAAAAAabc_-0", true, false},
		"user":         {uuid, true, true},
		"too long":     {strings.Repeat("a", 257), false, false},
		"longest":      {strings.Repeat("a", 256), true, false},
		"slash":        {"a/b", false, false},
		"another size": {uuid[:35] + "/", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := keys.ValidAccessKey(tt.text); got != tt.accessKey {
				t.Errorf("access key: %v", got)
			}
			if got := keys.ValidUserID(tt.text); got != tt.userID {
				t.Errorf("user id: %v", got)
			}
		})
	}
}

func TestSettled(t *testing.T) {
	t.Parallel()
	for status, want := range map[keys.Status]bool{
		keys.StatusUnknown: true, keys.StatusAvailable: true, keys.StatusFailed: true,
		keys.StatusProvisioning: false, keys.StatusDestroying: false,
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			l := keys.Listing{Keys: []keys.Key{{}, {Status: status}}}
			if l.Keys[1].Settled() != want || l.Settled() != want || l.Full() {
				t.Errorf("key %v, list %v", l.Keys[1].Settled(), l.Settled())
			}
		})
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for want, u := range map[string]keys.User{
		"Mia Member": {FirstName: "Mia", LastName: "Member", Email: "m@x"},
		"Mia":        {FirstName: "Mia", Email: "m@x"},
		"Member":     {LastName: "Member", Email: "m@x"},
		"m@x":        {Email: "m@x"},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			if got := u.Name(); got != want {
				t.Errorf("got %q", got)
			}
		})
	}
}
