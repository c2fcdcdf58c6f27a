package sandbox

import (
	"fmt"
	"time"
)

// firstnames and lastnames are of lengths without a common divisor, so that
// names repeat late.
var (
	firstnames = []string{
		"Aaliyah", "Björn", "Chidi", "Daniela", "Emeka", "Freya", "Giorgos", "Hanna", "Ivan", "Jelena",
		"Kwame", "Lucía", "Mateusz", "Nadia", "Oluwaseun", "Priya", "Quentin", "Rosa", "Sven", "Tuğba",
		"Uwe", "Valentina", "Wanjiru", "Xiaoyu", "Yusuf", "Zofia", "Anjali", "Bruno", "Cătălina", "Dmitri", "Eilidh",
	}
	lastnames = []string{
		"Abebe", "Bergström", "Castellano", "Diallo", "Eriksen", "Fernández", "Grünwald", "Hoxha", "Ibrahim",
		"Jansen", "Kowalczyk", "Lindqvist", "Moreau", "Nakamura", "O'Connor", "Papadopoulos", "Qureshi", "Rossi",
		"Schäfer", "Tanaka", "Ueda", "van den Berg", "Wójcik", "Xu", "Yılmaz", "Zimmermann", "Adeyemi", "Bianchi",
		"Čermák", "Dubois", "Ekström", "Fischer", "García-Márquez", "Hernández", "Ivanova", "Jørgensen", "Kim",
	}
	purposes = []string{"Backups", "Static site", "Log archive", "Data lake import", "Media uploads", "Test", ""}
)

// seedOthers fills up to a total of users. What each one is follows from
// their number. About half may use object storage; one in a hundred is an
// administrator; one in 34 is deactivated and one in 34 has two factors; one in
// four has never signed in. One of the first dozen, and one in seven above it,
// has a key from before contract-owned buckets; above it, one in fifteen has
// keys and no privilege any more.
func (s *state) seedOthers(c *contract, total int) {
	for n := len(s.users) + 1; n <= total; n++ {
		email := fmt.Sprintf("user%05d@keydeck.example", n)
		u := &user{
			id: seededUUID("user", email), email: email, role: roleMember, password: seededPassword,
			firstname: firstnames[n%len(firstnames)], lastname: lastnames[n%len(lastnames)],
			active: n%34 != 0, secAuthActive: n%34 == 17, created: day(2021, 1, 1).AddDate(0, 0, n%1500).Truncate(time.Second),
			contracts: []*contract{c},
		}
		if n%4 != 1 {
			u.lastLogin = day(2025, time.September, 1).AddDate(0, 0, n%60).Truncate(time.Second)
		}
		if n%100 == 0 {
			u.role = roleAdmin
		}
		if n%5 != 0 {
			g := n % len(s.groups)
			u.groups = s.groups[g : g+1 : g+1]
		}
		s.addUser(u)
		if !u.mayUseObjectStorage() && n%15 != 0 {
			continue
		}
		for i := range max((n/4)%4, minKeys(n)) {
			s.addKey(othersKey(n, i).key(u, c, i))
		}
	}
}

// minKeys makes sure that those who are here for their keys have one.
func minKeys(n int) int {
	if n > minUsers && (n%7 == 3 || n%15 == 0) {
		return 1
	}
	return 0
}

// othersKey is a user's i-th key.
func othersKey(n, i int) seededKey {
	k := seededKey{
		description: purposes[(n+i)%len(purposes)],
		created:     day(2024, time.May, 1).AddDate(0, i, n%500),
		inactive:    (n+i)%9 == 0,
	}
	if (n == minUsers-3 || n > minUsers && n%7 == 3) && i == 0 {
		k.legacy, k.created = true, day(2022, time.June, 1).AddDate(0, 0, n%600)
	}
	return k
}
