package static_test

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

func TestHtmxConfig(t *testing.T) {
	var config struct {
		AllowEval, AllowScriptTags, IncludeIndicatorStyles, HistoryRestoreAsHxRequest *bool
		RefreshOnHistoryMiss, ReportValidityOfForms                                   bool
		HistoryCacheSize                                                              *int
		ResponseHandling                                                              []struct{ Code string }
	}
	script, err := os.ReadFile("js/config.js")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?s)config, (\{.*\})\);`).FindSubmatch(script)
	if text == nil {
		t.Fatal("there is no configuration")
	}
	if err := json.Unmarshal(text[1], &config); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]*bool{
		"allowEval": config.AllowEval, "allowScriptTags": config.AllowScriptTags,
		"includeIndicatorStyles":    config.IncludeIndicatorStyles,
		"historyRestoreAsHxRequest": config.HistoryRestoreAsHxRequest,
	} {
		if value == nil || *value {
			t.Errorf("%s is not turned off", name)
		}
	}
	if config.HistoryCacheSize == nil || *config.HistoryCacheSize != 0 {
		t.Error("pages are kept in the browser's storage")
	}
	if !config.RefreshOnHistoryMiss || !config.ReportValidityOfForms || len(config.ResponseHandling) != 3 {
		t.Errorf("the configuration is %s", text[1])
	}
}
