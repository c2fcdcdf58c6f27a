package s3

import (
	"encoding/xml"
	"net/http"

	"keydeck/internal/sandbox/objects"
)

type locationResult struct {
	XMLName xml.Name `xml:"LocationConstraint"`
	namespace
	Region string `xml:",chardata"`
}

// getLocation is for every user of the contract, and never empty.
func getLocation(r *request) error {
	b, err := r.open(r.bucket, toLocate)
	if err != nil {
		return err
	}
	return r.reply(http.StatusOK, locationResult{namespace: inNamespace, Region: b.Region})
}

type versioningConfiguration struct {
	XMLName xml.Name `xml:"VersioningConfiguration"`
	namespace
	Status    string `xml:",omitempty"`
	MfaDelete string `xml:",omitempty"`
}

func getVersioning(r *request) error {
	b, err := r.use()
	if err != nil {
		return err
	}
	return r.reply(http.StatusOK, versioningConfiguration{namespace: inNamespace, Status: b.Versioning})
}

func putVersioning(r *request) error {
	if _, err := r.use(); err != nil {
		return err
	}
	var in struct {
		XMLName   xml.Name `xml:"VersioningConfiguration"`
		Status    string
		MfaDelete string
	}
	if err := r.readXML(&in); err != nil {
		return err
	}
	switch {
	case in.MfaDelete != "" && in.MfaDelete != "Disabled":
		return notImplemented("MfaDelete")
	case in.Status != objects.Enabled && in.Status != objects.Suspended:
		return malformedXML()
	}
	if err := r.store.SetVersioning(r.bucket, in.Status); err != nil {
		return err
	}
	return r.reply(http.StatusOK, nil)
}

// getObjectLock answers as for a bucket on which it was never set.
func getObjectLock(r *request) error {
	if _, err := r.use(); err != nil {
		return err
	}
	return NewError(http.StatusNotFound, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")
}

// getBucketTagging answers as for a bucket that was never tagged.
func getBucketTagging(r *request) error {
	if _, err := r.use(); err != nil {
		return err
	}
	return NewError(http.StatusNotFound, "NoSuchTagSet", "The TagSet does not exist")
}

type taggingResult struct {
	XMLName xml.Name `xml:"Tagging"`
	namespace
	TagSet struct{}
}

// getObjectTagging answers as for an object that was never tagged.
func getObjectTagging(r *request) error {
	b, err := r.use()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	o, err := r.find(b.Name, r.key, version)
	if err != nil {
		return err
	}
	r.showVersion(b, o)
	return r.reply(http.StatusOK, taggingResult{namespace: inNamespace})
}
