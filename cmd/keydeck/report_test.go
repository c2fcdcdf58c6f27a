package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

// someAPIs are the APIs of a sandbox, with the variables that name them.
func someAPIs(t *testing.T) (*sandbox.Sandbox, []string) {
	t.Helper()
	apis, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(apis)
	t.Cleanup(server.Close)
	return apis, []string{
		"KEYDECK_CLOUD_API_URL=" + server.URL + "/cloudapi/v6", "KEYDECK_AUTH_API_URL=" + server.URL + "/auth/v1", "KEYDECK_MANAGEMENT_API_URL=" + server.URL,
	}
}

// report runs keydeck report.
func report(t *testing.T, environ []string, args ...string) printed {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	code := run(ctx, append([]string{"report"}, args...), environ, &stdout, &stderr)
	return printed{code, stdout.String(), stderr.String()}
}

func TestReport(t *testing.T) {
	apis, environ := someAPIs(t)
	token := apis.Token("owner@keydeck.example", time.Hour)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"KEYDECK_TOKEN=" + token, "KEYDECK_TOKEN_FILE=" + file} {
		environ := append(environ, secret)
		for name, tt := range map[string]struct {
			args []string
			want int
			rows func(int) bool
		}{
			"all":                 {nil, 0, func(n int) bool { return n > 10 }},
			"user-owned":          {[]string{"--valid", "user-owned"}, 0, func(n int) bool { return n == 2 }},
			"inactive":            {[]string{"--state=inactive"}, 0, func(n int) bool { return n > 0 && n < 10 }},
			"old, found":          {[]string{"--older-than", "90d", "--fail"}, 3, func(n int) bool { return n > 0 }},
			"old, none":           {[]string{"--older-than", "3650d", "--fail"}, 0, func(n int) bool { return n == 0 }},
			"of deactivated ones": {[]string{"--owner", "deactivated", "--format", "csv"}, 0, func(n int) bool { return n < 5 }},
		} {
			t.Run(name, func(t *testing.T) {
				got := report(t, environ, tt.args...)
				records, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
				if got.code != tt.want || err != nil || !tt.rows(len(records)-1) || got.stderr != "" {
					t.Errorf("exit code %d, %d records, %v, stderr %q", got.code, len(records), err, got.stderr)
				}
			})
		}
		if got := report(t, environ, "--format", "json"); got.code != 0 || !json.Valid([]byte(got.stdout)) || !strings.Contains(got.stdout, `"complete":true`) {
			t.Errorf("as JSON: %d %s", got.code, got.stdout)
		}
		if got := report(t, environ, "--format", "table"); got.code != 0 || !strings.HasPrefix(got.stdout, "OWNER ") || strings.Contains(got.stdout, token) {
			t.Errorf("as a table: %d %s", got.code, got.stdout)
		}
	}
}

func TestReportExitCodes(t *testing.T) {
	apis, environ := someAPIs(t)
	owner, member := apis.Token("owner@keydeck.example", time.Hour), apis.Token("member@keydeck.example", time.Hour)
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		args, environ []string
		want          int
		stdout        string
		stderr        string
	}{
		"help":              {[]string{"--help"}, nil, 0, "Exit codes: 0 all was read", ""},
		"no token":          {nil, nil, 2, "", "KEYDECK_TOKEN or KEYDECK_TOKEN_FILE"},
		"two tokens":        {nil, []string{"KEYDECK_TOKEN=" + owner, "KEYDECK_TOKEN_FILE=x"}, 2, "", "only one of them"},
		"no file":           {nil, []string{"KEYDECK_TOKEN_FILE=" + empty + "/x"}, 2, "", "KEYDECK_TOKEN_FILE"},
		"empty file":        {nil, []string{"KEYDECK_TOKEN_FILE=" + empty}, 2, "", "is empty"},
		"not a token":       {nil, []string{"KEYDECK_TOKEN=secret-word"}, 2, "", "KEYDECK_TOKEN: "},
		"unknown flag":      {[]string{"--token=x"}, nil, 2, "", "keydeck report --help"},
		"unknown format":    {[]string{"--format=xml"}, nil, 2, "", "table, csv, json"},
		"unknown state":     {[]string{"--state=on"}, nil, 2, "", "active, inactive"},
		"empty state":       {[]string{"--state="}, nil, 2, "", "is empty"},
		"days without unit": {[]string{"--older-than=90"}, nil, 2, "", "is not an age"},
		"no days":           {[]string{"--older-than=0"}, nil, 2, "", "at least 1d"},
		"too many days":     {[]string{"--older-than=3651d"}, nil, 2, "", "is not an age"},
		"argument":          {[]string{"now"}, nil, 2, "", "one argument too many"},
		"invalid variable":  {nil, []string{"KEYDECK_LOG_LEVEL=loud"}, 2, "", "KEYDECK_LOG_LEVEL"},
		"not an owner":      {nil, []string{"KEYDECK_TOKEN=" + member}, 1, "", "not allowed"},
		"expired":           {nil, []string{"KEYDECK_TOKEN=" + apis.Token("owner@keydeck.example", -time.Hour)}, 1, "", "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			got := report(t, append(environ, tt.environ...), tt.args...)
			if got.code != tt.want || !wrote(got.stdout, tt.stdout) || !wrote(got.stderr, tt.stderr) || strings.Count(got.stderr, "\n") > 1 {
				t.Errorf("exit code %d, stdout %q, stderr %q", got.code, got.stdout, got.stderr)
			}
			if strings.Contains(got.stderr, "secret-word") {
				t.Errorf("the token is printed: %s", got.stderr)
			}
		})
	}
}

// TestReportIncomplete: a user whose keys could not be read is a row, and the exit
// code says so, whatever was found.
func TestReportIncomplete(t *testing.T) {
	apis, environ := someAPIs(t)
	recorder := httptest.NewRecorder()
	token := apis.Token("owner@keydeck.example", time.Hour)
	list := httptest.NewRequest(http.MethodGet, "/cloudapi/v6/um/users?depth=1", nil)
	list.Header.Set("Authorization", "Bearer "+token)
	apis.ServeHTTP(recorder, list)
	var users struct {
		Items []struct {
			ID         string
			Properties struct{ Email string }
		}
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), &users); err != nil {
		t.Fatal(err)
	}
	for _, u := range users.Items {
		if u.Properties.Email == "full@keydeck.example" {
			fault := fmt.Sprintf(`{"path":"/cloudapi/v6/um/users/%s/s3keys","status":403,"times":100}`, u.ID)
			apis.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/_sandbox/faults", strings.NewReader(fault)))
		}
	}
	got := report(t, append(environ, "KEYDECK_TOKEN="+token), "--fail")
	if got.code != 4 || !strings.Contains(got.stdout, "full@keydeck.example,") || !strings.Contains(got.stdout, ",,,,unknown,\r\n") || !strings.Contains(got.stderr, "could not be read: 1") {
		t.Errorf("exit code %d, stdout %s, stderr %s", got.code, got.stdout, got.stderr)
	}
}
