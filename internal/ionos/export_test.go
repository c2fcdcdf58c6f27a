package ionos

// For tests of the package from outside.
var (
	NewHTTPTransport = newHTTPTransport
	NormalizeTimes   = normalizeTimes
	MaxBody          = maxBody
)

// Lanes is how many tokens the client knows of.
func Lanes(c *Client) int {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	return len(c.gate.lanes)
}
