package s3

import (
	"slices"
	"strings"
)

// supportedHeaders are the x-amz- headers that have an effect here, or of which
// the vendor says that they have none. All others are refused: what a request
// asks is done or refused.
var supportedHeaders = []string{
	"x-amz-date", "x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-trailer", "x-amz-user-agent",
	"x-amz-checksum-mode", "x-amz-checksum-algorithm", "x-amz-checksum-type", "x-amz-sdk-checksum-algorithm",
	"x-amz-checksum-crc32", "x-amz-checksum-crc32c", "x-amz-checksum-crc64nvme", "x-amz-checksum-sha1", "x-amz-checksum-sha256",
	"x-amz-mp-object-size", "x-amz-metadata-directive", "x-amz-tagging-directive",
	"x-amz-copy-source", "x-amz-copy-source-range", "x-amz-copy-source-if-match", "x-amz-copy-source-if-none-match",
	"x-amz-copy-source-if-modified-since", "x-amz-copy-source-if-unmodified-since",
	"x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner", // not supported by the vendor, and ignored
}

// harmless are headers that ask for what is there anyway with one value.
var harmless = map[string]string{
	"x-amz-acl": "private", "x-amz-storage-class": "STANDARD", "x-amz-tagging": "", "x-amz-bucket-object-lock-enabled": "false",
}

func (r *request) refuseUnsupportedHeaders() error {
	for name, values := range r.Header {
		name = strings.ToLower(name)
		if !strings.HasPrefix(name, "x-amz-") || strings.HasPrefix(name, metadataPrefix) || slices.Contains(supportedHeaders, name) {
			continue
		}
		if value, is := harmless[name]; is && strings.EqualFold(strings.Join(values, ","), value) {
			continue
		}
		return notImplemented("the header " + name + " with this value")
	}
	return nil
}
