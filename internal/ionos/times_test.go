package ionos_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"keydeck/internal/ionos"
)

func TestNormalizeTimes(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"createdDate":"2023-05-31T13:49:52"}`:                              `{"createdDate":"2023-05-31T13:49:52Z"}`,
		`{"createdDate":"2023-05-31T13:49:52Z"}`:                             `{"createdDate":"2023-05-31T13:49:52Z"}`,
		`{"createdDate" : "2023-05-31T13:49:52+00:00"}`:                      `{"createdDate" : "2023-05-31T13:49:52Z"}`,
		`{"createdDate":"2023-05-31T13:49:52.123456+0200"}`:                  `{"createdDate":"2023-05-31T11:49:52.123456Z"}`,
		`{"lastLogin":"2023-05-31 13:49:52","lastModifiedDate":"x","a":1}`:   `{"lastLogin":"2023-05-31T13:49:52Z","lastModifiedDate":null,"a":1}`,
		`{"lastLogin":null,"createdDate":5,"createdDate":"a\"b"}`:            `{"lastLogin":null,"createdDate":5,"createdDate":"a\"b"}`,
		`{"description":"\"createdDate\":\"2023-05-31T13:49:52\"","x":""}`:   `{"description":"\"createdDate\":\"2023-05-31T13:49:52\"","x":""}`,
		`{"secretKey":"2023-05-31T13:49:52","description":"createdDate\":"}`: `{"secretKey":"2023-05-31T13:49:52","description":"createdDate\":"}`,
		``: ``,
	} {
		if got := string(ionos.NormalizeTimes([]byte(body))); got != want {
			t.Errorf("%s\n got %s\nwant %s", body, got, want)
		}
	}
}

// FuzzNormalizeTimes: JSON stays JSON, and nothing but times changes.
func FuzzNormalizeTimes(f *testing.F) {
	f.Add(`{"createdDate":"2023-05-31T13:49:52+00:00","x":"\"createdDate\":\""}`)
	f.Add(`["createdDate","x"]`)
	f.Fuzz(func(t *testing.T, body string) {
		normal := ionos.NormalizeTimes([]byte(body))
		if json.Valid([]byte(body)) && !json.Valid(normal) {
			t.Errorf("%s becomes %s", body, normal)
		}
		if again := ionos.NormalizeTimes(normal); !bytes.Equal(again, normal) {
			t.Errorf("%s becomes %s, and then %s", body, normal, again)
		}
	})
}
