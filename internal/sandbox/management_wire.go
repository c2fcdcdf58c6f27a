package sandbox

import "time"

// managementTime is how the Management API writes times.
const managementTime = "2006-01-02T15:04:05.000000Z"

type accessKeyBody struct {
	ID         string              `json:"id"`
	Type       string              `json:"type"`
	Href       string              `json:"href"`
	Metadata   accessKeyMetadata   `json:"metadata"`
	Properties accessKeyProperties `json:"properties"`
}

type accessKeyMetadata struct {
	CreatedDate          string   `json:"createdDate"`
	CreatedBy            string   `json:"createdBy"`
	CreatedByUserID      string   `json:"createdByUserId"`
	LastModifiedDate     string   `json:"lastModifiedDate"`
	LastModifiedBy       string   `json:"lastModifiedBy"`
	LastModifiedByUserID string   `json:"lastModifiedByUserId"`
	ResourceURN          string   `json:"resourceURN"`
	Status               string   `json:"status"`
	StatusMessage        *string  `json:"statusMessage,omitempty"`
	Administrative       bool     `json:"administrative"`
	SupportedRegions     []string `json:"supportedRegions"`
}

type accessKeyProperties struct {
	Description     string  `json:"description"`
	AccessKey       string  `json:"accessKey"`
	SecretKey       *string `json:"secretKey"`
	CanonicalUserID *string `json:"canonicalUserId"`
	ContractUserID  string  `json:"contractUserId"`
}

type collectionBody[T any] struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Href   string `json:"href"`
	Items  []T    `json:"items"`
	Offset int    `json:"offset"`
	Limit  int    `json:"limit"`
	Links  links  `json:"_links"`
}

// accessKeyBody never holds the secret: withSecret adds it, for the two
// answers that have it.
func (c *call) accessKeyBody(k *key) accessKeyBody {
	body := accessKeyBody{
		ID: k.id, Type: "accesskey", Href: c.url("/accesskeys/" + k.id),
		Metadata: accessKeyMetadata{
			CreatedDate: k.created.UTC().Format(managementTime),
			CreatedBy:   userURN(k.createdBy), CreatedByUserID: k.createdBy.id,
			LastModifiedDate: k.lastModified(c.now).UTC().Format(managementTime),
			LastModifiedBy:   userURN(k.modifiedBy), LastModifiedByUserID: k.modifiedBy.id,
			ResourceURN: "ionos:s3::" + k.contract.String() + ":accesskeys/" + k.id,
			Status:      k.status(c.now), Administrative: k.administrative, SupportedRegions: k.regions,
		},
		Properties: accessKeyProperties{
			Description: k.description, AccessKey: k.accessKey,
			CanonicalUserID: nullable(k.owner.canonicalID),
			ContractUserID:  k.contract.String() + ":" + k.owner.id,
		},
	}
	if body.Metadata.Status == statusFailed {
		message := k.failure
		body.Metadata.StatusMessage = &message
	}
	return body
}

func (b accessKeyBody) withSecret(k *key) accessKeyBody {
	b.Properties.SecretKey = nullable(k.secret)
	return b
}

func userURN(u *user) string { return "ionos:iam:cloud::users/" + u.id }

// nullable copies, since answers are written after the lock is given back.
func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// timestamp gives null for a time that has not been.
func timestamp(t time.Time, layout string) *string {
	if t.IsZero() {
		return nil
	}
	return nullable(t.UTC().Format(layout))
}
