package main

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// invalid holds at least one value for every variable that can be wrong.
var invalid = []struct {
	variable, value string
	says            string // a part of the message
}{
	{"KEYDECK_ADDR", "8080", "is not an address"},
	{"KEYDECK_ADDR", "127.0.0.1", "is not an address"},
	{"KEYDECK_ADDR", "http://127.0.0.1:8080", "is not an address"},
	{"KEYDECK_ADDR", "127.0.0.1:65536", "no port from 0 to 65535"},
	{"KEYDECK_ADDR", "127.0.0.1:http", "no port from 0 to 65535"},
	{"KEYDECK_ADDR", "127.0.0.1:-1", "no port from 0 to 65535"},
	{"KEYDECK_ADDR", "a b:80", "no usable host"},
	{"KEYDECK_ADDR", "a\nb:80", "no usable host"},
	{"KEYDECK_ADMIN_ADDR", "localhost", "is not an address"},
	{"KEYDECK_ADMIN_ADDR", "127.0.0.1:8080", "is the address of KEYDECK_ADDR too"},
	{"KEYDECK_PUBLIC_URL", "keys.example.com", "does not begin with https://"},
	{"KEYDECK_PUBLIC_URL", "https://keys.example.com/?a=b", "has a query"},
	{"KEYDECK_PUBLIC_URL", "https://keys.example.com/#top", "has a fragment"},
	{"KEYDECK_PUBLIC_URL", "https://keys.example.com/a//b", "cannot stand in front"},
	{"KEYDECK_PUBLIC_URL", "https://keys.example.com/a/../b", "cannot stand in front"},
	{"KEYDECK_PUBLIC_URL", "https://keys.example.com/a;b", "cannot stand in front"},
	{"KEYDECK_PUBLIC_URL", "https://keys.example.com/a%20b", "cannot stand in front"},
	{"KEYDECK_TRUSTED_PROXIES", "proxy.example.com", "neither an address nor a network"},
	{"KEYDECK_TRUSTED_PROXIES", "10.0.0.0/8,0.0.0.0/0", "would trust everybody"},
	{"KEYDECK_TLS_CERT", "tls.crt", "without its key"},
	{"KEYDECK_TLS_KEY", "tls.key", "without its certificate"},
	{"KEYDECK_AUDIT_LOG", "/var/log/keydeck/", "is no file"},
	{"KEYDECK_CLOUD_API_URL", "ftp://api.ionos.com", "does not begin with https://"},
	{"KEYDECK_CLOUD_API_URL", "https://", "names no host"},
	{"KEYDECK_CLOUD_API_URL", "https://api.ionos.com:0", "no port from 1 to 65535"},
	{"KEYDECK_CLOUD_API_URL", "https://api.ionos.com:99999", "no port from 1 to 65535"},
	{"KEYDECK_CLOUD_API_URL", "https://api.ionos.com:port", "is not a URL"},
	{"KEYDECK_CLOUD_API_URL", "http://api.ionos.com/cloudapi/v6", "would send tokens unencrypted"},
	{"KEYDECK_CLOUD_API_URL", "https://api.ionos.com/{version}", "has braces"},
	{"KEYDECK_AUTH_API_URL", "http://10.0.0.1/auth/v1", "would send tokens unencrypted"},
	{"KEYDECK_MANAGEMENT_API_URL", "http://localhost.example.com", "would send tokens unencrypted"},
	{"KEYDECK_MANAGEMENT_API_URL", "https://s3.ionos.com?", "has a query"},
	{"KEYDECK_SESSION_STORE", "sessions.db", "does not begin with bolt:"},
	{"KEYDECK_SESSION_STORE", "redis:6379", "names no host"},
	{"KEYDECK_SESSION_STORE", "bolt:", "names no file"},
	{"KEYDECK_PATIENCE", "100", "is not a duration"},
	{"KEYDECK_PATIENCE", "-1s", "is below zero"},
	{"KEYDECK_SESSION_IDLE", "30", "is not a duration"},
	{"KEYDECK_SESSION_IDLE", "0s", "is not above zero"},
	{"KEYDECK_SESSION_IDLE", "-1m", "is not above zero"},
	{"KEYDECK_SESSION_MAX", "12 h", "is not a duration"},
	{"KEYDECK_SESSION_MAX", "59s", "outside what the Auth API gives"},
	{"KEYDECK_SESSION_MAX", "8761h", "outside what the Auth API gives"},
	{"KEYDECK_SESSION_MAX", "29m", "is below KEYDECK_SESSION_IDLE, which is 30m"},
	{"KEYDECK_KEY_MAX_AGE", "90", "is not an age"},
	{"KEYDECK_KEY_MAX_AGE", "-1d", "write days, such as 90d"},
	{"KEYDECK_KEY_MAX_AGE", "3651d", "or 0 for none"},
	{"KEYDECK_KEY_MAX_AGE", "2160h", "write days"},
	{"KEYDECK_LOG_FORMAT", "logfmt", "write text or json"},
	{"KEYDECK_LOG_LEVEL", "trace", "write debug, info, warn or error"},
	{"KEYDECK_SANDBOX", "yes", "is neither true nor false"},
	{"KEYDECK_SANDBOX_ADDR", "9000", "is not an address"},
	{"KEYDECK_SANDBOX_USERS", "many", "is not a number"},
	{"KEYDECK_SANDBOX_USERS", "-1", "outside what the sandbox can have"},
	{"KEYDECK_SANDBOX_USERS", "100001", "outside what the sandbox can have"},
	{"KEYDECK_SANDBOX_PROVISIONING", "3", "is not a duration"},
	{"KEYDECK_SANDBOX_PROVISIONING", "-3s", "is below zero"},
	{"KEYDECK_SANDBOX_SPECIAL_SECRETS", "very", "is neither true nor false"},
	{"KEYDECK_SANDBOX_REAL_ENDPOINTS", "vendor", "is neither true nor false"},
	{"KEYDECK_SANDBOX_SUSPENDED_KEYS", "some", "is neither true nor false"},
	{"KEYDECK_SANDBOX_SEED", "seeds/", "is a folder"},
	{"KEYDECK_SANDBOX_EXPOSE", "very", "is neither true nor false"},
	{"KEYDECK_ALLOW_PRIVATE_ENDPOINTS", "very", "is neither true nor false"},
	{"KEYDECK_SANDBOX_PROPAGATION", "-1s", "is below zero"},
	{"KEYDECK_SANDBOX_S3_ADDR", "s3", "is not an address"},
	{"KEYDECK_SANDBOX_S3_ADDR", "127.0.0.1:9000", "is the address of KEYDECK_SANDBOX_ADDR too"},
}

func TestValidate(t *testing.T) {
	for _, test := range invalid {
		t.Run(test.variable+"="+test.value, func(t *testing.T) {
			_, err := readConfig([]string{test.variable + "=" + test.value})
			invalid, ok := errors.AsType[*invalidError](err)
			if !ok {
				t.Fatalf("got %v, want an invalid value", err)
			}
			if invalid.variable != test.variable || invalid.wrong == "" || invalid.right == "" {
				t.Errorf("incomplete: %+v", invalid)
			}
			message := err.Error()
			if !strings.HasPrefix(message, test.variable+": ") || !strings.Contains(message, test.says) || strings.Contains(message, "\n") {
				t.Errorf("message %q, want one line that begins with the variable and says %q", message, test.says)
			}
		})
	}
}

func TestValidateEveryVariable(t *testing.T) {
	tested := map[string]bool{}
	for _, test := range invalid {
		tested[test.variable] = true
	}
	for field := range reflect.TypeFor[config]().Fields() { // TestReportExitCodes has the others
		if name := field.Tag.Get("env"); !tested[name] {
			t.Errorf("no invalid value of %s is tested", name)
		}
	}
}

func TestValidateFirstError(t *testing.T) {
	_, err := readConfig([]string{"KEYDECK_SESSION_IDLE=x", "KEYDECK_SANDBOX=x"})
	if err == nil || !strings.HasPrefix(err.Error(), "KEYDECK_SESSION_IDLE: ") {
		t.Errorf("got %v", err)
	}
}

func TestCheckStore(t *testing.T) {
	for _, value := range []string{
		"bolt:sessions.db", "redis://h:6379/0", "rediss://h", "redis+sentinel://h?master_name=main", "rediss+cluster://h", "unix:///run/redis.sock",
	} {
		if err := checkStore("KEYDECK_SESSION_STORE", value); err != nil {
			t.Errorf("%s: %v", value, err)
		}
	}
	for _, value := range []string{"redis+unix://h", "redissentinel://h", "rediss+tls://h", "unixs:///run/redis.sock", "sentinel://h"} {
		if checkStore("KEYDECK_SESSION_STORE", value) == nil {
			t.Errorf("%s was accepted", value)
		}
	}
}

func TestValidateHidesPassword(t *testing.T) {
	for _, environ := range []string{
		"KEYDECK_PUBLIC_URL=https://me:hunter2@keys.example.com",
		"KEYDECK_AUTH_API_URL=https://me:hunter2@api.ionos.com",
		"KEYDECK_SESSION_STORE=redis:me:hunter2@redis",
	} {
		_, err := readConfig([]string{environ})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", environ, err)
		}
	}
}
