package sandbox

// region is where buckets live.
type region struct {
	id, location string
	// contractOwned: buckets belong to the contract; else to a user.
	contractOwned bool
	// endpoint differs from the id in one case, for history's sake.
	endpoint string
}

var regionTable = []region{
	{"eu-central-3", "de/txl", true, "s3.eu-central-3.ionoscloud.com"},
	{"eu-central-4", "de/fra", true, "s3.eu-central-4.ionoscloud.com"},
	{"us-central-1", "us/mci", true, "s3.us-central-1.ionoscloud.com"},
	{"de", "de/fra", false, "s3.eu-central-1.ionoscloud.com"},
	{"eu-central-2", "de/txl", false, "s3.eu-central-2.ionoscloud.com"},
	{"eu-south-2", "es/vit", false, "s3.eu-south-2.ionoscloud.com"},
}

// allRegions is where a key made today works.
var allRegions = []string{"eu-central-2", "eu-south-2", "eu-central-3", "us-central-1", "eu-central-4", "de"}

// userOwnedRegions is where a key from before 25 April 2024 works.
var userOwnedRegions = []string{"de", "eu-central-2", "eu-south-2"}
