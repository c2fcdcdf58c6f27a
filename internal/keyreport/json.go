package keyreport

import (
	"encoding/json"
	"io"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/keys"
)

// JSON writes a report as one object: contract, asOf, keys, unread and complete. It
// is written while the keys are read, so what comes last is known last; an object
// that was cut off is not valid.
type JSON struct {
	out     io.Writer
	encoder *json.Encoder
	now     time.Time
	some    bool // a key has been written
	unread  []jsonUser
}

// NewJSON returns a JSON. Ages are as of now.
func NewJSON(w io.Writer, now time.Time) *JSON {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return &JSON{out: w, encoder: encoder, now: now}
}

// jsonUser is a user in the object.
type jsonUser struct {
	UserID        string     `json:"userId"`
	UserName      string     `json:"userName"`
	FirstName     string     `json:"firstName"`
	LastName      string     `json:"lastName"`
	Role          string     `json:"role"`
	ObjectStorage string     `json:"objectStorage"`
	UserActive    bool       `json:"userActive"`
	TwoFactor     bool       `json:"twoFactor"`
	LastLogin     *time.Time `json:"lastLogin"`
	Reason        string     `json:"reason,omitempty"` // of a user whose keys could not be read
}

// jsonKey is a key in the object.
type jsonKey struct {
	jsonUser
	AccessKeyID string     `json:"accessKeyId"`
	Created     *time.Time `json:"created"`
	AgeInDays   *int       `json:"ageInDays"`
	Active      *bool      `json:"active"` // null if unknown
	ValidFor    string     `json:"validFor"`
}

// Begin writes the beginning of the object.
func (j *JSON) Begin(s contractkeys.Snapshot) error {
	contract, err := json.Marshal(s.Contract)
	if err != nil {
		return err
	}
	_, err = io.WriteString(j.out, `{"contract":`+string(contract)+`,"asOf":"`+timeText(s.AsOf)+`","keys":[`+"\n")
	return err
}

// Rows writes the keys of rows. Users whose keys could not be read follow at the
// end.
func (j *JSON) Rows(rows []Row) error {
	for _, r := range rows {
		if r.Unread {
			u := userOf(r.Owner)
			u.Reason = ReasonText(r)
			j.unread = append(j.unread, u)
			continue
		}
		if j.some {
			if _, err := io.WriteString(j.out, ","); err != nil {
				return err
			}
		}
		j.some = true
		if err := j.encoder.Encode(j.key(r)); err != nil {
			return err
		}
	}
	return nil
}

// End completes the object.
func (j *JSON) End(result Result) error {
	if j.unread == nil {
		j.unread = []jsonUser{}
	}
	if _, err := io.WriteString(j.out, `],"unread":`); err != nil {
		return err
	}
	if err := j.encoder.Encode(j.unread); err != nil {
		return err
	}
	complete := `,"complete":false}`
	if result.Complete {
		complete = `,"complete":true}`
	}
	_, err := io.WriteString(j.out, complete+"\n")
	return err
}

func userOf(o *Owner) jsonUser {
	u := o.User
	return jsonUser{
		UserID: u.ID, UserName: u.Email, FirstName: u.FirstName, LastName: u.LastName, Role: string(o.Permission.Role),
		ObjectStorage: PermissionWords(o.Permission), UserActive: u.Active, TwoFactor: u.TwoFactor, LastLogin: known(u.LastLogin),
	}
}

func (j *JSON) key(r Row) jsonKey {
	k := jsonKey{jsonUser: userOf(r.Owner), AccessKeyID: r.Key.AccessKey, Created: known(r.Key.Created), ValidFor: scopeText(r)}
	if !r.Key.Created.IsZero() {
		days := int(r.Age(j.now) / day)
		k.AgeInDays = &days
	}
	if r.Key.Activity != keys.ActivityUnknown {
		active := r.Key.Activity == keys.Active
		k.Active = &active
	}
	return k
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

// ReasonText says why the keys of a row's user could not be read.
func ReasonText(r Row) string {
	if r.Reason == nil {
		return "not read"
	}
	return r.Reason.Error()
}
