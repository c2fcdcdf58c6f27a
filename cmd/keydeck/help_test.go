package main

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

func TestHelpListsEveryVariable(t *testing.T) {
	var help bytes.Buffer
	if err := writeHelp(&help); err != nil {
		t.Fatal(err)
	}
	for field := range reflect.TypeFor[config]().Fields() {
		for _, tag := range []string{"env", "envDefault", "help"} {
			text := field.Tag.Get(tag)
			if text == "" && (tag != "envDefault" || field.Name != "PublicURL") {
				t.Errorf("%s has no %s tag", field.Name, tag)
			}
			if !strings.Contains(help.String(), text) {
				t.Errorf("the help lacks %q of %s", text, field.Name)
			}
		}
	}
}
