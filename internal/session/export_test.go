package session

// ParseCookie is parseCookie, for tests.
var ParseCookie = parseCookie

// CookieValue returns the value that parseCookie parses.
func (c credential) CookieValue() string { return c.cookieValue() }
