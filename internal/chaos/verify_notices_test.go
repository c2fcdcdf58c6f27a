package chaos

import "testing"

// TestVerifyNotices: a click that is done has to be announced, unless the page that
// did so may have been lost or its session was ended. What may not have been announced
// counts for no other click.
func TestVerifyNotices(t *testing.T) {
	t.Parallel()
	const lost, ended = 1, 1 // of the person and the session, at the end
	done := func(what string, lost, ends int) *click {
		return &click{what: what, told: told{end: "done", key: "k"}, lost: lost, ends: ends}
	}
	for name, test := range map[string]struct {
		owed     []*click
		made     bool // announced
		renewals int  // announced
		unnamed  map[string]int
		want     int // violations
	}{
		"none":                                      {},
		"made and announced":                        {owed: []*click{done("generate", lost, ended)}, made: true},
		"made and not announced":                    {owed: []*click{done("generate", lost, ended)}, want: 1},
		"made, and the page lost":                   {owed: []*click{done("generate", 0, ended)}},
		"made and deleted":                          {owed: []*click{done("generate", lost, ended)}, unnamed: map[string]int{"generate": 1}},
		"renewed and announced":                     {owed: []*click{done("renew", lost, ended)}, renewals: 1},
		"renewed and not announced":                 {owed: []*click{done("renew", lost, ended)}, want: 1},
		"renewed twice and announced once":          {owed: []*click{done("renew", lost, ended), done("renew", lost, ended)}, renewals: 1, want: 1},
		"renewed before a page was lost, and after": {owed: []*click{done("renew", 0, ended), done("renew", lost, ended)}, renewals: 1},
		"renewed before signing out, and after":     {owed: []*click{done("renew", lost, 0), done("renew", lost, ended)}, renewals: 1},
		"renewed, and another key deleted":          {owed: []*click{done("renew", lost, ended)}, unnamed: map[string]int{"generate": 1}, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &chaos{tally: map[string]int{}}
			p := &person{lost: lost, announced: map[string]telling{}, renewals: map[string]int{"k": test.renewals}, unnamed: test.unnamed}
			if test.made {
				p.announced["k"] = telling{}
			}
			u := &user{chaos: c, name: "user", person: p, session: &session{ends: ended}, owed: test.owed}
			u.verifyNotices()
			if len(c.faults) != test.want {
				t.Errorf("violations %v, want %d", c.faults, test.want)
			}
		})
	}
}
