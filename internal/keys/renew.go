package keys

import (
	"context"
	"errors"
	"strings"
)

// Renew puts a new secret in place of the present one of one of the person's
// own keys. ErrNotFound, ErrConflict, ErrRejected.
//
// The API is asked once, after telling begin. If its answer is lost, the secret
// tells: when it is another than before, that is the new one.
func (s *Service) Renew(ctx context.Context, owner Owner, accessKey string, begin Begin) (KeyPair, error) {
	var k Key
	var l Listing
	var err error
	var before KeyPair
	both(
		func() { k, l, err = s.Find(ctx, owner, accessKey) },
		func() {
			if ValidAccessKey(accessKey) {
				before, _ = s.remote.UserKeyPair(ctx, owner.UserID, accessKey)
			}
		},
	)
	switch {
	case err != nil:
		return KeyPair{}, err
	case !l.Offers(k).Renew:
		return KeyPair{}, cannot("renew secret", l, Management)
	}
	attempt := Attempt{At: s.now(), AccessKey: accessKey, Was: digest(before.Secret)}
	if err := begin.tell(ctx, attempt); err != nil {
		return KeyPair{}, err
	}
	pair, err := s.remote.RenewOwnKey(ctx, k.ResourceID)
	if Unclear(err) {
		return s.lookForRenewed(ctx, owner, attempt, err)
	}
	return pair, err
}

// lookForRenewed clears up what became of a new secret whose answer was lost.
func (s *Service) lookForRenewed(ctx context.Context, owner Owner, a Attempt, lost error) (KeyPair, error) {
	if a.Was == "" {
		return KeyPair{}, lost // nothing to compare with
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTime)
	defer cancel()
	var now KeyPair
	renewed, err := look(ctx, func() (yes bool, err error) {
		now, err = s.remote.UserKeyPair(ctx, owner.UserID, a.AccessKey)
		return err == nil && digest(now.Secret) != a.Was, err
	})
	switch {
	case renewed:
		return now, nil
	case errors.Is(err, ErrNotFound):
		return KeyPair{}, err // it has been deleted since, with either secret
	case err != nil:
		return KeyPair{}, lost
	default:
		return KeyPair{}, cleared(lost)
	}
}

// Succeed makes a successor for one of the person's own keys: a new key with
// the same description. Both stay as they are. ErrNotFound, ErrConflict for a
// key that is on its way in or out; else as Generate.
func (s *Service) Succeed(ctx context.Context, owner Owner, accessKey string, begin Begin) (KeyPair, error) {
	k, l, err := s.Find(ctx, owner, accessKey)
	switch {
	case err != nil:
		return KeyPair{}, err
	case !l.Offers(k).Rotate:
		return KeyPair{}, cannot("rotate key", l, Management)
	}
	return s.Generate(ctx, owner, tidy(k.Description), begin)
}

// Successors are the keys that may have been made to take a key's place: newer
// ones with the same description.
func (l Listing) Successors(accessKey string) []Key {
	old, found := l.Find(accessKey)
	if !found {
		return nil
	}
	var newer []Key
	for _, k := range l.Keys {
		if k.AccessKey != accessKey && k.stays() && k.Description == tidy(old.Description) && k.Created.After(old.Created) {
			newer = append(newer, k)
		}
	}
	return newer
}

// tidy makes a description that another tool has written one that we would.
func tidy(description string) string {
	visible := strings.Map(func(r rune) rune {
		if unseen(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(description, " "))
	runes := []rune(strings.TrimSpace(visible))
	return strings.TrimSpace(string(runes[:min(len(runes), maxDescription)]))
}
