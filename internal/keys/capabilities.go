package keys

// Capabilities are the changes that a key allows in its present state. A page
// offers no other.
type Capabilities struct {
	Copy     bool // show the secret again, and download the pair
	Toggle   bool // activate or deactivate
	Describe bool
	Renew    bool
	Rotate   bool // create a successor; with five keys, one has to be deleted first
	Delete   bool
}

// Capabilities returns what can be done with a key of the list. A refusal by one
// API leaves what the other allows.
func (l Listing) Capabilities(k Key) Capabilities {
	switch k.Status { //nolint:exhaustive // the others are below
	case StatusDestroying:
		return Capabilities{}
	case StatusFailed:
		return Capabilities{Delete: true}
	}
	inCloud := l.Missing != Cloud && k.KnownFrom.Has(Cloud)
	made := k.Status == StatusProvisioning // and not known everywhere yet
	managed := k.ResourceID != "" && !made
	return Capabilities{
		Copy:     inCloud || made && l.Missing != Cloud,
		Toggle:   inCloud && k.Activity != ActivityUnknown && !made,
		Describe: managed,
		Renew:    managed,
		Rotate:   managed || l.Managed && inCloud && !made,
		Delete:   true,
	}
}
