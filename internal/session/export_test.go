package session

// What tests outside the package look at.
var (
	Explain     = explain
	ParseCookie = parseCookie
)

// CookieValue is what a cookie that parseCookie takes is made of.
func (c credential) CookieValue() string { return c.cookieValue() }
