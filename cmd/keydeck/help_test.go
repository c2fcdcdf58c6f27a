package main

import (
	"bytes"
	"strings"
	"testing"
)

// emptyByDefault is what is for those alone who have something in front.
var emptyByDefault = map[string]bool{"PublicURL": true, "TrustedProxies": true, "TLSCert": true, "TLSKey": true, "SandboxSeed": true,
	"Token": true, "TokenFile": true}

func TestWriteHelp(t *testing.T) {
	var help bytes.Buffer
	if err := writeHelp(&help); err != nil {
		t.Fatal(err)
	}
	for field := range variables() {
		for _, tag := range []string{"env", "envDefault", "help"} {
			text := field.Tag.Get(tag)
			if text == "" && (tag != "envDefault" || !emptyByDefault[field.Name]) {
				t.Errorf("%s has no %s tag", field.Name, tag)
			}
			if !strings.Contains(help.String(), text) {
				t.Errorf("the help lacks %q of %s", text, field.Name)
			}
		}
	}
}
