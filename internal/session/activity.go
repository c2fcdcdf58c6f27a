package session

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// Activity is an entry of a person's activity log.
type Activity struct {
	ID   string // unique in the log; a later entry has a smaller one
	Data []byte
}

// MaxActivities is how many entries of a person's log are kept.
const MaxActivities = 200

const (
	activityTTL = 90 * 24 * time.Hour
	// trimInterval is after how many appends of this process one of them trims
	// the log it appends to.
	trimInterval = 64
	trimPage     = 200 // entries that one step of a trim deletes
)

// activityGroup is a group of its own, so that reading the index of a person's
// sessions does not read their log, nor the other way round.
func activityGroup(userID string) string { return "activity/" + hashUserID(userID) + "/" }

// AppendActivity adds an entry to a person's log, which every session of the
// person can read for ninety days. It is stored in plain: data holds no secret.
//
// It takes one call of the store. The log is bounded all the same: Activities
// deletes what is over MaxActivities when it reads the whole log, and so does one
// append in 64 of a process, with three calls more. A log that is never read has
// about 64 entries more than MaxActivities, and at worst all of ninety days.
func (m *Manager) AppendActivity(ctx context.Context, userID string, data []byte) error {
	id, err := m.newActivityID()
	if err != nil {
		return err
	}
	group := activityGroup(userID)
	if err := m.backend.Put(ctx, group+id, data, m.now().Add(activityTTL)); err != nil {
		return fmt.Errorf("session: writing an activity: %w", err)
	}
	if m.appended.Add(1)%trimInterval == 0 {
		_ = m.trimActivities(ctx, group) // the entry is written; another append trims
	}
	return nil
}

// newActivityID returns an id that sorts before all earlier ones.
func (m *Manager) newActivityID() (string, error) {
	var unique [10]byte
	if _, err := io.ReadFull(m.random, unique[:]); err != nil {
		return "", fmt.Errorf("session: no randomness: %w", err)
	}
	return fmt.Sprintf("%016d-%s", int64(1e16)-m.now().UnixMicro(), base32Lower.EncodeToString(unique[:])), nil
}

// Activities returns the newest entries of a person's log, the newest first: at
// most limit and MaxActivities of them.
func (m *Manager) Activities(ctx context.Context, userID string, limit int) ([]Activity, error) {
	group := activityGroup(userID)
	records, err := m.backend.List(ctx, group, "", min(limit, MaxActivities))
	if err != nil {
		return nil, fmt.Errorf("session: reading activities: %w", err)
	}
	activities := make([]Activity, len(records))
	for i, r := range records {
		activities[i] = Activity{ID: strings.TrimPrefix(r.Key, group), Data: r.Value}
	}
	if len(records) == MaxActivities {
		_ = m.deleteActivities(ctx, group, records[MaxActivities-1].Key) // the next reading tries again
	}
	return activities, nil
}

// trimActivities deletes all entries but the newest MaxActivities.
func (m *Manager) trimActivities(ctx context.Context, group string) error {
	newest, err := m.backend.List(ctx, group, "", MaxActivities)
	if err != nil || len(newest) < MaxActivities {
		return err
	}
	return m.deleteActivities(ctx, group, newest[MaxActivities-1].Key)
}

// deleteActivities deletes the entries that are older than the one of a key.
func (m *Manager) deleteActivities(ctx context.Context, group, after string) error {
	for {
		old, err := m.backend.List(ctx, group, after, trimPage)
		if err != nil {
			return err
		}
		keys := make([]string, len(old))
		for i, r := range old {
			keys[i] = r.Key
		}
		if len(keys) > 0 {
			err = m.backend.Delete(ctx, keys...)
		}
		if err != nil || len(keys) < trimPage {
			return err
		}
	}
}
