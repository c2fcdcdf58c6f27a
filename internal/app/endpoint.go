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

// Listener names one of the addresses that Keydeck listens on.
type Listener string

// The listeners.
const (
	Console Listener = "console"
	Admin   Listener = "admin server"
	Sandbox Listener = "sandbox"
	Storage Listener = "sandbox's S3 endpoint"
)

// ListenError is the error of an address that cannot be listened on.
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

// endpoint is a bound address with its server.
type endpoint struct {
	name     Listener
	listener net.Listener
	server   *http.Server
	tls      bool // the server itself speaks TLS
}

// A server's limits. The timeout for reading a request equals that for writing
// the response: net/http keeps reading while a handler runs, and the end of
// reading cancels the handler's context.
const (
	headerTimeout = 5 * time.Second
	// requestTimeout is longer than every handler's own timeout, which ends a
	// request with a page and not with a broken connection.
	requestTimeout = 60 * time.Second
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 32 << 10
)

// bind listens on addr and returns an endpoint whose server has no handler yet.
func bind(name Listener, addr string, logger *slog.Logger) (*endpoint, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, &ListenError{name, addr, err}
	}
	errorLog := slog.NewLogLogger(logger.With("listener", string(name)).Handler(), slog.LevelWarn)
	unused := &unusedConns{conns: map[net.Conn]struct{}{}}
	server := &http.Server{
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      requestTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          errorLog,
		ConnState:         unused.follow,
	}
	server.RegisterOnShutdown(unused.close)
	return &endpoint{name: name, listener: listener, server: server}, nil
}

// url returns the endpoint's address on this machine.
func (e *endpoint) url() string {
	scheme := "http"
	if e.tls {
		scheme = "https"
	}
	return scheme + "://" + Reachable(e.listener.Addr().String())
}

// serve serves until the endpoint is stopped.
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

// stop refuses new requests and waits for those in flight. It closes their
// connections when ctx ends.
func (e *endpoint) stop(ctx context.Context, logger *slog.Logger) {
	err := e.server.Shutdown(ctx)
	if err == nil {
		return
	}
	logger.Warn("requests in flight were cut off", "listener", string(e.name), "error", err)
	e.close()
}

// close releases the address immediately. It may be called repeatedly, and on a
// nil endpoint.
func (e *endpoint) close() {
	if e == nil {
		return
	}
	_ = e.server.Close()
	_ = e.listener.Close() // the server knows its listener only once it serves
}

// Reachable returns the address at which this machine reaches a listener on addr:
// the loopback address if addr stands for all interfaces. Go listens on IPv4 too
// for [::], and containers often have no ::1.
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
