package toolconfig_test

import (
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
	"keydeck/internal/toolconfig"
)

const key = "q9wV-Kp_0123456789"

// nasty are secrets that formats stumble over.
var nasty = map[string]string{
	"base64":            "tFVk+y/3Aq==",
	"every one":         `a+b/c=d"e'f\g$h%i j`,
	"quotes":            `"double" 'single'`,
	"within quotes":     `"all of it"`,
	"within single":     `'all of it'`,
	"three quotes":      `"""x"""`,
	"backquotes":        "`uname -a`",
	"variables":         `a$HOME ${HOME} $(id) %PATH% $env:PATH`,
	"a variable":        `$HOME`,
	"templates":         `a${b}c$${d}e%{f}g%%{h}$$${i}`,
	"interpolation":     `a%(key)s and %(b)s`,
	"placeholders":      `{key}{secret}{url}{plain}{/plain}{tls}`,
	"markup":            `<a href="x">&amp;]]></a>`,
	"comments":          `a # b ; c // d /* e */`,
	"a comment":         `#a`,
	"semicolon":         `;a`,
	"brackets":          `[section]`,
	"backslashes":       `\\server\share\n\t\x41\u0041`,
	"ends in backslash": `abc\`,
	"commas":            `a,b,"c",d`,
	"equals":            `=1+1`,
	"at":                `@SUM(1)`,
	"spaces within":     `a  b`,
	"spaces outside":    ` a b `,
	"umlauts":           `süß ’quoted‘`,
	"one character":     `x`,
	"control":           "a\tb",
	"two lines":         "a\nb",
	"carriage return":   "a\r",
}

func access(secretKey string, plain bool) toolconfig.Access {
	at := keys.Region{ID: "eu-central-3", Endpoint: "s3.eu-central-3.ionoscloud.com"}
	if plain {
		at = keys.Region{ID: "de", Endpoint: "127.0.0.1:9001", Plain: true}
	}
	return toolconfig.Access{
		Pair: keys.KeyPair{Key: keys.Key{AccessKey: key}, Secret: secret.New(secretKey)},
		At:   at, Email: "amara@example.com",
	}
}

// read is a file read back: the values by name.
type read map[string]string

// readers are the formats as what reads them does. What no program here reads
// is read by the rules of its documentation.
var readers = map[string]func(*testing.T, string) read{
	"aws-cli/credentials":           readINI,
	"aws-cli/config":                readINI,
	"sh/object-storage.sh":          readShell,
	"powershell/object-storage.ps1": readPowerShell,
	"rclone/rclone.conf":            readRclone,
	"s3cmd/.s3cfg":                  readS3cmd,
	"cyberduck/object-storage.duck": readBookmark,
	"boto3/object_storage.py":       readPython,
	"go/object_storage.go":          readGo,
	"terraform/object-storage.tf":   readHCL,
	"fields/object-storage.txt":     readFields,
	"csv/key-pair.csv":              readCSV,
}

// names are what key and secret are called in each; empty where it is not in it.
var names = map[string][2]string{
	"aws-cli/credentials":           {"aws_access_key_id", "aws_secret_access_key"},
	"aws-cli/config":                {},
	"sh/object-storage.sh":          {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"},
	"powershell/object-storage.ps1": {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"},
	"rclone/rclone.conf":            {"access_key_id", "secret_access_key"},
	"s3cmd/.s3cfg":                  {"access_key", "secret_key"},
	"cyberduck/object-storage.duck": {"Username", ""},
	"boto3/object_storage.py":       {"aws_access_key_id", "aws_secret_access_key"},
	"go/object_storage.go":          {"NewStaticCredentialsProvider", "NewStaticCredentialsProvider 1"},
	"terraform/object-storage.tf":   {"s3_access_key", "s3_secret_key"},
	"fields/object-storage.txt":     {"Access key", "Secret key"},
	"csv/key-pair.csv":              {"Access key ID", "Secret access key"},
}

// refused are the secrets that a format cannot hold.
var refused = map[string]map[string]error{
	"aws-cli/credentials":           {"spaces outside": toolconfig.ErrEdges, "carriage return": toolconfig.ErrEdges, "control": toolconfig.ErrControl, "two lines": toolconfig.ErrControl},
	"powershell/object-storage.ps1": {"control": toolconfig.ErrControl, "two lines": toolconfig.ErrControl, "carriage return": toolconfig.ErrControl},
	"rclone/rclone.conf":            {"interpolation": toolconfig.ErrExpansion, "control": toolconfig.ErrControl, "two lines": toolconfig.ErrControl, "carriage return": toolconfig.ErrControl},
	"s3cmd/.s3cfg":                  {"a variable": toolconfig.ErrExpansion, "control": toolconfig.ErrControl, "two lines": toolconfig.ErrControl, "carriage return": toolconfig.ErrControl},
	"terraform/object-storage.tf":   {"control": toolconfig.ErrControl, "two lines": toolconfig.ErrControl, "carriage return": toolconfig.ErrControl},
	"fields/object-storage.txt":     {"control": toolconfig.ErrControl, "two lines": toolconfig.ErrControl, "carriage return": toolconfig.ErrControl},
	"csv/key-pair.csv":              {"control": toolconfig.ErrControl, "two lines": toolconfig.ErrControl, "carriage return": toolconfig.ErrControl},
}

// TestTextRoundTrip: of every file of every tool.
func TestTextRoundTrip(t *testing.T) {
	t.Parallel()
	for _, tool := range toolconfig.Tools() {
		for _, file := range tool.Files {
			name := tool.ID + "/" + file.Name
			reader, called := readers[name], names[name]
			if reader == nil {
				t.Errorf("%s is not tested", name)
				continue
			}
			for what, secret := range nasty {
				text, err := file.Text(access(secret, false))
				if want := refused[name][what]; !errors.Is(err, want) || (err == nil) != (want == nil) {
					t.Errorf("%s: %s: error %v, want %v", name, what, err, want)
				}
				if err != nil {
					continue
				}
				got := reader(t, text.Reveal())
				if called[0] != "" && got[called[0]] != key {
					t.Errorf("%s: %s: the key is %q", name, what, got[called[0]])
				}
				if called[1] != "" && got[called[1]] != secret {
					t.Errorf("%s: %s: the secret is %q", name, what, got[called[1]])
				}
			}
		}
	}
}

// TestTextEndpoint: where a tool is to go, over TLS and, in the sandbox, without.
func TestTextEndpoint(t *testing.T) {
	t.Parallel()
	const real, local = "https://s3.eu-central-3.ionoscloud.com", "http://127.0.0.1:9001"
	tests := map[string]struct{ real, plain read }{
		"aws-cli/config":                {read{"region": "eu-central-3", "endpoint_url": real, "addressing_style": "path", " section": "profile ionos-eu-central-3"}, read{"region": "de", "endpoint_url": local}},
		"aws-cli/credentials":           {read{" section": "ionos-eu-central-3"}, read{" section": "ionos-de"}},
		"sh/object-storage.sh":          {read{"AWS_REGION": "eu-central-3", "AWS_DEFAULT_REGION": "eu-central-3", "AWS_ENDPOINT_URL_S3": real}, read{"AWS_ENDPOINT_URL_S3": local}},
		"powershell/object-storage.ps1": {read{"AWS_REGION": "eu-central-3", "AWS_DEFAULT_REGION": "eu-central-3", "AWS_ENDPOINT_URL_S3": real}, read{"AWS_ENDPOINT_URL_S3": local}},
		"rclone/rclone.conf":            {read{"type": "s3", "provider": "IONOS", "region": "eu-central-3", "endpoint": real, " section": "ionos-eu-central-3"}, read{"endpoint": local, "region": "de"}},
		"s3cmd/.s3cfg":                  {read{"host_base": "s3.eu-central-3.ionoscloud.com", "host_bucket": "s3.eu-central-3.ionoscloud.com", "use_https": "True", "bucket_location": "eu-central-3"}, read{"host_base": "127.0.0.1:9001", "use_https": "False"}},
		"cyberduck/object-storage.duck": {read{"Protocol": "s3", "Provider": "", "Hostname": "s3.eu-central-3.ionoscloud.com", "Port": "443"}, read{"Provider": "s3-http", "Hostname": "127.0.0.1", "Port": "9001"}},
		"boto3/object_storage.py":       {read{"endpoint_url": real, "region_name": "eu-central-3"}, read{"endpoint_url": local, "region_name": "de"}},
		"go/object_storage.go":          {read{"String": real, "Region": "eu-central-3"}, read{"String": local, "Region": "de"}},
		"terraform/object-storage.tf":   {read{"s3_region": "eu-central-3"}, read{"s3_region": "de"}},
		"fields/object-storage.txt":     {read{"Service point": real, "Region": "eu-central-3"}, read{"Service point": local, "Region": "de"}},
		"csv/key-pair.csv":              {read{"User Name": "amara@example.com"}, read{}},
	}
	for _, tool := range toolconfig.Tools() {
		for _, file := range tool.Files {
			name := tool.ID + "/" + file.Name
			for plain, want := range map[bool]read{false: tests[name].real, true: tests[name].plain} {
				text, err := file.Text(access("secret", plain))
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				got := readers[name](t, text.Reveal())
				for field, value := range want {
					if got[field] != value {
						t.Errorf("%s: %s is %q, want %q", name, field, got[field], value)
					}
				}
			}
		}
	}
}

// TestUnverified: a file says of a pair that could not be checked that it was not, and
// is read as without that. The CSV, which has no room for it, has it in its name.
func TestUnverified(t *testing.T) {
	t.Parallel()
	const note = "could not be checked"
	doubted := access("the-secret", false)
	doubted.Unverified = true
	for _, tool := range toolconfig.Tools() {
		for _, file := range tool.Files {
			name := tool.ID + "/" + file.Name
			sure, err := file.Text(access("the-secret", false))
			text, doubtedErr := file.Text(doubted)
			if err != nil || doubtedErr != nil {
				t.Errorf("%s: %v, %v", name, err, doubtedErr)
				continue
			}
			got, want := readers[name](t, text.Reveal()), readers[name](t, sure.Reveal())
			delete(got, "Note")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s is read otherwise: %s", name, diff)
			}
			if strings.Contains(sure.Reveal(), note) || strings.Contains(file.DownloadName(access("x", false)), "not-checked") {
				t.Errorf("%s doubts a pair that was checked", name)
			}
			holds := strings.Contains(sure.Reveal(), key)
			if says := strings.Contains(text.Reveal(), note) || strings.Contains(file.DownloadName(doubted), "not-checked"); says != holds {
				t.Errorf("%s: holds the key: %v; says that it could not be checked: %v", name, holds, says)
			}
		}
	}
	if got := toolconfig.CSVName(doubted); got != "object-storage-key-q9wV-Kp_-not-checked.csv" {
		t.Errorf("the CSV is called %s", got)
	}
}

func TestDownloadName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, tool := range toolconfig.Tools() {
		if found, ok := toolconfig.Find(tool.ID); !ok || found.Name != tool.Name || seen[tool.ID] {
			t.Errorf("%s is not found by its id, or there are two", tool.ID)
		}
		seen[tool.ID] = true
		for _, file := range tool.Files {
			if found, ok := tool.File(file.Name); !ok || found.Place != file.Place {
				t.Errorf("%s of %s is not found", file.Name, tool.ID)
			}
			text, err := file.Text(access("the-secret", false))
			if err != nil || strings.Contains(text.Reveal(), "the-secret") == (file.Alone || file.Name == "config") {
				t.Errorf("%s of %s: Alone is %v, %v", file.Name, tool.ID, file.Alone, err)
			}
			if strings.Contains(text.String(), "secret") {
				t.Errorf("%s of %s is not kept from sight", file.Name, tool.ID)
			}
			if name := file.DownloadName(access("x", false)); filepath.Base(name) != name || !regexp.MustCompile(`^[\w.-]+$`).MatchString(name) {
				t.Errorf("%s of %s is saved as %q", file.Name, tool.ID, name)
			}
		}
		if tool.Command != nil {
			if got := tool.Command(access("the-secret", false)); strings.Contains(got, "the-secret") || strings.ContainsAny(got, "{}") {
				t.Errorf("%s: the command is %q", tool.ID, got)
			}
		}
	}
	if _, ok := toolconfig.Find("telnet"); ok {
		t.Error("there is an unheard-of tool")
	}
	if got := toolconfig.CSVName(access("x", false)); got != "object-storage-key-q9wV-Kp_.csv" {
		t.Errorf("the CSV is called %s", got)
	}
}

// TestCSVImport: the AWS CLI's import, which splits lines at commas and knows no
// quotes, reads every secret without commas, quotes and spaces at the ends.
func TestCSVImport(t *testing.T) {
	t.Parallel()
	for what, secret := range nasty {
		text, err := toolconfig.CSV(access(secret, false))
		if err != nil {
			continue
		}
		row := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")[1]
		columns := strings.Split(row, ",")
		read := len(columns) == 3 && strings.TrimSpace(columns[2]) == secret
		if want := !strings.ContainsAny(secret, ",\"") && strings.TrimSpace(secret) == secret; want != read {
			t.Errorf("%s: the import reads %v, want %v: %q", what, read, want, row)
		}
	}
}
