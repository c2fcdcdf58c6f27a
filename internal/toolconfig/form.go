package toolconfig

import "strings"

// form returns a function that fills the placeholders of a text, such as
// {secret}, with values escaped by in. It keeps text between {plain} and {/plain}
// for endpoints without TLS only, between {tls} and {/tls} for those with TLS, and
// between {unverified} and {/unverified} for unverified pairs.
func form(text string, in func(string) (string, error)) func(Access) (string, error) {
	return func(a Access) (string, error) {
		text := text
		for name, keep := range map[string]bool{"plain": a.At.Plain, "tls": !a.At.Plain, "unverified": a.Unverified} {
			if keep {
				text = strings.NewReplacer("{"+name+"}", "", "{/"+name+"}", "").Replace(text)
			} else {
				text = without(text, name)
			}
		}
		var pairs []string
		for name, value := range a.values() {
			place := "{" + name + "}"
			if !strings.Contains(text, place) {
				continue
			}
			written, err := in(value)
			if err != nil {
				return "", err
			}
			pairs = append(pairs, place, written)
		}
		// In one pass: placeholders in a value are not replaced.
		return strings.NewReplacer(pairs...).Replace(text), nil
	}
}

// without removes the text between the marks of a name.
func without(text, name string) string {
	for {
		before, rest, found := strings.Cut(text, "{"+name+"}")
		_, after, closed := strings.Cut(rest, "{/"+name+"}")
		if !found || !closed {
			return text
		}
		text = before + after
	}
}

func (a Access) values() map[string]string {
	host, port := a.At.Endpoint, "443"
	if a.At.Plain {
		port = "80"
	}
	if name, number, found := cutPort(host); found {
		host, port = name, number
	}
	return map[string]string{
		"key": a.Pair.Key.AccessKey, "secret": a.Pair.Secret.Reveal(),
		"url": a.At.URL(), "endpoint": a.At.Endpoint, "host": host, "port": port,
		"region": a.At.ID, "profile": a.profile(), "email": a.Email,
	}
}

// cutPort splits host and port.
func cutPort(endpoint string) (host, port string, found bool) {
	i := strings.LastIndexByte(endpoint, ':')
	if i < 0 || strings.HasSuffix(endpoint, "]") {
		return endpoint, "", false
	}
	return strings.Trim(endpoint[:i], "[]"), endpoint[i+1:], true
}
