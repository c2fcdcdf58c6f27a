// Command pack compresses the assets as tightly as can be, which takes too long
// to be done at every start. It writes static/packed, where a file is named by
// the hash of what it holds: one that is out of date is not served. Run by
// make generate.
package main

import (
	"bytes"
	"log"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"

	"keydeck/static"
)

func main() {
	if err := pack("static/packed"); err != nil {
		log.Fatal(err)
	}
}

func pack(folder string) error {
	old, err := filepath.Glob(filepath.Join(folder, "*.br"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	assets, err := static.New()
	if err != nil {
		return err
	}
	for name, content := range assets.All() {
		var packed bytes.Buffer
		w := brotli.NewWriterLevel(&packed, brotli.BestCompression)
		if _, err := w.Write(content); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name+".br"), packed.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return nil
}
