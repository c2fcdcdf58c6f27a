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

func ownList(items ...string) string {
	return `{"id":"x","type":"collection","href":"/accesskeys","items":[` + strings.Join(items, ",") +
		`],"offset":0,"limit":1000,"_links":{"prev":null,"self":"x","next":null}}`
}

func TestOwnKeysAreRead(t *testing.T) {
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
		{"owner missing", ownList(ownKeyJSON(resourceID, `"secretKey":"","canonicalUserId":"c-1"`, available)),
			with(func(k *keys.Key) { k.ContractUserID = "" })},
		{"somebody else's", ownList(ownKeyJSON(resourceID, strings.Replace(mine, userID, requestID, 1), available)), nil},
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

// TestOwnKeysOfALongList: page by page, and not for ever.
func TestOwnKeysOfALongList(t *testing.T) {
	t.Parallel()
	item := ownKeyJSON(resourceID, `"contractUserId":"12345678:`+userID+`"`, `,"status":"AVAILABLE"`)
	full := answer(200, ownList(slices.Repeat([]string{item}, 1000)...))
	p := play(t, full, full, answer(200, ownList(item)))
	got, err := p.OwnKeys(t.Context())
	if err != nil || len(got) != 2001 || len(p.sent) != 3 || !strings.Contains(p.sent[2].line, "offset=2000") {
		t.Errorf("%d keys by %q, error %v", len(got), p.lines(), err)
	}
	if p = play(t, full); dropping(p.OwnKeys(t.Context())) != nil || len(p.sent) != 10 {
		t.Errorf("asked for %d pages of a list without end", len(p.sent))
	}
}

func TestCreateOwnKeySendsAndReads(t *testing.T) {
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

// TestPairWithoutHalf: a key was made, and nobody can be told of it.
func TestPairWithoutHalf(t *testing.T) {
	t.Parallel()
	noSecret := ownKeyJSON(resourceID, `"secretKey":null`, "")
	for _, body := range []string{noSecret, strings.Replace(noSecret, longKey, "", 1), ownKeyJSON("", `"secretKey":"x"`, "")} {
		for _, name := range []string{"CreateOwnKey", "RenewOwnKey"} {
			err := named(t, name).run(t.Context(), play(t, answer(201, body)))
			if !errors.Is(err, keys.ErrUnavailable) || !keys.Unclear(err) {
				t.Errorf("%s: got error %v, unclear %v", name, err, keys.Unclear(err))
			}
		}
	}
}

// TestDescribeMakesNoKey: a PUT to an id that does not exist makes a key.
func TestDescribeMakesNoKey(t *testing.T) {
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
			if !errors.Is(err, test.kind) || keys.Unclear(err) != test.unclear {
				t.Errorf("got error %v, unclear %v", err, keys.Unclear(err))
			}
			if diff := cmp.Diff(test.sent, p.lines()); diff != "" {
				t.Errorf("(-want +sent)\n%s", diff)
			}
		})
	}
}

func TestRegionsAreRead(t *testing.T) {
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
