package s3

import (
	"encoding/xml"
	"net/http"

	"keydeck/internal/sandbox/objects"
)

func deleteObject(r *request) error {
	b, err := r.useKey()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	when, err := r.writeCondition()
	if err != nil {
		return err
	}
	o, err := r.store.Delete(b.Name, r.key, version, when)
	if err != nil {
		return err
	}
	switch {
	case o != nil && (version != "" || o.DeleteMarker):
		r.showVersion(b, o)
		if o.DeleteMarker {
			r.setHeader("x-amz-delete-marker", "true")
		}
	case version != "":
		r.setHeader("x-amz-version-id", version)
	}
	return r.reply(http.StatusNoContent, nil)
}

// deleteRequest is the body of a deletion of many. What an object has beside
// key and version is a condition, and not there.
type deleteRequest struct {
	XMLName xml.Name `xml:"Delete"`
	Quiet   bool
	Objects []struct {
		Key       string
		VersionID string `xml:"VersionId"`
		Others    []struct {
			XMLName xml.Name
		} `xml:",any"`
	} `xml:"Object"`
}

type deletedElement struct {
	Key                   string
	VersionID             string `xml:"VersionId,omitempty"`
	DeleteMarker          bool   `xml:",omitempty"`
	DeleteMarkerVersionID string `xml:"DeleteMarkerVersionId,omitempty"`
}

type failedElement struct {
	Key       string
	VersionID string `xml:"VersionId,omitempty"`
	Code      string
	Message   string
}

type deleteResult struct {
	XMLName xml.Name `xml:"DeleteResult"`
	namespace
	Deleted []deletedElement
	Errors  []failedElement `xml:"Error"`
}

// deleteObjects deletes up to a thousand objects, and says of each how it went.
func deleteObjects(r *request) error {
	b, err := r.use()
	if err != nil {
		return err
	}
	var in deleteRequest
	if err := r.readXML(&in); err != nil {
		return err
	}
	if len(in.Objects) == 0 || len(in.Objects) > maxEntries {
		return malformedXML()
	}
	result := deleteResult{namespace: inNamespace}
	for _, one := range in.Objects {
		if len(one.Others) > 0 {
			e := notImplemented("<" + one.Others[0].XMLName.Local + "> of an object")
			result.Errors = append(result.Errors, failedElement{one.Key, one.VersionID, e.Code, e.Message})
			continue
		}
		o, err := r.store.Delete(b.Name, one.Key, one.VersionID, objects.Condition{})
		if err != nil {
			e := asError(err)
			result.Errors = append(result.Errors, failedElement{one.Key, one.VersionID, e.Code, e.Message})
			continue
		}
		if in.Quiet {
			continue
		}
		done := deletedElement{Key: one.Key, VersionID: one.VersionID}
		if o != nil && o.DeleteMarker {
			done.DeleteMarker, done.DeleteMarkerVersionID = true, o.Version
		}
		result.Deleted = append(result.Deleted, done)
	}
	return r.reply(http.StatusOK, result)
}
