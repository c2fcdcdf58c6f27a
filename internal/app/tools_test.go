package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// kit is an S3 tool as people have it, and how it is told what to do. In the
// commands, {dir} is a folder of the test's own, {url} the endpoint.
type kit struct {
	name  string
	files map[string]string // what is downloaded from the console, and where the tool finds it
	env   []string
	setup []string // run once, after the files were put

	bucket, put, list, get, remove []string
}

// kits are the tools that Debian has.
func kits() []kit {
	aws := func(profile string) []string {
		return []string{awsCLI(), "--endpoint-url", "{url}", "--region", "de", "--profile", profile}
	}
	home := []string{"AWS_CONFIG_FILE={dir}/config", "AWS_SHARED_CREDENTIALS_FILE={dir}/credentials", "AWS_EC2_METADATA_DISABLED=true"}
	imported, profile := aws("member@keydeck.example"), aws("ionos-de")
	rclone := []string{"rclone", "--config", "{dir}/rclone.conf", "--retries", "1", "--low-level-retries", "1", "-q"}
	s3cmd := []string{"s3cmd", "-c", "{dir}/.s3cfg", "--no-progress"}
	sh := []string{"sh", "-c", `. "$0"/object-storage.sh && shift 0 && exec "$@"`, "{dir}", awsCLI(), "--endpoint-url", "{url}"}
	with := func(base []string, more ...string) []string { return append(append([]string{}, base...), more...) }
	awsKit := func(name string, base []string, files map[string]string, setup []string) kit {
		bucket := "s3://" + strings.ReplaceAll(name, " ", "-")
		return kit{
			name: name, files: files, env: home, setup: setup,
			bucket: with(base, "s3", "mb", bucket), put: with(base, "s3", "cp", "{dir}/in.txt", bucket+"/a b/object.txt"),
			list: with(base, "s3", "ls", bucket+"/a b/"), get: with(base, "s3", "cp", bucket+"/a b/object.txt", "{dir}/out.txt"),
			remove: with(base, "s3", "rm", bucket+"/a b/object.txt"),
		}
	}
	return []kit{
		awsKit("aws import", imported, map[string]string{"key-pair.csv": "key-pair.csv"},
			[]string{awsCLI(), "configure", "import", "--csv", "file://{dir}/key-pair.csv"}),
		awsKit("aws files", profile, map[string]string{"use/aws-cli/credentials": "credentials", "use/aws-cli/config": "config"}, nil),
		awsKit("aws environment", sh, map[string]string{"use/sh/object-storage.sh": "object-storage.sh"}, nil),
		{
			name: "rclone", files: map[string]string{"use/rclone/rclone.conf": "rclone.conf"},
			bucket: with(rclone, "mkdir", "ionos-de:rclone"),
			put:    with(rclone, "copyto", "{dir}/in.txt", "ionos-de:rclone/a b/object.txt"),
			list:   with(rclone, "lsf", "ionos-de:rclone/a b/"),
			get:    with(rclone, "copyto", "ionos-de:rclone/a b/object.txt", "{dir}/out.txt"),
			remove: with(rclone, "deletefile", "ionos-de:rclone/a b/object.txt"),
		},
		{
			name: "s3cmd", files: map[string]string{"use/s3cmd/.s3cfg": ".s3cfg"},
			bucket: with(s3cmd, "mb", "s3://s3cmd"), put: with(s3cmd, "put", "{dir}/in.txt", "s3://s3cmd/a b/object.txt"),
			list: with(s3cmd, "ls", "s3://s3cmd/a b/"), get: with(s3cmd, "get", "--force", "s3://s3cmd/a b/object.txt", "{dir}/out.txt"),
			remove: with(s3cmd, "del", "s3://s3cmd/a b/object.txt"),
		},
	}
}

// awsScript finds version 2 of the AWS CLI, for setup and for the tests.
const awsScript = "../../.make/aws-cli.sh"

// awsCLI returns the AWS CLI that setup has found.
func awsCLI() string {
	out, err := exec.Command(awsScript).Output()
	if err != nil {
		return "aws" // the test that runs it says that there is none
	}
	return strings.TrimSpace(string(out))
}

// TestAWSCLI: what has the name is asked for its version.
func TestAWSCLI(t *testing.T) {
	dir := t.TempDir()
	fake := func(name, script string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first, second := fake("first", "echo aws-cli/1.44.2 Python/3.13"), fake("second", "echo aws-cli/2.31.35 Python/3.13")
	stderr, wrapper := fake("stderr", "echo aws-cli/2.0.0 >&2"), fake("wrapper", "echo 'pyenv: aws: command not found'; exit 127")
	for name, test := range map[string]struct {
		candidates []string
		want       string
	}{
		"version 2":                   {[]string{second}, second},
		"version 1 alone":             {[]string{first}, ""},
		"version 1 first":             {[]string{first, second}, second},
		"version on standard error":   {[]string{stderr}, stderr},
		"a wrapper first":             {[]string{wrapper, second}, second},
		"none of the name":            {[]string{filepath.Join(dir, "none")}, ""},
		"none of the name, version 2": {[]string{filepath.Join(dir, "none"), second}, second},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := exec.Command(awsScript, test.candidates...).Output()
			if got := strings.TrimSpace(string(out)); got != test.want || (err == nil) != (test.want != "") {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// toolTime bounds one command.
const toolTime = time.Minute

// workbench is a person with a key, and a folder for a tool.
type workbench struct {
	*wiretap
	key string // its address
	dir string
}

func newWorkbench(t *testing.T, specialSecrets bool) *workbench {
	t.Helper()
	cfg := testConfig(t)
	cfg.SandboxSpecialSecrets = specialSecrets
	a := newApp(t, cfg)
	start(t, a)
	b := &workbench{wiretap: newWiretap(t, a)}
	b.do(http.MethodPost, "/sign-in", url.Values{"email": {"member@keydeck.example"}, "password": {"sandbox"}})
	b.generate()
	return b
}

func (b *workbench) generate() {
	b.t.Helper()
	header, _ := b.do(http.MethodPost, "/object-storage/keys", url.Values{"request_id": {b.requestID("/object-storage/keys/new")}})
	if b.key = header.Get("Location"); b.key == "" {
		b.t.Fatal("no key was made")
	}
}

// fetch puts what the console hands out into a folder of its own. It is false
// when a file cannot hold the secret.
func (b *workbench) fetch(k kit) bool {
	b.t.Helper()
	b.dir = b.t.TempDir()
	for path, name := range k.files {
		header, body := b.do(http.MethodGet, b.key+"/"+path+"?region=de", nil, true)
		if header.Get("Content-Disposition") == "" {
			return false
		}
		if err := os.WriteFile(filepath.Join(b.dir, name), []byte(body), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	if k.setup != nil {
		b.must(k, k.setup)
	}
	return true
}

func (b *workbench) run(k kit, command []string) (string, error) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), toolTime)
	defer cancel()
	fill := strings.NewReplacer("{dir}", b.dir, "{url}", b.app.StorageURL())
	arguments := make([]string, len(command))
	for i, argument := range command {
		arguments[i] = fill.Replace(argument)
	}
	cmd := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	cmd.Env = []string{"HOME=" + b.dir, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	for _, variable := range k.env {
		cmd.Env = append(cmd.Env, fill.Replace(variable))
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (b *workbench) must(k kit, command []string) string {
	b.t.Helper()
	out, err := b.run(k, command)
	if err != nil {
		b.t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return out
}

// mustFail wants the storage's own word for why. The command has to be one that
// gets a body with its answer.
func (b *workbench) mustFail(k kit, command []string, codes ...string) {
	b.t.Helper()
	out, err := b.run(k, command)
	for _, code := range codes {
		if err != nil && strings.Contains(out, code) {
			return
		}
	}
	b.t.Errorf("%s: %v, and says none of %v:\n%s", strings.Join(command, " "), err, codes, out)
}

// roundTrip makes a bucket, puts, lists, gets and removes an object.
func (b *workbench) roundTrip(k kit) {
	b.t.Helper()
	content := fmt.Sprintf("what %s was given\n", k.name)
	if err := os.WriteFile(filepath.Join(b.dir, "in.txt"), []byte(content), 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.must(k, k.bucket)
	b.must(k, k.put)
	if out := b.must(k, k.list); !strings.Contains(out, "object.txt") {
		b.t.Errorf("%s does not list the object: %s", k.name, out)
	}
	b.must(k, k.get)
	if got, err := os.ReadFile(filepath.Join(b.dir, "out.txt")); err != nil || string(got) != content {
		b.t.Errorf("%s got %q, %v", k.name, got, err)
	}
	b.must(k, k.remove)
	if out, err := b.run(k, k.list); strings.Contains(out, "object.txt") {
		b.t.Errorf("%s still lists the object: %s, %v", k.name, out, err)
	}
}

// TestTools has Debian's AWS CLI, rclone and s3cmd use
// the very files that the console hands out, on the sandbox's storage, through
// the life of a key.
func TestTools(t *testing.T) {
	for _, k := range kits() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			b := newWorkbench(t, false)
			if !b.fetch(k) {
				t.Fatal("there are no files")
			}
			b.roundTrip(k)

			b.do(http.MethodPost, b.key+"/deactivate", url.Values{"confirm": {"yes"}})
			b.mustFail(k, k.list, "InvalidAccessKeyId", "does not exist in our records")
			b.do(http.MethodPost, b.key+"/activate", url.Values{})
			b.must(k, k.put)
			b.do(http.MethodPost, b.key+"/renew", url.Values{"confirm": {"yes"}, "request_id": {b.requestID(b.key + "/renew")}})
			b.mustFail(k, k.list, "SignatureDoesNotMatch", "signature we calculated does not match")
			if !b.fetch(k) {
				t.Fatal("there are no files for the new secret")
			}
			if err := os.WriteFile(filepath.Join(b.dir, "in.txt"), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
			b.must(k, k.put)
		})
	}
}

// TestToolsSpecialSecrets: a secret with whatever characters works, or the
// console says that the tool's file cannot hold it.
func TestToolsSpecialSecrets(t *testing.T) {
	b := newWorkbench(t, true)
	held := 0
	for round := range 2 {
		if round > 0 {
			b.generate()
		}
		for _, k := range kits()[1:] { // the import's own reader takes no quotes
			if !b.fetch(k) {
				continue
			}
			held++
			if err := os.WriteFile(filepath.Join(b.dir, "in.txt"), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
			if round == 0 {
				b.must(k, k.bucket)
			}
			b.must(k, k.put)
		}
	}
	if held < 5 {
		t.Errorf("only %d of 8 files could hold a secret", held)
	}
}
