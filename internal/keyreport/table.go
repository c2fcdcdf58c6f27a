package keyreport

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"keydeck/internal/contractkeys"
)

// Table writes a report for a terminal, at its end: columns are as wide as they must
// be.
type Table struct {
	out *tabwriter.Writer
	now time.Time
}

// NewTable returns a Table. Ages are as of now.
func NewTable(w io.Writer, now time.Time) *Table {
	return &Table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0), now}
}

// Begin writes the heads of the columns.
func (t *Table) Begin(contractkeys.Snapshot) error {
	return t.line("OWNER", "NAME", "OBJECT STORAGE", "ACCESS KEY ID", "CREATED", "DAYS", "ACTIVE", "VALID FOR")
}

// Rows writes rows.
func (t *Table) Rows(rows []Row) error {
	for _, r := range rows {
		u := r.Owner.User
		key, created := r.Key.AccessKey, ""
		if r.Unread {
			key = "could not be read: " + ReasonText(r)
		}
		if !r.Key.Created.IsZero() {
			created = r.Key.Created.UTC().Format(time.DateOnly)
		}
		err := t.line(u.Email, u.Name(), PermissionWords(r.Owner.Permission), key, created, daysText(r, t.now), activeText(r), scopeText(r))
		if err != nil {
			return err
		}
	}
	return nil
}

// End writes all that was held back.
func (t *Table) End(Result) error { return t.out.Flush() }

func (t *Table) line(cells ...string) error {
	for i, cell := range cells {
		cells[i] = printable(cell)
	}
	_, err := fmt.Fprintln(t.out, strings.Join(cells, "\t"))
	return err
}

// printable replaces what would move the cursor of a terminal, or an empty cell.
func printable(cell string) string {
	if cell == "" {
		return "-"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return '?'
		}
		return r
	}, cell)
}
