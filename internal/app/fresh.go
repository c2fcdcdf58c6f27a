package app

import (
	"net"
	"net/http"
	"sync"
)

// fresh is the connections that have not sent anything yet. Browsers open some
// ahead of need, and net/http lets a server that stops wait five seconds for
// what they might bring.
type fresh struct {
	mu       sync.Mutex
	conns    map[net.Conn]struct{}
	stopping bool
}

// follow is an http.Server's ConnState.
func (f *fresh) follow(conn net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(f.conns, conn)
	case f.stopping:
		_ = conn.Close()
	default:
		f.conns[conn] = struct{}{}
	}
}

// close closes them, and those that still come.
func (f *fresh) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopping = true
	for conn := range f.conns {
		_ = conn.Close()
	}
}
