package web_test

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"
)

// secretOf is a secret as the Cloud API has it now.
func (c *console) secretOf(email, key string) string {
	c.t.Helper()
	var pair struct{ Properties struct{ SecretKey string } }
	c.api("/cloudapi/v6/um/users/"+c.userID(email)+"/s3keys/"+key, &pair)
	return pair.Properties.SecretKey
}

// elsewhere is a way that a pair comes to be another one than a session has kept.
type elsewhere struct {
	change func(c *console, key string)
	status int    // of each address that shows the pair
	says   string // on the page
	fresh  bool   // the present secret is shown, in place of the kept one
	test   string // what a test of the key says
}

// by is a change at the list of a user's keys, by who looks after them there.
func by(email string, change func(b *browser, address string) answer) func(*console, string) {
	return func(c *console, key string) {
		c.t.Helper()
		list := keysPage
		if email != member {
			list = c.keysOf(member)
		}
		if answer := change(c.signIn(email), list+"/"+key); answer.status != http.StatusSeeOther {
			c.t.Fatalf("the change elsewhere: %d %s", answer.status, answer.doc(c.t).Text("main"))
		}
		c.settle()
	}
}

func renewed(b *browser, address string) answer {
	return b.post(address+"/renew", b.form(address+"/renew"))
}

func deleted(b *browser, address string) answer {
	return b.post(address+"/delete", url.Values{"confirm": {address[len(address)-4:]}})
}

// TestPairChangedElsewhere: a pair that was made in this session is checked before it
// is shown, by every address that shows it, on each of two consoles: one's own, and
// one that an administrator has made for its owner.
func TestPairChangedElsewhere(t *testing.T) {
	t.Parallel()
	const works = "This key works"
	ways := map[string]elsewhere{
		"renewed in another session": {by(member, renewed), http.StatusOK, "The secret was renewed since", true, works},
		"renewed past the console": {func(c *console, key string) {
			c.control(http.MethodPost, "keys/"+key, `{"secretKey":"another+secret/of/the/same/kind0123456789"}`)
		}, http.StatusOK, "The secret was renewed since", true, works},
		"deleted in another session":  {by(member, deleted), http.StatusNotFound, "no such key", false, "no such key"},
		"deleted by an administrator": {by(admin, deleted), http.StatusNotFound, "no such key", false, "no such key"},
		"deleted past the console": {func(c *console, key string) {
			c.control(http.MethodDelete, "keys/"+key, "")
		}, http.StatusNotFound, "no such key", false, "no such key"},
		"not to be checked": {func(c *console, _ string) {
			c.fault(`{"method":"GET","path":"/cloudapi/v6/um/users/` + c.userID(member) + `/s3keys","times":99,"status":503}`)
		}, http.StatusOK, "This pair could not be checked", false, works},
	}
	for whose, generate := range map[string]func(c *console) (b *browser, address string){
		"own": func(c *console) (b *browser, address string) {
			b = c.signIn(member)
			address = b.generate("shared")
			return b, address
		},
		"another user's": func(c *console) (b *browser, address string) {
			b = c.signIn(admin)
			address = b.generateFor(c.keysOf(member))
			return b, address
		},
	} {
		for name, way := range ways {
			t.Run(whose+", "+name, func(t *testing.T) {
				t.Parallel()
				c := newConsole(t)
				b, address := generate(c)
				c.settle()
				before := b.get(address).doc(t).Text("#secret")
				if before == "" {
					t.Fatal("the pair is not shown")
				}
				present := before
				way.change(c, path.Base(address))
				if way.fresh {
					present = c.secretOf(member, path.Base(address))
				}
				c.clock.Advance(10 * time.Second)
				for _, at := range []*browser{b, b.on(c.on(c.serve(c.store)))} {
					way.check(t, at, address, before, present)
				}
			})
		}
	}
}

// check asks for a pair by every address that shows it.
func (way elsewhere) check(t *testing.T, b *browser, address, before, present string) {
	t.Helper()
	for _, end := range []string{"", "/key-pair.csv", "/use/aws-cli", "/use/aws-cli/credentials?region=eu-central-3"} {
		answer := b.get(address + end)
		shown := strings.Contains(answer.body, present)
		if answer.status != way.status || shown != (way.status == http.StatusOK) || present != before && strings.Contains(answer.body, before) {
			t.Errorf("%s: status %d, the present secret is shown: %v", end, answer.status, shown)
		}
		if end == "" && !strings.Contains(answer.doc(t).Text("main"), way.says) {
			t.Errorf("the page says %s", answer.doc(t).Text("main"))
		}
	}
	if text := b.test(address, "eu-central-3").doc(t).Text("main"); !strings.Contains(text, way.test) {
		t.Errorf("a test says %s", text)
	}
}

// TestPairOfBoth: a key that an administrator has made for its owner has one secret
// for both, whoever has renewed it.
func TestPairOfBoth(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	administrator, user := c.signIn(admin), c.signIn(member)
	managed := administrator.generateFor(c.keysOf(member))
	own := keysPage + "/" + path.Base(managed)
	c.settle()
	secrets := map[string]bool{}
	for _, renews := range []bool{false, true, true} {
		if renews {
			if answer := renewed(user, own); answer.status != http.StatusSeeOther {
				t.Fatalf("renewing: %d", answer.status)
			}
			c.settle()
		}
		theirs, mine := administrator.get(managed).doc(t), user.get(own).doc(t)
		secret := theirs.Text("#secret")
		if secret == "" || mine.Text("#secret") != secret || secrets[secret] {
			t.Error("the two see no secret, two, or the one before")
		}
		secrets[secret] = true
		const renewedSince = "The secret was renewed since"
		if strings.Contains(theirs.Text("main"), renewedSince) != renews || strings.Contains(mine.Text("main"), renewedSince) {
			t.Errorf("renewed %v, the administrator reads %s, and the owner %s", renews, theirs.Text("main"), mine.Text("main"))
		}
		for b, address := range map[*browser]string{administrator: managed, user: own} {
			if file := b.get(address + "/key-pair.csv").body; !strings.HasSuffix(file, secret+"\r\n") || !strings.Contains(file, "\r\n"+member+",") {
				t.Error("the file has another secret, or another user")
			}
		}
	}
}
