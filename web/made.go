package web

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"keydeck/internal/session"
)

// madeKey is a key and the form that it came of.
type madeKey struct{ Key, By string }

const (
	madeName = "made"
	// mostMade is how many are known, deleted ones too. There are five keys at a
	// time, but one of them may be older than any number that came and went.
	mostMade = 200
	// madeFor is as long as anybody can ask what became of a form.
	madeFor = 2 * time.Hour
)

// noteMade keeps in mind which form a key came of, so that it is not taken for
// what came of another one, of which nobody knows the end.
func (s *Server) noteMade(ctx context.Context, v *visit, requestID, accessKey string) {
	err := s.sessions.Revise(ctx, v.session, madeName, madeFor, func(old []byte) []byte {
		made := append(decodeMade(old), madeKey{accessKey, requestID})
		plain, err := json.Marshal(made[max(0, len(made)-mostMade):])
		if err != nil {
			return nil
		}
		return plain
	})
	if err != nil && !errors.Is(err, session.ErrNoSession) {
		s.logger.Warn("a new key was not noted", "id", requestIDOf(v), "key", accessKey, "error", err)
	}
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
		if m.By != requestID {
			others = append(others, m.Key)
		}
	}
	return others, nil
}

func decodeMade(plain []byte) []madeKey {
	var made []madeKey
	if json.Unmarshal(plain, &made) != nil {
		return nil
	}
	return made
}
