package keys

import (
	"context"
	"errors"
	"testing"
	"time"
)

// answers is a Remote whose two APIs each return one thing.
type answers struct {
	Remote
	management, cloud []Key
	managementErr     error
	cloudErr, userErr error
}

func (a answers) OwnKeys(context.Context) ([]Key, error) { return a.management, a.managementErr }

func (a answers) UserKeys(context.Context, string) ([]Key, error) { return a.cloud, a.cloudErr }

func (a answers) User(context.Context, string) (User, error) { return User{}, a.userErr }

func (a answers) UserKeyPair(_ context.Context, _, accessKey string) (KeyPair, error) {
	return KeyPair{Key: Key{AccessKey: accessKey, KnownFrom: Cloud}}, a.cloudErr
}

// of is an API's error.
func of(api string, kind error) error { return &Error{Kind: kind, API: api, Message: "no"} }

func TestServiceList(t *testing.T) {
	t.Parallel()
	managed, active := []Key{{AccessKey: "k", KnownFrom: Management}}, []Key{{AccessKey: "k", Activity: Active, KnownFrom: Cloud}}
	management := func(kind error) error { return of(ManagementAPI, kind) }
	cloud := func(kind error) error { return of(CloudAPI, kind) }
	for name, tt := range map[string]struct {
		api         answers
		keys        int
		noPrivilege bool
		missing     Source
		err         error
	}{
		"both":                      {answers{management: managed, cloud: active}, 1, false, 0, nil},
		"Cloud fails":               {answers{management: managed, cloudErr: cloud(ErrUnavailable)}, 1, false, Cloud, nil},
		"Management fails":          {answers{managementErr: management(ErrUnavailable), cloud: active}, 1, false, Management, nil},
		"Cloud refuses token":       {answers{management: managed, cloudErr: cloud(ErrUnauthorized)}, 1, false, Cloud, nil},
		"Management refuses token":  {answers{managementErr: management(ErrUnauthorized), cloud: active}, 1, false, Management, nil},
		"Cloud forbids":             {answers{management: managed, cloudErr: cloud(ErrForbidden)}, 1, false, Cloud, nil},
		"Management forbids":        {answers{managementErr: management(ErrNoPrivilege), cloud: active}, 1, true, 0, nil},
		"Cloud rejects":             {answers{management: managed, cloudErr: cloud(ErrRejected)}, 1, false, Cloud, nil},
		"Management rejects":        {answers{managementErr: management(ErrRejected), cloud: active}, 1, false, Management, nil},
		"both lack the privilege":   {answers{managementErr: management(ErrNoPrivilege), cloudErr: cloud(ErrNoPrivilege)}, 0, true, 0, nil},
		"forbids, and Cloud fails":  {answers{managementErr: management(ErrNoPrivilege), cloudErr: cloud(ErrTimeout)}, 0, true, Cloud, nil},
		"both fail":                 {answers{managementErr: management(ErrUnavailable), cloudErr: cloud(ErrTimeout)}, 0, false, 0, ErrUnavailable},
		"both fail, one throttles":  {answers{managementErr: management(ErrUnavailable), cloudErr: cloud(ErrThrottled)}, 0, false, 0, ErrThrottled},
		"both refuse token":         {answers{managementErr: management(ErrUnauthorized), cloudErr: cloud(ErrUnauthorized)}, 0, false, 0, ErrUnauthorized},
		"throttles, refuses token":  {answers{managementErr: management(ErrThrottled), cloudErr: cloud(ErrUnauthorized)}, 0, false, 0, ErrUnauthorized},
		"both say that there is no": {answers{}, 0, false, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := NewService(tt.api, nil).List(t.Context(), Owner{UserID: "u"})
			if !errors.Is(err, tt.err) || len(l.Keys) != tt.keys || l.NoPrivilege != tt.noPrivilege || l.Missing != tt.missing {
				t.Errorf("got %+v, %v", l, err)
			}
			if (l.Missing != 0) != (Message(l.Cause) == "no") || l.NoPrivilege != (Message(l.Refusal) == "no") {
				t.Errorf("the causes are %v and %v", l.Cause, l.Refusal)
			}
		})
	}
}

// TestServicePair: what one API refuses, the other may still return.
func TestServicePair(t *testing.T) {
	t.Parallel()
	const key = "0123456789abcdef0123"
	refused := of(ManagementAPI, ErrUnauthorized)
	pair, err := NewService(answers{managementErr: refused}, nil).Pair(t.Context(), Owner{UserID: "u"}, key)
	if err != nil || pair.Key.AccessKey != key {
		t.Errorf("without the Management API: %+v, %v", pair, err)
	}
	_, err = NewService(answers{managementErr: refused, cloudErr: of(CloudAPI, ErrUnavailable)}, nil).Pair(t.Context(), Owner{UserID: "u"}, key)
	if !errors.Is(err, ErrUnauthorized) {
		t.Errorf("without either: %v", err)
	}
	refused = of(CloudAPI, ErrUnauthorized)
	_, err = NewService(answers{cloudErr: refused, management: []Key{{AccessKey: key}}}, nil).Pair(t.Context(), Owner{UserID: "u"}, key)
	if !errors.Is(err, ErrUnauthorized) || APIName(err) != CloudAPI {
		t.Errorf("without the Cloud API: %v", err)
	}
}

func TestServiceTokenAccepted(t *testing.T) {
	t.Parallel()
	byManagement, byCloud := of(ManagementAPI, ErrUnauthorized), of(CloudAPI, ErrUnauthorized)
	for name, tt := range map[string]struct {
		api     answers
		refused error
		want    bool
	}{
		"Management refuses it":           {answers{managementErr: byManagement}, byManagement, true},
		"Cloud refuses it":                {answers{cloudErr: byCloud, userErr: byCloud}, byCloud, true},
		"both, first Management":          {answers{managementErr: byManagement, userErr: byCloud}, byManagement, false},
		"both, first Cloud":               {answers{managementErr: byManagement, userErr: byCloud}, byCloud, false},
		"the other fails":                 {answers{userErr: of(CloudAPI, ErrUnavailable)}, byManagement, true},
		"the other forbids":               {answers{managementErr: of(ManagementAPI, ErrNoPrivilege)}, byCloud, true},
		"no call, and the other refuses":  {answers{userErr: byCloud}, &Error{Kind: ErrUnauthorized}, false},
		"a cause, and the other takes it": {answers{}, &Error{Kind: ErrNotReady, Err: byCloud}, true},
	} {
		if got := NewService(tt.api, nil).TokenAccepted(t.Context(), "u", tt.refused); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestListingCanonicalUserID(t *testing.T) {
	t.Parallel()
	key := func(canonical string) []Key { return []Key{{AccessKey: "k", CanonicalUserID: canonical}} }
	for name, tt := range map[string]struct {
		keys []Key
		with *User // the record; nil is unread
		miss Source
		want string
		none bool
	}{
		"from a key":                    {key("c"), nil, 0, "c", false},
		"from a key before the record":  {key("c"), &User{CanonicalUserID: "d"}, 0, "c", false},
		"null in the keys":              {key(""), &User{CanonicalUserID: "d"}, 0, "d", false},
		"null in the keys, no record":   {key(""), nil, 0, "", false},
		"null in both":                  {key(""), &User{}, 0, "", false},
		"no key, from the record":       {nil, &User{CanonicalUserID: "d"}, 0, "d", false},
		"no key, none in the record":    {nil, &User{}, 0, "", true},
		"no key, no record":             {nil, nil, 0, "", false},
		"no key listed by one API":      {nil, &User{}, Management, "", false},
		"a record, without one API":     {nil, &User{CanonicalUserID: "d"}, Cloud, "d", false},
		"two keys, null in the first":   {append(key(""), Key{AccessKey: "l", CanonicalUserID: "c"}), nil, 0, "c", false},
		"Cloud keys, which lack it all": {[]Key{{AccessKey: "k", KnownFrom: Cloud}}, &User{}, Management, "", false},
	} {
		l := NewListing(Owner{}, tt.keys)
		l.Missing = tt.miss
		if tt.with != nil {
			l = l.WithOwner(*tt.with)
		}
		if l.CanonicalUserID != tt.want || l.NoCanonicalUserID() != tt.none {
			t.Errorf("%s: %q, none %v", name, l.CanonicalUserID, l.NoCanonicalUserID())
		}
	}
}

// TestMessage finds what the API said below the errors that were made of it.
func TestMessage(t *testing.T) {
	t.Parallel()
	inner := &Error{Kind: ErrThrottled, Message: "locked", API: CloudAPI, Status: 429, RetryAfter: time.Minute}
	for name, err := range map[string]error{
		"itself": inner, "as a cause": &Error{Kind: ErrNoUser, Err: inner}, "joined": errors.Join(ErrConflict, inner),
		"below two": &Error{Kind: ErrLimit, Err: &Error{Kind: ErrNotReady, Err: inner}},
	} {
		if Message(err) != "locked" || APIName(err) != CloudAPI || HTTPStatus(err) != 429 || RetryAfter(err) != time.Minute {
			t.Errorf("%s: %q of %q, %d, %v", name, Message(err), APIName(err), HTTPStatus(err), RetryAfter(err))
		}
	}
	if err := errors.New("other"); Message(err) != "" || Message(nil) != "" || RetryAfter(err) != 0 {
		t.Error("another error has a message")
	}
}
