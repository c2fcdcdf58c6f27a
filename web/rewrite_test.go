package web_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
)

// rewriter changes the APIs' answers on their way to the console.
type rewriter struct {
	apis    http.Handler
	rewrite rewriting
}

// rewriting changes the answer to a request.
type rewriting func(r *http.Request, answer *httptest.ResponseRecorder)

func same(*http.Request, *httptest.ResponseRecorder) {}

func (h rewriter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	recorder := httptest.NewRecorder()
	h.apis.ServeHTTP(recorder, r)
	h.rewrite(r, recorder)
	maps.Copy(w.Header(), recorder.Header())
	w.WriteHeader(recorder.Code)
	_, _ = w.Write(recorder.Body.Bytes())
}

// rewriting is a console on the same sandbox, whose answers are changed.
func (c *console) rewriting(rewrite rewriting) *console {
	c.t.Helper()
	other := *c
	other.wire.handler = rewriter{c.sandbox, rewrite}
	other.server = other.serve(c.store)
	return &other
}

// object is a decoded answer, or a part of one.
type object = map[string]any

// items are the items of a decoded collection.
func items(list object) []any { return list["items"].([]any) }

// replace returns a rewriting of the answers to GET requests whose path has an
// end, as decoded JSON; change returns what takes its place.
func replace(end string, change func(object) any) rewriting {
	return func(r *http.Request, answer *httptest.ResponseRecorder) {
		var body object
		if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, end) || json.Unmarshal(answer.Body.Bytes(), &body) != nil {
			return
		}
		changed, err := json.Marshal(change(body))
		if err != nil {
			panic(err)
		}
		answer.Body.Reset()
		answer.Body.Write(changed)
	}
}

// refuse returns a rewriting of the answers to requests whose path begins in a
// way, as an API refuses them.
func refuse(prefix string, status int, words string, headers ...header) rewriting {
	return func(r *http.Request, answer *httptest.ResponseRecorder) {
		if !strings.HasPrefix(r.URL.Path, prefix) {
			return
		}
		for _, h := range headers {
			answer.Header().Set(h.name, h.value)
		}
		answer.Code = status
		answer.Body.Reset()
		if words != "" {
			_ = json.NewEncoder(answer.Body).Encode(object{"httpStatus": status, "messages": []object{{"errorCode": "1", "message": words}}})
		}
	}
}
