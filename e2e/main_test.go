package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// What all tests share: starting it takes longer than most tests.
var (
	browser playwright.Browser
	axe     string
)

// expect waits this long for what it is told to see, in milliseconds.
const patience = 7000

var expect = playwright.NewPlaywrightAssertions(patience)

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run is a function of its own so that what it defers is done.
func run(m *testing.M) int {
	found, err := findTools()
	if err != nil {
		fmt.Fprintf(os.Stderr, "the browser tests find %v: run make e2e, which installs what they need\n", err)
		return 1
	}
	driver, err := found.run()
	if err != nil {
		fmt.Fprintf(os.Stderr, "Playwright's driver does not start: %v: run make e2e, which installs the one needed\n", err)
		return 1
	}
	defer func() { _ = driver.Stop() }()
	if browser, err = found.launch(driver); err != nil {
		fmt.Fprintf(os.Stderr, "Chromium does not start: %v\n", err)
		return 1
	}
	defer func() { _ = browser.Close() }()
	axe = found.axe
	return m.Run()
}
