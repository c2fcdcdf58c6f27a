package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/kv"
)

// TestOneFormSentToTwoConsoles on one store: one of them makes the key, all
// requests wait for it and lead to it, those too that began much later.
func TestOneFormSentToTwoConsoles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		other := c.on(c.serve(c.store))
		b := c.signIn("member@keydeck.example")
		form := url.Values{"request_id": {b.requestID()}, "description": {"one"}}
		c.fault(`{"method":"POST","path":"/accesskeys","delay":"8s"}`)
		var all sync.WaitGroup
		for i := range 16 {
			tab := b.on([]*console{c, other}[i%2])
			all.Go(func() {
				<-time.After(time.Duration(i/2) * time.Second)
				answer := tab.post(keysPage, form)
				if answer.status != http.StatusSeeOther {
					t.Errorf("the %dth got %d", i, answer.status)
					return
				}
				if key := tab.get(answer.header.Get("Location")); len(key.doc(t).Text("#secret")) != 40 {
					t.Errorf("the %dth sees no secret", i)
				}
			})
		}
		all.Wait()
		if n := made(c.asked()); n != 1 {
			t.Errorf("%d calls to make a key", n)
		}
	})
}

// acquisitions is a store that tells of the first operation acquired, and holds the
// request that acquires it.
type acquisitions struct {
	kv.Store
	once     sync.Once
	acquired func()
}

func (a *acquisitions) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (bool, error) {
	stored, err := a.Store.PutIfAbsent(ctx, key, value, expires)
	if stored && strings.HasPrefix(key, "operations/") {
		a.once.Do(a.acquired)
	}
	return stored, err
}

// TestGivenUpBeforeItBegan: the browser gives up on a request that has acquired the
// operation and not asked the API. It is carried out all the same, and the request
// that waits for it gets its outcome.
func TestGivenUpBeforeItBegan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		held, release := make(chan struct{}), make(chan struct{})
		c = c.on(c.serve(&acquisitions{Store: c.store, acquired: func() {
			close(held)
			<-release
		}}))
		b := c.signIn("member@keydeck.example")
		form := url.Values{"request_id": {b.requestID()}}
		ctx, giveUp := context.WithCancel(t.Context())
		var both sync.WaitGroup
		both.Go(func() {
			r := httptest.NewRequestWithContext(ctx, http.MethodPost, keysPage, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			b.clone().do(r)
		})
		<-held
		both.Go(func() {
			if answer := b.clone().post(keysPage, form); answer.status != http.StatusSeeOther || !strings.HasPrefix(answer.header.Get("Location"), keysPage+"/") {
				t.Errorf("the second one got %d to %q", answer.status, answer.header.Get("Location"))
			}
		})
		synctest.Wait()
		giveUp()
		close(release)
		both.Wait()
		if n := made(c.asked()); n != 1 {
			t.Errorf("%d calls to make a key", n)
		}
	})
}

// TestWaitingEndsInTime: who waits for another request's outcome gets a page
// within their own time, which says what is not known and how to ask.
func TestWaitingEndsInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("member@keydeck.example")
		form := url.Values{"request_id": {b.requestID()}}
		c.answered(func(r *http.Request) { // an API that never comes to an end
			if r.Method == http.MethodPost {
				<-time.After(time.Hour)
			}
		})
		go b.clone().post(keysPage, form)
		synctest.Wait()
		began := time.Now()
		answer := b.post(keysPage, form)
		if took := time.Since(began); answer.status != http.StatusBadGateway || took > 30*time.Second {
			t.Errorf("got %d after %v", answer.status, took)
		}
		if !answer.doc(t).Has("form input[name=check]") {
			t.Errorf("no way to check: %s", answer.doc(t).Text("main"))
		}
		<-time.After(2 * time.Hour)
	})
}

// TestCutOffWhileMaking: the console dies when the API has made the key, before
// it knows. The next one leads to the key and its secret, and makes none.
func TestCutOffWhileMaking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		path := filepath.Join(t.TempDir(), "sessions.db")
		bolt := openStore(t, c, path)
		before := c.on(c.serve(bolt))
		b := before.signIn("member@keydeck.example")
		form := url.Values{"request_id": {b.requestID()}, "description": {"cut off"}}
		done, release := make(chan struct{}), make(chan struct{})
		c.answered(func(r *http.Request) {
			if r.Method == http.MethodPost {
				close(done)
				<-release
			}
		})
		var dying sync.WaitGroup
		dying.Go(func() { b.clone().post(keysPage, form) })
		<-done
		if err := bolt.Close(); err != nil {
			t.Fatal(err)
		}

		after := b.on(c.on(c.serve(openStore(t, c, path))))
		for range 2 { // sent again, and once more
			answer := after.post(keysPage, form)
			if answer.status != http.StatusSeeOther {
				t.Fatalf("got %d: %s", answer.status, answer.doc(t).Text("main"))
			}
			page := after.get(answer.header.Get("Location")).doc(t)
			if len(page.Text("#secret")) != 40 || !strings.Contains(page.Text("main"), "save the pair now") || !strings.Contains(page.Text("main"), "cut off") {
				t.Errorf("the page says %s", page.Text("main"))
			}
		}
		if n := made(c.asked()); n != 1 {
			t.Errorf("%d calls to make a key", n)
		}
		close(release)
		dying.Wait()
	})
}

// TestCutOffBeforeMaking: it died before the API was asked, and so before anything
// was stored. The form of the page that says so makes the key; the one from before
// keeps its answer.
func TestCutOffBeforeMaking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		path := filepath.Join(t.TempDir(), "sessions.db")
		bolt := openStore(t, c, path)
		b := c.on(c.serve(bolt)).signIn("member@keydeck.example")
		form := url.Values{"request_id": {b.requestID()}}
		asked, release := make(chan struct{}), make(chan struct{})
		c.answered(func(r *http.Request) { // the list before
			if r.URL.Path == "/accesskeys" {
				close(asked)
				<-release
			}
		})
		var dying sync.WaitGroup
		dying.Go(func() { b.clone().post(keysPage, form) })
		<-asked
		if err := bolt.Close(); err != nil {
			t.Fatal(err)
		}
		close(release)
		dying.Wait()
		c.answered(func(*http.Request) {})
		if n := made(c.asked()); n != 0 {
			t.Errorf("%d calls to make a key without a record of it", n)
		}

		after := b.on(c.on(c.serve(openStore(t, c, path))))
		never := after.post(keysPage, url.Values{"request_id": form["request_id"], "check": {"yes"}})
		if text := never.doc(t).Text("main"); never.status != http.StatusUnprocessableEntity || !strings.Contains(text, "interrupted before") {
			t.Errorf("checked: %d %s", never.status, text)
		}
		if answer := after.post(keysPage, form); answer.status != http.StatusUnprocessableEntity {
			t.Errorf("the form from before: %d", answer.status)
		}
		form = url.Values{"request_id": {never.doc(t).Attr("input[name=request_id]", "value")}}
		for range 2 {
			if answer := after.post(keysPage, form); answer.status != http.StatusSeeOther {
				t.Errorf("the form of the answer: %d", answer.status)
			}
		}
		if n := made(c.asked()); n != 1 {
			t.Errorf("%d calls to make a key", n)
		}
	})
}

func openStore(t *testing.T, c *console, path string) *kv.Bolt {
	t.Helper()
	store, err := kv.OpenBolt(kv.BoltConfig{Path: path, Now: c.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// TestTheBrowserGoesAway: what changes something is finished, what reads is
// cancelled at the API.
func TestTheBrowserGoesAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("member@keydeck.example")
		id := b.requestID()
		leave := func(r *http.Request) time.Duration {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			began := time.Now()
			b.do(r.WithContext(ctx))
			return time.Since(began)
		}
		c.fault(`{"method":"GET","path":"/accesskeys","delay":"8s"}`)
		if took := leave(httptest.NewRequest(http.MethodGet, keysPage, nil)); took != time.Second {
			t.Errorf("a read went on for %v", took)
		}
		c.fault(`{"method":"POST","path":"/accesskeys","delay":"8s"}`)
		create := httptest.NewRequest(http.MethodPost, keysPage, strings.NewReader(url.Values{"request_id": {id}}.Encode()))
		create.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if took := leave(create); took < 8*time.Second {
			t.Errorf("making a key was given up after %v", took)
		}
		c.asked()
		again := b.post(keysPage, url.Values{"request_id": {id}})
		if again.status != http.StatusSeeOther || made(c.asked()) != 0 {
			t.Errorf("afterwards the form gets %d", again.status)
		}
	})
}
