package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"keydeck/internal/retry"
)

// process is a program that was started here.
type process struct {
	command *exec.Cmd
	address string // where it serves
	store   string // the console's sessions
}

// build makes the binary as it is shipped.
func build(ctx context.Context, folder string) (string, error) {
	binary := filepath.Join(folder, "keydeck")
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "./cmd/keydeck") // #nosec G204 -- our own program
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	command.Stderr = os.Stderr
	return binary, command.Run()
}

// start runs a program until it answers at its address.
func start(ctx context.Context, address, ready string, environ []string, program string, args ...string) (*process, time.Duration, error) {
	p := &process{command: exec.CommandContext(ctx, program, args...), address: address} // #nosec G204 -- our own program
	p.command.Env = append(os.Environ(), environ...)
	began := time.Now()
	if err := p.command.Start(); err != nil {
		return nil, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	poll := retry.Policy{MinBackoff: time.Millisecond, MaxBackoff: time.Millisecond}
	err := poll.Do(ctx, func(context.Context) error {
		response, err := http.Get("http://" + address + ready) // #nosec G107 -- loopback
		if err == nil {
			_ = response.Body.Close()
		}
		return err
	})
	if err != nil {
		p.stop()
		return nil, 0, fmt.Errorf("%s does not respond at %s: %w", filepath.Base(program), address, err)
	}
	return p, time.Since(began), nil
}

// stop ends the program, and waits for it.
func (p *process) stop() {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	_ = p.command.Wait()
}

// sandbox starts the APIs with so many users.
func (b *bench) sandbox(ctx context.Context, users int) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, _, err := start(ctx, address, "/_sandbox/requests", []string{
		"KEYDECK_SANDBOX_ADDR=" + address, "KEYDECK_SANDBOX_PROVISIONING=0s", "KEYDECK_LOG_LEVEL=error",
		"KEYDECK_SANDBOX_USERS=" + strconv.Itoa(users),
	}, b.binary, "sandbox")
	return p, err
}

// console starts the console with the APIs at an address, and tells how long
// it took to answer.
func (b *bench) console(ctx context.Context, apis string) (*process, time.Duration, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, 0, err
	}
	admin, err := freeAddress()
	if err != nil {
		return nil, 0, err
	}
	store, err := os.CreateTemp(b.folder, "store")
	if err != nil {
		return nil, 0, err
	}
	_ = store.Close()
	_ = os.Remove(store.Name())
	p, took, err := start(ctx, address, "/sign-in", []string{
		"KEYDECK_ADDR=" + address, "KEYDECK_ADMIN_ADDR=" + admin, "KEYDECK_SESSION_STORE=bolt:" + store.Name(),
		"KEYDECK_CLOUD_API_URL=" + apis + "/cloudapi/v6", "KEYDECK_AUTH_API_URL=" + apis + "/auth/v1",
		"KEYDECK_MANAGEMENT_API_URL=" + apis, "KEYDECK_LOG_LEVEL=error",
	}, b.binary)
	if err != nil {
		return nil, 0, err
	}
	p.store = store.Name()
	return p, took, nil
}

// freeAddress returns an unused address on loopback.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// resident is the memory that a process has, in bytes, and how much of that is
// its own: what it maps of files, as of its store, the system can take away.
func (p *process) resident() (all, own float64, err error) {
	status, err := os.Open(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = status.Close() }()
	found := map[string]float64{}
	for lines := bufio.NewScanner(status); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		if kib, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64); err == nil {
			found[name] = kib * 1024
		}
	}
	if found["VmRSS"] == 0 {
		return 0, 0, errors.New("no VmRSS in /proc")
	}
	return found["VmRSS"], found["RssAnon"], nil
}

// cpu is the time that a process has computed for.
func (p *process) cpu() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	const utime, stime, tick = 11, 12, 10 * time.Millisecond
	if len(fields) <= stime {
		return 0, errors.New("no times in /proc")
	}
	user, err := strconv.Atoi(fields[utime])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[stime])
	return time.Duration(user+system) * tick, err
}
