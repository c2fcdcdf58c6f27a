package ionos_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"keydeck/internal/keys"
)

// FuzzAnswers has every call get any answer: none panics, goes on for ever, or
// makes an error of what it was told.
func FuzzAnswers(f *testing.F) {
	f.Add(200, `{"items":[{"id":"x","properties":{"accessKey":"k","secretKey":"`+canary+`"}}]}`, "application/json")
	f.Add(200, `{"id":"`+accessKey+`","type":"s3key","metadata":{"createdDate":"2023-05-31T13:49:52"},"properties":{"secretKey":"`+canary+`","active":null}}`, "application/json")
	f.Add(200, `{"items":[{"metadata":{"createdDate":"2023-05-31T13:49:52+00:00","supportedRegions":null},"properties":null}],"offset":-1,"limit":0,"_links":{"next":"//elsewhere"}}`, "application/json")
	f.Add(422, `{"httpStatus":"422","messages":[{"errorCode":309,"message":null},null,{"message":"`+canary+`"}]}`, "application/json; charset=utf-8")
	f.Add(503, "<html>"+canary, "text/html")
	f.Add(202, "", "")
	f.Add(200, `{"token":"`+canary+`","success":"no","entities":{"groups":{"items":[{}]}}}`, "application/vnd.api+json")
	f.Add(200, strings.Repeat("[", 20000), "application/json")
	f.Fuzz(func(t *testing.T, status int, body, kind string) {
		if status < 100 || status > 599 {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		for _, c := range calls {
			err := c.run(ctx, play(t, answer(status, body, "Content-Type", kind)))
			if ctx.Err() != nil {
				t.Fatalf("%s goes on for ever", c.name)
			}
			if err == nil {
				continue
			}
			// The API's own message may be shown; it is told apart.
			told := strings.ReplaceAll(err.Error(), keys.Message(err), "")
			if strings.Contains(told, canary) {
				t.Errorf("%s: %s", c.name, told)
			}
		}
	})
}
