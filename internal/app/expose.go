package app

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"keydeck/internal/proxyheaders"
)

// ErrExposed is the cause of a [ListenError] of a sandbox that would be open to
// other machines: its accounts and their passwords are published, and its controls
// ask for none.
var ErrExposed = errors.New("other machines would reach the sandbox, whose accounts are known to all")

// bindSandbox binds an address of the sandbox, which has to be a loopback address
// unless the sandbox may be exposed.
func bindSandbox(name Listener, addr string, cfg SandboxConfig) (*endpoint, error) {
	e, err := bind(name, addr, cfg.Logger)
	if err != nil {
		return nil, err
	}
	if !cfg.Expose && !isLoopback(e.listener.Addr()) {
		e.close()
		return nil, &ListenError{name, addr, ErrExposed}
	}
	return e, nil
}

func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// controlsPath is where the sandbox's controls are.
const controlsPath = "/_sandbox/"

// guardControls refuses requests for the sandbox's controls that a page of another
// site sends. A page whose name resolves to this machine would count as the same
// site, so the name has to be this machine's, unless the sandbox is exposed.
func guardControls(next http.Handler, exposed bool) http.Handler {
	foreign := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, controlsPath) {
			if err := foreign.Check(r); err != nil || !exposed && !proxyheaders.Loopback(r.Host) {
				http.Error(w, "the controls take no requests from other sites", http.StatusForbidden)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
