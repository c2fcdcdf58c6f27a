package web

import (
	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/internal/secret"
	"keydeck/internal/toolconfig"
)

// downloadKeyPair sends the pair as a CSV file.
func (s *Server) downloadKeyPair(v *scope) error {
	shown, err := s.revealPair(v, audit.Download)
	if err != nil {
		return err
	}
	if shown.Secret.IsZero() {
		return &keys.Error{Kind: keys.ErrUnavailable, Op: "download key pair"}
	}
	access := accessTo(v, shown, keys.Region{})
	text, err := toolconfig.CSV(access)
	if err != nil {
		return err
	}
	return sendFile(v, toolconfig.CSVName(access), "text/csv; charset=utf-8", secret.New(text))
}

// contentDisposition quotes the name always, as browsers and others expect.
// What names there are need no escape: they are our own, and of a key the
// letters that ValidAccessKey takes.
func contentDisposition(name string) string { return `attachment; filename="` + name + `"` }
