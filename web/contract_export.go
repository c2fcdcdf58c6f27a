package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"keydeck/internal/contractkeys"
	"keydeck/internal/keyreport"
	"keydeck/internal/keys"
)

// The addresses of files that are written while the keys are read.
const (
	contractKeysCSV  = "/contract/keys.csv"
	contractKeysJSON = "/contract/keys.json"
)

const (
	// exportPatience is how long one look at the reading waits for more.
	exportPatience = time.Second
	// exportIdle is how long a reader may take no bytes.
	exportIdle = time.Minute
)

// streams reports whether a request may take longer than others: what it writes is
// read meanwhile, and it ends with its reader.
func (s *Server) streams(c echo.Context) bool {
	return c.Path() == s.links.Base+contractKeysCSV || c.Path() == s.links.Base+contractKeysJSON
}

func (s *Server) downloadContractCSV(v *scope) error {
	return s.export(v, "csv", "text/csv; charset=utf-8", func(w io.Writer) keyreport.Format { return keyreport.NewCSV(w, s.now()) })
}

func (s *Server) downloadContractJSON(v *scope) error {
	return s.export(v, "json", "application/json", func(w io.Writer) keyreport.Format { return keyreport.NewJSON(w, s.now()) })
}

// export sends the keys that a filter selects as a file, while they are read.
func (s *Server) export(v *scope, extension, mediaType string, format func(io.Writer) keyreport.Format) error {
	q, err := parseContractQuery(v)
	if err != nil {
		return err
	}
	ctx, asker := v.Request().Context(), contractAsker(v)
	// The server's own deadline would end a long file. Not all connections have one.
	_ = http.NewResponseController(v.Response()).SetReadDeadline(time.Time{})
	file := &exportWriter{v: v, name: keyreport.FileName(v.session.Contract, s.now(), extension), mediaType: mediaType}
	if v.Request().Method == http.MethodHead { // for which nothing is read
		_, err := s.reports.Peek(ctx, asker)
		if err == nil {
			file.begin()
		}
		return err
	}
	stream := keyreport.Stream{
		Filter: q.filter, Now: s.now,
		Source: func(ctx context.Context) (contractkeys.Snapshot, error) {
			return s.reports.Recent(ctx, asker, q.since, exportPatience)
		},
	}
	result, err := stream.Write(ctx, format(file))
	if err != nil && v.Response().Committed && ctx.Err() == nil {
		s.logProblem(v, s.problemFor(v, err), err)
		panic(http.ErrAbortHandler) // an end would make the file look complete
	}
	if err != nil {
		return err
	}
	if isAny(result.Err, keys.ErrUnauthorized) {
		return result.Err // ends the session; the file is complete as it is
	}
	if result.Err != nil {
		s.logProblem(v, s.problemFor(v, result.Err), result.Err)
	}
	return nil
}

// exportWriter sends what is written at once. The headers go out with the first
// bytes: what goes wrong before is answered with a page.
type exportWriter struct {
	v               *scope
	name, mediaType string
}

func (w *exportWriter) Write(data []byte) (int, error) {
	response := w.v.Response()
	controller := http.NewResponseController(response)
	_ = controller.SetWriteDeadline(time.Now().Add(exportIdle))
	w.begin()
	n, err := response.Write(data)
	if err == nil {
		err = ignoreUnsupported(controller.Flush())
	}
	return n, err
}

// begin sends the headers, once.
func (w *exportWriter) begin() {
	response := w.v.Response()
	if response.Committed {
		return
	}
	response.Header().Set("Content-Disposition", contentDisposition(w.name))
	response.Header().Set("Content-Type", w.mediaType)
	response.WriteHeader(http.StatusOK)
}

// ignoreUnsupported drops the error of a response that is sent as a whole.
func ignoreUnsupported(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
