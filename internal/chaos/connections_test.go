package chaos

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// manyConnections opens ten thousand connections at once, or as many as files
// can be open: some say nothing, some dawdle over a request, and some are kept
// after one. A page requested meanwhile is served.
func manyConnections(t *testing.T, c *console, b *browser) {
	t.Helper()
	kinds := []string{
		"",
		"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
		"GET /static/none HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
	}
	conns := make([]net.Conn, min(10_000, openFiles()-1000))
	figures := &timings{}
	began := time.Now()
	var all sync.WaitGroup
	for worker := range atOnce {
		all.Go(func() {
			for i := worker; i < len(conns); i += atOnce {
				started := time.Now()
				conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
				problem := ""
				if err != nil {
					problem = err.Error()
				} else if _, err := io.WriteString(conn, kinds[i%len(kinds)]); err != nil {
					problem = err.Error()
				}
				conns[i] = conn
				figures.note(time.Since(started), problem)
			}
		})
	}
	all.Wait()
	figures.tell(t, "connections opened", time.Since(began))
	t.Logf("memory with %d connections: %s", len(conns), c.memory(t))

	meanwhile := &timings{}
	began = time.Now()
	for range 200 {
		started := time.Now()
		p, err := b.send(t.Context(), keysPage, nil)
		meanwhile.note(time.Since(started), trouble(p, err, http.StatusOK))
	}
	meanwhile.tell(t, "pages meanwhile, one at a time", time.Since(began))
	for _, conn := range conns {
		if conn != nil {
			_ = conn.Close()
		}
	}
	if status, err := statusOf(c.admin + "/readyz"); err != nil || status != http.StatusOK {
		t.Errorf("afterwards it says of itself: %d, %v", status, err)
	}
}
