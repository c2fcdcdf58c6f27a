package chaos

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// browser keeps cookies, and follows nothing by itself.
type browser struct {
	base   string
	client *http.Client

	mu      sync.Mutex
	cookies map[string]string
}

// newTransport is a browser's, or that of a crowd of them.
func newTransport() *http.Transport {
	return &http.Transport{MaxIdleConnsPerHost: 2000, IdleConnTimeout: time.Minute}
}

func newBrowser(base string, transport http.RoundTripper) *browser {
	return &browser{base: base, cookies: map[string]string{}, client: &http.Client{
		Transport: transport, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// page is an answer of the console.
type page struct {
	status   int
	location string
	body     string
	cookies  []*http.Cookie
	root     *html.Node
}

// send asks for an address; with a form it is a POST. It changes no cookie, so
// that several can be under way at once.
func (b *browser) send(ctx context.Context, path string, form url.Values) (page, error) {
	return b.sendTo(ctx, b.base, path, form)
}

// sendTo is send to a console of several, as a proxy passes it on.
func (b *browser) sendTo(ctx context.Context, base, path string, form url.Values) (page, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, base+path, body)
	if err != nil {
		return page{}, err
	}
	r.Host = strings.TrimPrefix(b.base, "http://")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	b.mu.Lock()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	b.mu.Unlock()
	response, err := b.client.Do(r)
	if err != nil {
		return page{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return page{}, err
	}
	root, err := html.Parse(strings.NewReader(string(text)))
	return page{response.StatusCode, response.Header.Get("Location"), string(text), response.Cookies(), root}, err
}

// do sends, and takes the cookies of the answer.
func (b *browser) do(ctx context.Context, path string, form url.Values) (page, error) {
	return b.doAt(ctx, b.base, path, form)
}

// doAt is do at a console of several.
func (b *browser) doAt(ctx context.Context, base, path string, form url.Values) (page, error) {
	p, err := b.sendTo(ctx, base, path, form)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, cookie := range p.cookies {
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		} else {
			b.cookies[cookie.Name] = cookie.Value
		}
	}
	return p, err
}

func (p page) all(selector string) []*html.Node {
	return cascadia.QueryAll(p.root, cascadia.MustCompile(selector))
}

func (p page) has(selector string) bool { return len(p.all(selector)) > 0 }

// attr is an attribute of the first that a selector finds, or "".
func (p page) attr(selector, name string) string {
	found := cascadia.Query(p.root, cascadia.MustCompile(selector))
	if found == nil {
		return ""
	}
	for _, a := range found.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// texts are what all that a selector finds say.
func (p page) texts(selector string) []string {
	var texts []string
	for _, n := range p.all(selector) {
		texts = append(texts, textOf(n))
	}
	return texts
}

// text is what the first of them says, or "".
func (p page) text(selector string) string {
	for _, text := range p.texts(selector) {
		return text
	}
	return ""
}

// value is what stands in a field.
func (p page) value(selector string) string {
	if value := p.attr(selector, "value"); value != "" {
		return value
	}
	return p.text(selector)
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// toSignIn reports whether the console does not know the session.
func (p page) toSignIn() bool {
	return p.status == http.StatusSeeOther && strings.HasPrefix(p.location, "/sign-in")
}
