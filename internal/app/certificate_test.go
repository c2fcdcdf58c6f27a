package app

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// files are where a test's certificate is.
type files struct{ cert, key string }

// write makes a certificate of a name for 127.0.0.1, written at a time of its
// own: file systems do not tell two within a tick apart.
func (f files) write(t *testing.T, name string, at time.Time) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(at.Unix()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	f.put(t, f.cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), at)
	f.put(t, f.key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}), at)
}

func (f files) put(t *testing.T, path string, content []byte, at time.Time) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func newFiles(t *testing.T) files {
	dir := t.TempDir()
	return files{filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")}
}

func TestCertificateRenewed(t *testing.T) {
	t.Parallel()
	f, now, log := newFiles(t), time.Now().Truncate(time.Second), &bytes.Buffer{}
	f.write(t, "first", now)
	c, err := loadCertificate(f.cert, f.key, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	want := func(name string) {
		t.Helper()
		got, err := c.get(nil)
		if err != nil || got.Leaf.Subject.CommonName != name {
			t.Errorf("%v, %v; want %s", got.Leaf.Subject, err, name)
		}
	}
	want("first")
	f.write(t, "second", now.Add(time.Minute))
	want("second")
	f.put(t, f.key, []byte("half a key"), now.Add(2*time.Minute))
	want("second")
	want("second")
	if n := strings.Count(log.String(), "is not valid"); n != 1 {
		t.Errorf("said %d times that the files are not valid: %s", n, log)
	}
	if err := os.Remove(f.cert); err != nil {
		t.Fatal(err)
	}
	want("second")
	f.write(t, "third", now.Add(3*time.Minute))
	want("third")
	if strings.Contains(log.String(), "PRIVATE") || strings.Contains(log.String(), "half a key") {
		t.Errorf("the log holds the key: %s", log)
	}
}

func TestCertificateInvalid(t *testing.T) {
	t.Parallel()
	f, other := newFiles(t), newFiles(t)
	f.write(t, "one", time.Now())
	other.write(t, "other", time.Now())
	garbage := filepath.Join(t.TempDir(), "garbage")
	f.put(t, garbage, []byte("garbage"), time.Now())
	for name, pair := range map[string]files{
		"no file": {f.cert + "x", f.key}, "no key": {f.cert, f.key + "x"}, "another's key": {f.cert, other.key},
		"garbage": {garbage, f.key}, "a folder": {filepath.Dir(f.cert), f.key},
	} {
		_, err := loadCertificate(pair.cert, pair.key, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), "cannot use the certificate") || !strings.Contains(err.Error(), string(filepath.Separator)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Over TLS the cookie is the one that no sibling host can plant, and browsers
// are told to stay with TLS.
func TestServeTLS(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	f.write(t, "console", time.Now())
	cfg := testConfig(t)
	cfg.TLSCert, cfg.TLSKey = f.cert, f.key
	a := newApp(t, cfg)
	start(t, a)
	client := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(client.CloseIdleConnections)
	if !strings.HasPrefix(a.URL(), "https://") {
		t.Fatalf("it is at %s", a.URL())
	}
	answer, err := client.PostForm(a.URL()+"/sign-in", map[string][]string{"email": {"owner@keydeck.example"}, "password": {"sandbox"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther || answer.ProtoMajor != 2 {
		t.Errorf("got %d over %s", answer.StatusCode, answer.Proto)
	}
	if answer.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
	if cookie := answer.Cookies()[0]; cookie.Name != "__Host-keydeck" || !cookie.Secure {
		t.Errorf("the cookie is %s", cookie.Name)
	}
}
