package sandbox

// region is where buckets are.
type region struct {
	id string
	// endpoint and website are host names, which follow from the id in some
	// cases alone. The websites of contract-owned regions are not found
	// documented: they have the form of the others.
	endpoint, website string
	location          string
	// contractOwned: buckets belong to the contract; else to a user.
	contractOwned bool
}

var regionTable = []region{
	{"eu-central-3", "s3.eu-central-3.ionoscloud.com", "s3-website-eu-central-3.ionoscloud.com", "de/txl", true},
	{"eu-central-4", "s3.eu-central-4.ionoscloud.com", "s3-website-eu-central-4.ionoscloud.com", "de/fra", true},
	{"us-central-1", "s3.us-central-1.ionoscloud.com", "s3-website-us-central-1.ionoscloud.com", "us/mci", true},
	{"de", "s3.eu-central-1.ionoscloud.com", "s3-website.de-central.profitbricks.com", "de/fra", false},
	{"eu-central-2", "s3.eu-central-2.ionoscloud.com", "s3-website-eu-central-2.ionoscloud.com", "de/txl", false},
	{"eu-south-2", "s3.eu-south-2.ionoscloud.com", "s3-website-eu-south-2.ionoscloud.com", "es/vit", false},
}

// The words of bucketOwnership. The second is not found documented.
const (
	userOwned     = "user-owned"
	contractOwned = "contract-owned"
)

func (r region) ownership() string {
	if r.contractOwned {
		return contractOwned
	}
	return userOwned
}

// allRegions is where a key made today works.
var allRegions = []string{"eu-central-2", "eu-south-2", "eu-central-3", "us-central-1", "eu-central-4", "de"}

// userOwnedRegions is where a key from before 25 April 2024 works.
var userOwnedRegions = []string{"de", "eu-central-2", "eu-south-2"}
