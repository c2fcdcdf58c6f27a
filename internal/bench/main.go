// Command bench measures the console from outside: the real binary and the
// sandbox, each a process of its own, on loopback. It prints one table in
// Markdown, with the goals beside what was measured. Run by make bench.
//
// Every figure is of this machine and this run; what is to be compared is
// measured in the same run.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"time"
)

// bench is one run.
type bench struct {
	binary string // the console's
	folder string // for stores, removed afterwards
	out    io.Writer
	cell   time.Duration // how long one figure is measured for
	rows   []row
}

// row is one line of the table.
type row struct{ what, measured, goal string }

func main() {
	// The bare handler that pages are compared with runs as a process of its
	// own, and this is its program.
	if len(os.Args) == 3 && os.Args[1] == "bare" {
		log.Fatal(serveBare(os.Args[2]))
	}
	cell := flag.Duration("cell", 3*time.Second, "how long one figure is measured for")
	only := flag.String("only", "", "a part alone: latency, connections, throughput, footprint or scale")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *cell, *only)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, cell time.Duration, only string) error {
	folder, err := os.MkdirTemp("", "keydeck-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	b := &bench{folder: folder, out: os.Stdout, cell: cell}
	if b.binary, err = build(ctx, folder); err != nil {
		return err
	}
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{
		{"latency", b.latency}, {"connections", b.connections}, {"throughput", b.throughput},
		{"footprint", b.footprint}, {"scale", b.scale},
	} {
		if only != "" && only != part.name {
			continue
		}
		log.Println("measuring", part.name)
		if err := part.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return b.print()
}

// add notes a figure.
func (b *bench) add(what, measured, goal string) {
	b.rows = append(b.rows, row{what, measured, goal})
	log.Println(what, measured)
}

// print writes the table.
func (b *bench) print() error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s, %d cores, %s/%s\n\n| what | measured | goal |\n|---|---|---|\n", runtime.Version(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	for _, r := range b.rows {
		fmt.Fprintf(&text, "| %s | %s | %s |\n", r.what, r.measured, r.goal)
	}
	_, err := io.WriteString(b.out, text.String())
	return err
}
