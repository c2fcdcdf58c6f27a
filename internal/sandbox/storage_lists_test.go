package sandbox_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// listed is a bucket with keys to list.
func listed(t *testing.T) *storageCaller {
	t.Helper()
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	for _, key := range []string{"a", "b/1", "b/2", "c/1", "d", "odd%01%20%2B%26%C3%A4"} {
		c.want(200, "", "PUT", "/box/"+key, key)
	}
	return c
}

func TestListObjects(t *testing.T) {
	c := listed(t)
	for name, tt := range map[string]struct {
		query, keys, prefixes string
		more                  bool
	}{
		"all":                    {"prefix=", "a b/1 b/2 c/1 d", "", false},
		"prefix":                 {"prefix=b/", "b/1 b/2", "", false},
		"delimiter":              {"delimiter=/", "a d", "b/ c/", false},
		"prefix and delimiter":   {"prefix=b/&delimiter=/", "b/1 b/2", "", false},
		"a page":                 {"delimiter=/&max-keys=2", "a", "b/", true},
		"max-keys 0":             {"max-keys=0", "", "", false},
		"max-keys over 1,000":    {"max-keys=5000", "a b/1 b/2 c/1 d", "", false},
		"a longer delimiter":     {"delimiter=/1", "a b/2 d", "b/1 c/1", false},
		"after a key (v2)":       {"list-type=2&start-after=b/1", "b/2 c/1 d", "", false},
		"after a prefix (v1)":    {"delimiter=/&marker=b/", "d", "c/", false},
		"after a key, in prefix": {"list-type=2&delimiter=/&start-after=b/1", "d", "b/ c/", false},
	} {
		versions := []string{"", "&list-type=2"}
		if strings.Contains(name, "v1") || strings.Contains(tt.query, "list-type") {
			versions = versions[:1]
		}
		for _, version := range versions {
			t.Run(name+version, func(t *testing.T) {
				a := c.want(200, "", "GET", "/box?"+tt.query+version, "").body
				keys := slices.DeleteFunc(elements(a, "Key"), func(key string) bool { return strings.HasPrefix(key, "odd") })
				prefixes := slices.DeleteFunc(elements(a, "Prefix")[1:], func(p string) bool { return p == "" })
				if strings.Join(keys, " ") != tt.keys || strings.Join(commonPrefixes(a), " ") != tt.prefixes {
					t.Errorf("keys %v, prefixes %v", keys, prefixes)
				}
				if got := element(a, "IsTruncated") == "true"; got != tt.more {
					t.Errorf("IsTruncated %v", got)
				}
				next := element(a, "NextMarker") + element(a, "NextContinuationToken")
				if (next != "") != tt.more {
					t.Errorf("next %q", next)
				}
			})
		}
	}
}

func TestListElements(t *testing.T) {
	c := listed(t)
	t.Run("encoding", func(t *testing.T) {
		for _, version := range []string{"", "&list-type=2", "&versions"} {
			a := c.want(200, "", "GET", "/box?encoding-type=url&prefix=odd&delimiter=%26"+version, "").body
			if element(a, "EncodingType") != "url" || element(a, "Delimiter") != "%26" || strings.Join(commonPrefixes(a), "") != "odd%01%20%2B%26" {
				t.Errorf("%s", a)
			}
		}
		a := c.want(200, "", "GET", "/box?encoding-type=url&prefix=odd&marker=odd%01", "").body
		if element(a, "Marker") != "odd%01" {
			t.Errorf("marker: %s", a)
		}
		if key, err := url.PathUnescape(element(a, "Key")); err != nil || key != "odd\x01 +&ä" {
			t.Errorf("key %q, %v", key, err)
		}
		c.want(400, "InvalidArgument", "GET", "/box?encoding-type=base64", "")
	})
	t.Run("items", func(t *testing.T) {
		a := c.want(200, "", "GET", "/box?list-type=2&prefix=a", "").body
		for name, want := range map[string]string{"Size": "1", "StorageClass": "STANDARD", "ETag": `"0cc175b9c0f1b6a831c399e269772661"`, "KeyCount": "1", "Owner": ""} {
			if got := element(a, name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
		for _, query := range []string{"prefix=a", "list-type=2&fetch-owner=true&prefix=a", "versions&prefix=a"} {
			if got := elements(c.want(200, "", "GET", "/box?"+query, "").body, "ID"); len(got) != 1 || len(got[0]) != 32 {
				t.Errorf("%s: owner %v", query, got)
			}
		}
	})
	t.Run("refused", func(t *testing.T) {
		for _, query := range []string{"max-keys=-1", "max-keys=x", "list-type=3", "list-type=2&continuation-token=!", "versions&version-id-marker=x"} {
			c.want(400, "InvalidArgument", "GET", "/box?"+query, "")
		}
	})
}

func commonPrefixes(text string) []string {
	var found []string
	for _, part := range strings.Split(text, "<CommonPrefixes>")[1:] {
		prefix, _, _ := strings.Cut(strings.TrimPrefix(part, "<Prefix>"), "</Prefix>")
		found = append(found, prefix)
	}
	return found
}

// TestListPages walks through 2,500 keys in pages of a thousand and of seventy.
func TestListPages(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	var want []string
	for n := range 2500 {
		key := fmt.Sprintf("%04d/ä %%", n)
		want = append(want, key)
		c.want(200, "", "PUT", "/box/"+strings.ReplaceAll(url.PathEscape(key), "%2F", "/"), "")
	}
	for _, size := range []int{1000, 70} {
		for version, next := range map[string]string{"": "NextMarker", "&list-type=2": "NextContinuationToken"} {
			var got []string
			for after := ""; ; {
				query := fmt.Sprintf("/box?max-keys=%d%s", size, version)
				if after != "" {
					query += map[string]string{"": "&marker=", "&list-type=2": "&continuation-token="}[version] + url.QueryEscape(after)
				}
				a := c.want(200, "", "GET", query, "").body
				got = append(got, elements(a, "Key")...)
				if after = element(a, next); after == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("pages of %d%s: %d keys", size, version, len(got))
			}
		}
	}
	t.Run("buckets", func(t *testing.T) {
		for n := range 5 {
			c.want(200, "", "PUT", fmt.Sprintf("/list-%d", n), "")
		}
		a := c.want(200, "", "GET", "/?max-buckets=3&prefix=list-", "").body
		b := c.want(200, "", "GET", "/?prefix=list-&continuation-token="+element(a, "ContinuationToken"), "").body
		if got := append(elements(a, "Name"), elements(b, "Name")...); len(got) != 5 || !slices.IsSorted(got) {
			t.Errorf("buckets %v", got)
		}
	})
}
