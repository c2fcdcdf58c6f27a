package sandbox

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// The layouts of the Cloud API's times. Those of S3 keys have no zone, which
// is recorded so and which clients must cope with.
const (
	cloudTime = "2006-01-02T15:04:05Z"
	s3KeyTime = "2006-01-02T15:04:05"
)

// resource is an element or a collection of the Cloud API. What is nil is left
// out: a reference is one with nothing but its first three fields.
type resource struct {
	ID         string              `json:"id"`
	Type       string              `json:"type"`
	Href       string              `json:"href"`
	Metadata   any                 `json:"metadata,omitempty"`
	Properties any                 `json:"properties,omitempty"`
	Entities   map[string]resource `json:"entities,omitempty"`
	Items      *[]resource         `json:"items,omitempty"`
	Offset     *int                `json:"offset,omitempty"`
	Limit      *int                `json:"limit,omitempty"`
	Links      *links              `json:"_links,omitempty"`
}

type userMetadata struct {
	Etag                 string  `json:"etag"`
	CreatedDate          *string `json:"createdDate"`
	CreatedBy            string  `json:"createdBy"`
	CreatedByUserID      string  `json:"createdByUserId"`
	LastModifiedDate     *string `json:"lastModifiedDate"`
	LastModifiedBy       string  `json:"lastModifiedBy"`
	LastModifiedByUserID string  `json:"lastModifiedByUserId"`
	LastLogin            *string `json:"lastLogin"`
}

type userProperties struct {
	Firstname         string  `json:"firstname"`
	Lastname          string  `json:"lastname"`
	Email             string  `json:"email"`
	Administrator     bool    `json:"administrator"`
	ForceSecAuth      bool    `json:"forceSecAuth"`
	SecAuthActive     bool    `json:"secAuthActive"`
	S3CanonicalUserID *string `json:"s3CanonicalUserId"`
	Active            bool    `json:"active"`
}

type s3KeyMetadata struct {
	Etag                 string `json:"etag"`
	CreatedDate          string `json:"createdDate"`
	CreatedBy            string `json:"createdBy"`
	CreatedByUserID      string `json:"createdByUserId"`
	LastModifiedDate     string `json:"lastModifiedDate"`
	LastModifiedBy       string `json:"lastModifiedBy"`
	LastModifiedByUserID string `json:"lastModifiedByUserId"`
}

type s3KeyProperties struct {
	SecretKey string `json:"secretKey"`
	Active    bool   `json:"active"`
}

// collection gives a list: references at depth 0, elements above.
func collection[T any](c *call, id, path string, depth int, list []T, element func(T, int) resource) resource {
	items := make([]resource, 0, len(list))
	for _, one := range list {
		r := element(one, depth-1)
		if depth < 1 {
			r = resource{ID: r.ID, Type: r.Type, Href: r.Href}
		}
		items = append(items, r)
	}
	return resource{ID: id, Type: "collection", Href: c.url(cloudBase + path), Items: &items}
}

// userResource lists references to the user's groups from depth 2 on.
func (c *call) userResource(u *user, depth int) resource {
	path := "/um/users/" + u.id
	groups := resource{ID: u.id + "/groups", Type: "collection", Href: c.url(cloudBase + path + "/groups")}
	if depth > 1 {
		groups = collection(c, u.id+"/groups", path+"/groups", depth-2, u.groups, c.groupResource)
	}
	properties := userProperties{
		Firstname: u.firstname, Lastname: u.lastname, Email: u.email,
		Administrator: u.administrator(), ForceSecAuth: u.forceSecAuth, SecAuthActive: u.secAuthActive,
		S3CanonicalUserID: nullable(u.canonicalID), Active: u.active,
	}
	return resource{
		ID: u.id, Type: "user", Href: c.url(cloudBase + path),
		Metadata:   u.metadata(etag(properties)),
		Properties: properties,
		Entities: map[string]resource{
			"groups": groups,
			"owns":   {ID: u.id + "/owns", Type: "collection", Href: c.url(cloudBase + path + "/owns")},
		},
	}
}

// metadata names the user as their own maker where they were seeded.
func (u *user) metadata(etag string) userMetadata {
	by, changedBy := cmp.Or(u.createdBy, u), cmp.Or(u.modifiedBy, u.createdBy, u)
	return userMetadata{
		Etag: etag, CreatedDate: timestamp(u.created, cloudTime), CreatedBy: by.email, CreatedByUserID: by.id,
		LastModifiedDate: timestamp(later(u.created, u.modified), cloudTime), LastModifiedBy: changedBy.email, LastModifiedByUserID: changedBy.id,
		LastLogin: timestamp(u.lastLogin, cloudTime),
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (c *call) groupResource(g *group, _ int) resource {
	path := "/um/groups/" + g.id
	properties := map[string]any{"name": g.name}
	for _, p := range privilegeTable {
		properties[p.field] = g.privileges[p.field]
	}
	entity := func(name string) resource {
		return resource{ID: g.id + "/" + name, Type: "collection", Href: c.url(cloudBase + path + "/" + name)}
	}
	return resource{
		ID: g.id, Type: "group", Href: c.url(cloudBase + path), Properties: properties,
		Entities: map[string]resource{"users": entity("users"), "resources": entity("resources")},
	}
}

// s3KeyResource holds the secret in every answer, as the Cloud API's does.
func (c *call) s3KeyResource(k *key, _ int) resource {
	properties := s3KeyProperties{SecretKey: k.secret, Active: k.active}
	return resource{
		ID: k.accessKey, Type: "s3key", Href: c.url(cloudBase + s3KeysPath(k.owner) + "/" + k.accessKey),
		Metadata: s3KeyMetadata{
			Etag:        etag(properties),
			CreatedDate: k.created.UTC().Format(s3KeyTime), CreatedBy: k.createdBy.email, CreatedByUserID: k.createdBy.id,
			LastModifiedDate: k.lastModified(c.now).UTC().Format(s3KeyTime), LastModifiedBy: k.modifiedBy.email,
			LastModifiedByUserID: k.modifiedBy.id,
		},
		Properties: properties,
	}
}

func s3KeysPath(u *user) string { return "/um/users/" + u.id + "/s3keys" }

// etag changes with the properties, and only with them. They are strings and
// booleans, which always marshal.
func etag(properties any) string {
	text, _ := json.Marshal(properties)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// setAPIHeaders sets the limits that the Cloud API has on every answer. The
// sandbox has none by itself; a fault has, and can overwrite these.
func setAPIHeaders(h http.Header, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, cloudBase+"/") {
		return
	}
	h.Set("X-RateLimit-Remaining", "249")
	h.Set("X-RateLimit-Limit", "250")
	h.Set("X-RateLimit-Burst", "250")
}
