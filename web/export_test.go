package web

// Address is what the matrix of roles and routes knows of a route.
type Address struct{ Method, Path string }

// Addresses are all there are, but for the static files.
func (s *Server) Addresses() []Address {
	var all []Address
	for _, r := range s.routes() {
		all = append(all, Address{r.method, r.path})
	}
	return all
}
