package htmltest_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/htmltest"
)

const page = `<!DOCTYPE html><title>T</title>
<ul id="list"><li class="a">one  <b>and</b>
 a half</li><li>two</li></ul>
<input id="in" value=" kept  as it is " disabled>
<textarea id="area">
one
 two</textarea>
<select id="chosen"><option value="1">a<option value="2" selected>b</select>
<select id="first"><option>  a  b <option>c</select>
<select id="none"></select>`

func TestParse(t *testing.T) {
	t.Parallel()
	d := htmltest.Parse(t, page)
	got := map[string]any{
		"text":      d.Text("li.a"),
		"count":     d.Count("li"),
		"has":       d.Has("#list > li"),
		"has not":   d.Has("table"),
		"attr":      d.Attr("li.a", "class"),
		"empty":     d.Attr("#in", "disabled"),
		"has attr":  d.One("#in").HasAttr("value"),
		"input":     d.Value("#in"),
		"area":      d.Value("#area"),
		"chosen":    d.Value("#chosen"),
		"first":     d.Value("#first"),
		"no option": d.Value("#none"),
		"within":    d.One("#list").One("b").Text(),
		"outside":   d.One("#list").Has("input"),
		"all":       d.All("li")[1].String() + d.All("li")[1].Text(),
	}
	want := map[string]any{
		"text": "one and a half", "count": 2, "has": true, "has not": false, "attr": "a", "empty": "", "has attr": true,
		"input": " kept  as it is ", "area": "one\n two", "chosen": "2", "first": "a b", "no option": "", "within": "and",
		"outside": false, "all": "<li>two",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		check func(*htmltest.Doc)
		words string
	}{
		"none":         {func(d *htmltest.Doc) { d.One("table") }, "0 elements, not one, match table"},
		"several":      {func(d *htmltest.Doc) { d.Text("li") }, `2 elements, not one, match li: <li class="a"> <li>`},
		"none within":  {func(d *htmltest.Doc) { d.One("#list").One("input") }, "0 elements"},
		"no attribute": {func(d *htmltest.Doc) { d.Attr("#in", "href") }, `no attribute href`},
		"no selector":  {func(d *htmltest.Doc) { d.Has("li[") }, `the selector "li[" cannot be read`},
		"no field":     {func(d *htmltest.Doc) { d.Value("#list") }, "is no field"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantFailure(t, failuresOf(t, func(tb htmltest.TB) { tt.check(htmltest.Parse(tb, page)) }), tt.words)
		})
	}
}

func TestParseFrom(t *testing.T) {
	t.Parallel()
	if got := htmltest.ParseFrom(t, strings.NewReader(page)).Count("li"); got != 2 {
		t.Errorf("%d elements", got)
	}
	broken := iotest.ErrReader(errors.New("line cut"))
	wantFailure(t, failuresOf(t, func(tb htmltest.TB) { htmltest.ParseFrom(tb, broken) }), "line cut")
}
