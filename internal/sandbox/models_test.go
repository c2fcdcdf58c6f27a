package sandbox_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	authsdk "github.com/ionos-cloud/sdk-go-auth"
	"github.com/ionos-cloud/sdk-go-bundle/products/objectstoragemanagement/v2"
	cloudsdk "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/sandbox"
)

// model holds an answer against a type of an official SDK.
type model struct {
	into any
	// extra are paths that the documentation has and the model has not, lacks
	// those that an answer may lack. [] stands for any item of a list.
	extra, lacks []string
}

// check compares the fields of a JSON value with those of a type, and decodes
// it.
func (m model) check(t *testing.T, text string) {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range m.compare("", value, reflect.TypeOf(m.into)) {
		t.Error(wrong)
	}
	if err := json.Unmarshal([]byte(text), reflect.New(reflect.TypeOf(m.into)).Interface()); err != nil {
		t.Errorf("it is not decoded: %v", err)
	}
}

func (m model) compare(path string, value any, as reflect.Type) []string {
	for as.Kind() == reflect.Pointer {
		as = as.Elem()
	}
	switch v := value.(type) {
	case []any:
		var wrong []string
		if as.Kind() != reflect.Slice {
			return []string{path + " is a list"}
		}
		for _, one := range v {
			wrong = append(wrong, m.compare(path+"[]", one, as.Elem())...)
		}
		return wrong
	case map[string]any:
		if as.Kind() != reflect.Struct {
			return nil // a map takes any name
		}
		return m.compareObject(path, v, as)
	}
	return nil
}

func (m model) compareObject(path string, object map[string]any, as reflect.Type) []string {
	var wrong []string
	fields := map[string]reflect.Type{}
	for field := range as.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" { // times have no tag, and are decoded by their name
			name = strings.ToLower(field.Name[:1]) + field.Name[1:]
		}
		fields[name] = field.Type
		at := path + "." + name
		if _, there := object[name]; !there && !slices.Contains(m.lacks, at) {
			wrong = append(wrong, fmt.Sprintf("%s of %s is missing", at, as))
		}
	}
	for name, value := range object {
		at := path + "." + name
		kind, known := fields[name]
		switch {
		case known:
			wrong = append(wrong, m.compare(at, value, kind)...)
		case !slices.Contains(m.extra, at):
			wrong = append(wrong, fmt.Sprintf("%s is unknown to %s", at, as))
		}
	}
	return wrong
}

// TestModels: what is unknown to the models of the official SDKs, or missing in
// an answer, is an error.
func TestModels(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c := as(t, s, owner)
	id, own := idOf(t, s, full), idOf(t, s, owner)
	group := c.want(200, "GET", cloud+"/um/groups", "").str("items", 0, "id")
	key := c.want(200, "GET", s3keys(id), "").str("items", 0, "id")
	location := c.want(202, "PUT", s3keys(id, key), `{"properties":{"active":true}}`).header.Get("Location")
	request := strings.TrimSuffix(strings.TrimPrefix(location, "http://example.com"), "/status")
	reference := []string{".items[].metadata", ".items[].properties", ".items[].entities"}
	references := []string{".entities.groups.items", ".entities.owns.items", ".items[].entities.groups.items", ".items[].entities.owns.items"}
	ofGroup := []string{".entities.users.items", ".entities.resources.items", ".items[].entities.users.items", ".items[].entities.resources.items"}
	lastPage := []string{"._links.prev", "._links.next"}
	for name, tt := range map[string]struct {
		path string
		model
	}{
		"contracts":        {cloud + "/contracts", model{into: cloudsdk.Contracts{}}},
		"users":            {cloud + "/um/users?depth=1", model{into: cloudsdk.Users{}, lacks: append(references, lastPage...)}},
		"user references":  {cloud + "/um/users", model{into: cloudsdk.Users{}, lacks: append(reference, lastPage...)}},
		"user":             {cloud + "/um/users/" + id + "?depth=1", model{into: cloudsdk.User{}, lacks: references}},
		"user's groups":    {cloud + "/um/users/" + id + "/groups?depth=1", model{into: cloudsdk.GroupUsers{}, lacks: ofGroup}},
		"user's resources": {cloud + "/um/users/" + id + "/owns", model{into: cloudsdk.ResourcesUsers{}}},
		"groups":           {cloud + "/um/groups?depth=1", model{into: cloudsdk.Groups{}, lacks: ofGroup}},
		"group":            {cloud + "/um/groups/" + group, model{into: cloudsdk.Group{}, lacks: ofGroup}},
		"group's users":    {cloud + "/um/groups/" + group + "/users?depth=1", model{into: cloudsdk.GroupMembers{}, lacks: references}},
		"group's shares":   {cloud + "/um/groups/" + group + "/shares", model{into: cloudsdk.GroupShares{}}},
		"resources":        {cloud + "/um/resources", model{into: cloudsdk.Resources{}}},
		"keys":             {s3keys(id) + "?depth=1", model{into: cloudsdk.S3Keys{}}},
		"key":              {s3keys(id, key), model{into: cloudsdk.S3Key{}}},
		"requests":         {cloud + "/requests?depth=1", model{into: cloudsdk.Requests{}, lacks: lastPage}},
		"request":          {request, model{into: cloudsdk.Request{}}},
		"request status":   {request + "/status", model{into: cloudsdk.RequestStatus{}}},
		"single sign-on":   {cloud + "/um/users/" + own + "/s3ssourl", model{into: cloudsdk.S3ObjectStorageSSO{}}},
		"tokens":           {auth + "/tokens", model{into: authsdk.Tokens{}}},
		"token":            {auth + "/tokens/generate", model{into: authsdk.Jwt{}}},
		"error":            {cloud + "/um/users/" + unknownID, model{into: cloudsdk.Error{}}},
		"access keys":      {"/accesskeys", model{into: objectstoragemanagement.AccessKeyReadList{}, lacks: append([]string{".items[].metadata.statusMessage"}, lastPage...)}},
		"regions": {"/regions", model{
			into: objectstoragemanagement.RegionReadList{}, extra: []string{".items[].properties.bucketOwnership"}, lacks: lastPage,
		}},
	} {
		t.Run(name, func(t *testing.T) { tt.check(t, c.do("GET", tt.path, "").text) })
	}
}
