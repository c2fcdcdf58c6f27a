package htmltest_test

import (
	"strings"
	"testing"

	"keydeck/internal/htmltest"
)

const sound = `<!DOCTYPE html><html lang="en"><head><title>T</title></head><body>
<a href="#main">Skip</a><a href="#">Top</a>
<main id="main"><h1>H</h1>
<form aria-describedby="hint note"><p id="hint">a</p><p id="note">b</p>
<label for="one">One</label><input id="one"><label>Two <input type="checkbox"></label>
<input aria-label="Three"><span id="four">Four</span><select aria-labelledby="four"></select>
<input type="hidden" name="x"><input type="submit" value="Go">
<button type="submit">Go</button><button type="button" aria-label="Close"><svg></svg></button></form>
<form></form><a href="/"><img src="a.png" alt="Home"></a><img src="b.png" alt="">
<textarea aria-label="Raw"><form></textarea>
</main><template><p>later</p></template></body></html>`

func TestSound(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ old, new, words string }{
		"sound":                      {"", "", ""},
		"no heading":                 {"<h1>H</h1>", "", "0 elements h1"},
		"two headings":               {"<h1>H</h1>", "<h1>H</h1><h1>I</h1>", "2 elements h1"},
		"empty heading":              {"<h1>H</h1>", "<h1> </h1>", "<h1> is empty"},
		"no main":                    {`main`, `div`, "0 elements main"},
		"no title":                   {"<title>T</title>", "", "0 elements title"},
		"empty title":                {"<title>T</title>", "<title> </title>", "<title> is empty"},
		"no language":                {` lang="en"`, "", "language"},
		"no label":                   {`<label for="one">One</label>`, "", "has no label"},
		"empty label":                {">One<", "><", "has no label"},
		"label without text":         {">Two <", "><", "has no label"},
		"label elsewhere":            {`for="one"`, `for="hint"`, "has no label"},
		"no label on a list":         {` aria-labelledby="four"`, "", "has no label"},
		"id twice":                   {`id="note"`, `id="note" class="b"><p id="note"`, "another element with this id"},
		"empty id":                   {`<span id="four">Four`, `<b id="">x</b><span id="four">Four`, "no id is empty"},
		"id with blanks":             {`<span id="four">Four`, `<b id="a b">x</b><span id="four">Four`, "no id is empty"},
		"described by an unknown id": {`"hint note"`, `"hint gone"`, `names "gone"`},
		"described by an empty list": {`"hint note"`, `""`, "names nothing"},
		"labelled by none":           {`"four"></select>`, `"gone"></select>`, `names "gone"`},
		"label for none":             {`<form></form>`, `<label for="gone">G</label>`, `names "gone"`},
		"form of none":               {`name="x"`, `form="gone"`, `names "gone"`},
		"leads to none":              {`"#main"`, `"#gone"`, "leads to an element"},
		"nested form":                {`<form></form>`, `<form><form></form></form>`, "<form> is inside a <form>"},
		"nested link":                {`<form></form>`, `<a href="/">a<a href="/">b</a></a>`, "is inside a <a>"},
		"nested button":              {`<form></form>`, `<button type="button">a<a href="/">b</a></button>`, "is inside a <button>"},
		"field in a link":            {`<form></form>`, `<a href="/">a<input type="hidden"></a>`, "is inside a <a>"},
		"unclosed form":              {`<form></form>`, `<form>`, "a <form> does not end"},
		"unopened link":              {`<form></form>`, `</a>`, "ends what has not begun"},
		"no alt":                     {` alt=""`, "", "has no alt"},
		"button without type":        {`<form></form>`, `<form></form><button>b</button>`, "does not say its type"},
		"button in a form":           {`<form></form>`, `<form><button>b</button></form>`, ""},
		"button, wrong type":         {`<button type="submit">`, `<button type="go">`, "does not say its type"},
		"button without name":        {` aria-label="Close"`, "", "says nothing"},
		"silent button":              {`<form></form>`, `<form method="post"><button>b</button></form>`, "what goes on"},
		"button with words":          {`<form></form>`, `<form method="post"><button data-busy="Sending…">b</button></form>`, ""},
		"form with words":            {`<form></form>`, `<form method="POST" data-busy="Sending…"><button>b</button></form>`, ""},
		"disabled button":            {`<form></form>`, `<form method="post"><button disabled>b</button></form>`, ""},
		"button for no script":       {`<form></form>`, `<form method="post"><noscript><button>b</button></noscript></form>`, ""},
		"button of a menu":           {`<form></form>`, `<form method="post"><button type="button">b</button></form>`, ""},
		"link without name":          {`alt="Home"`, `alt=""`, "says nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := strings.ReplaceAll(sound, tt.old, tt.new)
			if tt.old == "" {
				page = sound
			} else if page == sound {
				t.Fatal("nothing was replaced")
			}
			if tt.old == "main" {
				page = strings.ReplaceAll(page, `"#div"`, `"#"`)
			}
			wantFailure(t, failuresOf(t, func(tb htmltest.TB) { htmltest.Sound(tb, htmltest.Parse(tb, page)) }), tt.words)
		})
	}
}

func TestSoundPart(t *testing.T) {
	t.Parallel()
	for html, words := range map[string]string{
		`<dialog aria-labelledby="t"><h2 id="t">T</h2></dialog>`: "",
		`<dialog aria-labelledby="t"><h2>T</h2></dialog>`:        `names "t"`,
	} {
		wantFailure(t, failuresOf(t, func(tb htmltest.TB) { htmltest.SoundPart(tb, htmltest.Parse(tb, html)) }), words)
	}
}
