package sandbox

import "maps"

func setStorm(s *Sandbox, _ []string, body []byte) (any, error) {
	var st storm
	if err := decode(body, &st); err != nil {
		return nil, err
	}
	if err := st.check(); err != nil {
		return nil, err
	}
	s.weather.set(&st)
	return done{true}, nil
}

func endStorm(s *Sandbox, _ []string, _ []byte) (any, error) {
	s.weather.set(nil)
	return done{true}, nil
}

// readStorm tells how many requests met what, also of a storm that is over.
func readStorm(s *Sandbox, _ []string, _ []byte) (any, error) {
	s.weather.mu.Lock()
	defer s.weather.mu.Unlock()
	return struct {
		Storm  *storm         `json:"storm"`
		Counts map[string]int `json:"counts"`
	}{s.weather.storm, maps.Clone(s.weather.counts)}, nil
}
