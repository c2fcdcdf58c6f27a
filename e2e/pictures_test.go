package e2e

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// maxPicture bounds a picture of the README, in bytes.
const maxPicture = 64 << 10

// pictures are what the README shows, each in light and dark.
var pictures = map[string]struct {
	as   string
	show func(p *page)
}{
	"key-management": {full, func(p *page) { p.open(keysPage) }},
	"copy-key": {full, func(p *page) {
		p.open(keysPage)
		p.click(p.offered(ci, "Copy key"))
		p.see(p.dialog("Copy key"))
	}},
	"users": {admin, func(p *page) {
		p.open("/users")
		check(p.t, expect.Locator(p.Locator("[data-counts] td:last-child > a").Last()).Not().ToHaveText("Show"))
	}},
}

// TestPictures takes the README's pictures from the running console: into the
// folder that the environment names, as make pictures does, else to see that it
// can.
func TestPictures(t *testing.T) {
	t.Parallel()
	folder := cmp.Or(os.Getenv("KEYDECK_PICTURES"), t.TempDir())
	for name, picture := range pictures {
		for scheme, dark := range map[string]bool{"light": false, "dark": true} {
			t.Run(name+"-"+scheme, func(t *testing.T) {
				t.Parallel()
				p := newPage(t, startConsole(t), pageOptions{as: picture.as, dark: dark, still: true})
				picture.show(p)
				taken, err := p.Screenshot(playwright.PageScreenshotOptions{})
				check(t, err)
				small := repack(t, taken)
				if len(small) > maxPicture {
					t.Errorf("it has %d bytes, at most %d", len(small), maxPicture)
				}
				check(t, os.WriteFile(filepath.Join(folder, name+"-"+scheme+".png"), small, 0o600))
			})
		}
	}
}

// repack makes a picture small: few colours, which is what our pages have, and
// all the time that compressing it takes.
func repack(t *testing.T, picture []byte) []byte {
	t.Helper()
	pixels, err := png.Decode(bytes.NewReader(picture))
	check(t, err)
	few := image.NewPaletted(pixels.Bounds(), mainColours(pixels, 256))
	draw.Draw(few, few.Bounds(), pixels, image.Point{}, draw.Src)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	check(t, encoder.Encode(&out, few))
	return out.Bytes()
}

// mainColours are the n colours that most of a picture has. The others are at
// the edges of letters, and close to one of these.
func mainColours(picture image.Image, n int) color.Palette {
	count := map[color.Color]int{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			count[picture.At(x, y)]++
		}
	}
	palette := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return cmp.Compare(count[b], count[a]) })
	return palette[:min(n, len(palette))]
}
