package clients

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

// scriptTimeout bounds one script.
const scriptTimeout = 5 * time.Minute

// endpoint serves a sandbox's storage and gives its address and a key of the
// owner.
func endpoint(t *testing.T) (address, key, secret string) {
	t.Helper()
	s, err := sandbox.New(sandbox.Config{Provisioning: -1, Propagation: -1})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/accesskeys", nil)
	r.Header.Set("Authorization", "Bearer "+s.Token("owner@keydeck.example", time.Hour))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var made struct {
		Properties struct{ AccessKey, SecretKey string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || made.Properties.SecretKey == "" {
		t.Fatalf("no key was made: %d, %v", w.Code, err)
	}
	server := httptest.NewServer(s.Storage())
	t.Cleanup(server.Close)
	return server.URL, made.Properties.AccessKey, made.Properties.SecretKey
}

// script runs a program with a script of testdata, in a folder of its own. The
// script ends with an error where the storage is not as it should be.
func script(t *testing.T, name string, program ...string) {
	t.Helper()
	address, key, secret := endpoint(t)
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), scriptTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, program[0], append(program[1:], path)...)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{
		"HOME=" + cmd.Dir, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "AWS_EC2_METADATA_DISABLED=true",
		"ENDPOINT=" + address, "HOSTPORT=" + strings.TrimPrefix(address, "http://"),
		"AWS_ACCESS_KEY_ID=" + key, "AWS_SECRET_ACCESS_KEY=" + secret,
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, strings.ReplaceAll(string(out), secret, "(secret)"))
	}
}

// TestAWSCLI runs every one that there is: versions 1 and 2 share little of how
// they send and verify. Version 2 has to be among them.
func TestAWSCLI(t *testing.T) {
	second := false
	for _, name := range []string{"aws", "/usr/bin/aws"} {
		aws, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		version, err := exec.Command(aws, "--version").CombinedOutput()
		if err != nil {
			continue
		}
		release, _, _ := strings.Cut(string(version), " ")
		second = second || strings.HasPrefix(release, "aws-cli/2")
		t.Run(name+" "+release, func(t *testing.T) {
			t.Parallel()
			script(t, "aws.sh", "env", "AWS="+aws, "sh", "-eu")
		})
	}
	if !second {
		t.Error("there is no AWS CLI 2: make setup installs it")
	}
}

func TestRclone(t *testing.T) {
	t.Parallel()
	script(t, "rclone.sh", "sh", "-eu")
}

func TestS3cmd(t *testing.T) {
	t.Parallel()
	script(t, "s3cmd.sh", "sh", "-eu")
}

// TestBoto3 runs every Python that has boto3: an old one and a new one speak
// differently of checksums.
func TestBoto3(t *testing.T) {
	found := 0
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		version, err := exec.Command(python, "-c", "import boto3; print(boto3.__version__)").Output()
		if err != nil {
			continue
		}
		found++
		t.Run(python+" "+strings.TrimSpace(string(version)), func(t *testing.T) {
			t.Parallel()
			script(t, "boto3_life.py", python)
		})
	}
	if found == 0 {
		t.Error("there is no boto3: make setup installs it")
	}
}
