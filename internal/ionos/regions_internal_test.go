package ionos

import "testing"

func TestSpeaksHTTP(t *testing.T) {
	for endpoint, want := range map[string]bool{
		"127.0.0.1:9001": true, "127.0.0.1": true, "[::1]:9001": true, "localhost:9001": true, "http://127.0.0.1:9001": true, "http://storage.example": true,
		"https://127.0.0.1:9001": false, "s3.eu-central-3.ionoscloud.com": false, "s3.eu-central-3.ionoscloud.com:443": false, "192.0.2.1:9001": false, "": false,
		"127.0.0.1.example:9001": false, "localhost.example": false,
	} {
		if got := speaksHTTP(endpoint); got != want {
			t.Errorf("%q: %v, want %v", endpoint, got, want)
		}
	}
}
