package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/playwright-community/playwright-go"

	"keydeck/e2e/webdriver"
)

// tools are the programs that the tests need and the project does not hold.
type tools struct {
	driver   string // the folder of Playwright's driver
	node     string // runs the driver
	chromium string
	firefox  string
	webkit   webdriver.WebKit
	axe      string // the text of the accessibility checks
}

// findTools looks where the environment says, and else where make e2e puts
// them.
func findTools() (tools, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return tools{}, err
	}
	var missing []string
	find := func(what, variable string, places ...string) string {
		if set := os.Getenv(variable); set != "" {
			places = []string{set}
		}
		for _, place := range places {
			if found, err := exec.LookPath(place); err == nil {
				return found
			}
			if _, err := os.Stat(place); err == nil && filepath.IsAbs(place) {
				return place
			}
		}
		missing = append(missing, what)
		return ""
	}
	// Engines besides Chromium may be missing where setup cannot install them.
	engine := func(what, variable string, places ...string) string {
		before := len(missing)
		found := find(what, variable, places...)
		if _, err := exec.LookPath("apt-get"); err != nil {
			missing = missing[:before]
		}
		return found
	}
	t := tools{
		driver:   find("Playwright's driver", "PLAYWRIGHT_DRIVER_PATH", filepath.Join(root, ".tools", "playwright")),
		node:     find("Node", "PLAYWRIGHT_NODEJS_PATH", "node"),
		chromium: find("Chromium", "KEYDECK_TEST_CHROMIUM", "chromium", "chromium-browser", "google-chrome"),
		firefox:  engine("Firefox", "KEYDECK_TEST_FIREFOX", "firefox-esr", "firefox"),
	}
	// Debian has MiniBrowser in a folder of the machine's architecture.
	browsers, err := filepath.Glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser")
	if err != nil {
		return tools{}, err
	}
	t.webkit = webdriver.WebKit{
		Driver:  engine("WebKitWebDriver", "KEYDECK_TEST_WEBKIT_DRIVER", "WebKitWebDriver"),
		Browser: engine("MiniBrowser", "KEYDECK_TEST_MINIBROWSER", browsers...),
		Xvfb:    engine("Xvfb", "KEYDECK_TEST_XVFB", "Xvfb"),
	}
	if file := find("axe", "KEYDECK_TEST_AXE", filepath.Join(root, ".tools", "axe", "package", "axe.min.js")); file != "" {
		source, err := os.ReadFile(file)
		if err != nil {
			return tools{}, fmt.Errorf("reading axe: %w", err)
		}
		t.axe = string(source)
	}
	if len(missing) > 0 {
		return tools{}, errors.New("no " + strings.Join(missing, ", no "))
	}
	return t, nil
}

// The driver takes what it needs to know from the environment.
func (t tools) run() (*playwright.Playwright, error) {
	if err := os.Setenv("PLAYWRIGHT_NODEJS_PATH", t.node); err != nil {
		return nil, err
	}
	return playwright.Run(&playwright.RunOptions{DriverDirectory: t.driver, SkipInstallBrowsers: true})
}

func (t tools) launchChromium(driver *playwright.Playwright) (playwright.Browser, error) {
	return driver.Chromium.Launch(playwright.BrowserTypeLaunchOptions{
		ExecutablePath: &t.chromium,
		Headless:       playwright.Bool(true),
		Args: []string{
			"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync",
		},
	})
}

// launchFirefox starts a Firefox that stores files in a folder. The driver
// speaks WebDriver BiDi to it, because of the channel, so that any Firefox will
// do, and not only the driver's own.
func (t tools) launchFirefox(driver *playwright.Playwright, downloads string) (playwright.Browser, error) {
	return driver.Firefox.Launch(playwright.BrowserTypeLaunchOptions{
		Channel:        playwright.String("moz-firefox"),
		ExecutablePath: &t.firefox,
		Headless:       playwright.Bool(true),
		Timeout:        playwright.Float(launchPatience),
		FirefoxUserPrefs: map[string]any{
			"browser.download.folderList": 2, // the folder that the next one names
			"browser.download.dir":        downloads,
		},
	})
}
