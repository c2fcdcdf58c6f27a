package web

import (
	"strings"

	"keydeck/internal/keys"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

// flashCookie carries to the next page what was done here, and at no API: a word and
// an access key. A forged one makes that page say one of a few sentences, no more.
const flashCookie = "keydeck-flash"

// setFlash has the next page say what was done to a key.
func (s *Server) setFlash(v *scope, what, accessKey string) {
	s.setCookie(v, flashCookie, what+"."+accessKey, 30)
}

// takeFlash returns what the last page has left to be said, once.
func (s *Server) takeFlash(v *scope) []layout.Notice {
	cookie, err := v.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	s.setCookie(v, flashCookie, "", -1)
	what, accessKey, _ := strings.Cut(cookie.Value, ".")
	if !keys.ValidAccessKey(accessKey) {
		return nil
	}
	flash := pages.Flash(what, accessKey)
	if flash == nil {
		return nil
	}
	return []layout.Notice{*flash}
}
