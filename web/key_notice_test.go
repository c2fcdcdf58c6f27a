package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// leave sends a form and goes away after a second.
func (b *browser) leave(target string, form url.Values) {
	ctx, cancel := context.WithTimeout(b.console.t.Context(), time.Second)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.clone().do(r)
}

// outcome is what a change comes to at the API.
type outcome struct {
	fault string        // of the API's call
	slow  time.Duration // how long the answer takes once the change is carried out
	done  bool
}

// outcomes go beyond what the console waits for in two ways: with the change carried
// out or not.
var outcomes = map[string]outcome{
	"in time":     {done: true},
	"late":        {fault: `"delay":"8s"`, done: true},
	"too late":    {slow: 20 * time.Second, done: true},
	"not in time": {fault: `"delay":"20s"`},
	"lost before": {fault: `"drop":"before","delay":"2s"`},
	"lost after":  {fault: `"drop":"after","delay":"2s"`, done: true},
	"refused":     {fault: `"status":422,"delay":"2s","body":"{\"messages\":[{\"message\":\"not today\"}]}"`},
}

// bring has the API's next call of a kind come to an outcome.
func (c *console) bring(of outcome, method, path string) {
	c.t.Helper()
	if of.fault != "" {
		c.fault(`{"method":"` + method + `","path":"` + path + `",` + of.fault + `}`)
	}
	if of.slow > 0 {
		c.answered(func(r *http.Request) {
			if r.Method == method && strings.HasPrefix(r.URL.Path, path) {
				<-time.After(of.slow)
			}
		})
	}
}

// changeLeft is a change whose page may be left.
type changeLeft struct {
	account       string // of who asks for it
	of            string // whose keys it is about, where that is somebody else
	send          func(b *browser, list string) (target string, form url.Values)
	method, path  string // of the API's call
	answered      string // what the answer leads to says, as an expression
	done, refused string // what a later page says, as expressions
}

// asynchronous reports whether the API only accepts the change in its answer. One
// that was lost leaves open whether the change will be carried out.
func (l changeLeft) asynchronous() bool { return l.path == "/cloudapi" && l.method != http.MethodPost }

// list is the page of the keys that the change is about.
func (l changeLeft) list(c *console) string {
	if l.of == "" {
		return keysPage
	}
	return c.keysOf(l.of)
}

const (
	isNew      = `successfully generated\. It is active\.`
	isNewFor   = `successfully generated for `
	noneIsMade = `No key was generated\.`
)

// changesLeft are the changes, of one's own keys and of another user's.
var changesLeft = map[string]changeLeft{
	"generate": {member, "", func(b *browser, list string) (string, url.Values) {
		return list, b.form(list + "/new")
	}, "POST", "/accesskeys", isNew, isNew, noneIsMade},
	"renew": {full, "", func(b *browser, list string) (string, url.Values) {
		address := list + "/" + b.key("CI artifacts") + "/renew"
		return address, b.form(address)
	}, "PUT", "/accesskeys", `The secret of this key is new`, `was renewed\.`, `was not renewed\.`},
	"rotate": {admin, "", func(b *browser, list string) (string, url.Values) {
		b.generate("to be rotated")
		b.console.settle()
		address := list + "/" + b.key("to be rotated") + "/rotate"
		b.get(list)
		b.console.asked()
		return address, b.form(address)
	}, "POST", "/accesskeys", isNew, isNew, noneIsMade},
	"describe": {full, "", func(b *browser, list string) (string, url.Values) {
		return list + "/" + b.key("CI artifacts") + "/description", url.Values{"description": {"new words"}}
	}, "PUT", "/accesskeys", `was changed\.`, `was changed\.`, `was not changed\.`},
	"activate": {full, "", func(b *browser, list string) (string, url.Values) {
		return list + "/" + b.key("Old laptop") + "/activate", nil
	}, "PUT", "/cloudapi", `is (being activated|active)\.`, `is active\.`, `was not activated\.`},
	"deactivate": {full, "", func(b *browser, list string) (string, url.Values) {
		return list + "/" + b.key("CI artifacts") + "/deactivate", nil
	}, "PUT", "/cloudapi", `is (being )?deactivated\.`, `is deactivated\.`, `was not deactivated\.`},
	"deactivate the only active key": {twofa, "", func(b *browser, list string) (string, url.Values) {
		return list + "/" + b.key("Photo archive") + "/deactivate", url.Values{"confirm": {"yes"}}
	}, "PUT", "/cloudapi", `is (being )?deactivated\.`, `is deactivated\.`, `was not deactivated\.`},
	"delete": {full, "", func(b *browser, list string) (string, url.Values) {
		return deletion(list, b.key("CI artifacts"))
	}, "DELETE", "/accesskeys", `is (being )?deleted\.`, `is deleted\.`, `was not deleted\.`},

	"generate for another user": {admin, member, func(b *browser, list string) (string, url.Values) {
		return list, b.form(list + "/new")
	}, "POST", "/cloudapi", isNewFor, isNewFor, noneIsMade},
	"deactivate another user's": {admin, full, func(_ *browser, list string) (string, url.Values) {
		return list + "/" + fullsKey + "/deactivate", nil
	}, "PUT", "/cloudapi", `is (being )?deactivated\.`, `is deactivated\.`, `was not deactivated\.`},
	"delete another user's": {admin, full, func(_ *browser, list string) (string, url.Values) {
		return deletion(list, fullsKey)
	}, "DELETE", "/cloudapi", `is (being )?deleted\.`, `is deleted\.`, `was not deleted\.`},
}

// form is what the form at an address holds to be carried out once.
func (b *browser) form(address string) url.Values {
	b.console.t.Helper()
	return url.Values{"request_id": {b.get(address).doc(b.console.t).Attr("input[name=request_id]", "value")}}
}

// deletion deletes a key that is active.
func deletion(list, key string) (target string, form url.Values) {
	return list + "/" + key + "/delete", url.Values{"confirm": {key[len(key)-4:]}}
}

// eachOutcome runs a test for each change and each outcome.
func eachOutcome(t *testing.T, test func(t *testing.T, c *console, change changeLeft, of outcome)) {
	t.Helper()
	for name, change := range changesLeft {
		for outcome, of := range outcomes {
			t.Run(name+"/"+outcome, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { test(t, newConsole(t), change, of) })
			})
		}
	}
}

// says wants a text to match an expression.
func says(t *testing.T, where, text, want string) {
	t.Helper()
	if !regexp.MustCompile(want).MatchString(text) {
		t.Errorf("%s says %q, not %q", where, text, want)
	}
}

// TestTakeNotices: in each way that a page can be left and each outcome, the person's
// next pages say what is so, once: in the same session, in another one, and on another
// console.
func TestTakeNotices(t *testing.T) {
	t.Parallel()
	for where, next := range map[string]func(c *console, b *browser, account string) *browser{
		"same session":    func(_ *console, b *browser, _ string) *browser { return b },
		"another session": func(c *console, _ *browser, account string) *browser { return c.as(account) },
		"another console": func(c *console, b *browser, _ string) *browser { return b.on(c.on(c.serve(c.store))) },
	} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			eachOutcome(t, func(t *testing.T, c *console, change changeLeft, of outcome) {
				b, list := c.as(change.account), change.list(c)
				target, form := change.send(b, list)
				c.bring(of, change.method, change.path)
				b.leave(target, form)
				c.clock.Advance(2 * time.Minute)
				later := next(c, b, change.account)
				want := change.refused
				if of.done {
					want = change.done
				}
				says(t, "the next page", later.get(list).doc(t).Text("#notice"), want)
				if again := later.get(list).doc(t).Text("#notice"); again != "" {
					t.Errorf("the page after that says %q", again)
				}
			})
		})
	}
}

// TestAnswers: who stays reads the outcome, or that it is not known, which the next
// page then says; with scripts and without.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for mode, headers := range map[string][]header{"scripts": {htmx}, "no script": nil} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			eachOutcome(t, func(t *testing.T, c *console, change changeLeft, of outcome) {
				b, list := c.as(change.account), change.list(c)
				target, form := change.send(b, list)
				c.bring(of, change.method, change.path)
				answer := b.post(target, form, headers...)
				status := answer.status
				if status == http.StatusSeeOther {
					answer = b.get(answer.header.Get("Location"), headers...)
				}
				text := answer.doc(t).Text("body")
				switch refused := strings.Contains(of.fault, "status"); {
				case strings.Contains(of.fault, "20s"), change.asynchronous() && strings.Contains(of.fault, "drop"):
					says(t, "the answer", text, "It is not known whether")
					c.clock.Advance(2 * time.Minute)
					want := change.refused
					if of.done {
						want = change.done
					}
					says(t, "the next page", b.get(list).doc(t).Text("#notice"), want)
				case of.done:
					says(t, "the answer", text, change.answered)
				case refused && status == http.StatusUnprocessableEntity:
					says(t, "the answer", text, "Nothing was changed.*not today")
				case !refused && status == http.StatusBadGateway:
					says(t, "the answer", text, `was not|No (key|successor) was generated`)
				default:
					t.Errorf("got %d: %s", status, text)
				}
			})
		})
	}
}

// TestNews: a page that shows no keys says it too, of one's own keys and of those of
// the user that was looked after last.
func TestNews(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("admin@keydeck.example")
		tab := c.keysOf("member@keydeck.example")
		for target, path := range map[string]string{keysPage: "/accesskeys", tab: "/cloudapi"} {
			id := b.get(target+"/new").doc(t).Attr("input[name=request_id]", "value")
			c.fault(`{"method":"POST","path":"` + path + `","delay":"3s"}`)
			b.leave(target, url.Values{"request_id": {id}})
		}
		text := b.get("/groups").doc(t).Text("#notice")
		for _, want := range []string{"successfully generated.", "successfully generated for " + memberName + "."} {
			if !strings.Contains(text, want) {
				t.Errorf("the next page says %q, not %q", text, want)
			}
		}
		if strings.Contains(text, "It is active") {
			t.Errorf("it says %q, and has looked up no key", text)
		}
		if again := b.get("/users").doc(t).Text("#notice"); again != "" {
			t.Errorf("it says %q again", again)
		}
	})
}

// TestTakeNoticesOfNewKey: after generating, a page says of the key's state what it
// has looked up, and leads to no pair that is gone.
func TestTakeNoticesOfNewKey(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		since func(c *console, b *browser, key string)
		path  string // of the next page
		want  string // the end of the notice
		leads bool
	}{
		"active":      {func(*console, *browser, string) {}, keysPage, "generated. It is active.", true},
		"deactivated": {func(_ *console, b *browser, key string) { b.post(key+"/deactivate", url.Values{"confirm": {"yes"}}) }, keysPage, "generated. It is deactivated.", true},
		"deleted": {func(c *console, _ *browser, key string) {
			c.control(http.MethodDelete, "keys/"+path.Base(key), "")
		}, keysPage, "generated. It has been deleted since.", false},
		"not known": {func(c *console, _ *browser, _ string) {
			c.fault(`{"method":"GET","path":"/cloudapi","status":503,"times":99}`)
		}, keysPage, "generated.", true},
		"not looked up": {func(*console, *browser, string) {}, "/account/activity", "generated.", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.signIn("member@keydeck.example")
				key := b.generate("")
				c.settle()
				test.since(c, b, key)
				c.settle()
				doc := b.get(test.path).doc(t)
				var said string
				for _, title := range doc.All("#notice .message-title") {
					if text := title.Text(); strings.Contains(text, "generated") {
						said = text
					}
				}
				if !strings.HasSuffix(said, test.want) {
					t.Errorf("it says %q, not %q", said, test.want)
				}
				if leads := doc.Has("#notice a[href='" + key + "']"); leads != test.leads {
					t.Errorf("it leads to the pair: %v", leads)
				}
			})
		})
	}
}

// TestTakeNoticesOverPair: the list under the dialog of a new pair does not say what
// the dialog says, then or later; nor does the list after its Done.
func TestTakeNoticesOverPair(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		see  func(b *browser, key string)
		want bool // the next page says it
	}{
		"not seen": {func(*browser, string) {}, true},
		"under another dialog": {func(b *browser, key string) {
			b.get(keysPage+"/new", htmx, header{"HX-Current-URL", "http://127.0.0.1:8080" + key + "/description"})
		}, true},
		"under its dialog": {func(b *browser, key string) {
			if part := b.get(keysPage, htmx, header{"HX-Current-URL", "http://127.0.0.1:8080" + key}).body; strings.Contains(part, "generated") {
				b.console.t.Errorf("the list under the dialog says %s", part)
			}
		}, false},
		"saved": {func(b *browser, key string) { b.post(key+"/saved", nil) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn("member@keydeck.example")
			key := b.generate("")
			test.see(b, key)
			if text := b.get(keysPage).doc(t).Text("#notice"); strings.Contains(text, "generated") != test.want {
				t.Errorf("the next page says %q", text)
			}
		})
	}
}
