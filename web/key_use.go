package web

import (
	"net/http"

	"keydeck/internal/audit"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/secret"
	"keydeck/internal/toolconfig"
	"keydeck/views/pages"
)

// useKey shows a key in the form that a tool takes. The form on that page names the
// tool by a query: each tool has an address of its own, to which that leads.
func (s *Server) useKey(v *scope) error {
	if id := v.QueryParam("tool"); id != "" {
		if _, found := toolconfig.Find(id); !found || !keys.ValidAccessKey(v.Param("key")) {
			return errNoTool
		}
		return redirect(v, v.links.Use(v.Param("key"), id, v.QueryParam("region")))
	}
	use, err := s.handOver(v)
	if err != nil {
		return err
	}
	tool, access := use.tool, use.access
	page := pages.KeyUse{
		Links: v.links, Key: access.Pair.Key, Owner: v.owner, Kept: !use.shown.CachedUntil.IsZero(), Tool: tool, At: access.At,
		Unverified: use.shown.Unverified, RenewedSince: use.shown.Renewed, Regions: use.regions,
	}
	if state := s.state(v); state.Rotation.New == page.Key.AccessKey {
		page.Replaces = state.Rotation.Old
	}
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
	s.audit(v, audit.Use, access.Pair.Key.AccessKey, nil)
	return s.respond(v, http.StatusOK, s.keyDialog(v, "Use with "+tool.Name,
		pages.KeyUseDialog(page, false), pages.KeyUseDialog(page, true)))
}

// downloadSettings sends one file of what a tool takes.
func (s *Server) downloadSettings(v *scope) error {
	use, err := s.handOver(v)
	if err != nil {
		return err
	}
	access := use.access
	file, found := use.tool.File(v.Param("file"))
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

// keyUse is what the address of a tool is about.
type keyUse struct {
	tool    toolconfig.Tool
	access  toolconfig.Access
	regions []keys.Region // in which the key has an endpoint
	shown   keyops.Pair
}

// handOver finds what the address is about: a tool, a pair and an endpoint,
// which is the first that the key has where the address names none.
func (s *Server) handOver(v *scope) (keyUse, error) {
	tool, found := toolconfig.Find(v.Param("tool"))
	if !found {
		return keyUse{}, errNoTool
	}
	shown, regions, err := s.pairWithEndpoints(v)
	if err != nil {
		return keyUse{}, err
	}
	region := v.QueryParam("region")
	if region == "" && len(regions) > 0 {
		region = regions[0].ID
	}
	at, err := findRegion(regions, region)
	return keyUse{tool, accessTo(v, shown, at), regions, shown}, err
}

// accessTo is what a file is about that holds a pair.
func accessTo(v *scope, shown keyops.Pair, at keys.Region) toolconfig.Access {
	return toolconfig.Access{Pair: shown.KeyPair, At: at, Email: v.owner.Email, Unverified: shown.Unverified}
}

// sendFile sends a text that holds a secret, as a file.
func sendFile(v *scope, name, mediaType string, text secret.Value) error {
	h := v.Response().Header()
	h.Set("Content-Disposition", contentDisposition(name))
	return v.Blob(http.StatusOK, mediaType, []byte(text.Reveal()))
}
