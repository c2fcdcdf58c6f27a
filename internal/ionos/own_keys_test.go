package ionos_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/keys"
)

const longKey = "eyJbcd-_EFGHijklMNOPqrstUVWXyz0123456789eyJbcd-_EFGHijklMNOPqrstUVWXyz0123456789abcdefghijkl"

// ownKeyJSON is a captured answer with places left open.
func ownKeyJSON(id, properties, metadata string) string {
	return fmt.Sprintf(`{"id":%q,"type":"accesskey","href":"https://s3.ionos.com/accesskeys/%s",
		"metadata":{"createdDate":"2024-11-05T08:15:30.123456Z","createdBy":"ionos:iam:cloud::users/x","createdByUserId":"x",
		"lastModifiedDate":"2024-11-05T08:15:30.123456Z","resourceURN":"ionos:s3::12345678:accesskeys/x"%s},
		"properties":{"description":"backup","accessKey":%q,%s}}`, id, id, metadata, longKey, properties)
}

// madeBy gives a key another creator.
func madeBy(user, key string) string {
	return strings.Replace(key, `"createdByUserId":"x"`, fmt.Sprintf(`"createdByUserId":%q`, user), 1)
}

func ownList(items ...string) string {
	return `{"id":"x","type":"collection","href":"/accesskeys","items":[` + strings.Join(items, ",") +
		`],"offset":0,"limit":1000,"_links":{"prev":null,"self":"x","next":null}}`
}

func TestOwnKeys(t *testing.T) {
	t.Parallel()
	available := `,"status":"AVAILABLE","administrative":true,"supportedRegions":["eu-central-3","de"]`
	mine := `"secretKey":null,"canonicalUserId":"c-1","contractUserId":"12345678:` + userID + `"`
	created := time.Date(2024, 11, 5, 8, 15, 30, 123456000, time.UTC)
	base := keys.Key{
		AccessKey: longKey, ResourceID: resourceID, Description: "backup", Created: created, KnownFrom: keys.Management,
		Status: keys.StatusAvailable, Admin: true, Regions: []string{"eu-central-3", "de"},
		CanonicalUserID: "c-1", ContractUserID: "12345678:" + userID,
	}
	with := func(change func(*keys.Key)) []keys.Key {
		key := base
		change(&key)
		return []keys.Key{key}
	}
	tests := []struct {
		name, list string
		want       []keys.Key
	}{
		{"complete", ownList(ownKeyJSON(resourceID, mine, available)), []keys.Key{base}},
		{"none", ownList(), nil},
		{"canonical user id null", ownList(ownKeyJSON(resourceID, strings.Replace(mine, `"c-1"`, "null", 1), available)),
			with(func(k *keys.Key) { k.CanonicalUserID = "" })},
		{"canonical user id missing", ownList(ownKeyJSON(resourceID, `"contractUserId":"12345678:`+userID+`"`, available)),
			with(func(k *keys.Key) { k.CanonicalUserID = "" })},
		{"owner missing, made by another", ownList(ownKeyJSON(resourceID, `"secretKey":"","canonicalUserId":"c-1"`, available)), nil},
		{"owner missing, made by the user", ownList(madeBy(strings.ToUpper(userID), ownKeyJSON(resourceID, `"canonicalUserId":"c-1"`, available))),
			with(func(k *keys.Key) { k.ContractUserID = "" })},
		{"owner and creator missing", ownList(madeBy("", ownKeyJSON(resourceID, `"canonicalUserId":"c-1"`, available))),
			with(func(k *keys.Key) { k.ContractUserID = "" })},
		{"owner null", ownList(ownKeyJSON(resourceID, `"contractUserId":null`, available)), nil},
		{"twice", ownList(ownKeyJSON(resourceID, mine, available), ownKeyJSON(resourceID, mine, available)), []keys.Key{base}},
		{"null", ownList("null", ownKeyJSON(resourceID, mine, available)), []keys.Key{base}},
		{"another user's", ownList(ownKeyJSON(resourceID, strings.Replace(mine, userID, requestID, 1), available)), nil},
		{"failed", ownList(ownKeyJSON(resourceID, mine, `,"status":"FAILED","statusMessage":"no\nroom"`)),
			with(func(k *keys.Key) {
				k.Status, k.StatusMessage, k.Admin, k.Regions = keys.StatusFailed, "no room", false, nil
			})},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := play(t, answer(200, test.list))
			got, err := p.OwnKeys(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if want := []string{"GET /accesskeys?limit=1000&offset=0"}; !slices.Equal(p.lines(), want) {
				t.Errorf("asked %q", p.lines())
			}
		})
	}
}

// TestOwnKeysPages: page by page, and not for ever.
func TestOwnKeysPages(t *testing.T) {
	t.Parallel()
	item := ownKeyJSON(resourceID, `"contractUserId":"12345678:`+userID+`"`, `,"status":"AVAILABLE"`)
	others := slices.Repeat([]string{strings.Replace(item, userID, requestID, 1)}, 999)
	page := func(key string) step {
		return answer(200, ownList(append(others, strings.Replace(item, longKey, key, 1))...))
	}
	full := page("one")
	p := play(t, full, page("two"), answer(200, ownList(strings.Replace(item, longKey, "three", 1), strings.Replace(item, longKey, "two", 1))))
	got, err := p.OwnKeys(t.Context())
	if err != nil || len(got) != 3 || len(p.sent) != 3 || !strings.Contains(p.sent[2].line, "offset=2000") {
		t.Errorf("%d keys by %q, error %v", len(got), p.lines(), err)
	}
	if p = play(t, full); dropping(p.OwnKeys(t.Context())) != nil || len(p.sent) != 10 {
		t.Errorf("asked for %d pages of a list without end", len(p.sent))
	}
}

func TestCreateOwnKey(t *testing.T) {
	t.Parallel()
	made := ownKeyJSON(resourceID, `"secretKey":"ab+/cd==","contractUserId":"12345678:`+userID+`"`, `,"status":"PROVISIONING","supportedRegions":[]`)
	p := play(t, answer(201, made))
	pair, err := p.CreateOwnKey(t.Context(), "Größe <1>")
	if err != nil {
		t.Fatal(err)
	}
	if pair.Secret.Reveal() != "ab+/cd==" || pair.Key.AccessKey != longKey || pair.Key.Status != keys.StatusProvisioning {
		t.Errorf("got %+v", pair)
	}
	var description string
	if _, rest, ok := strings.Cut(p.sent[0].body, `"description":`); ok {
		description = rest
	}
	if p.sent[0].line != "POST /accesskeys" || !strings.HasPrefix(description, `"Größe \u003c1\u003e"`) {
		t.Errorf("sent %s %s", p.sent[0].line, p.sent[0].body)
	}
}

// TestKeyPairWithoutHalf: a key was made, and its secret is not known.
func TestKeyPairWithoutHalf(t *testing.T) {
	t.Parallel()
	noSecret := ownKeyJSON(resourceID, `"secretKey":null`, "")
	for _, body := range []string{noSecret, strings.Replace(noSecret, longKey, "", 1), ownKeyJSON("", `"secretKey":"x"`, "")} {
		for _, name := range []string{"CreateOwnKey", "RenewOwnKey"} {
			err := named(t, name).run(t.Context(), play(t, answer(201, body)))
			if !errors.Is(err, keys.ErrUnavailable) || !keys.Indeterminate(err) {
				t.Errorf("%s: got error %v, unclear %v", name, err, keys.Indeterminate(err))
			}
		}
	}
}

// TestDescribeOwnKey: a PUT to an id that does not exist makes a key.
func TestDescribeOwnKey(t *testing.T) {
	t.Parallel()
	found := answer(200, ownKeyJSON(resourceID, `"secretKey":null`, ""))
	made := answer(201, ownKeyJSON(resourceID, `"secretKey":"x"`, ""))
	get, put, del := "GET /accesskeys/"+resourceID, "PUT /accesskeys/"+resourceID, "DELETE /accesskeys/"+resourceID
	tests := []struct {
		name    string
		steps   []step
		sent    []string
		kind    error
		unclear bool
	}{
		{"there", []step{found, found}, []string{get, put}, nil, false},
		{"not there", []step{says(404, "no")}, []string{get}, keys.ErrNotFound, false},
		{"gone in between", []step{found, made, answer(202, "")}, []string{get, put, del}, keys.ErrNotFound, false},
		{"gone, and the undoing fails", []step{found, made, breaks}, []string{get, put, del}, keys.ErrNotFound, true},
		{"rejected", []step{found, says(422, "too long")}, []string{get, put}, keys.ErrRejected, false},
		{"cut off", []step{found, breaks}, []string{get, put}, keys.ErrUnavailable, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := play(t, test.steps...)
			err := p.DescribeOwnKey(t.Context(), resourceID, "new")
			if !errors.Is(err, test.kind) || keys.Indeterminate(err) != test.unclear {
				t.Errorf("got error %v, unclear %v", err, keys.Indeterminate(err))
			}
			if diff := cmp.Diff(test.sent, p.lines()); diff != "" {
				t.Errorf("(-want +sent)\n%s", diff)
			}
		})
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	region := func(id, endpoint string) string {
		return fmt.Sprintf(`{"id":%q,"type":"region","href":"x","metadata":{},"properties":{"version":2,"endpoint":%q,"website":"x","capability":{"iam":true,"s3select":true},"location":"de/fra"}}`, id, endpoint)
	}
	p := play(t, answer(200, ownList(region("de", "s3.eu-central-1.ionoscloud.com"), region("x", "https://s3.x.example/"), region("y", "http://127.0.0.1:9001"))))
	got, err := p.Regions(t.Context())
	want := []keys.Region{{ID: "de", Location: "de/fra", Endpoint: "s3.eu-central-1.ionoscloud.com"}, {ID: "x", Location: "de/fra", Endpoint: "s3.x.example"},
		{ID: "y", Location: "de/fra", Endpoint: "127.0.0.1:9001", Plain: true}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got)\n%s", err, diff)
	}
}

// TestRegionsOwnership: what the API says counts, and its id where that is nothing
// that is known.
func TestRegionsOwnership(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		id, field string
		userOwned bool
	}{
		"user-owned":                  {"de", `,"bucketOwnership":"user-owned"`, true},
		"contract-owned":              {"eu-central-3", `,"bucketOwnership":"contract-owned"`, false},
		"unlike the table":            {"de", `,"bucketOwnership":"contract-owned"`, false},
		"unlike the table, the other": {"eu-central-3", `,"bucketOwnership":"user-owned"`, true},
		"a new region":                {"xx-new-1", `,"bucketOwnership":"user-owned"`, true},
		"not told":                    {"de", "", true},
		"not told of a new one":       {"xx-new-1", "", false},
		"null":                        {"de", `,"bucketOwnership":null`, true},
		"an unknown word":             {"de", `,"bucketOwnership":"shared"`, true},
		"no word":                     {"eu-central-3", `,"bucketOwnership":{"a":[1]}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const other = `{"id":"eu-south-2","properties":{"endpoint":"x","bucketOwnership":"user-owned"}}`
			item := fmt.Sprintf(`{"id":%q,"properties":{"endpoint":"x"%s}}`, tt.id, tt.field)
			got, err := play(t, answer(200, ownList(item, other))).Regions(t.Context())
			if err != nil || len(got) != 2 || got[0].UserOwned() != tt.userOwned || !got[1].UserOwned() {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}
