package web

import (
	"net/http"

	"keydeck/internal/audit"
	"keydeck/internal/handover"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// useKey shows a key in the form that a tool takes.
func (s *Server) useKey(v *visit) error {
	tool, access, regions, err := s.handOver(v)
	if err != nil {
		return err
	}
	page := pages.KeyUse{Links: v.at, Key: access.Pair.Key, Owner: v.owner, Tool: tool, At: access.At, Regions: regions}
	for _, file := range tool.Files {
		text, err := file.Text(access)
		part := pages.UsePart{File: file, Name: file.DownloadName(access), Text: text}
		if err != nil {
			part.Refused = problemOf(err).text
		}
		page.Parts = append(page.Parts, part)
	}
	if tool.Command != nil {
		page.Command = tool.Command(access)
	}
	s.audit(v, audit.Reveal, access.Pair.Key.AccessKey, nil)
	return s.respond(v, http.StatusOK, s.keyDialog(v, "Use with "+tool.Name,
		pages.KeyUseDialog(page, false), pages.KeyUseDialog(page, true)))
}

// downloadSettings sends one file of what a tool takes.
func (s *Server) downloadSettings(v *visit) error {
	tool, access, _, err := s.handOver(v)
	if err != nil {
		return err
	}
	file, found := tool.File(v.Param("file"))
	if !found {
		return errNoTool
	}
	text, err := file.Text(access)
	s.audit(v, audit.Download, access.Pair.Key.AccessKey, err)
	if err != nil {
		return err
	}
	return sendFile(v, file.DownloadName(access), file.MediaType(), text)
}

// handOver finds what the address is about: a tool, a pair and an endpoint,
// which is the first that the key has where the address names none.
func (s *Server) handOver(v *visit) (handover.Tool, handover.Access, []keys.Region, error) {
	tool, found := handover.Find(v.Param("tool"))
	if !found {
		return handover.Tool{}, handover.Access{}, nil, errNoTool
	}
	shown, regions, err := s.pairWithEndpoints(v)
	if err != nil {
		return handover.Tool{}, handover.Access{}, nil, err
	}
	region := v.QueryParam("region")
	if region == "" && len(regions) > 0 {
		region = regions[0].ID
	}
	at, err := endpointIn(regions, region)
	return tool, handover.Access{Pair: shown.KeyPair, At: at, Email: v.owner.Email}, regions, err
}

// sendFile sends a text that holds a secret, as a file.
func sendFile(v *visit, name, mediaType string, text keys.Secret) error {
	h := v.Response().Header()
	h.Set("Content-Disposition", contentDisposition(name))
	return v.Blob(http.StatusOK, mediaType, []byte(text.Reveal()))
}
