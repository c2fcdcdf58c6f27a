package chaos

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// owner is whose keys they are, with what those who look after them have been
// shown of them: the owner in several sessions, and administrators.
type owner struct {
	email string
	users []*user
	// quiet is held for reading by those who act, and for writing by one who needs
	// that no other does.
	quiet sync.RWMutex

	mu            sync.Mutex
	keys          map[string]*key // that were announced
	clicks        int             // numbers them
	creating      int             // creations whose outcome is not known
	made, renewed int             // announced
	gone          int             // renewals of keys that were deleted before their outcome was known
}

// fact is what is known for sure, or not.
type fact int

const (
	no fact = iota
	yes
	unknown
)

// key is a key that was announced to one of those who look after it.
type key struct {
	accessKey string
	made      time.Time
	click     *click   // that has made it, once known
	active    property // "yes" or "no"
	words     property // the description
	names     []string // all that were asked for as its description
	gone      fact     // deleted
	deleting  int      // deletions under way
	renewals  int      // that were begun
	changes   int      // activations, deactivations and deletions that were begun
}

// property is one of a key that changes. The last change decides on it, unless
// another one was under way at the same time.
type property struct {
	value      string
	known      bool
	underWay   int
	overlapped bool
	last       *user // who has begun the last change
	begun      time.Time
}

func (p *property) begin(by *user) {
	p.underWay++
	p.overlapped = p.overlapped || p.underWay > 1
	p.last, p.begun = by, time.Now()
}

// end takes in whether a change to a value was carried out.
func (p *property) end(done fact, value string) {
	p.underWay--
	switch {
	case p.overlapped:
		p.known = false
		p.overlapped = p.underWay > 0
	case done == yes:
		p.value, p.known = value, true
	case done == unknown:
		p.known = false
	}
}

// sure returns the value, if it is known and not about to change.
func (p *property) sure() (string, bool) { return p.value, p.known && p.underWay == 0 }

// tail tells keys apart in what a run reports.
func tail(accessKey string) string { return "…" + accessKey[max(0, len(accessKey)-6):] }

func (k *key) tail() string { return tail(k.accessKey) }

// short is a key as notices name it.
func (k *key) short() string {
	return k.accessKey[:min(8, len(k.accessKey))] + "…" + k.accessKey[max(0, len(k.accessKey)-6):]
}

// isNamedIn reports whether a notice is about the key: it names it by its description,
// or by its access key where that has none or is not known.
func (k *key) isNamedIn(title string) bool {
	named := func(name string) bool { return strings.Contains(title, "\u2068"+name+"\u2069") }
	return strings.Contains(title, k.short()) || slices.ContainsFunc(k.names, named)
}

// there are the keys that are not known to be deleted, the oldest first.
func (o *owner) there() []*key {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := slices.Collect(maps.Values(o.keys))
	list = slices.DeleteFunc(list, func(k *key) bool { return k.gone == yes })
	slices.SortFunc(list, func(a, b *key) int { return a.made.Compare(b.made) })
	return list
}

// missing reports whether a key must be there and is not: nobody has begun to
// delete it. The Cloud API does not know a new one at once.
func (o *owner) missing(k *key, asked time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return k.gone == no && k.deleting == 0 && asked.Sub(k.made) > 2*time.Second
}

// goneOf is what is known of the deletion of a key.
func (o *owner) goneOf(k *key) fact {
	o.mu.Lock()
	defer o.mu.Unlock()
	if k.gone == no && k.deleting > 0 {
		return unknown
	}
	return k.gone
}

// room reports whether another key can be made, as far as is known.
func (o *owner) room() bool {
	n := len(o.there())
	o.mu.Lock()
	defer o.mu.Unlock()
	return n+o.creating < 5
}

// announce takes in that a key was made. It reports whether that is new.
func (o *owner) announce(accessKey string) (k *key, isNew bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if k, found := o.keys[accessKey]; found {
		return k, false
	}
	k = &key{accessKey: accessKey, made: time.Now(), active: property{value: "yes", known: true}}
	o.keys[accessKey] = k
	o.made++
	return k, true
}

// number numbers what is typed in.
func (o *owner) number() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clicks++
	return o.clicks
}

// busy reports whether the outcome of a change of the keys is not known.
func (o *owner) busy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, k := range o.keys {
		if k.active.underWay+k.words.underWay+k.deleting > 0 {
			return true
		}
	}
	return o.creating > 0
}
