package htmltest_test

import (
	"testing"

	"keydeck/internal/htmltest"
)

func TestNoInline(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ html, words string }{
		"all our own": {
			`<link rel=stylesheet href="/static/app.css"><script src="/static/app.js" defer></script><img src="a.svg" srcset="a.svg, b.svg 2x">
			<a href="/keys?next=https://elsewhere">a</a><a href="#main">b</a><a href="?page=2">c</a><form action="/x" hx-post="/x" hx-trigger="load delay:2s"></form>
			<input name="online" value="javascript:1" title="https://elsewhere">`, ""},
		"script":                {`<script>1</script>`, "static/js"},
		"script with both":      {`<script src="/a.js">1</script>`, "static/js"},
		"script for data":       {`<script type="application/json">{}</script>`, "static/js"},
		"style":                 {`<style>a{}</style>`, "static/css"},
		"style attribute":       {`<p style="color:red">`, "style inside"},
		"empty style attribute": {`<p style>`, "style inside"},
		"handler":               {`<p onclick="f()">`, "script inside"},
		"handler, shouted":      {`<p ONCLICK="f()">`, "script inside"},
		"htmx handler":          {`<p hx-on:click="f()">`, "script inside"},
		"htmx handler, dashes":  {`<p data-hx-on-click="f()">`, "script inside"},
		"evaluated values":      {`<p hx-vals="js:{a:1}">`, "script inside"},
		"evaluated condition":   {`<p hx-trigger="click[ctrlKey]">`, "script inside"},
		"in a template":         {`<template><p onclick="f()"></template>`, "script inside"},
		"page in a page":        {`<iframe srcdoc="a">`, "page inside"},
		"refresh":               {`<meta http-equiv=Refresh content="1">`, "the server redirects"},
		"base":                  {`<base target="_top">`, "every address"},
		"javascript":            {`<a href="javascript:f()">`, "leads out"},
		"javascript, disguised": {"<a href=' java\nscript:f()'>", "leads out"},
		"data":                  {`<img src="data:image/png;base64,AA">`, "leads out"},
		"elsewhere":             {`<a href="https://elsewhere/">`, "leads out"},
		"elsewhere, no scheme":  {`<a href="//elsewhere/">`, "leads out"},
		"elsewhere, backslash":  {`<a href="/\elsewhere/">`, "leads out"},
		"form elsewhere":        {`<form action="http://elsewhere/">`, "leads out"},
		"button elsewhere":      {`<button formaction="http://elsewhere/">`, "leads out"},
		"htmx elsewhere":        {`<a hx-get="http://elsewhere/">`, "leads out"},
		"htmx data elsewhere":   {`<a data-hx-get="http://elsewhere/">`, "leads out"},
		"picture elsewhere":     {`<img srcset="a.png, https://elsewhere/b.png 2x">`, "leads out"},
		"vector elsewhere":      {`<svg><use xlink:href="https://elsewhere/#a"/></svg>`, "leads out"},
		"no address":            {`<a href="http://[">`, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantFailure(t, failuresOf(t, func(tb htmltest.TB) { htmltest.NoInline(tb, htmltest.Parse(tb, tt.html)) }), tt.words)
		})
	}
}
