package web

import (
	"strings"

	"keydeck/internal/keys"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

// saidCookie carries to the next page what was done: a word and an access key.
// Whoever writes it can make that page say one of a few sentences, no more.
const saidCookie = "keydeck-said"

// say has the next page tell what was done to a key.
func (s *Server) say(v *visit, what, accessKey string) {
	s.setCookie(v, saidCookie, what+"."+accessKey, 30)
}

// heard takes what is to be told, once.
func (s *Server) heard(v *visit) *layout.Notice {
	cookie, err := v.Cookie(saidCookie)
	if err != nil {
		return nil
	}
	s.setCookie(v, saidCookie, "", -1)
	what, accessKey, _ := strings.Cut(cookie.Value, ".")
	if !keys.ValidAccessKey(accessKey) {
		return nil
	}
	return pages.Said(what, accessKey, v.at)
}
