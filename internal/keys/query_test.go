package keys_test

import (
	"errors"
	"strings"
	"testing"

	"keydeck/internal/keys"
)

func TestParseQuery(t *testing.T) {
	t.Parallel()
	const old = "00ca413c94eecc56857d"
	long := "K6ZyigNR" + strings.Repeat("a-_Z", 19) + "xxH4XAPC"
	for name, tt := range map[string]struct {
		text  string
		want  string // as String returns it; empty for no query
		whole bool
	}{
		"key of 20 characters":   {old, old, true},
		"key of 92 characters":   {long, long, true},
		"white space":            {" \t" + long + "\r\n", long, true},
		"invisible characters":   {"\ufeff" + long[:9] + "\u200b" + long[9:] + "\u2060", long, true},
		"no-break space":         {"\u00a0" + old + "\u00a0", old, true},
		"quotes":                 {`"` + old + `"`, old, true},
		"backquotes":             {"`" + old + "`", old, true},
		"credential":             {old + "/20261125/eu-central-3/s3/aws4_request", old, true},
		"authorization header":   {"AWS4-HMAC-SHA256 Credential=" + long + "/20261125/de/s3/aws4_request, SignedHeaders=host", long, true},
		"environment":            {"export AWS_ACCESS_KEY_ID=" + old, old, true},
		"quoted environment":     {`AWS_ACCESS_KEY_ID="` + long + `"`, long, true},
		"credentials file":       {"aws_access_key_id = " + old, old, true},
		"JSON":                   {`{"accessKey": "` + old + `", "secretKey": "x"}`, old, true},
		"YAML":                   {"access-key: " + old, old, true},
		"s3cmd":                  {"access_key = " + old, old, true},
		"query of a signed URL":  {"X-Amz-Credential=" + old + "%2F20261125", old, true},
		"sentence":               {"Please look at " + old + " in the log.", old, true},
		"the same key twice":     {old + "\n" + old, old, true},
		"two keys":               {old + "\n" + long, "", false},
		"two lines of a file":    {"access_key = " + old + "\naccess_key = " + long, "", false},
		"two parts":              {"2_AVSvs7 K6ZyigNR", "", false},
		"short form":             {"K6ZyigNR…H4XAPC", "K6ZyigNR…H4XAPC", false},
		"short form with dots":   {"K6ZyigNR...H4XAPC", "K6ZyigNR…H4XAPC", false},
		"beginning and ellipsis": {"K6ZyigNR…", "K6ZyigNR…", false},
		"end after an ellipsis":  {"…H4XAPC", "…H4XAPC", false},
		"beginning":              {"2_AVSvs7", "2_AVSvs7", false},
		"20 characters of 92":    {long[:20], long[:20], false},
		"short parts":            {"K6…PC", "", false},
		"five characters":        {"abcde", "", false},
		"nothing":                {"", "", false},
		"spaces alone":           {" \u200b ", "", false},
		"markup":                 {"<b>", "", false},
		"name without a value":   {"AWS_ACCESS_KEY_ID=", "", false},
		"too long":               {strings.Repeat("a", 257), "", false},
		"no UTF-8":               {"\xff" + old, old, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := keys.ParseQuery(tt.text)
			if got.String() != tt.want || got.Whole() != tt.whole || got.IsZero() != (tt.want == "") {
				t.Errorf("%q, whole %v; want %q, %v", got, got.Whole(), tt.want, tt.whole)
			}
			if errors.Is(err, keys.ErrInvalid) != (tt.want == "") {
				t.Errorf("error %v", err)
			}
			if ambiguous := strings.HasPrefix(name, "two "); errors.Is(err, keys.ErrAmbiguous) != ambiguous {
				t.Errorf("error %v", err)
			}
			if again, _ := keys.ParseQuery(got.String()); again != got {
				t.Errorf("%q parses as %q", got, again)
			}
		})
	}
}

func TestQueryMatches(t *testing.T) {
	t.Parallel()
	const key = "00ca413c94eecc56857d"
	for query, want := range map[string]bool{
		key: true, "00ca41": true, "56857d": true, "13c94e": true, "00ca41…56857d": true, "00ca41…": true, "…56857d": true,
		"00ca413c94eecc56857e": false, "00CA41": false, "56857d…00ca41": false, "00ca413c94ee…94eecc56857d": false,
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			q, err := keys.ParseQuery(query)
			if err != nil || q.Matches(key) != want {
				t.Errorf("matches: %v, want %v; %v", q.Matches(key), want, err)
			}
		})
	}
	if (keys.Query{}).Matches("") || (keys.Query{}).Matches(key) {
		t.Error("an empty query matches a key")
	}
}
