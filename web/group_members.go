package web

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// newMember is somebody who is to become a member of a group.
type newMember struct {
	typed string // as it was typed
	user  keys.User
	err   error // why not
}

// errNoSuchPerson is for what was typed and is no user's e-mail address.
var errNoSuchPerson = errors.New("no user has this e-mail address")

// addMembers puts the users into a group whose e-mail addresses a form has. Those who
// could not be added stay in the form, with the reason.
func (s *Server) addMembers(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	group, typed := v.Param("group"), values.Get("users")
	if !keys.ValidUserID(group) {
		return errNoGroup
	}
	people := peopleIn(typed)
	if wrong := pages.WrongMembers(len(people)); wrong != "" {
		return s.refuseMembers(v, unprocessable, func(page *pages.GroupPage) { page.Typed, page.Error = typed, wrong })
	}
	parallel.Each(people, maxExamined, func(i int, p newMember) {
		if people[i].user, people[i].err = s.userByEmail(v, p.typed); people[i].err == nil {
			people[i].err = v.remote.AddMember(v.Request().Context(), group, people[i].user.ID)
		}
	})
	query := url.Values{"member": {"yes"}}
	var left []newMember
	for _, p := range people {
		if p.user.ID != "" {
			s.recordMember(v, audit.AddToGroup, group, p)
		}
		switch {
		case p.err == nil, isIndeterminate(p.err) && p.user.ID != "": // the page looks whether it was done
			query.Add("awaits", p.user.ID)
		case errors.Is(p.err, keys.ErrUnauthorized):
			return p.err
		case errors.Is(p.err, keys.ErrNotFound) && p.user.ID != "":
			return errNoGroup
		default:
			left = append(left, p)
		}
	}
	if len(left) == 0 {
		return redirect(v, s.links.Group(group)+"?"+query.Encode())
	}
	return s.refuseMembers(v, unprocessable, func(page *pages.GroupPage) {
		page.Added = len(query["awaits"])
		for _, p := range left {
			page.Typed += p.typed + "\n"
			page.NotAdded = append(page.NotAdded, pages.NotAdded{Typed: p.typed, Reason: s.whyNotAdded(v, p.err)})
		}
	})
}

func (s *Server) whyNotAdded(v *scope, err error) string {
	if errors.Is(err, errNoSuchPerson) {
		return pages.NoSuchPerson
	}
	p := s.problemFor(v, err)
	return cmp.Or(apiWords(err), p.title+".")
}

// refuseMembers answers with the page of the group, changed by f.
func (s *Server) refuseMembers(v *scope, status int, f func(*pages.GroupPage)) error {
	page, err := s.groupPage(v)
	if err != nil {
		return err
	}
	page.TroubleID = requestIDOf(v)
	f(&page)
	return s.respondGroup(v, status, page)
}

func (s *Server) recordMember(v *scope, action audit.Action, group string, p newMember) {
	owner := keys.Owner{UserID: p.user.ID, Email: p.user.Email, Contract: v.session.Contract, Managed: true}
	s.record(v, v.session, groupEvent(owner, action, group, p.err))
	s.reports.Changed(v.session.Contract, p.user.ID)
}

// peopleIn reads e-mail addresses as they are pasted: one a line, or with commas or
// semicolons between, alone or as in "Anna Smith <anna@example.com>". Each is there once.
func peopleIn(text string) []newMember {
	var people []newMember
	seen := map[string]bool{}
	add := func(address string) {
		if address = strings.TrimSpace(address); address != "" && !seen[strings.ToLower(address)] {
			seen[strings.ToLower(address)] = true
			people = append(people, newMember{typed: address})
		}
	}
	for _, entry := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\r\n,;\t", r) }) {
		if _, rest, named := strings.Cut(entry, "<"); named {
			entry, _, _ = strings.Cut(rest, ">")
		}
		if words := strings.Fields(entry); strings.Count(entry, "@") == len(words) {
			for _, word := range words {
				add(word)
			}
			continue
		}
		add(entry)
	}
	return people
}

// userByEmail finds the user with an e-mail address. errNoSuchPerson where all users were
// searched.
func (s *Server) userByEmail(v *scope, address string) (keys.User, error) {
	if !strings.Contains(address, "@") {
		return keys.User{}, errNoSuchPerson
	}
	users, err := s.users.Search(v.Request().Context(), asker(v), address, usersTimeout)
	if err != nil {
		return keys.User{}, err
	}
	for u := range users.All() {
		if strings.EqualFold(u.Email, address) {
			return u, nil
		}
	}
	switch {
	case users.Err != nil:
		return keys.User{}, users.Err
	case !users.Complete():
		return keys.User{}, &keys.Error{Kind: keys.ErrTimeout, Op: "find user", Message: pages.NotAllSearched}
	}
	return keys.User{}, errNoSuchPerson
}
