package sandbox

import "maps"

func setRandomFaults(s *Sandbox, _ []string, body []byte) (any, error) {
	var p probabilities
	if err := decode(body, &p); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	s.randomFaults.set(&p)
	return done{true}, nil
}

func clearRandomFaults(s *Sandbox, _ []string, _ []byte) (any, error) {
	s.randomFaults.set(nil)
	return done{true}, nil
}

// readRandomFaults returns the probabilities and the number of requests by
// fault, also after they were cleared.
func readRandomFaults(s *Sandbox, _ []string, _ []byte) (any, error) {
	s.randomFaults.mu.Lock()
	defer s.randomFaults.mu.Unlock()
	return struct {
		Probabilities *probabilities `json:"probabilities"`
		Counts        map[string]int `json:"counts"`
	}{s.randomFaults.current, maps.Clone(s.randomFaults.counts)}, nil
}
