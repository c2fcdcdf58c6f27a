package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"
)

// Listener is one of the addresses that Keydeck listens on.
type Listener string

// The listeners.
const (
	Console Listener = "console"
	Admin   Listener = "admin server"
	Sandbox Listener = "sandbox"
	Storage Listener = "sandbox's S3 endpoint"
)

// ListenError is an address that cannot be listened on.
type ListenError struct {
	Listener Listener
	Addr     string
	Err      error
}

func (e *ListenError) Error() string {
	reason := strings.TrimPrefix(e.Err.Error(), "listen tcp: ")
	if errno, ok := errors.AsType[*os.SyscallError](e.Err); ok {
		reason = errno.Err.Error()
	}
	if errors.Is(e.Err, syscall.EADDRINUSE) {
		reason += "; stop what uses it, or choose another port"
	}
	return fmt.Sprintf("the %s cannot listen on %s: %s", e.Listener, e.Addr, reason)
}

func (e *ListenError) Unwrap() error { return e.Err }

// endpoint is a bound address and the server that will answer there.
type endpoint struct {
	name     Listener
	listener net.Listener
	server   *http.Server
	tls      bool // by itself
}

// Limits on what a client may do to a server. The time to read a request is
// as long as the time to answer it, for net/http goes on reading while a
// handler runs, and an end to reading cancels the handler's context.
const (
	headerTime = 5 * time.Second
	// requestTime is above every budget that a request gets by itself, which
	// ends it with a page and not with a broken connection.
	requestTime = 60 * time.Second
	idleTime    = 2 * time.Minute
	headerBytes = 32 << 10
)

// bind listens on addr and makes the server, which has no handler yet.
func bind(name Listener, addr string, logger *slog.Logger) (*endpoint, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, &ListenError{name, addr, err}
	}
	errorLog := slog.NewLogLogger(logger.With("listener", string(name)).Handler(), slog.LevelWarn)
	unused := &fresh{conns: map[net.Conn]struct{}{}}
	server := &http.Server{
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      requestTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          errorLog,
		ConnState:         unused.follow,
	}
	server.RegisterOnShutdown(unused.close)
	return &endpoint{name: name, listener: listener, server: server}, nil
}

// url is where the endpoint is reached from this machine.
func (e *endpoint) url() string {
	scheme := "http"
	if e.tls {
		scheme = "https"
	}
	return scheme + "://" + Reachable(e.listener.Addr().String())
}

// serve answers until the endpoint is stopped.
func (e *endpoint) serve() error {
	serve := e.server.Serve
	if e.tls {
		serve = func(l net.Listener) error { return e.server.ServeTLS(l, "", "") }
	}
	if err := serve(e.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("the %s stopped serving: %w", e.name, err)
	}
	return nil
}

// stop takes no more requests and waits for those in flight, or cuts them off
// when ctx ends.
func (e *endpoint) stop(ctx context.Context, logger *slog.Logger) {
	err := e.server.Shutdown(ctx)
	if err == nil {
		return
	}
	logger.Warn("requests in flight were cut off", "listener", string(e.name), "error", err)
	e.close()
}

// close frees the address at once. It may be called again, and on an endpoint
// that was never bound.
func (e *endpoint) close() {
	if e == nil {
		return
	}
	_ = e.server.Close()
	_ = e.listener.Close() // the server knows its listener only once it serves
}

// Reachable is the address by which this machine reaches what listens on
// addr: one that stands for every interface cannot itself be asked. Go listens
// on IPv4 too for [::], and containers often have no ::1.
func Reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host != "" && !ip.IsUnspecified() {
		return addr
	}
	return net.JoinHostPort("127.0.0.1", port)
}
