package sandbox

import (
	"net/http"
	"strconv"
)

// refusal is an error answer in the form that all three APIs share.
type refusal struct {
	status  int
	message string
	header  http.Header
}

// The codes recorded from the real service. Other codes are not known, and
// are the status here: a client must not depend on them.
var recordedCodes = map[int]string{
	http.StatusUnauthorized: "315",
	http.StatusForbidden:    "451",
	http.StatusNotFound:     "309",
}

func refuse(status int, message string) *refusal {
	return &refusal{status: status, message: message}
}

func (f *refusal) Error() string { return f.message }

type errorBody struct {
	HTTPStatus int            `json:"httpStatus"`
	Messages   []errorMessage `json:"messages"`
}

type errorMessage struct {
	ErrorCode string `json:"errorCode"`
	Message   string `json:"message"`
}

func (f *refusal) body() errorBody {
	code, known := recordedCodes[f.status]
	if !known {
		code = strconv.Itoa(f.status)
	}
	return errorBody{f.status, []errorMessage{{code, f.message}}}
}

func unauthorized() *refusal { return refuse(http.StatusUnauthorized, "Unauthorized") }

func notFound() *refusal {
	return refuse(http.StatusNotFound, "Resource does not exist")
}

func methodNotAllowed(allow string) *refusal {
	no := refuse(http.StatusMethodNotAllowed, "The method is not allowed for this resource")
	no.header = http.Header{"Allow": {allow}}
	return no
}
