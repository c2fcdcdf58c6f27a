package keys

// Offers are what can be done with a key as things stand. What would be
// refused is not offered.
type Offers struct {
	Copy     bool // show the secret again, and download the pair
	Toggle   bool // activate or deactivate
	Describe bool
	Renew    bool
	Rotate   bool // make a successor; a full list says first what is in the way
	Delete   bool
}

// Offers tells what can be done with a key of the list.
func (l Listing) Offers(k Key) Offers {
	switch {
	case l.NoPrivilege, k.Status == StatusDestroying:
		return Offers{}
	case k.Status == StatusFailed:
		return Offers{Delete: true}
	}
	inCloud := l.Missing != Cloud && k.KnownFrom.Has(Cloud)
	made := k.Status == StatusProvisioning // and not known everywhere yet
	managed := k.ResourceID != "" && !made
	return Offers{
		Copy:     inCloud || made && l.Missing != Cloud,
		Toggle:   inCloud && k.Activity != ActivityUnknown && !made,
		Describe: managed,
		Renew:    managed,
		Rotate:   managed,
		Delete:   true,
	}
}
