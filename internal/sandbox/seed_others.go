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
// their number: about half may use object storage, some have keys, one in
// seventeen is inactive, one in a hundred is an administrator.
func (s *state) seedOthers(c *contract, total int) {
	for n := len(s.users) + 1; n <= total; n++ {
		email := fmt.Sprintf("user%05d@keydeck.example", n)
		u := &user{
			id: seededUUID("user", email), email: email, role: roleMember,
			firstname: firstnames[n%len(firstnames)], lastname: lastnames[n%len(lastnames)],
			active: n%17 != 0, created: day(2021, 1, 1).AddDate(0, 0, n%1500).Truncate(time.Second),
			contracts: []*contract{c},
		}
		if n%100 == 0 {
			u.role = roleAdmin
		}
		if n%5 != 0 {
			g := n % len(s.groups)
			u.groups = s.groups[g : g+1 : g+1]
		}
		s.addUser(u)
		if !u.mayUseObjectStorage() {
			continue
		}
		for i := range (n / 4) % 4 {
			s.addKey(seededKey{
				description: purposes[(n+i)%len(purposes)],
				created:     day(2024, time.May, 1).AddDate(0, i, n%500),
				inactive:    (n+i)%9 == 0,
			}.key(u, c, i))
		}
	}
}
