package s3

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"

	"keydeck/internal/sandbox/objects"
)

type copyResult struct {
	XMLName xml.Name
	namespace
	ETag         string
	LastModified string
	checksumElements
}

// source finds the object that is copied from. Its conditions hold, and the
// caller may read it.
func (r *request) source() (objects.Bucket, *objects.Object, string, error) {
	path, query, _ := strings.Cut(r.Header.Get("X-Amz-Copy-Source"), "?")
	values, queryErr := url.ParseQuery(query)
	path, err := url.PathUnescape(path)
	name, key, found := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if err != nil || queryErr != nil || !found || name == "" || key == "" {
		return objects.Bucket{}, nil, "", invalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
	}
	b, err := r.open(name, toUse)
	if err != nil {
		return b, nil, "", err
	}
	version := values.Get("versionId")
	o, err := r.find(name, key, version)
	if err != nil {
		return b, nil, "", err
	}
	return b, o, version, r.copyConditions().check(o)
}

// showSource names the version that was copied, where there are versions.
func (r *request) showSource(b objects.Bucket, o *objects.Object) {
	if b.Versioning != objects.Unversioned {
		r.setHeader("x-amz-copy-source-version-id", o.Version)
	}
}

// copyObject copies an object with its description, or with that of the
// request.
func copyObject(r *request, to objects.Bucket) error {
	directive := cmp.Or(r.Header.Get("X-Amz-Metadata-Directive"), "COPY")
	if directive != "COPY" && directive != "REPLACE" {
		return invalidArgument("Unknown metadata directive.")
	}
	from, source, version, err := r.source()
	if err != nil {
		return err
	}
	itself := from.Name == to.Name && source.Key == r.key && version == ""
	if itself && directive == "COPY" {
		return invalidRequest("This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.")
	}
	if int64(len(source.Data)) > r.maxPut() {
		return entityTooLarge()
	}
	headers, metadata := source.Headers, source.Metadata
	if directive == "REPLACE" {
		if headers, metadata, err = r.description(); err != nil {
			return err
		}
	}
	a, err := r.namedAlgorithm("X-Amz-Checksum-Algorithm")
	if err != nil {
		return err
	}
	when, err := r.writeCondition()
	if err != nil {
		return err
	}
	o, err := r.store.Put(to.Name, objects.Object{
		Key: r.key, ETag: objects.ETag(source.Data), Data: source.Data, Headers: headers, Metadata: metadata,
		Checksum: cmp.Or(a, source.Checksum.Algorithm).Checksum(source.Data),
	}, when)
	if err != nil {
		return err
	}
	r.showVersion(to, o)
	r.showSource(from, source)
	return r.reply(http.StatusOK, copyResult{
		XMLName: xml.Name{Local: "CopyObjectResult"}, namespace: inNamespace,
		ETag: etagHeader(o.ETag), LastModified: iso(o.Modified), checksumElements: elementsOf(o.Checksum),
	})
}
