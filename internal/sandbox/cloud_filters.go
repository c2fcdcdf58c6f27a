package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// fields reads the properties of an element as text, by their names on the
// wire. A collection can be filtered and ordered by them. A nil function is a
// filter that the handler applies.
type fields[T any] map[string]func(T) string

var (
	userFields = fields[*user]{
		"firstname":         func(u *user) string { return u.firstname },
		"lastname":          func(u *user) string { return u.lastname },
		"email":             func(u *user) string { return strings.ToLower(u.email) },
		"administrator":     func(u *user) string { return strconv.FormatBool(u.administrator()) },
		"forceSecAuth":      func(u *user) string { return strconv.FormatBool(u.forceSecAuth) },
		"secAuthActive":     func(u *user) string { return strconv.FormatBool(u.secAuthActive) },
		"s3CanonicalUserId": func(u *user) string { return u.canonicalID },
		"active":            func(u *user) string { return strconv.FormatBool(u.active) },
	}
	groupFields    = fieldsOfGroups()
	contractFields = fields[*contract]{
		"contractNumber": func(c *contract) string { return c.String() },
		"owner":          func(c *contract) string { return strings.ToLower(c.owner.email) },
		"status":         func(*contract) string { return contractStatus },
		"regDomain":      func(*contract) string { return registrationDomain },
	}
	s3KeyFields = fields[*key]{
		"active": func(k *key) string { return strconv.FormatBool(k.active) },
	}
	resourceFields = fields[resource]{
		"name":              func(resource) string { return "" },
		"secAuthProtection": func(resource) string { return "" },
	}
)

func fieldsOfGroups() fields[*group] {
	all := fields[*group]{"name": func(g *group) string { return g.name }}
	for _, p := range privilegeTable {
		all[p.field] = func(g *group) string { return strconv.FormatBool(g.privileges[p.field]) }
	}
	return all
}

// narrow applies filter.<property>, then orderBy, then maxResults. A value
// matches as a whole; an e-mail address in whatever case. Several filters all
// have to hold. What the service does with an unknown property is not found
// documented: here it is 422, never ignored.
func narrow[T any](c *call, list []T, by fields[T]) ([]T, error) {
	query := c.r.URL.Query()
	for name, values := range query {
		property, is := strings.CutPrefix(name, "filter.")
		if !is {
			continue
		}
		read, known := by[property]
		if !known {
			return nil, unknownProperty(name)
		}
		if read == nil {
			continue
		}
		for _, value := range values {
			if property == "email" || property == "owner" {
				value = strings.ToLower(value)
			}
			list = slices.DeleteFunc(slices.Clone(list), func(one T) bool { return read(one) != value })
		}
	}
	order := query.Get("orderBy")
	if order == "" {
		order = query.Get("order-by") // as the vendor's command line spells it
	}
	if order != "" {
		read := by[order]
		if read == nil {
			return nil, unknownProperty("orderBy=" + order)
		}
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b T) int { return strings.Compare(read(a), read(b)) })
	}
	highest, err := c.number("maxResults", len(list), 0, 1<<31-1)
	if err != nil {
		return nil, err
	}
	return list[:min(highest, len(list))], nil
}

func unknownProperty(name string) *refusal {
	return refuse(http.StatusUnprocessableEntity, "[VDC-8-6] "+name+": there is no such property")
}
