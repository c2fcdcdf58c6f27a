package ionos_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
)

func TestCheckEnvironment(t *testing.T) {
	t.Parallel()
	for variable, refused := range map[string]bool{
		"IONOS_PINNED_CERT=ab:cd":      true,
		"IONOS_PINNED_CERT=":           false,
		"IONOS_PINNED_CERTS=ab":        false,
		"IONOS_LOG_LEVEL=trace":        false,
		"IONOS_CONTRACT_NUMBER=666":    false,
		"IONOS_TOKEN=x":                false,
		"IONOS_API_URL=http://x":       false,
		"IONOS_CONFIG_FILE=/nowhere":   false,
		"not a variable":               false,
		"KEYDECK_X=IONOS_PINNED_CERT=": false,
	} {
		err := ionos.CheckEnvironment([]string{"PATH=/bin", variable})
		if (err != nil) != refused {
			t.Errorf("%s: got error %v", variable, err)
		}
		if err != nil && !strings.Contains(err.Error(), "IONOS_PINNED_CERT") {
			t.Errorf("the error does not name the variable: %v", err)
		}
	}
}

func TestNewPinnedCertificate(t *testing.T) {
	t.Setenv("IONOS_PINNED_CERT", "ab:cd")
	before := http.DefaultClient.Transport
	if _, err := ionos.New(ionos.Config{ManagementURL: "http://a", CloudURL: "http://a", AuthURL: "http://a"}); err == nil {
		t.Error("no error")
	}
	if http.DefaultClient.Transport != before {
		t.Error("http.DefaultClient was changed")
	}
}

// hostileEnvironment is every variable that the SDKs' sources read, with
// values that would show.
var hostileEnvironment = []string{
	"IONOS_LOG_LEVEL=trace",
	"IONOS_CONTRACT_NUMBER=66666666",
	"IONOS_TOKEN=" + canary,
	"IONOS_USERNAME=" + canary,
	"IONOS_PASSWORD=" + canary,
	"IONOS_API_URL=http://elsewhere.invalid",
	"IONOS_CONFIG_FILE=/nowhere/" + canary,
	"IONOS_CURRENT_PROFILE=" + canary,
	"IONOS_S3_ACCESS_KEY=" + canary,
	"IONOS_S3_SECRET_KEY=" + canary,
}

const childVariable = "KEYDECK_IONOS_TEST_CHILD"

// TestNewEnvironment runs TestNewEnvironmentChild as a process of its own, as the
// SDKs read some variables before any test begins. It must print nothing, on
// either output, but the verdict.
func TestNewEnvironment(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, environment := range [][]string{nil, hostileEnvironment} {
		var stdout, stderr bytes.Buffer
		child := exec.CommandContext(t.Context(), self, "-test.run=^TestNewEnvironmentChild$")
		child.Env = slices.Concat(os.Environ(), []string{childVariable + "=1"}, environment)
		child.Stdout, child.Stderr = &stdout, &stderr
		if err := child.Run(); err != nil {
			t.Errorf("with %d variables: %v", len(environment), err)
		}
		printed := slices.DeleteFunc(strings.Split(stdout.String(), "\n"), func(line string) bool {
			return line == "" || line == "PASS" || strings.HasPrefix(line, "coverage:")
		})
		if len(printed) != 0 || stderr.Len() != 0 {
			t.Errorf("printed %q and %q", printed, stderr.String())
		}
	}
}

// TestNewEnvironmentChild makes every call, well and badly, and looks at what is sent.
func TestNewEnvironmentChild(t *testing.T) {
	if os.Getenv(childVariable) == "" {
		t.Skip("runs within TestNewEnvironment")
	}
	for _, outcome := range []step{answer(200, `{"items":[]}`), says(503, "no"), says(422, "no"), breaks, refuses, answer(200, "{", "Content-Type", "text/html")} {
		for _, c := range calls {
			p := play(t, outcome)
			err := c.run(t.Context(), p)
			if e, ok := errors.AsType[*keys.Error](err); err != nil && !ok {
				t.Errorf("%s: %v", c.name, e)
			}
			for _, sent := range p.sent {
				checkClean(t, c.name, sent)
			}
		}
	}
}

func checkClean(t *testing.T, name string, sent sent) {
	t.Helper()
	if got := sent.header.Get("X-Contract-Number"); got != "" {
		t.Errorf("%s: sent the contract number %s", name, got)
	}
	wantToken := []string{"Bearer " + token().Reveal()}
	if got := sent.header.Values("Authorization"); name != "SignIn" && !cmp.Equal(wantToken, got) {
		t.Errorf("%s: sent the credentials %q", name, got)
	}
	if sent.closing {
		t.Errorf("%s: asks for a connection of its own", name)
	}
}
