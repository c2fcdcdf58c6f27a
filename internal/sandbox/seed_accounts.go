package sandbox

import (
	"slices"
	"time"
)

// seededPassword is every user's.
const seededPassword = "sandbox"

// The seeded groups, by name.
const (
	storageGroup = "Storage Team"
	backupGroup  = "Backup Operators"
	networkGroup = "Network Engineering"
	financeGroup = "Accounting"
)

type seededGroup struct {
	name       string
	privileges []string
}

var seededGroups = []seededGroup{
	{storageGroup, []string{s3Privilege, "accessAndManageMonitoring"}},
	{backupGroup, []string{s3Privilege, "createBackupUnit", "createSnapshot"}},
	{networkGroup, []string{"createDataCenter", "reserveIp", "createPcc", "accessAndManageDns", "createFlowLog"}},
	{financeGroup, []string{"accessActivityLog"}},
}

func (sg seededGroup) group(in *contract) *group {
	g := &group{id: seededUUID("group", sg.name), name: sg.name, contract: in, privileges: map[string]bool{}}
	for _, p := range sg.privileges {
		g.privileges[p] = true
	}
	return g
}

// seededAccount is one of those who can sign in.
type seededAccount struct {
	email, firstname, lastname, note string
	role                             role
	twoFactor                        bool
	created                          time.Time
	groups                           []string
	keys                             []seededKey
	otherKeys                        []seededKey // those in the other contract, for who belongs to both
}

var seededAccounts = []seededAccount{
	{
		email: "owner@keydeck.example", firstname: "Ingrid", lastname: "Halvorsen",
		note: "Owner, two keys", role: roleOwner, created: day(2021, time.March, 9),
		keys: []seededKey{
			{description: "Root backup, admin key", created: day(2024, time.September, 12)},
			{description: "Terraform state", created: day(2025, time.February, 3)},
		},
	},
	{
		email: "admin@keydeck.example", firstname: "Tomasz", lastname: "Wiśniewski",
		note: "Administrator, one key", role: roleAdmin, created: day(2021, time.May, 20),
		keys: []seededKey{{description: "Nightly database dumps", created: day(2024, time.November, 28)}},
	},
	{
		email: "member@keydeck.example", firstname: "Amara", lastname: "Okafor",
		note: "No keys yet", role: roleMember, created: day(2023, time.August, 14),
		groups: []string{storageGroup},
	},
	{
		email: "full@keydeck.example", firstname: "Rafael", lastname: "Echeverría",
		note: "Five keys, the limit", role: roleMember, created: day(2022, time.January, 17),
		groups: []string{storageGroup, backupGroup},
		keys: []seededKey{
			{description: "Legacy NAS, user-owned buckets", created: day(2023, time.May, 31), legacy: true},
			{description: "CI artifacts", created: day(2024, time.May, 6)},
			{description: "Old laptop", created: day(2024, time.July, 19), inactive: true},
			{description: "Veeam repository", created: day(2025, time.January, 22)},
			{description: "", created: day(2025, time.April, 8)},
		},
	},
	{
		email: "guest@keydeck.example", firstname: "Mei-Ling", lastname: "Chen",
		note: "No privilege", role: roleMember, created: day(2024, time.April, 2),
		groups: []string{networkGroup},
	},
	{
		email: "twofa@keydeck.example", firstname: "Leila", lastname: "Haddad",
		note: "Two-factor: API token only", role: roleMember, twoFactor: true,
		created: day(2022, time.October, 11), groups: []string{storageGroup},
		keys: []seededKey{{description: "Photo archive", created: day(2024, time.December, 5)}},
	},
	{
		email: "multi@keydeck.example", firstname: "Sofía", lastname: "Ortega",
		note: "Contracts 31718824, 32045117", role: roleMember,
		created: day(2022, time.July, 4), groups: []string{storageGroup},
		keys:      []seededKey{{description: "Research data", created: day(2024, time.August, 21)}},
		otherKeys: []seededKey{{description: "Partner uploads", created: day(2025, time.March, 12)}},
	},
}

func (a seededAccount) user(s *state, c *contract) *user {
	u := &user{
		id: seededUUID("user", a.email), firstname: a.firstname, lastname: a.lastname, email: a.email,
		role: a.role, active: true, password: seededPassword, secAuthActive: a.twoFactor, created: a.created.Truncate(time.Second),
		contracts: []*contract{c},
	}
	for _, g := range s.groups {
		if slices.Contains(a.groups, g.name) {
			u.groups = append(u.groups, g)
		}
	}
	return u
}
