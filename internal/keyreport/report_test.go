package keyreport_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/keyreport"
	"keydeck/internal/keys"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]keyreport.Filter{
		"":                                      {Page: 1},
		"q=&state=&older=&valid=&owner=&page=":  {Page: 1},
		"q=+%C3%98st+&state=active&older=90":    {Query: "Øst", State: "active", Older: 90, Page: 1},
		"older=1&valid=user-owned&owner=member": {Older: 1, Valid: "user-owned", Owner: "member", Page: 1},
		"older=3650&valid=all&page=3":           {Older: 3650, Valid: "all", Page: 3},
		"sort=-created&owner=no-privilege":      {Sort: "-created", Owner: "no-privilege", Page: 1},
		"q=%ff&unknown=1":                       {Page: 1},
		"q=" + strings.Repeat("x", 3000):        {Query: strings.Repeat("x", 256), Page: 1},
	} {
		values, _ := url.ParseQuery(query)
		got, err := keyreport.Parse(values)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%.40s: %v %s", query, err, diff)
		}
		if again, err := keyreport.Parse(got.Values()); err != nil || again != got {
			t.Errorf("%.40s: read again as %+v, %v", query, again, err)
		}
	}
	for query, good := range map[string]string{
		"state=on": "active, inactive", "older=0": "1 to 3650", "older=3651": "1 to 3650", "older=-1": "1 to 3650", "older=90d": "1 to 3650",
		"older=99999999999999999999": "1 to 3650", "valid=both": "user-owned, all", "owner=me": "no-privilege, deactivated, administrator, member",
		"sort=name": "created, -created, owner", "page=0": "from 1", "page=-1": "from 1", "page=x": "from 1",
	} {
		values, _ := url.ParseQuery(query)
		_, err := keyreport.Parse(values)
		wrong, ok := errors.AsType[*keyreport.ValueError](err)
		if !ok || !strings.Contains(wrong.Error(), good) || wrong.Value != values.Get(wrong.Name) {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// names are the rows of a report in short: "K1", "-K7", the legacy key as "legacy",
// and an e-mail address for one who could not be read.
func names(rows []keyreport.Row) string {
	var list []string
	for _, r := range rows {
		switch {
		case r.Unread:
			list = append(list, r.Owner.User.Email)
		case r.Key.AccessKey == legacy:
			list = append(list, "legacy")
		default:
			list = append(list, strings.TrimRight(r.Key.AccessKey, "x"))
		}
	}
	return strings.Join(list, " ")
}

func TestNew(t *testing.T) {
	t.Parallel()
	const unread = " unread@example.com"
	for query, want := range map[string]string{
		"":                             "legacy K1 K2 K3 -K7 K4 K6 K5" + unread,
		"sort=-created":                "K6 K4 -K7 K3 K2 K1 legacy K5" + unread,
		"sort=owner":                   "-K7 K1 K2 K3 K4 K5 legacy K6" + unread,
		"state=active":                 "legacy K1 K3 -K7 K4 K6" + unread,
		"state=inactive":               "K2" + unread,
		"older=90":                     "legacy K1 K2" + unread,
		"older=91":                     "legacy K1" + unread,
		"older=3650":                   strings.TrimSpace(unread),
		"valid=user-owned":             "legacy" + unread,
		"valid=all":                    "K1 K2 K3 -K7 K4 K6 K5" + unread,
		"owner=no-privilege":           "legacy",
		"owner=deactivated":            "-K7",
		"owner=administrator":          "K6",
		"owner=member":                 "legacy K1 K2 K3 -K7 K4 K5" + unread,
		"owner=five-keys":              "K1 K2 K3 K4 K5",
		"older=90&state=active":        "legacy K1" + unread,
		"q=ost+AMELIE":                 "K1 K2 K3 K4 K5" + unread,
		"q=" + url.QueryEscape("Øst"):  "K1 K2 K3 K4 K5" + unread,
		"q=k3xx":                       "K3" + unread,
		"q=amelie+k4":                  "K4" + unread,
		"q=C0FFEE":                     "K1 K2 K3 K4 K5" + unread,
		"q=31718824:00000000-0000":     "legacy K1 K2 K3 -K7 K4 K6 K5" + unread,
		"q=000000000004":               "K6" + unread,
		"q=K2xxxxxx%E2%80%A6xxxxxx":    "K2" + unread,
		"q=%3Cscript%3E":               strings.TrimSpace(unread),
		"q=owner@example.com&older=90": strings.TrimSpace(unread),
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			values, _ := url.ParseQuery(query)
			f, err := keyreport.Parse(values)
			if err != nil {
				t.Fatal(err)
			}
			report := keyreport.New(someKeys(), f, threshold, now)
			if got := names(report.Rows); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if want := (keyreport.Numbers{Keys: 8, Active: 6, Old: 3, UserOwned: 1, NotPermitted: 1, Deactivated: 1, Full: 1, Unread: 1}); report.Numbers != want {
				t.Errorf("numbers %+v, want %+v", report.Numbers, want)
			}
		})
	}
}

// TestFacets: a facet counts what would be selected with it beside the other
// conditions.
func TestFacets(t *testing.T) {
	t.Parallel()
	s := someKeys()
	for _, query := range []string{"", "state=active", "older=91", "owner=member&q=k", "valid=all&state=inactive"} {
		values, _ := url.ParseQuery(query)
		f, _ := keyreport.Parse(values)
		report := keyreport.New(s, f, threshold, now)
		for facet, got := range report.Facets {
			changed, _ := url.ParseQuery(query)
			changed.Set(facet.Name, facet.Value)
			if facet.Name == "older" && f.Older == 0 {
				changed.Set("older", fmt.Sprint(threshold))
			} else if facet.Name == "older" {
				changed.Set("older", fmt.Sprint(f.Older))
			}
			with, err := keyreport.Parse(changed)
			if err != nil {
				t.Fatal(err)
			}
			want := 0
			for _, r := range keyreport.New(s, with, threshold, now).Rows {
				if !r.Unread {
					want++
				}
			}
			if got != want {
				t.Errorf("%q: %v counts %d, selects %d", query, facet, got, want)
			}
		}
	}
}

func TestPageOf(t *testing.T) {
	t.Parallel()
	s := someKeys()
	for n := range 120 {
		s.Entries[3].Keys = append(s.Entries[3].Keys, daysOld(long(100+n), n, keys.Active))
	}
	report := keyreport.New(s, keyreport.Filter{}, 0, now)
	for page, want := range map[int]int{1: 50, 2: 50, 3: 29, 4: 0, 1_000_000: 0} {
		if rows, from := report.PageOf(page); len(rows) != want || from != min((page-1)*50, 129) {
			t.Errorf("page %d has %d rows from %d on", page, len(rows), from)
		}
	}
	if report.Numbers.Old != 0 {
		t.Errorf("without a threshold %d keys are old", report.Numbers.Old)
	}
}

// BenchmarkNew is a report of 10,000 users with 20,000 keys, searched.
func BenchmarkNew(b *testing.B) {
	s := someKeys()
	for n := range 10_000 {
		e := *s.Entries[1]
		e.User.ID, e.Keys = fmt.Sprint(n), e.Keys[:2]
		s.Entries = append(s.Entries, &e)
	}
	for _, query := range []string{"", "amelie"} {
		b.Run("query "+query, func(b *testing.B) {
			for b.Loop() {
				keyreport.New(s, keyreport.Filter{Query: query}, threshold, now)
			}
		})
	}
}
