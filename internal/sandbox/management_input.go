package sandbox

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// descriptionLimit counts characters. The service's own limit is not found
// documented.
const descriptionLimit = 255

const keyLimitMessage = "The maximum number of 5 access keys per user has been reached"

// accessKeyInput is what a client may write. Clients also send accessKey,
// secretKey and metadata: these are ignored, as the service does.
type accessKeyInput struct {
	ID         *string `json:"id"`
	Properties *struct {
		Description string `json:"description"`
	} `json:"properties"`
}

// needPrivilege: without it the Management API refuses everything about keys.
func (c *call) needPrivilege() error {
	if c.caller.user.privilegedFor(c.now) {
		return nil
	}
	return refuse(http.StatusForbidden, "Access denied: the privilege ACCESS_S3_OBJECT_STORAGE is required")
}

// keyID reads the path's UUID, in lower case as ids are kept.
func (c *call) keyID() (string, error) {
	if !isUUID(c.vars[0]) {
		return "", refuse(http.StatusBadRequest, "accesskeyId must be a UUID")
	}
	return strings.ToLower(c.vars[0]), nil
}

// readAccessKey reads a body, which may be complete, partial or empty.
func (c *call) readAccessKey() (accessKeyInput, error) {
	var in accessKeyInput
	if err := c.readJSON(&in); err != nil {
		return in, err
	}
	return in, checkDescription(in.description())
}

func (in accessKeyInput) description() string {
	if in.Properties == nil {
		return ""
	}
	return in.Properties.Description
}

// readEnsured is stricter: there must be properties, and an id in the body, if
// any, is that of the path.
func (c *call) readEnsured(id string) (accessKeyInput, error) {
	if len(c.body) == 0 {
		return accessKeyInput{}, refuse(http.StatusBadRequest, "A request body is required")
	}
	in, err := c.readAccessKey()
	switch {
	case err != nil:
		return in, err
	case in.Properties == nil:
		return in, refuse(http.StatusUnprocessableEntity, "properties: is required")
	case in.ID != nil && *in.ID != "" && !strings.EqualFold(*in.ID, id):
		return in, refuse(http.StatusUnprocessableEntity, "id: must be the one in the path")
	}
	return in, nil
}

func checkDescription(text string) error {
	if utf8.RuneCountInString(text) > descriptionLimit {
		return refuse(http.StatusUnprocessableEntity, "properties.description: must not be longer than 255 characters")
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		return refuse(http.StatusUnprocessableEntity, "properties.description: must not contain control characters")
	}
	return nil
}

// readJSON decodes the body; an empty one leaves into as it is. JSON that is
// not well-formed is 400, a value of the wrong type 422.
func (c *call) readJSON(into any) error {
	if len(c.body) == 0 {
		return nil
	}
	media, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, c.worded("[VDC-8-3] ", "Content-Type must be application/json"))
	}
	err = json.Unmarshal(c.body, into)
	if wrongType, is := errors.AsType[*json.UnmarshalTypeError](err); is {
		return refuse(http.StatusUnprocessableEntity, c.worded("[VDC-8-4] ", wrongType.Field+": wrong type"))
	}
	if err != nil {
		return refuse(http.StatusBadRequest, c.worded("[VDC-8-2] ", "The request body is not valid JSON"))
	}
	return nil
}

// worded puts before a message what the Cloud API puts before its own.
func (c *call) worded(prefix, message string) string {
	if strings.HasPrefix(c.path, cloudBase+"/") {
		return prefix + message
	}
	return message
}
