package handover

import "strings"

// form is a text with places for values, such as {secret}, which the format
// writes in its way; what is between {plain} and {/plain}, or {tls} and
// {/tls}, is there for endpoints without or with TLS alone.
func form(text string, in func(string) (string, error)) func(Access) (string, error) {
	return func(a Access) (string, error) {
		keep, drop := "tls", "plain"
		if a.At.Plain {
			keep, drop = drop, keep
		}
		text := strings.NewReplacer("{"+keep+"}", "", "{/"+keep+"}", "").Replace(without(text, drop))
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
		// All at once: a value is not searched for places.
		return strings.NewReplacer(pairs...).Replace(text), nil
	}
}

// without takes out what is between the marks of a name.
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

// cutPort parts host and port.
func cutPort(endpoint string) (host, port string, found bool) {
	i := strings.LastIndexByte(endpoint, ':')
	if i < 0 || strings.HasSuffix(endpoint, "]") {
		return endpoint, "", false
	}
	return strings.Trim(endpoint[:i], "[]"), endpoint[i+1:], true
}
