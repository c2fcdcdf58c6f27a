package kv

import (
	"cmp"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// redisForm is a way to write where Redis is.
type redisForm struct {
	example string
	port    string   // used where an address has none
	query   []string // what may follow the question mark
}

// The forms by their schemes. Those of Redis come with "rediss" for TLS as well.
// The names in queries are those that go-redis reads.
var redisForms = map[string]redisForm{
	"redis": {"redis://HOST:PORT/0", "6379", nil},
	"redis+sentinel": {"redis+sentinel://HOST:PORT/0?master_name=NAME&addr=HOST:PORT", "26379",
		[]string{"master_name", "addr", "sentinel_username", "sentinel_password"}},
	"redis+cluster": {"redis+cluster://HOST:PORT?addr=HOST:PORT", "6379", []string{"addr"}},
	"unix":          {"unix:///PATH?db=0", "", []string{"db"}},
}

// formOf returns the form of a scheme and whether it asks for TLS.
func formOf(scheme string) (form redisForm, kind string, tls, ok bool) {
	kind, tls = scheme, strings.HasPrefix(scheme, "rediss")
	if tls {
		kind = "redis" + strings.TrimPrefix(scheme, "rediss")
	}
	form, ok = redisForms[kind]
	return form, kind, tls, ok
}

// IsRedis reports whether [OpenRedis] takes URLs of a scheme.
func IsRedis(scheme string) bool {
	_, _, _, ok := formOf(scheme)
	return ok
}

// redisOptions reads a URL. No error repeats it or a part of it, since a
// password may be anywhere in a URL that is written wrongly.
func redisOptions(address string) (*redis.UniversalOptions, error) {
	scheme, _, _ := strings.Cut(address, ":")
	form, kind, useTLS, ok := formOf(scheme)
	if !ok {
		form = redisForms["redis"]
	}
	wrong := func(what string) error { return errors.New("the address of Redis " + what + ": write " + form.example) }
	u, err := url.Parse(address)
	switch {
	case err != nil || !ok:
		return nil, wrong("is no URL, or has a special character that is not escaped")
	case kind != "unix" && u.Hostname() == "":
		return nil, wrong("names no host")
	case strings.Contains(address, "#"):
		return nil, wrong("must end with the number of its database, and has a fragment")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, wrong("has a query that cannot be read")
	}
	for name := range query {
		if !slices.Contains(form.query, name) {
			return nil, wrong("must end with the number of its database, and has a setting that is not known")
		}
	}
	options := &redis.UniversalOptions{
		Username: u.User.Username(), IsClusterMode: kind == "redis+cluster", MasterName: query.Get("master_name"),
		SentinelUsername: query.Get("sentinel_username"), SentinelPassword: query.Get("sentinel_password"),
	}
	options.Password, _ = u.User.Password()
	if useTLS { // without a server name, which is that of each node
		options.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	database := strings.Trim(u.Path, "/")
	if kind == "unix" {
		options.Addrs, database = []string{u.Path}, query.Get("db")
	} else if options.Addrs, ok = redisAddresses(u, query["addr"], form.port); !ok {
		return nil, wrong("has an addr that is not HOST:PORT")
	}
	options.DB, err = strconv.Atoi(cmp.Or(database, "0"))
	switch {
	case err != nil || options.DB < 0:
		return nil, wrong("ends with a database that is not a number; it is a number")
	case kind == "unix" && (u.Host != "" || len(u.Path) < 2):
		return nil, wrong("names no path")
	case kind == "redis+sentinel" && options.MasterName == "":
		return nil, wrong("names no master_name, under which Sentinel knows the primary")
	case kind == "redis+cluster" && options.DB != 0:
		return nil, wrong("names a database, and a cluster has one only")
	}
	return options, nil
}

// redisAddresses returns the addresses of a URL, all with a port.
func redisAddresses(u *url.URL, more []string, port string) (addresses []string, ok bool) {
	addresses = []string{net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port))}
	for _, address := range more {
		one, err := url.Parse("redis://" + address)
		if err != nil || one.Hostname() == "" || one.Host != address {
			return nil, false
		}
		addresses = append(addresses, net.JoinHostPort(one.Hostname(), cmp.Or(one.Port(), port)))
	}
	return addresses, true
}
