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

// CertificateError is a certificate or its key that cannot be used.
type CertificateError struct{ Err error }

func (e *CertificateError) Error() string {
	return fmt.Sprintf("cannot use the certificate: %v", e.Err)
}

func (e *CertificateError) Unwrap() error { return e.Err }

// certificate is a pair of files that somebody else renews. Each handshake
// looks whether they have changed, which costs two system calls beside the
// handshake's arithmetic.
type certificate struct {
	certFile, keyFile string
	logger            *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	stamp   stamp // of the files that were read last, of use or not
}

// stamp tells whether files have changed.
type stamp struct{ cert, key fileStamp }

type fileStamp struct {
	modified time.Time
	size     int64
}

// loadCertificate reads the files, which have to be of use at the start.
func loadCertificate(certFile, keyFile string, logger *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, logger: logger}
	// First, so that a change in between is seen at the next handshake.
	found, err := c.look()
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

// describe names the file where the error does not.
func describe(err error, certFile, keyFile string) error {
	if _, named := errors.AsType[*fs.PathError](err); named {
		return err
	}
	return fmt.Errorf("%s with %s: %w", certFile, keyFile, err)
}

// config is what a server needs to speak TLS with it.
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}

// get gives the certificate of the files as they are now. Files that are of no
// use, such as half of a renewal, leave the last one in place.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, err := c.look()
	if err != nil || found == c.stamp {
		return c.current, nil
	}
	c.stamp = found
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		c.logger.Error("the new certificate is of no use, the one before stays", "error", describe(err, c.certFile, c.keyFile))
		return c.current, nil
	}
	c.current = &pair
	c.logger.Info("the certificate was read anew", "file", c.certFile)
	return c.current, nil
}

func (c *certificate) look() (stamp, error) {
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
