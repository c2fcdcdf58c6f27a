package keyreport_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/keyreport"
	"keydeck/internal/keys"
)

var errFault = errors.New("fault")

// look is one answer of a source.
type look struct {
	snapshot contractkeys.Snapshot
	err      error
}

// read is the small contract with the first users read.
func read(users int) contractkeys.Snapshot {
	s := someKeys()
	s.Running, s.Looked = users < len(s.Entries), users
	for i, e := range s.Entries {
		if i >= users {
			s.Entries[i] = &contractkeys.Entry{User: e.User}
		}
	}
	return s
}

// with changes a snapshot.
func with(s contractkeys.Snapshot, change func(*contractkeys.Snapshot)) contractkeys.Snapshot {
	change(&s)
	return s
}

// streamed is what a source returns, and what comes of it.
type streamed struct {
	sort     string
	looks    []look // the last one is repeated
	emitted  string // in the order of Emit, with a bar between its calls
	complete bool
	err      error // of Run
	stopped  error // of the result
	took     time.Duration
}

// streams are those of TestRun.
func streams() map[string]streamed {
	refused, lost := &keys.Error{Kind: keys.ErrUnauthorized}, &keys.Error{Kind: keys.ErrUnavailable}
	whole := with(someKeys(), func(s *contractkeys.Snapshot) {
		s.Entries[4] = &contractkeys.Entry{User: s.Entries[4].User, State: contractkeys.Read}
	})
	stopped := func(users int, err error) contractkeys.Snapshot {
		return with(read(users), func(s *contractkeys.Snapshot) { s.Running, s.Err = false, err })
	}
	waiting := with(read(1), func(s *contractkeys.Snapshot) { s.Running, s.Wait = false, time.Hour })
	const all = "-K7 K1 K2 K3 K4 K5 legacy K6"
	return map[string]streamed{
		"read at once":         {"", []look{{whole, nil}}, all, true, nil, nil, 0},
		"while it is read":     {"", []look{{contractkeys.Snapshot{Running: true}, nil}, {read(1), nil}, {read(3), nil}, {whole, nil}}, "-K7 | K1 K2 K3 K4 K5 legacy | K6", true, nil, nil, 0},
		"sorted by age":        {"created", []look{{read(1), nil}, {read(3), nil}, {whole, nil}}, "legacy K1 K2 K3 -K7 K4 K6 K5", true, nil, nil, 0},
		"long wait":            {"", []look{{waiting, nil}, {whole, nil}}, "-K7 | K1 K2 K3 K4 K5 legacy K6", true, nil, nil, time.Hour},
		"one unread":           {"", []look{{someKeys(), nil}}, all + " | unread@example.com", false, nil, nil, 22 * time.Second},
		"one recovers":         {"", []look{{someKeys(), nil}, {whole, nil}}, all, true, nil, nil, 11 * time.Second},
		"token ends":           {"", []look{{read(1), nil}, {contractkeys.Snapshot{}, refused}}, "-K7 | amelie@example.com demoted@example.com owner@example.com unread@example.com", false, nil, refused, 0},
		"reader's token ends":  {"", []look{{stopped(3, refused), nil}}, "-K7 K1 K2 K3 K4 K5 legacy | owner@example.com unread@example.com", false, nil, refused, 0},
		"lost connection":      {"", []look{{read(1), nil}, {contractkeys.Snapshot{}, lost}}, "-K7 | amelie@example.com demoted@example.com owner@example.com unread@example.com", false, nil, lost, 22 * time.Second},
		"connection back":      {"", []look{{stopped(1, lost), nil}, {stopped(1, lost), nil}, {stopped(3, lost), nil}, {whole, nil}}, "-K7 | K1 K2 K3 K4 K5 legacy | K6", true, nil, nil, 33 * time.Second},
		"nothing at all":       {"", []look{{contractkeys.Snapshot{}, lost}}, "", false, lost, lost, 22 * time.Second},
		"fault of the program": {"", []look{{read(1), nil}, {stopped(1, errFault), nil}}, "-K7", false, errFault, nil, 0},
		"not allowed":          {"", []look{{contractkeys.Snapshot{}, refused}}, "", false, refused, refused, 0},
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	for name, tt := range streams() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var emitted []string
				found := 0
				stream := keyreport.Stream{
					Source: func(context.Context) (contractkeys.Snapshot, error) {
						next := tt.looks[0]
						if len(tt.looks) > 1 {
							tt.looks = tt.looks[1:]
						}
						return next.snapshot, next.err
					},
					Filter: keyreport.Filter{Sort: tt.sort}, Now: func() time.Time { return now },
					Emit: func(rows []keyreport.Row) error {
						if text := names(rows); text != "" {
							emitted = append(emitted, text)
						}
						return nil
					},
					Found: func(contractkeys.Snapshot) error { found++; return nil },
				}
				began := time.Now()
				result, err := stream.Run(t.Context())
				if got := strings.Join(emitted, " | "); got != tt.emitted || found != min(1, len(emitted)) {
					t.Errorf("emitted %s\nwant    %s\nfound %d times", got, tt.emitted, found)
				}
				if result.Complete != tt.complete || !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) || !errors.Is(result.Err, tt.stopped) {
					t.Errorf("complete %v, stopped by %v, %v", result.Complete, result.Err, err)
				}
				if took := time.Since(began); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
			})
		})
	}
}

// TestRunCanceled: nothing goes on for a reader who is gone.
func TestRunCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		looks := 0
		stream := keyreport.Stream{
			Source: func(context.Context) (contractkeys.Snapshot, error) {
				looks++
				return with(read(1), func(s *contractkeys.Snapshot) { s.Wait = 2 * time.Second }), nil
			},
			Now: time.Now, Emit: func([]keyreport.Row) error { return nil },
		}
		if _, err := stream.Run(ctx); !errors.Is(err, context.DeadlineExceeded) || looks > 31 {
			t.Errorf("%v after %d looks", err, looks)
		}
		broken := errors.New("broken pipe")
		stream.Emit = func([]keyreport.Row) error { return broken }
		if _, err := stream.Run(t.Context()); !errors.Is(err, broken) {
			t.Errorf("a reader who is gone: %v", err)
		}
	})
}

// file writes the small contract with a format.
func file(t *testing.T, f interface {
	Rows([]keyreport.Row) error
	End(keyreport.Result) error
}, rows []keyreport.Row) {
	t.Helper()
	for _, err := range []error{f.Rows(rows[:3]), f.Rows(nil), f.Rows(rows[3:]), f.End(keyreport.Result{})} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	f := keyreport.NewCSV(&out, now)
	if err := f.Begin(someKeys()); err != nil {
		t.Fatal(err)
	}
	file(t, f, keyreport.New(someKeys(), keyreport.Filter{Sort: "owner"}, threshold, now).Rows)
	text := out.String()
	const header = "User Name,First name,Last name,Role,Object storage,User active,Two-factor,Last login,Access key ID,Created,Age in days,Active,Valid for\r\n"
	if !strings.HasPrefix(text, header) || strings.Count(text, "\r\n") != strings.Count(text, "\n") {
		t.Errorf("not as pinned: %q", text)
	}
	for _, line := range []string{
		`left@example.com,'=cmd|' /C calc'!A0,'@SUM(1),user,Storage Team,false,false,,'-` + long(7) + `,2026-05-22T12:00:00Z,10,true,all buckets`,
		`amelie@example.com,Amélie,Øst,user,Storage Team,true,true,2026-05-30T12:00:00Z,` + long(2) + `,2026-03-03T12:00:00Z,90,false,all buckets`,
		`amelie@example.com,Amélie,Øst,user,Storage Team,true,true,2026-05-30T12:00:00Z,` + long(5) + `,,,unknown,all buckets`,
		`demoted@example.com,De,Moted,user,no longer permitted,true,false,,` + legacy + `,2023-12-14T12:00:00Z,900,true,user-owned buckets only`,
		`owner@example.com,Own,Er,owner,as owner,true,false,,` + long(6) + `,2026-06-01T12:00:00Z,0,true,all buckets`,
		`unread@example.com,Un,Read,user,Storage Team,true,false,,,,,unknown,`,
	} {
		if !strings.Contains(text, "\r\n"+line+"\r\n") {
			t.Errorf("without %s", line)
		}
	}
	if records, err := csv.NewReader(&out).ReadAll(); err != nil || len(records) != 10 {
		t.Errorf("%d records, %v", len(records), err)
	}
}

// TestCSVFormulas: no cell of the file is one that a spreadsheet computes.
func TestCSVFormulas(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"=1", "+1", "-1", "@A", "\tx", "\rx", "=1\r\n=2", "\"=1", "ok"} {
		s := someKeys()
		u := s.Entries[0].User
		u.FirstName, u.LastName, u.Email = evil, evil, evil
		s.Entries[0] = &contractkeys.Entry{User: u, State: contractkeys.Read, Keys: s.Entries[0].Keys}
		s.Privileges.Groups[0].Name = evil
		var out bytes.Buffer
		file(t, keyreport.NewCSV(&out, now), keyreport.New(s, keyreport.Filter{}, threshold, now).Rows)
		records, err := csv.NewReader(&out).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			for _, cell := range record {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("%q gives the cell %q", evil, cell)
				}
			}
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][]keyreport.Row{
		"all":  keyreport.New(someKeys(), keyreport.Filter{}, threshold, now).Rows,
		"none": make([]keyreport.Row, 0, 3)[:0],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			f := keyreport.NewJSON(&out, now)
			if err := f.Begin(someKeys()); err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				if err := f.Rows([]keyreport.Row{r}); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.End(keyreport.Result{Complete: len(rows) == 0}); err != nil {
				t.Fatal(err)
			}
			var got struct {
				Contract string
				AsOf     time.Time
				Complete bool
				Keys     []struct {
					UserName, AccessKeyID, ValidFor string
					Active                          *bool
					AgeInDays                       *int
				}
				Unread []struct{ UserName, Reason string }
			}
			if err := json.Unmarshal(out.Bytes(), &got); err != nil || !strings.Contains(out.String(), `"unread":[`) || !strings.Contains(out.String(), `"keys":[`) {
				t.Fatalf("%v in %s", err, out.String())
			}
			if got.Contract != "31718824" || !got.AsOf.Equal(now) || got.Complete != (len(rows) == 0) {
				t.Errorf("%+v", got)
			}
			if len(rows) == 0 {
				return
			}
			if len(got.Keys) != 8 || len(got.Unread) != 1 || got.Unread[0].Reason != keys.ErrUnavailable.Error() || *got.Keys[0].AgeInDays != 900 || got.Keys[7].Active != nil {
				t.Errorf("%+v", got)
			}
		})
	}
}
