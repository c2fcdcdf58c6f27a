package keyreport

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// CSVHeader are the columns of the file. Other programs rely on them.
var CSVHeader = []string{
	"User Name", "First name", "Last name", "Role", "Object storage", "User active", "Two-factor", "Last login",
	"Access key ID", "Created", "Age in days", "Active", "Valid for",
}

// CSV writes a report as RFC 4180 has it. Cells that a spreadsheet would take for a
// formula begin with an apostrophe.
type CSV struct {
	out *csv.Writer
	now time.Time
}

// NewCSV returns a CSV. Ages are as of now.
func NewCSV(w io.Writer, now time.Time) *CSV {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &CSV{out, now}
}

// Begin writes the header.
func (c *CSV) Begin(contractkeys.Snapshot) error { return c.write(CSVHeader) }

// Rows writes rows. A user whose keys could not be read is one without a key.
func (c *CSV) Rows(rows []Row) error {
	for _, r := range rows {
		u := r.Owner.User
		cells := []string{
			u.Email, u.FirstName, u.LastName, string(r.Owner.Permission.Role), PermissionWords(r.Owner.Permission),
			strconv.FormatBool(u.Active), strconv.FormatBool(u.TwoFactor), timeText(u.LastLogin),
			r.Key.AccessKey, timeText(r.Key.Created), daysText(r, c.now), activeText(r), scopeText(r),
		}
		if err := c.out.Write(neutral(cells)); err != nil {
			return err
		}
	}
	return c.flush()
}

// Records writes records of another shape, as a CSV has them.
func Records(w io.Writer, records [][]string) error {
	c := NewCSV(w, time.Time{})
	for _, cells := range records {
		if err := c.out.Write(neutral(cells)); err != nil {
			return err
		}
	}
	return c.flush()
}

// End completes the file.
func (c *CSV) End(Result) error { return c.flush() }

func (c *CSV) write(cells []string) error {
	if err := c.out.Write(cells); err != nil {
		return err
	}
	return c.flush()
}

func (c *CSV) flush() error {
	c.out.Flush()
	return c.out.Error()
}

// neutral keeps cells from being formulas.
func neutral(cells []string) []string {
	for i, cell := range cells {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cells[i] = "'" + cell
		}
	}
	return cells
}

// PermissionWords say why a user may use object storage.
func PermissionWords(p directory.Permission) string {
	switch {
	case p.Role == keys.RoleOwner:
		return "as owner"
	case p.Role == keys.RoleAdministrator:
		return "as administrator"
	case len(p.Through) > 0:
		names := make([]string, len(p.Through))
		for i, g := range p.Through {
			names[i] = g.Name
		}
		return strings.Join(names, ", ")
	case !p.Known:
		return "unknown"
	default:
		return "no longer permitted"
	}
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func daysText(r Row, now time.Time) string {
	if r.Key.Created.IsZero() {
		return ""
	}
	return strconv.Itoa(int(r.Age(now) / day))
}

func activeText(r Row) string {
	switch {
	case r.Unread:
		return "unknown"
	case r.Key.Activity == keys.Active:
		return "true"
	case r.Key.Activity == keys.Inactive:
		return "false"
	default:
		return "unknown"
	}
}

func scopeText(r Row) string {
	if r.Unread {
		return ""
	}
	switch r.Key.Scope() {
	case keys.ScopeUserOwned:
		return "user-owned buckets only"
	case keys.ScopeAllBuckets:
		return "all buckets"
	default:
		return "unknown"
	}
}
