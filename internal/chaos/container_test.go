package chaos

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestChaosContainer starts the console with the environment of the Dockerfile and
// reaches all that the README names from another address than the console's own.
// The ports are changed to free ones, and /data to a folder.
func TestChaosContainer(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	a, c := startAPIs(t, 0), &console{}
	ports := map[string]string{"8080": portOf(freeAddress(t)), "8081": portOf(freeAddress(t))}
	var environ []string
	for _, set := range regexp.MustCompile(`\bKEYDECK_[A-Z_]+=\S+`).FindAllString(string(file), -1) {
		for port, free := range ports {
			set = strings.Replace(set, "0.0.0.0:"+port, "0.0.0.0:"+free, 1)
		}
		environ = append(environ, strings.Replace(set, ":/data/", ":"+data+"/", 1))
	}
	c.process = newProcess(t, "container", nil, append(environ,
		"KEYDECK_CLOUD_API_URL="+a.url+"/cloudapi/v6", "KEYDECK_AUTH_API_URL="+a.url+"/auth/v1", "KEYDECK_MANAGEMENT_API_URL="+a.url))
	const elsewhere = "http://127.0.0.2:"
	c.admin = elsewhere + ports["8081"]
	if err := c.up(t.Context()); err != nil {
		t.Fatalf("%v; started with %v\n%s", err, environ, c.said())
	}
	for _, address := range []string{elsewhere + ports["8080"] + "/sign-in", c.admin + "/healthz", c.admin + "/readyz", c.admin + "/metrics"} {
		if status, err := statusOf(address); err != nil || status != http.StatusOK {
			t.Errorf("%s answers %d, %v", address, status, err)
		}
	}
	for port := range ports {
		if !regexp.MustCompile(`(?m)^EXPOSE .*\b` + port + `\b`).Match(file) {
			t.Errorf("port %s is not exposed", port)
		}
	}
	if _, err := os.Stat(filepath.Join(data, "sessions.db")); err != nil {
		t.Errorf("the sessions are not in the volume: %v", err)
	}
}

func portOf(address string) string { return address[strings.LastIndex(address, ":")+1:] }
