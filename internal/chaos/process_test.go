package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"keydeck/internal/retry"
)

// folder holds the program under test.
var folder string

// exitTime is what a process may take to end after a signal: the console's grace
// of twenty seconds, on a machine that does other things as well.
const exitTime = 40 * time.Second

func TestMain(m *testing.M) {
	catchIgnored()
	os.Exit(run(m))
}

// catchIgnored gives children the default dispositions: nohup and a shell's
// background jobs start the test with signals ignored, which a child inherits,
// unlike signals that are caught. Here they have no effect either way.
func catchIgnored() {
	for _, s := range []os.Signal{syscall.SIGHUP, os.Interrupt} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
}

func run(m *testing.M) int {
	var err error
	if folder, err = os.MkdirTemp("", "keydeck-chaos-"); err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	return m.Run()
}

// program builds keydeck, with the race detector if the test has it.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "keydeck")
	args := []string{"build", "-o", path}
	if raceDetector {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "keydeck/cmd/keydeck")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building keydeck: %w\n%s", err, out)
	}
	return path, nil
})

// process is a keydeck that can be started again and again, with one log.
type process struct {
	t    testing.TB
	args []string
	env  []string
	log  string

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan struct{} // closed when it has ended
	err   error         // why, from then on
}

func newProcess(t testing.TB, name string, args, env []string) *process {
	t.Helper()
	if _, err := program(); err != nil {
		t.Fatal(err)
	}
	logs := os.Getenv("KEYDECK_CHAOS_LOGS")
	if logs == "" {
		logs = t.TempDir()
	}
	p := &process{t: t, args: args, env: env, log: filepath.Join(logs, name+".log")}
	t.Cleanup(func() { _ = p.kill() })
	return p
}

func (p *process) start() error {
	path, err := program()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(path, p.args...)
	cmd.Env = append([]string{"GORACE=halt_on_error=1", "HOME=" + folder}, p.env...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	p.mu.Lock()
	p.cmd, p.ended, p.err = cmd, ended, nil
	p.mu.Unlock()
	go func() {
		err := cmd.Wait()
		p.mu.Lock()
		p.err = err
		p.mu.Unlock()
		close(ended)
	}()
	return nil
}

// kill ends it as a crash of the machine would, and waits until it is gone.
func (p *process) kill() error { return p.signal(syscall.SIGKILL) }

// stop ends it as a service manager does; the error is of a process that did
// not end well.
func (p *process) stop() error {
	if err := p.signal(syscall.SIGTERM); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

func (p *process) signal(signal os.Signal) error {
	p.mu.Lock()
	cmd, ended := p.cmd, p.ended
	p.mu.Unlock()
	if cmd == nil {
		return nil
	}
	if err := cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-ended:
		return nil
	case <-time.After(exitTime):
		return fmt.Errorf("the process has not ended within %v of the signal %q", exitTime, signal)
	}
}

// running reports whether it has not ended by itself.
func (p *process) running() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// said is all that it has logged and printed.
func (p *process) said() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		p.t.Error(err)
	}
	return string(text)
}

// freeAddress is outside of the range from which connections get theirs: the
// address is given up and taken again.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(10000))
		if listener, err := net.Listen("tcp", address); err == nil {
			_ = listener.Close()
			return address
		}
	}
	t.Fatal("no free port")
	return ""
}

// wait waits for d or until ctx ends.
func wait(ctx context.Context, d time.Duration) { _ = retry.Sleep(ctx, d) }
