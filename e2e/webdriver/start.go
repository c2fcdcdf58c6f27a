package webdriver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"keydeck/internal/retry"
)

// WebKit names the programs that a WebKitGTK browser needs.
type WebKit struct {
	Driver  string // WebKitWebDriver
	Browser string // MiniBrowser
	Xvfb    string // the display, since MiniBrowser has no headless mode
}

// startPatience is how long a program may take to start.
const startPatience = 30 * time.Second

// Start starts a WebKitGTK browser, which has no data of earlier ones. Elements
// are waited for as long as patience.
func (w WebKit) Start(patience time.Duration) (*Browser, error) {
	b := &Browser{patience: patience}
	if err := b.start(w); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Browser) start(w WebKit) error {
	display, err := b.startDisplay(w.Xvfb)
	if err != nil {
		return err
	}
	server, err := b.startDriver(w.Driver, display)
	if err != nil {
		return err
	}
	options := map[string]any{"binary": w.Browser, "args": []string{"--automation"}}
	capabilities := map[string]any{
		"webkitgtk:browserOptions": options,
		"timeouts":                 map[string]int64{"implicit": b.patience.Milliseconds(), "pageLoad": startPatience.Milliseconds()},
	}
	var created struct{ SessionID string }
	in := map[string]any{"capabilities": map[string]any{"alwaysMatch": capabilities}}
	if err := send(http.MethodPost, server+"/session", in, &created); err != nil {
		return fmt.Errorf("starting %s: %w", w.Browser, err)
	}
	b.session = server + "/session/" + created.SessionID
	return b.call(http.MethodPost, "/window/rect", map[string]int{"width": 1280, "height": 800}, nil)
}

// startDisplay starts an X server and returns the name of its display.
func (b *Browser) startDisplay(xvfb string) (string, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer func() { _ = read.Close() }()
	const descriptor = "3" // of the first extra file
	cmd := exec.Command(xvfb, "-displayfd", descriptor, "-nolisten", "tcp", "-screen", "0", "1280x900x24")
	cmd.ExtraFiles = []*os.File{write}
	err = errors.Join(b.run(cmd), write.Close(), read.SetReadDeadline(time.Now().Add(startPatience)))
	if err != nil {
		return "", err
	}
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("waiting for %s: %w", xvfb, err)
	}
	return ":" + strings.TrimSpace(number), nil
}

// startDriver starts the driver and returns its URL as soon as it answers there.
func (b *Browser) startDriver(driver, display string) (string, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	port := free.Addr().(*net.TCPAddr).Port
	cmd := exec.Command(driver, fmt.Sprintf("--port=%d", port)) //nolint:gosec // the test names the program
	cmd.Env = append(os.Environ(), "DISPLAY="+display, "GDK_BACKEND=x11", "LIBGL_ALWAYS_SOFTWARE=1")
	if err := errors.Join(free.Close(), b.run(cmd)); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	for {
		err := send(http.MethodGet, url+"/status", nil, nil)
		if err == nil {
			return url, nil
		}
		if retry.Sleep(ctx, 50*time.Millisecond) != nil {
			return "", fmt.Errorf("waiting for %s: %w", driver, err)
		}
	}
}

// run starts a program, which Close ends.
func (b *Browser) run(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	b.processes = append(b.processes, cmd)
	return nil
}
