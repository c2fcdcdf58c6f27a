package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"
)

// formValues reads a form from the body alone: what stands in the address, and
// so in logs and histories, is not taken for a field.
func formValues(c echo.Context) (url.Values, error) {
	r := c.Request()
	err := r.ParseForm()
	switch {
	case err == nil:
		trailOf(c).form = r.PostForm
		return r.PostForm, nil
	case errors.Is(err, echo.ErrStatusRequestEntityTooLarge):
		return nil, err
	default:
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, echo.ErrStatusRequestEntityTooLarge
		}
		return nil, fmt.Errorf("%w: %w", echo.ErrBadRequest, err)
	}
}
