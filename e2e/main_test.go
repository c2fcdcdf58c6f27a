package e2e

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/playwright-community/playwright-go"

	"keydeck/e2e/webdriver"
)

// What all tests share: starting it takes longer than most tests.
var (
	browser playwright.Browser
	firefox firefoxBrowser
	webkit  webdriver.WebKit
	axe     string
)

// firefoxBrowser is started by the first test that needs it. launch is nil where
// there is none.
type firefoxBrowser struct {
	launch    func() (playwright.Browser, error)
	downloads string // the folder of the files that it stores
}

// expect waits this long for what it is told to see, in milliseconds.
const patience = 7000

// launchPatience is how long a browser may take to start, in milliseconds.
const launchPatience = 60_000

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
	if browser, err = found.launchChromium(driver); err != nil {
		fmt.Fprintf(os.Stderr, "Chromium does not start: %v\n", err)
		return 1
	}
	defer func() { _ = browser.Close() }()
	if firefox.downloads, err = os.MkdirTemp("", "keydeck-e2e-"); err != nil {
		fmt.Fprintf(os.Stderr, "no folder for Firefox's files: %v\n", err)
		return 1
	}
	defer func() { _ = os.RemoveAll(firefox.downloads) }()
	if found.firefox != "" {
		firefox.launch = sync.OnceValues(func() (playwright.Browser, error) {
			return found.launchFirefox(driver, firefox.downloads) // it ends with the driver
		})
	}
	axe, webkit = found.axe, found.webkit
	return m.Run()
}
