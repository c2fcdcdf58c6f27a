package ionos

// For tests of the package from outside.
var (
	NewHTTPTransport = newHTTPTransport
	NormalizeTimes   = normalizeTimes
	MaxBody          = maxBody
)

// LimitedTokens returns how many tokens the client's limiter knows.
func LimitedTokens(c *Client) int {
	c.limiter.mu.Lock()
	defer c.limiter.mu.Unlock()
	return len(c.limiter.slots)
}
