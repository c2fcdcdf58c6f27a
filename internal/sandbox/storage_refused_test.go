package sandbox_test

import (
	"strings"
	"testing"
)

// TestReadsOfTools are answered as by a storage on which nothing was set.
func TestReadsOfTools(t *testing.T) {
	factSteps(t, map[string][]step{
		"location":    {{method: "GET", path: "/box?location", status: 200, says: ">de</LocationConstraint>"}},
		"object-lock": {{method: "GET", path: "/box?object-lock", status: 404, code: "ObjectLockConfigurationNotFoundError"}},
		"tagging":     {{method: "GET", path: "/box?tagging", status: 404, code: "NoSuchTagSet"}},
		"object tagging": {
			{method: "GET", path: "/box/x?tagging", status: 200, says: "<TagSet></TagSet></Tagging>"},
			{method: "GET", path: "/box/x?tagging&versionId=null", status: 200},
		},
		"missing first": {
			{method: "GET", path: "/none?object-lock", status: 404, code: "NoSuchBucket"},
			{method: "GET", path: "/none?tagging", status: 404, code: "NoSuchBucket"},
			{method: "GET", path: "/none?location", status: 404, code: "NoSuchBucket"},
			{method: "GET", path: "/box/none?tagging", status: 404, code: "NoSuchKey"},
			{method: "GET", path: "/none/x?tagging", status: 404, code: "NoSuchBucket"},
		},
	})
}

// TestNotImplemented: what is not there is 501, and changes nothing.
func TestNotImplemented(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	c.want(200, "", "PUT", "/box/x", "0123456789")
	for _, part := range []string{
		"acl", "policy", "policyStatus", "publicAccessBlock", "cors", "encryption", "lifecycle", "replication", "website", "logging",
		"notification", "accelerate", "requestPayment", "torrent", "select", "restore", "retention", "legal-hold", "attributes",
		"intelligent-tiering", "ownershipControls", "inventory", "metrics", "analytics", "unheard-of",
	} {
		t.Run(part, func(t *testing.T) {
			for _, method := range []string{"GET", "PUT", "POST", "DELETE"} {
				for _, path := range []string{"/box", "/box/x", "/made-by-mistake", "/box/made-by-mistake"} {
					c.want(501, "NotImplemented", method, path+"?"+part, "<x/>")
				}
			}
		})
	}
	t.Run("writing", func(t *testing.T) {
		for _, path := range []string{"/box?tagging", "/box/x?tagging", "/box?object-lock"} {
			c.want(501, "NotImplemented", "PUT", path, "<x/>")
		}
	})
	t.Run("headers", func(t *testing.T) {
		for header, value := range map[string]string{
			"X-Amz-Tagging": "a=b", "X-Amz-Acl": "public-read", "X-Amz-Grant-Read": "id=1", "X-Amz-Storage-Class": "GLACIER",
			"X-Amz-Server-Side-Encryption": "AES256", "X-Amz-Server-Side-Encryption-Customer-Key": "x", "X-Amz-Object-Lock-Mode": "GOVERNANCE",
			"X-Amz-Object-Lock-Legal-Hold": "ON", "X-Amz-Bucket-Object-Lock-Enabled": "true", "X-Amz-Website-Redirect-Location": "/y",
			"X-Amz-Mfa": "1 2", "X-Amz-Object-Ownership": "ObjectWriter", "X-Amz-Write-Offset-Bytes": "1",
		} {
			c.want(501, "NotImplemented", "PUT", "/made-by-mistake", "", header, value)
			c.want(501, "NotImplemented", "PUT", "/box/made-by-mistake", "1", header, value)
			c.want(501, "NotImplemented", "PUT", "/box/made-by-mistake", "", header, value, "X-Amz-Copy-Source", "box/x")
			c.want(501, "NotImplemented", "POST", "/box/made-by-mistake?uploads", "", header, value)
			c.want(501, "NotImplemented", "DELETE", "/box/x", "", header, value)
		}
	})
	t.Run("harmless values", func(t *testing.T) {
		c.want(200, "", "PUT", "/private", "", "X-Amz-Acl", "private", "X-Amz-Bucket-Object-Lock-Enabled", "false")
		c.want(200, "", "PUT", "/private/x", "1", "X-Amz-Acl", "private", "X-Amz-Storage-Class", "STANDARD", "X-Amz-Tagging", "")
	})
	c.want(404, "NoSuchBucket", "GET", "/made-by-mistake", "")
	if got := elements(c.want(200, "", "GET", "/box?versions", "").body, "Key"); len(got) != 1 || got[0] != "x" {
		t.Errorf("the bucket holds %v", got)
	}
	if a := c.want(200, "", "GET", "/box/x", ""); a.body != "0123456789" {
		t.Errorf("the object holds %q", a.body)
	}
}

func TestErrorsOfTheStorage(t *testing.T) {
	factSteps(t, map[string][]step{
		"form": {{method: "GET", path: "/box/none", status: 404, code: "NoSuchKey", says: "<Resource>/box/none</Resource><RequestId>"}},
		"method": {
			{method: "PATCH", path: "/box", status: 405, code: "MethodNotAllowed"},
			{method: "POST", path: "/box/x", status: 405, code: "MethodNotAllowed"},
			{method: "PUT", path: "/", status: 405, code: "MethodNotAllowed"},
		},
		"XML": {
			{method: "PUT", path: "/box?versioning", body: "<Versioning", status: 400, code: "MalformedXML"},
			{method: "PUT", path: "/box?versioning", status: 400, code: "MalformedXML"},
			{method: "POST", path: "/box?delete", body: bomb, status: 400, code: "MalformedXML"},
			{method: "POST", path: "/box?delete", body: strings.Repeat("<a>", 100_000), status: 400, code: "MalformedXML"},
			{method: "POST", path: "/box?delete", body: "<Delete>" + strings.Repeat(" ", 5<<20) + "</Delete>", status: 400, code: "MalformedXML"},
			{method: "POST", path: "/box?delete", body: `<!DOCTYPE a SYSTEM "file:///etc/passwd"><Delete><Object><Key>x</Key></Object></Delete>`, status: 400, code: "MalformedXML"},
		},
	})
}

// bomb grows to gigabytes where entities are expanded.
const bomb = `<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>` +
	`<Delete><Object><Key>&c;</Key></Object></Delete>`
