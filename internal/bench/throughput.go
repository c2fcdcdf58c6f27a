package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// serveBare is a handler that does nothing but answer with so many bytes, at
// an address: "127.0.0.1:1234/5678".
func serveBare(where string) error {
	address, length, _ := bytes.Cut([]byte(where), []byte("/"))
	n, err := strconv.Atoi(string(length))
	if err != nil {
		return err
	}
	body := bytes.Repeat([]byte("x"), n)
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.GET("/*", func(c echo.Context) error { return c.HTMLBlob(http.StatusOK, body) })
	return e.Start(string(address))
}

// throughput compares pages with bare answers of the same length, each by the
// time that its process computes: what asks and what stands behind computes on
// the same cores.
func (b *bench) throughput(ctx context.Context) error {
	s, err := b.set(ctx, 0)
	if err != nil {
		return err
	}
	defer s.stop(ctx)
	visitors, err := crowd(ctx, s.console.address, fullAccount, 8)
	if err != nil {
		return err
	}
	const path = "/object-storage/keys"
	_, length, err := visitors[0].get(ctx, path)
	if err != nil {
		return err
	}
	rendered, wall, err := b.perCore(ctx, s.console, visitors, path)
	if err != nil {
		return err
	}
	bare, err := b.bare(ctx, length)
	if err != nil {
		return err
	}
	b.add("Key management, pages per second and core", fmt.Sprintf("%.0f (%.0f per second in all, beside the load and the sandbox)", rendered, wall), "")
	b.add("bare Echo handler, the same length, answers per second and core", fmt.Sprintf("%.0f", bare), "")
	b.add("share", fmt.Sprintf("%.0f %%", 100*rendered/bare), "25 %")
	return nil
}

func (b *bench) bare(ctx context.Context, length int64) (float64, error) {
	address, err := freeAddress()
	if err != nil {
		return 0, err
	}
	self, err := selfPath()
	if err != nil {
		return 0, err
	}
	p, _, err := start(ctx, address, "/", nil, self, "bare", address+"/"+strconv.FormatInt(length, 10))
	if err != nil {
		return 0, err
	}
	defer p.stop()
	var visitors []*visitor
	for range 8 {
		v, err := newVisitor(address)
		if err != nil {
			return 0, err
		}
		visitors = append(visitors, v)
	}
	perCore, _, err := b.perCore(ctx, p, visitors, "/")
	return perCore, err
}

// perCore is how many answers a process gives in a second of computing, and in
// one of the clock.
func (b *bench) perCore(ctx context.Context, p *process, visitors []*visitor, path string) (perCore, perSecond float64, err error) {
	before, err := p.cpu()
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	times, err := together(ctx, visitors, 2*b.cell, func(ctx context.Context, v *visitor) (time.Duration, error) {
		took, _, err := v.get(ctx, path)
		return took, err
	})
	if err != nil {
		return 0, 0, err
	}
	wall := time.Since(began)
	after, err := p.cpu()
	return float64(len(times)) / (after - before).Seconds(), float64(len(times)) / wall.Seconds(), err
}
