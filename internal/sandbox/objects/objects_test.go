package objects_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox/objects"
)

// newStore is a store with a bucket named "b".
func newStore(t testing.TB) *objects.Store {
	t.Helper()
	n := 0
	s := objects.New(func() time.Time { return time.Unix(int64(n), 0) }, func() string {
		n++
		return fmt.Sprintf("id%06d", n)
	})
	if err := s.CreateBucket(objects.Bucket{Name: "b"}, 10); err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t testing.TB, s *objects.Store, key string) *objects.Object {
	t.Helper()
	o, err := s.Put("b", objects.Object{Key: key, ETag: objects.ETag([]byte(key)), Data: []byte(key)}, objects.Condition{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestNoBucket(t *testing.T) {
	s := newStore(t)
	for name, err := range map[string]error{
		"DeleteBucket":  s.DeleteBucket("none"),
		"SetVersioning": s.SetVersioning("none", objects.Enabled),
		"Abort":         s.Abort("none", "k", "id"),
		"Bucket":        second(s.Bucket("none")),
		"Put":           second(s.Put("none", objects.Object{}, objects.Condition{})),
		"Get":           second(s.Get("none", "k", "")),
		"Delete":        second(s.Delete("none", "k", "", objects.Condition{})),
		"List":          second(s.List("none", objects.Query{Max: 1})),
		"ListVersions":  second(s.ListVersions("none", objects.Query{Max: 1})),
		"Begin":         second(s.Begin("none", objects.Upload{})),
		"PutPart":       second(s.PutPart("none", "k", "id", objects.Part{})),
		"Complete":      second(s.Complete("none", "k", "id", objects.Completion{})),
	} {
		if !errors.Is(err, objects.ErrNoBucket) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestChecksum: against the values that are published for "123456789".
func TestChecksum(t *testing.T) {
	for algorithm, want := range map[objects.Algorithm]string{
		objects.CRC32: "y/Q5Jg==", objects.CRC32C: "4waSgw==", objects.CRC64NVME: "rosUhgp5mIg=", objects.SHA1: "98O8HYCOBHMq32eZZczDTKeuNEE=",
		objects.SHA256: "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
	} {
		if got := algorithm.Sum([]byte("123456789")); got != want {
			t.Errorf("%s: %s, want %s", algorithm, got, want)
		}
		if !algorithm.Valid(want) || algorithm.Valid(want[4:]) || algorithm.Valid("?") {
			t.Errorf("%s: what has its form", algorithm)
		}
	}
	if objects.Algorithm("MD4").New() != nil {
		t.Error("MD4 is known")
	}
}

// FuzzList compares pages of any size with a list made by rolling up all keys.
func FuzzList(f *testing.F) {
	f.Add("a b/1 b/2 c/1 d", "", "/", 2)
	f.Add("x//y x/y x /a a/ a//", "x", "/", 1)
	f.Add("aXb aXXc aX b", "a", "XX", 3)
	f.Add("\xff \xff/a \xff\xff/b", "", "/", 1)
	f.Fuzz(func(t *testing.T, names, prefix, delimiter string, size int) {
		keys := slices.DeleteFunc(strings.Split(names, " "), func(key string) bool { return key == "" })
		if len(keys) > 50 || size < 1 || size > 50 {
			t.Skip()
		}
		s := newStore(t)
		for _, key := range keys {
			put(t, s, key)
		}
		var got []string
		for q := (objects.Query{Prefix: prefix, Delimiter: delimiter, Max: size}); ; {
			page, err := s.List("b", q)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Entries {
				got = append(got, e.Name)
			}
			if !page.More {
				break
			}
			q.After = got[len(got)-1]
		}
		if want := rolledUp(keys, prefix, delimiter); !slices.Equal(got, want) {
			t.Errorf("keys %q, prefix %q, delimiter %q: %q, want %q", keys, prefix, delimiter, got, want)
		}
	})
}

// rolledUp is a list as its definition has it.
func rolledUp(keys []string, prefix, delimiter string) []string {
	entries := map[string]bool{}
	for _, key := range keys {
		rest, found := strings.CutPrefix(key, prefix)
		if !found {
			continue
		}
		if before, _, is := strings.Cut(rest, delimiter); is && delimiter != "" {
			key = prefix + before + delimiter
		}
		entries[key] = true
	}
	var list []string
	for entry := range entries {
		list = append(list, entry)
	}
	sort.Strings(list)
	return list
}

// TestHundredThousandObjects is for what they cost.
func TestHundredThousandObjects(t *testing.T) {
	const n = 100_000
	s := newStore(t)
	before := heap()
	began := time.Now()
	for i := range n {
		put(t, s, fmt.Sprintf("folder-%03d/object-%06d", i%100, i))
	}
	stored := time.Since(began)
	used := heap() - before
	began = time.Now()
	seen := 0
	for q := (objects.Query{Max: 1000}); ; {
		page, err := s.List("b", q)
		if err != nil {
			t.Fatal(err)
		}
		if seen += len(page.Entries); !page.More {
			break
		}
		q.After = page.Entries[len(page.Entries)-1].Name
	}
	t.Logf("%d objects: stored in %s, listed in %s, %d bytes each", n, stored, time.Since(began), used/n)
	if seen != n || used/n > 1000 {
		t.Errorf("%d objects were listed; they take %d bytes each", seen, used/n)
	}
	began = time.Now()
	page, err := s.List("b", objects.Query{Delimiter: "/", Max: 1000})
	if err != nil || len(page.Entries) != 100 {
		t.Errorf("%d folders, %v", len(page.Entries), err)
	}
	t.Logf("rolled up in %s", time.Since(began))
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
