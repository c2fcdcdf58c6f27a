package web

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"keydeck/internal/session"
)

// madeKey is a key and the form that it came of. It has no key while the form
// is at it, and as long as nobody knows what became of it.
type madeKey struct {
	Key     string `json:",omitzero"`
	By      string
	Began   time.Time `json:",omitzero"`
	Unclear bool      `json:",omitzero"`
}

const (
	madeName = "made"
	// mostMade is how many are known, deleted ones too, which is within what a
	// session keeps. There are five keys at a time, but one of them may be older
	// than any number that came and went.
	mostMade = 100
	// madeFor is as long as anybody can ask what became of a form.
	madeFor = 2 * time.Hour
)

// beginMaking keeps in mind that a form is about to make a key: what appears
// from now on may be its. Keys that were there before do not matter to it; they
// are known as long as there is a form that they matter to.
func (s *Server) beginMaking(ctx context.Context, v *visit, requestID string) error {
	return s.reviseMade(ctx, v, func(made []madeKey) []madeKey {
		if !slices.ContainsFunc(made, func(m madeKey) bool { return m.Key == "" }) {
			made = nil
		}
		return append(without(made, requestID), madeKey{By: requestID, Began: s.now()})
	})
}

// noteMade keeps in mind which form a key came of, so that it is not taken for
// what came of another one, of which nobody knows the end.
func (s *Server) noteMade(ctx context.Context, v *visit, requestID string, outcome session.Outcome) {
	note := func(made []madeKey) []madeKey {
		made = without(made, requestID)
		switch outcome.State {
		case session.OpDone:
			return append(made, madeKey{Key: outcome.AccessKey, By: requestID})
		case session.OpUnclear:
			return append(made, madeKey{By: requestID, Unclear: true})
		default:
			return made
		}
	}
	err := insist(ctx, func() error { return s.reviseMade(ctx, v, note) })
	if err != nil {
		s.logger.Warn("what became of a form was not noted", "id", requestIDOf(v), "key", outcome.AccessKey, "error", err)
	}
}

// claimMade asks for a key that was found to be that of a form, atomically: of
// two forms that nobody knows the end of, one gets it. It is nobody's while
// another form that is at it may have made it.
func (s *Server) claimMade(ctx context.Context, v *visit, requestID, accessKey string) (mine bool, err error) {
	err = s.reviseMade(ctx, v, func(made []madeKey) []madeKey {
		mine = !slices.ContainsFunc(made, func(m madeKey) bool {
			atIt := m.Key == "" && !m.Unclear && s.now().Sub(m.Began) < cutOff
			return m.By != requestID && (m.Key == accessKey || atIt)
		})
		if !mine {
			return nil
		}
		return append(without(made, requestID), madeKey{Key: accessKey, By: requestID})
	})
	return mine, err
}

// madeByOthers are the keys that other forms than this one have made. Without
// all of them a key could be handed out as what came of two forms: errUnclear
// when there were more than are known.
func (s *Server) madeByOthers(ctx context.Context, v *visit, requestID string) ([]string, error) {
	plain, _, err := s.sessions.Recall(ctx, v.session, madeName)
	if err != nil && !errors.Is(err, session.ErrNotFound) {
		return nil, storeTrouble(err)
	}
	made := decodeMade(plain)
	if len(made) >= mostMade {
		return nil, errUnclear
	}
	var others []string
	for _, m := range made {
		if m.By != requestID && m.Key != "" {
			others = append(others, m.Key)
		}
	}
	return others, nil
}

// reviseMade changes what is known, unless change gives nil.
func (s *Server) reviseMade(ctx context.Context, v *visit, change func([]madeKey) []madeKey) error {
	err := s.sessions.Revise(ctx, v.session, madeName, madeFor, func(old []byte) []byte {
		made := change(decodeMade(old))
		if made == nil {
			return nil
		}
		plain, err := json.Marshal(made[max(0, len(made)-mostMade):])
		if err != nil {
			return nil
		}
		return plain
	})
	switch {
	case errors.Is(err, session.ErrNoSession):
		return errSignedOut
	case err != nil:
		return storeTrouble(err)
	}
	return nil
}

func without(made []madeKey, requestID string) []madeKey {
	return slices.DeleteFunc(made, func(m madeKey) bool { return m.By == requestID })
}

func decodeMade(plain []byte) []madeKey {
	made := []madeKey{}
	if json.Unmarshal(plain, &made) != nil {
		return []madeKey{}
	}
	return made
}
