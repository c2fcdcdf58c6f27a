package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// page is the part of a list that a request wants.
type page struct{ offset, limit int }

type links struct {
	Prev string `json:"prev,omitempty"`
	Self string `json:"self,omitempty"`
	Next string `json:"next,omitempty"`
}

// page reads offset and limit. A limit is from 1 to highest, and 100 by default.
func (c *call) page(highest int) (page, error) { return c.pageOf(100, highest) }

// pageOf is page with a default of its own.
func (c *call) pageOf(size, highest int) (page, error) {
	offset, err := c.number("offset", 0, 0, 1<<31-1)
	if err != nil {
		return page{}, err
	}
	limit, err := c.number("limit", size, 1, highest)
	return page{offset, limit}, err
}

// number reads a number of the query.
func (c *call) number(name string, otherwise, lowest, highest int) (int, error) {
	query := c.r.URL.Query()
	if !query.Has(name) {
		return otherwise, nil
	}
	n, err := strconv.Atoi(query.Get(name))
	if err != nil || n < lowest || n > highest {
		message := fmt.Sprintf("%s must be a number from %d to %d", name, lowest, highest)
		return 0, refuse(http.StatusBadRequest, c.worded("[VDC-8-1] ", message))
	}
	return n, nil
}

// cut gives the page's part of a list of any length.
func cut[T any](p page, list []T) []T {
	from := min(p.offset, len(list))
	return list[from:min(from+p.limit, len(list))]
}

// links names the pages around this one of total elements.
func (c *call) links(p page, total int) links {
	at := func(offset int) string {
		query := c.r.URL.Query()
		query.Set("offset", strconv.Itoa(offset))
		query.Set("limit", strconv.Itoa(p.limit))
		return c.url((&url.URL{Path: c.r.URL.Path, RawQuery: query.Encode()}).String())
	}
	l := links{Self: at(p.offset)}
	if p.offset > 0 {
		l.Prev = at(max(p.offset-p.limit, 0))
	}
	if p.offset+p.limit < total {
		l.Next = at(p.offset + p.limit)
	}
	return l
}

// paged adds to a collection of the Cloud API where its page is.
func paged(list resource, p page, around links) resource {
	list.Offset, list.Limit, list.Links = &p.offset, &p.limit, &around
	return list
}
