package web

import "keydeck/internal/audit"

// Address is what the tests of all routes know of one.
type Address struct {
	Method, Path string
	Action       audit.Action // empty for a route that is not audited
}

// Addresses are all there are, but for the static files.
func (s *Server) Addresses() []Address {
	var all []Address
	for _, r := range s.routes() {
		all = append(all, Address{r.method, r.path, r.action})
	}
	return all
}
