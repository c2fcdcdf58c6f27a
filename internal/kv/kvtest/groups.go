package kvtest

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// wantList checks the keys of a list; the value of each record is "of " and its
// key.
func (f fixture) wantList(t *testing.T, prefix, after string, limit int, want ...string) {
	t.Helper()
	records, err := f.List(t.Context(), prefix, after, limit)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range records {
		got = append(got, r.Key)
		if string(r.Value) != "of "+r.Key {
			t.Errorf("%s holds %q", r.Key, r.Value)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("List(%q, %q, %d) has %q, want %q", prefix, after, limit, got, want)
	}
}

func list(t *testing.T, f fixture) {
	for _, key := range []string{"p/a*/2", "p/a*/1", "p/a*/10", "p/a*/s/1", "p/a/1", "p/ab/1", "p/a*", "q/a*/1"} {
		f.mustPut(t, key, "of "+key, time.Hour)
	}
	f.mustPut(t, "p/a*/0", "expires", time.Minute)
	f.mustPut(t, "p/a*/3", "deleted", time.Hour)
	f.mustPut(t, "p/a*/4", "expired already", -time.Minute)
	if err := f.Delete(t.Context(), "p/a*/3"); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(2 * time.Minute)
	f.wantList(t, "p/a*/", "", 10, "p/a*/1", "p/a*/10", "p/a*/2", "p/a*/s/1")
	f.wantList(t, "p/a*/", "", 2, "p/a*/1", "p/a*/10")
	f.wantList(t, "p/a*/1", "", 10, "p/a*/1", "p/a*/10")
	f.wantList(t, "p/a*/s/", "", 10, "p/a*/s/1")
	f.wantList(t, "p/a*/", "", 0)
	f.wantList(t, "p/none/", "", 10)
	for _, prefix := range []string{"", "p", "p/", "p/a"} {
		if _, err := f.List(t.Context(), prefix, "", 10); err == nil {
			t.Errorf("List took %q for a group", prefix)
		}
	}
}

func listPages(t *testing.T, f fixture) {
	const many = 500 // more than a store reads at once
	var want []string
	for i := range many {
		key := fmt.Sprintf("p/a/%03d", i)
		life := time.Hour
		if i%10 == 3 {
			life = time.Minute
		} else {
			want = append(want, key)
		}
		f.mustPut(t, key, "of "+key, life)
	}
	f.mustPut(t, "p/a0/1", "another group", time.Hour)
	f.clock.Advance(2 * time.Minute)
	f.wantList(t, "p/a/", "", many, want...)
	f.wantList(t, "p/a/", "p/a/495", many, "p/a/496", "p/a/497", "p/a/498", "p/a/499")
	f.wantList(t, "p/a/", "p/a/499", many)
	f.wantList(t, "p/a/", "p/b", many)
	f.wantList(t, "p/a/", "a", 1, "p/a/000")
	f.wantList(t, "p/a/01", "p/a/010", 3, "p/a/011", "p/a/012", "p/a/014")
	f.wantList(t, "p/a/", "p/a/000~", 2, "p/a/001", "p/a/002") // between two records
	var got []string
	for after := ""; ; after = got[len(got)-1] {
		page, err := f.List(t.Context(), "p/a/", after, 70)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			got = append(got, r.Key)
		}
		if len(got) > many {
			t.Fatal("the pages do not end")
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages hold %d records, want %d: %q", len(got), len(want), got)
	}
}

func deleteOne(t *testing.T, f fixture) {
	f.mustPut(t, "k", "1", time.Hour)
	f.mustPut(t, "kk", "2", time.Hour)
	for range 2 {
		if err := f.Delete(t.Context(), "k"); err != nil {
			t.Error(err)
		}
	}
	f.want(t, "k", "")
	f.want(t, "kk", "2")
	f.wantPutIfAbsent(t, "k", "3", true)
}

func deleteSeveral(t *testing.T, f fixture) {
	var keys []string
	for i := range 450 {
		key := fmt.Sprintf("s/a/%03d", i)
		keys = append(keys, key)
		f.mustPut(t, key, "of "+key, time.Hour)
	}
	f.mustPut(t, "s/b/1", "of s/b/1", time.Hour)
	if err := f.Delete(t.Context()); err != nil {
		t.Errorf("no keys: %v", err)
	}
	if err := f.Delete(t.Context(), append(keys[2:], "s/a/none")...); err != nil {
		t.Error(err)
	}
	f.wantList(t, "s/a/", "", 1000, "s/a/000", "s/a/001")
	for _, wrong := range [][]string{{"s/a/000", "s/b/1"}, {"x", "y"}, {"s/b/1", "x"}} {
		if err := f.Delete(t.Context(), wrong...); err == nil {
			t.Errorf("Delete took %q for one group", wrong)
		}
	}
	f.want(t, "s/b/1", "of s/b/1")
}

func deleteGroup(t *testing.T, f fixture) {
	gone := []string{"s/a*/", "s/a*/1", "s/a*/2/3", "s/a*/~"}
	stay := []string{"s", "s/", "s/a*", "s/a*0", "s/a/1", "s/ab/1", "s/b/1", "t/s/a*/1"}
	for _, key := range append(append([]string{}, gone...), stay...) {
		f.mustPut(t, key, "1", time.Hour)
	}
	for range 2 {
		if err := f.DeleteGroup(t.Context(), "s/a*/"); err != nil {
			t.Error(err)
		}
	}
	for _, key := range gone {
		f.want(t, key, "")
	}
	for _, key := range stay {
		f.want(t, key, "1")
	}
	for _, group := range []string{"", "s", "s/", "s/a", "s/a/1", "s/a/1/"} {
		if err := f.DeleteGroup(t.Context(), group); err == nil {
			t.Errorf("DeleteGroup took %q for a group", group)
		}
	}
	f.want(t, "t/s/a*/1", "1")
	f.want(t, "s/a/1", "1")
}

func deleteLargeGroup(t *testing.T, f fixture) {
	for i := range 450 {
		f.mustPut(t, fmt.Sprintf("s/a/%d", i), "1", time.Hour)
	}
	if err := f.DeleteGroup(t.Context(), "s/a/"); err != nil {
		t.Fatal(err)
	}
	f.wantList(t, "s/a/", "", 1000)
}
