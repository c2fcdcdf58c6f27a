package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// startTime is what a process may take to be up, on a machine that does other
// things as well.
const startTime = 30 * time.Second

// apis is the sandbox in a process of its own.
type apis struct {
	*process
	url string
}

func startAPIs(t testing.TB, users int) *apis {
	t.Helper()
	address := freeAddress(t)
	a := &apis{url: "http://" + address}
	a.process = newProcess(t, "sandbox", []string{"sandbox"}, []string{
		"KEYDECK_SANDBOX_ADDR=" + address, "KEYDECK_SANDBOX_S3_ADDR=127.0.0.1:0", "KEYDECK_SANDBOX_PROVISIONING=300ms", fmt.Sprint("KEYDECK_SANDBOX_USERS=", users),
	})
	if err := a.start(); err != nil {
		t.Fatal(err)
	}
	if err := answers(t.Context(), a.process, a.url+"/_sandbox/faults"); err != nil {
		t.Fatalf("%v\n%s", err, a.said())
	}
	return a
}

// control asks the sandbox for something outside of its APIs.
func (a *apis) control(method, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, a.url+"/_sandbox/"+path, strings.NewReader(string(text)))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, answer)
	case into == nil:
		return nil
	}
	return json.Unmarshal(answer, into)
}

// truth is what the APIs have of a user.
type truth struct {
	User          string
	Made, Renewed int
	Keys          []struct {
		AccessKey, SecretKey, Description, Status string
		Active                                    bool
	}
}

func (a *apis) truthOf(email string) (found truth, err error) {
	err = a.control(http.MethodGet, "users/"+email+"/keys", nil, &found)
	return found, err
}

// secret gives a key's, or "" of one that is not there.
func (t truth) secret(accessKey string) string {
	for _, k := range t.Keys {
		if k.AccessKey == accessKey {
			return k.SecretKey
		}
	}
	return ""
}

// console is Keydeck in a process of its own, on the sandbox of another.
type console struct {
	*process
	url, admin, store string
}

func newConsole(t testing.TB, a *apis, more ...string) *console {
	t.Helper()
	address, admin := freeAddress(t), freeAddress(t)
	c := &console{url: "http://" + address, admin: "http://" + admin, store: filepath.Join(t.TempDir(), "sessions.db")}
	c.process = newProcess(t, "console-"+address[len("127.0.0.1:"):], nil, append([]string{
		"KEYDECK_ADDR=" + address, "KEYDECK_ADMIN_ADDR=" + admin, "KEYDECK_SESSION_STORE=bolt:" + c.store, "KEYDECK_LOG_FORMAT=json", "KEYDECK_PATIENCE=0",
		"KEYDECK_CLOUD_API_URL=" + a.url + "/cloudapi/v6", "KEYDECK_AUTH_API_URL=" + a.url + "/auth/v1", "KEYDECK_MANAGEMENT_API_URL=" + a.url,
	}, more...))
	return c
}

func startConsole(t testing.TB, a *apis) *console {
	t.Helper()
	c := newConsole(t, a)
	if err := c.up(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, c.said())
	}
	return c
}

// up starts it and waits until it is ready.
func (c *console) up(ctx context.Context) error {
	if err := c.start(); err != nil {
		return err
	}
	return answers(ctx, c.process, c.admin+"/readyz")
}

// answers waits until an address answers with 200.
func answers(ctx context.Context, p *process, url string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for ctx.Err() == nil {
		if status, err := statusOf(url); err == nil && status == http.StatusOK {
			return nil
		}
		if !p.running() {
			return errors.New("the process has ended")
		}
		wait(ctx, 10*time.Millisecond)
	}
	return fmt.Errorf("%s does not answer", url)
}

func statusOf(url string) (int, error) {
	response, err := http.Get(url)
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode, response.Body.Close()
}
