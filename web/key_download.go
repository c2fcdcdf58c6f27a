package web

import (
	"keydeck/internal/audit"
	"keydeck/internal/handover"
	"keydeck/internal/keys"
)

// downloadKeyPair sends the pair as a CSV file.
func (s *Server) downloadKeyPair(v *visit) error {
	shown, err := s.revealPair(v, audit.Download)
	if err != nil {
		return err
	}
	if shown.Secret.IsZero() {
		return &keys.Error{Kind: keys.ErrUnavailable, Op: "download key pair"}
	}
	access := handover.Access{Pair: shown.KeyPair, Email: v.owner.Email}
	text, err := handover.CSV(access)
	if err != nil {
		return err
	}
	return sendFile(v, handover.CSVName(access), "text/csv; charset=utf-8", keys.NewSecret(text))
}

// contentDisposition quotes the name always, as browsers and others expect.
// What names there are need no escape: they are our own, and of a key the
// letters that ValidAccessKey takes.
func contentDisposition(name string) string { return `attachment; filename="` + name + `"` }
