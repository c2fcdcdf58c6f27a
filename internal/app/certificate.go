package app

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"
)

// CertificateError is the error of a certificate or key that cannot be used.
type CertificateError struct{ Err error }

func (e *CertificateError) Error() string {
	return fmt.Sprintf("cannot use the certificate: %v", e.Err)
}

func (e *CertificateError) Unwrap() error { return e.Err }

// certificate is a pair of files that another program renews. Each handshake
// checks whether they have changed, with two system calls.
type certificate struct {
	certFile, keyFile string
	logger            *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	stamp   stamp // of the files read last, valid or not
}

// stamp identifies a version of the files.
type stamp struct{ cert, key fileStamp }

type fileStamp struct {
	modified time.Time
	size     int64
}

// loadCertificate reads the files, which must be valid at the start.
func loadCertificate(certFile, keyFile string, logger *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, logger: logger}
	// Before reading, so that the next handshake sees a change in between.
	found, err := c.stat()
	if err != nil {
		return nil, &CertificateError{err}
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, &CertificateError{describe(err, certFile, keyFile)}
	}
	c.current, c.stamp = &pair, found
	return c, nil
}

// describe adds the files' names to an error that does not name a file.
func describe(err error, certFile, keyFile string) error {
	if _, named := errors.AsType[*fs.PathError](err); named {
		return err
	}
	return fmt.Errorf("%s with %s: %w", certFile, keyFile, err)
}

// config returns the TLS configuration of a server.
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}

// get returns the certificate of the current files. If they are invalid, such as
// during a renewal, it returns the previous one.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, err := c.stat()
	if err != nil || found == c.stamp {
		return c.current, nil
	}
	c.stamp = found
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		c.logger.Error("the new certificate is not valid, the previous one is kept", "error", describe(err, c.certFile, c.keyFile))
		return c.current, nil
	}
	c.current = &pair
	c.logger.Info("the certificate was reloaded", "file", c.certFile)
	return c.current, nil
}

func (c *certificate) stat() (stamp, error) {
	cert, err := os.Stat(c.certFile)
	if err != nil {
		return stamp{}, err
	}
	key, err := os.Stat(c.keyFile)
	if err != nil {
		return stamp{}, err
	}
	return stamp{fileStamp{cert.ModTime(), cert.Size()}, fileStamp{key.ModTime(), key.Size()}}, nil
}
