package keys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

// Attempt is what is known of a change right before an API is asked to carry
// it out: enough to find out afterwards, from what there is then, whether it
// was. Whoever keeps it can do so after a crash.
type Attempt struct {
	At          time.Time
	Before      []string // the access keys there were, of a key about to be made
	Description string   // of that key
	AccessKey   string   // the key about to be renewed
	Was         string   // a digest of its secret; empty when that was not to be had
}

// Begin is told of an Attempt right before the API is asked. Its error ends
// the change before it has begun.
type Begin func(context.Context, Attempt) error

func (b Begin) tell(ctx context.Context, a Attempt) error {
	if b == nil {
		return nil
	}
	return b(ctx, a)
}

// sureAfter is the age of an attempt from which on what does not show was not
// carried out: no call is under way for that long, here or at a gateway.
const sureAfter = time.Minute

// LookForMade finds out what became of a key that Generate or Succeed was to
// make, and nobody knows the end of. It makes nothing. There are three
// answers: the pair, with a zero Secret where the Cloud API does not give it;
// an error, when surely none was made; an Unclear error, when that cannot be
// known now.
func (s *Service) LookForMade(ctx context.Context, owner Owner, a Attempt) (KeyPair, error) {
	return s.lookForNew(ctx, s.generation(owner, a.Description), a.Before, s.doubt("create key", a))
}

// LookForRenewed finds out what became of a secret that Renew was to put in
// place of another. It changes nothing, and answers like LookForMade.
func (s *Service) LookForRenewed(ctx context.Context, owner Owner, a Attempt) (KeyPair, error) {
	return s.lookForRenewed(ctx, owner, a, s.doubt("renew secret", a))
}

// doubt is the error that looking ends with when it finds nothing: of an old
// attempt, one that is cleared up then.
func (s *Service) doubt(op string, a Attempt) error {
	if s.now().Sub(a.At) < sureAfter {
		return &Error{Kind: ErrTimeout, Op: op, Unclear: true, Err: errors.New("its end is not known, and it may be under way")}
	}
	return &Error{Kind: ErrUnavailable, Op: op, Unclear: true, Err: errors.New("its end is not known")}
}

// digest tells secrets apart without being one.
func digest(secret Secret) string {
	if secret.IsZero() {
		return ""
	}
	sum := sha256.Sum256([]byte(secret.Reveal()))
	return hex.EncodeToString(sum[:])
}
