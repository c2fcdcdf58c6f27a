package web

import (
	"encoding/csv"
	"io"
	"mime"
	"net/http"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
)

// downloadKeyPair sends the pair as a CSV file.
func (s *Server) downloadKeyPair(v *visit) error {
	shown, err := s.revealPair(v, audit.Download)
	if err != nil {
		return err
	}
	return sendKeyPair(v, v.owner, shown.KeyPair)
}

// fileNameKey is how much of a key is in the name of its file.
const fileNameKey = 8

func sendKeyPair(v *visit, owner keys.Owner, pair keys.KeyPair) error {
	if pair.Secret.IsZero() {
		return &keys.Error{Kind: keys.ErrUnavailable, Op: "download key pair"}
	}
	accessKey := pair.Key.AccessKey
	name := "object-storage-key-" + accessKey[:min(fileNameKey, len(accessKey))] + ".csv"
	h := v.Response().Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", contentDisposition(name))
	v.Response().WriteHeader(http.StatusOK)
	return writeKeyPair(v.Response(), owner, pair)
}

// contentDisposition quotes the name always, as browsers and others expect.
func contentDisposition(name string) string {
	if mime.FormatMediaType("attachment", map[string]string{"filename": name}) == "" {
		name = "object-storage-key.csv"
	}
	return `attachment; filename="` + name + `"`
}

// writeKeyPair writes what the S3 command-line tools' import reads: to the
// letter, for a secret that a spreadsheet would rather see altered is of no
// use altered.
func writeKeyPair(w io.Writer, owner keys.Owner, pair keys.KeyPair) error {
	rows := csv.NewWriter(w)
	rows.UseCRLF = true
	return rows.WriteAll([][]string{
		{"User Name", "Access key ID", "Secret access key"},
		{owner.Email, pair.Key.AccessKey, pair.Secret.Reveal()},
	})
}
