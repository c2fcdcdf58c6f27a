package app

import (
	"net"
	"net/http"
	"sync"
)

// unusedConns are the connections that have not sent anything. Browsers open
// some in advance, and Shutdown of net/http waits five seconds for them.
type unusedConns struct {
	mu       sync.Mutex
	conns    map[net.Conn]struct{}
	stopping bool
}

// follow is an http.Server's ConnState.
func (u *unusedConns) follow(conn net.Conn, state http.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(u.conns, conn)
	case u.stopping:
		_ = conn.Close()
	default:
		u.conns[conn] = struct{}{}
	}
}

// close closes the connections, and later ones as they arrive.
func (u *unusedConns) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.stopping = true
	for conn := range u.conns {
		_ = conn.Close()
	}
}
