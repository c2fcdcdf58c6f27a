package sandbox

import (
	"errors"
)

// changeKey makes a key fail or heal, makes its next toggle fail, or gives it
// a secret of the test's choice.
func changeKey(s *Sandbox, vars []string, body []byte) (any, error) {
	var in struct {
		Status    string  `json:"status"`
		Message   string  `json:"message"`
		Toggle    string  `json:"toggle"`
		SecretKey *string `json:"secretKey"`
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.state.settle(now)
	k := s.state.keyNamed(vars[0])
	switch {
	case k == nil:
		return nil, errNoSuch
	case in.Status != "" && in.Status != statusFailed && in.Status != statusAvailable:
		return nil, errors.New("status must be FAILED or AVAILABLE")
	case in.Toggle != "" && in.Toggle != "fail":
		return nil, errors.New(`toggle must be "fail"`)
	}
	if in.Status != "" {
		k.failed, k.failure = in.Status == statusFailed, in.Message
		k.available, k.readable, k.spread = now, now, now
	}
	if in.Toggle != "" {
		k.failingToggle = &in.Message
	}
	if in.SecretKey != nil {
		k.secret, k.secretSpread = *in.SecretKey, now
	}
	return map[string]string{"id": k.id, "accessKey": k.accessKey, "status": k.status(now)}, nil
}

// listKeysOf returns a user's keys, secrets included, past all faults.
func listKeysOf(s *Sandbox, vars []string, _ []byte) (any, error) {
	type shown struct {
		AccessKey   string `json:"accessKey"`
		SecretKey   string `json:"secretKey"`
		Description string `json:"description"`
		Active      bool   `json:"active"`
		Status      string `json:"status"`
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.state.settle(now)
	u := s.state.userNamed(vars[0])
	if u == nil {
		return nil, errNoSuch
	}
	list := make([]shown, 0, len(u.keys))
	for _, k := range u.keys {
		list = append(list, shown{k.accessKey, k.secret, k.description, k.active, k.status(now)})
	}
	return map[string]any{"user": u.id, "made": u.made, "renewed": u.renewed, "keys": list}, nil
}

func dropKey(s *Sandbox, vars []string, _ []byte) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.state.keyNamed(vars[0])
	if k == nil {
		return nil, errNoSuch
	}
	s.state.removeKey(k)
	return done{true}, nil
}

// changeUser replaces what is given of a user. The owner stays the owner.
func changeUser(s *Sandbox, vars []string, body []byte) (any, error) {
	var in userChange
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.state.userNamed(vars[0])
	if u == nil {
		return nil, errNoSuch
	}
	if err := s.state.apply(in, u); err != nil {
		return nil, err
	}
	return map[string]string{"id": u.id, "email": u.email}, nil
}

type userChange struct {
	Firstname     *string   `json:"firstname"`
	Lastname      *string   `json:"lastname"`
	Email         *string   `json:"email"`
	Administrator *bool     `json:"administrator"`
	Active        *bool     `json:"active"`
	Groups        *[]string `json:"groups"`
}

func (s *state) apply(in userChange, u *user) error {
	if in.Email != nil {
		if other := s.userNamed(*in.Email); other != nil && other != u {
			return errors.New("email is another user's")
		}
	}
	groups := u.groups
	if in.Groups != nil {
		groups = nil
		for _, name := range *in.Groups {
			g := s.groupNamed(name)
			if g == nil {
				return errNoSuch
			}
			groups = append(groups, g)
		}
	}
	u.groups = groups
	set(&u.email, in.Email)
	s.indexEmail(u)
	set(&u.firstname, in.Firstname)
	set(&u.lastname, in.Lastname)
	set(&u.active, in.Active)
	if in.Administrator != nil && u.role != roleOwner {
		u.role = roleMember
		if *in.Administrator {
			u.role = roleAdmin
		}
	}
	return nil
}

// set replaces what is given.
func set[T any](field *T, given *T) {
	if given != nil {
		*field = *given
	}
}

func dropUser(s *Sandbox, vars []string, _ []byte) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.state.userNamed(vars[0])
	if u == nil {
		return nil, errNoSuch
	}
	s.state.removeUser(u)
	return done{true}, nil
}

func changeGroup(s *Sandbox, vars []string, body []byte) (any, error) {
	var in struct {
		Name        *string `json:"name"`
		S3Privilege *bool   `json:"s3Privilege"`
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.state.groupNamed(vars[0])
	if g == nil {
		return nil, errNoSuch
	}
	set(&g.name, in.Name)
	if in.S3Privilege != nil {
		g.privileges[s3Privilege] = *in.S3Privilege
	}
	return map[string]string{"id": g.id, "name": g.name}, nil
}

// grantBucket stands in for a bucket policy, which the storage does not have:
// it lets users use a contract-owned bucket.
func grantBucket(s *Sandbox, vars []string, body []byte) (any, error) {
	var in struct {
		Grant []string `json:"grant"`
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	var users []string
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range in.Grant {
		u := s.state.userNamed(name)
		if u == nil {
			return nil, errNoSuch
		}
		for _, c := range u.contracts {
			users = append(users, storageUser(c, u))
		}
	}
	if !s.storage.Grant(vars[0], users) {
		return nil, errNoSuch
	}
	return done{true}, nil
}
