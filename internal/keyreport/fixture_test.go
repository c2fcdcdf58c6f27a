package keyreport_test

import (
	"fmt"
	"strings"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// now is when all reports are made.
var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

const (
	threshold = 90 // days
	legacy    = "0123456789abcdef0123"
)

// long is an access key of the present form.
func long(n int) string { return fmt.Sprintf("K%d", n) + strings.Repeat("x", 90) }

// daysOld is an access key made that many days ago.
func daysOld(accessKey string, days int, activity keys.Activity) contractkeys.Key {
	return contractkeys.Key{AccessKey: accessKey, Created: now.AddDate(0, 0, -days), Activity: activity}
}

// someKeys are the keys of a small contract.
func someKeys() contractkeys.Snapshot {
	storage := keys.Group{ID: "g", Name: "Storage Team", UseObjectStorage: true}
	member := keys.User{ID: "00000000-0000-0000-0000-000000000001", FirstName: "Amélie", LastName: "Øst", Email: "amelie@example.com", Active: true, TwoFactor: true, CanonicalUserID: "c0ffee", Groups: []string{"g"}, LastLogin: now.AddDate(0, 0, -2)}
	left := keys.User{ID: "00000000-0000-0000-0000-000000000002", FirstName: "=cmd|' /C calc'!A0", LastName: "@SUM(1)", Email: "left@example.com", CanonicalUserID: "deadbeef", Groups: []string{"g"}}
	demoted := keys.User{ID: "00000000-0000-0000-0000-000000000003", FirstName: "De", LastName: "Moted", Email: "demoted@example.com", Active: true, CanonicalUserID: "abad1dea", Groups: []string{}}
	owner := keys.User{ID: "00000000-0000-0000-0000-000000000004", FirstName: "Own", LastName: "Er", Email: "owner@example.com", Active: true, CanonicalUserID: "facade"}
	unread := keys.User{ID: "00000000-0000-0000-0000-000000000005", FirstName: "Un", LastName: "Read", Email: "unread@example.com", Active: true, CanonicalUserID: "ba5eba11", Groups: []string{"g"}}
	s := contractkeys.Snapshot{
		Contract: "31718824", AsOf: now, Listed: true, Looked: 5, Users: 9,
		Privileges: directory.Privileges{Contract: keys.Contract{OwnerEmail: "owner@example.com"}, Groups: []keys.Group{storage}},
		Entries: []*contractkeys.Entry{
			{User: left, State: contractkeys.Read, Keys: []contractkeys.Key{daysOld("-"+long(7), 10, keys.Active)}},
			{User: member, State: contractkeys.Read, Keys: []contractkeys.Key{
				daysOld(long(1), 400, keys.Active), daysOld(long(2), 90, keys.Inactive), daysOld(long(3), 89, keys.Active), daysOld(long(4), 1, keys.Active),
				{AccessKey: long(5), Activity: keys.ActivityUnknown},
			}},
			{User: demoted, State: contractkeys.Read, Keys: []contractkeys.Key{daysOld(legacy, 900, keys.Active)}},
			{User: owner, State: contractkeys.Read, Keys: []contractkeys.Key{daysOld(long(6), 0, keys.Active)}},
			{User: unread, State: contractkeys.Failed, Reason: keys.ErrUnavailable},
		},
	}
	return s
}
