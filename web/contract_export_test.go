package web_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keyreport"
)

// records are the rows of a CSV file, without its header.
func (a answer) records(t *testing.T) [][]string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(records) == 0 || strings.Join(records[0], ",") != strings.Join(keyreport.CSVHeader, ",") {
		t.Fatalf("%d: %v in %.300s", a.status, err, a.body)
	}
	return records[1:]
}

func TestContractExport(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	rows := b.readAll(contractKeys).Count("tbody tr")
	date := c.clock.Now().UTC().Format(time.DateOnly)
	for extension, mediaType := range map[string]string{"csv": "text/csv; charset=utf-8", "json": "application/json"} {
		answer := b.get(contractKeys + "." + extension)
		name := `attachment; filename="object-storage-keys-31718824-` + date + "." + extension + `"`
		if answer.status != http.StatusOK || answer.header.Get("Content-Disposition") != name || answer.header.Get("Content-Type") != mediaType || answer.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d with %v", extension, answer.status, answer.header)
		}
	}
	if got := len(b.get(contractKeys + ".csv").records(t)); got != rows {
		t.Errorf("%d records, %d rows", got, rows)
	}
	filtered := b.get(contractKeys + ".csv?q=full@keydeck.example&state=active&sort=-created").records(t)
	if len(filtered) != 4 || filtered[0][9] < filtered[3][9] || filtered[3][8] != fullsKey || filtered[3][12] != "user-owned buckets only" {
		t.Errorf("filtered: %v", filtered)
	}
	var object struct {
		Contract string
		Complete bool
		Keys     []struct{ AccessKeyID string }
		Unread   []any
	}
	if err := json.Unmarshal([]byte(b.get(contractKeys+".json?q="+fullsKey).body), &object); err != nil || !object.Complete || len(object.Keys) != 1 || object.Unread == nil {
		t.Errorf("%+v, %v", object, err)
	}
	// Without scripts or a page before, it reads by itself.
	if got := len(c.on(c.serve(c.store)).as(owner).get(contractKeys + ".csv").records(t)); got != rows {
		t.Errorf("read by itself: %d records", got)
	}
}

// TestContractExportUnread: users whose keys could not be read are records, and a
// token that ends half-way leaves a whole file.
func TestContractExportUnread(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault    string
		unread   func(n int) bool
		complete bool
	}{
		"one user":     {`{"path":"/cloudapi/v6/um/users/%s/s3keys","status":500,"times":1000}`, func(n int) bool { return n == 1 }, false},
		"throttled":    {`{"path":"/cloudapi/v6/um/users/","status":429,"times":5,"headers":{"Retry-After":"120"}}`, func(n int) bool { return n == 0 }, true},
		"token ends":   {`{"path":"/cloudapi/v6/um/users/%s/s3keys","status":401,"times":1000}`, func(n int) bool { return n >= 1 }, false},
		"lost for 20s": {`{"path":"/cloudapi/v6/um/users/","drop":"before","times":20}`, func(n int) bool { return n == 0 }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.as(admin)
				if strings.Contains(tt.fault, "%s") {
					tt.fault = fmt.Sprintf(tt.fault, c.userID(full))
				}
				c.fault(tt.fault)
				unread, began := 0, time.Now()
				for _, record := range b.get(contractKeys + ".csv").records(t) {
					if record[8] == "" && record[11] == "unknown" {
						unread++
					}
				}
				if !tt.unread(unread) {
					t.Errorf("%d users are unread after %v\n%s", unread, time.Since(began), c.log)
				}
				if name == "token ends" {
					return // and so has the session
				}
				var object struct{ Complete bool }
				answer := b.get(contractKeys + ".json")
				if err := json.Unmarshal([]byte(answer.body), &object); err != nil || object.Complete != tt.complete {
					t.Errorf("%d: complete %v, %v\n%s", answer.status, object.Complete, err, c.log)
				}
			})
		})
	}
}

// TestContractExportHead: a look at the headers reads nothing.
func TestContractExportHead(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.as(admin)
	c.asked()
	answer := b.do(httptest.NewRequest(http.MethodHead, contractKeys+".csv", nil))
	if asked := c.asked(); answer.status != http.StatusOK || answer.body != "" || answer.header.Get("Content-Disposition") == "" || len(asked) != 1 {
		t.Errorf("%d with %v, asking %v", answer.status, answer.header, asked)
	}
}

// TestContractExportFails: before the first byte, what goes wrong is a page.
func TestContractExportFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.as(admin)
		c.fault(`{"path":"/cloudapi/v6/um/users","status":403,"times":1000}`)
		if answer := b.get(contractKeys + ".csv"); answer.status != http.StatusForbidden || answer.header.Get("Content-Disposition") != "" {
			t.Errorf("%d with %v", answer.status, answer.header)
		}
	})
}

// TestContractExportCanceled: nothing is read for a reader who is gone.
func TestContractExportCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsoleOf(t, 200)
		b := c.as(admin)
		c.fault(`{"path":"/cloudapi/v6/um/users/","delay":"1s","times":1000}`)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		b.do(httptest.NewRequestWithContext(ctx, http.MethodGet, contractKeys+".csv", nil))
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("it goes on for %v", took)
		}
		time.Sleep(30 * time.Second) //nolint:forbidigo // the bubble's time
		c.asked()
		time.Sleep(time.Minute) //nolint:forbidigo // the bubble's time
		if asked := c.asked(); len(asked) > 0 {
			t.Errorf("the reading goes on: %v", asked)
		}
	})
}

// TestContractExportTakesLong: a file may take longer than a page, and comes while
// it is read.
func TestContractExportTakesLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsoleOf(t, 400)
		b := c.as(admin)
		c.fault(`{"path":"/cloudapi/v6/um/users/","delay":"2s","times":1000}`)
		began := time.Now()
		answer := b.get(contractKeys + ".csv")
		if took := time.Since(began); took < 30*time.Second || len(answer.records(t)) < 300 {
			t.Errorf("%d records after %v", len(answer.records(t)), took)
		}
	})
}
