package sandbox_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
)

// TestVirtualHosts: a bucket before a host that is known is served as such.
func TestVirtualHosts(t *testing.T) {
	d := newStorageDepot(t)
	c := d.caller(owner, "eu-central-3")
	c.want(200, "", "PUT", "/box", "")
	c.want(200, "", "PUT", "/box/x", "1")
	for _, host := range []string{"box.s3.eu-central-3.ionoscloud.com:9001", "box.localhost", "BOX.localhost:80", "box.s3-eu-south-2.ionoscloud.com"} {
		t.Run(host, func(t *testing.T) {
			v := *c
			v.host = host
			if a := v.want(200, "", "GET", "/?list-type=2", ""); !slices.Contains(elements(a.body, "Key"), "x") {
				t.Errorf("no objects of the bucket: %s", a.body)
			}
			v.want(200, "", "PUT", "/made", "2")
			c.want(200, "", "GET", "/box/made", "")
			c.want(404, "NoSuchBucket", "GET", "/made", "")
		})
	}
	t.Run("the SDK without path style", func(t *testing.T) {
		sandboxAt, err := url.Parse(d.url)
		if err != nil {
			t.Fatal(err)
		}
		address := "http://localhost:" + sandboxAt.Port()
		client := d.s3Client(c.key, c.secret, func(o *awss3.Options) {
			o.Region, o.UsePathStyle, o.BaseEndpoint = "eu-central-3", false, &address
			o.HTTPClient = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, sandboxAt.Host) // box.localhost is no name of every resolver
			}}}
		})
		list, err := client.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: aws.String("box")})
		if err != nil || len(list.Contents) != 2 {
			t.Errorf("%v, %v", list, err)
		}
	})
	t.Run("an IP address", func(t *testing.T) {
		v := *c
		v.host = "127.0.0.1"
		v.want(200, "", "GET", "/box/x", "")
	})
}
