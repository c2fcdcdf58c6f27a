package ionos

// For tests of the package from outside.
var (
	NewHTTPTransport = newHTTPTransport
	NormalizeTimes   = normalizeTimes
	MaxBody          = maxBody
)
