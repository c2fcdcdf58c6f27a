package sandbox

// contractStatus is the word of a contract that is paid for.
const contractStatus = "BILLABLE"

// contractItem has no id and no href: the official model has neither.
type contractItem struct {
	Type       string             `json:"type"`
	Properties contractProperties `json:"properties"`
}

type contractProperties struct {
	ContractNumber int64          `json:"contractNumber"`
	Owner          string         `json:"owner"`
	Status         string         `json:"status"`
	RegDomain      string         `json:"regDomain"`
	ResourceLimits resourceLimits `json:"resourceLimits"`
}

// resourceLimits are those of the official model; none concerns object
// storage. Sizes are in MB.
type resourceLimits struct {
	CoresPerServer            int `json:"coresPerServer"`
	CoresPerContract          int `json:"coresPerContract"`
	CoresProvisioned          int `json:"coresProvisioned"`
	RAMPerServer              int `json:"ramPerServer"`
	RAMPerContract            int `json:"ramPerContract"`
	RAMProvisioned            int `json:"ramProvisioned"`
	HddLimitPerVolume         int `json:"hddLimitPerVolume"`
	HddLimitPerContract       int `json:"hddLimitPerContract"`
	HddVolumeProvisioned      int `json:"hddVolumeProvisioned"`
	SsdLimitPerVolume         int `json:"ssdLimitPerVolume"`
	SsdLimitPerContract       int `json:"ssdLimitPerContract"`
	SsdVolumeProvisioned      int `json:"ssdVolumeProvisioned"`
	DasVolumeProvisioned      int `json:"dasVolumeProvisioned"`
	ReservableIPs             int `json:"reservableIps"`
	ReservedIPsOnContract     int `json:"reservedIpsOnContract"`
	ReservedIPsInUse          int `json:"reservedIpsInUse"`
	K8sClusterLimitTotal      int `json:"k8sClusterLimitTotal"`
	K8sClustersProvisioned    int `json:"k8sClustersProvisioned"`
	NlbLimitTotal             int `json:"nlbLimitTotal"`
	NlbProvisioned            int `json:"nlbProvisioned"`
	NatGatewayLimitTotal      int `json:"natGatewayLimitTotal"`
	NatGatewayProvisioned     int `json:"natGatewayProvisioned"`
	SecurityGroupsPerVdc      int `json:"securityGroupsPerVdc"`
	SecurityGroupsPerResource int `json:"securityGroupsPerResource"`
	RulesPerSecurityGroup     int `json:"rulesPerSecurityGroup"`
}

// seededLimits belong to every contract.
var seededLimits = resourceLimits{
	CoresPerServer: 62, CoresPerContract: 500, CoresProvisioned: 24,
	RAMPerServer: 245_760, RAMPerContract: 1_024_000, RAMProvisioned: 98_304,
	HddLimitPerVolume: 4_194_304, HddLimitPerContract: 20_971_520, HddVolumeProvisioned: 512_000,
	SsdLimitPerVolume: 4_194_304, SsdLimitPerContract: 20_971_520, SsdVolumeProvisioned: 204_800,
	ReservableIPs: 20, ReservedIPsOnContract: 4, ReservedIPsInUse: 3,
	K8sClusterLimitTotal: 25, K8sClustersProvisioned: 1, NlbLimitTotal: 5, NatGatewayLimitTotal: 5,
	SecurityGroupsPerVdc: 50, SecurityGroupsPerResource: 10, RulesPerSecurityGroup: 100,
}

// contractCollection is a collection of items that are no resources.
type contractCollection struct {
	ID    string         `json:"id"`
	Type  string         `json:"type"`
	Href  string         `json:"href"`
	Items []contractItem `json:"items"`
}

// listContracts is open to every user, and says who owns the contract. The
// properties are there at every depth.
func listContracts(c *call) (reply, error) {
	if _, err := c.depth(); err != nil {
		return reply{}, err
	}
	contracts, err := narrow(c, c.caller.user.contracts, contractFields)
	if err != nil {
		return reply{}, err
	}
	body := contractCollection{ID: "contracts", Type: "collection", Href: c.url(cloudBase + "/contracts"), Items: []contractItem{}}
	for _, in := range contracts {
		body.Items = append(body.Items, contractItem{
			Type:       "contract",
			Properties: contractProperties{in.number, in.owner.email, contractStatus, registrationDomain, seededLimits},
		})
	}
	return ok(body)
}
