package sandbox

import "time"

// registrationDomain is where the contracts were opened.
const registrationDomain = "ionos.de"

// s3Privilege is "Use Object Storage" in the vendor's interface.
const s3Privilege = "s3Privilege"

// privilegeTable pairs the Cloud API's field of a group with the word that a
// token carries for it. The words but for that of Object Storage are not
// found recorded; they are here to give tokens their real length.
var privilegeTable = []struct{ field, claim string }{
	{"createDataCenter", "DATA_CENTER_CREATE"},
	{"createSnapshot", "SNAPSHOT_CREATE"},
	{"reserveIp", "IP_BLOCK_RESERVE"},
	{"accessActivityLog", "ACCESS_ACTIVITY_LOG"},
	{"createPcc", "PCC_CREATE"},
	{s3Privilege, "ACCESS_S3_OBJECT_STORAGE"},
	{"createBackupUnit", "BACKUP_UNIT_CREATE"},
	{"createInternetAccess", "CREATE_INTERNET_ACCESS"},
	{"createK8sCluster", "K8S_CLUSTER_CREATE"},
	{"createFlowLog", "FLOW_LOG_CREATE"},
	{"accessAndManageMonitoring", "ACCESS_AND_MANAGE_MONITORING"},
	{"accessAndManageCertificates", "ACCESS_AND_MANAGE_CERTIFICATES"},
	{"manageDBaaS", "MANAGE_DBAAS"},
	{"accessAndManageDns", "ACCESS_AND_MANAGE_DNS"},
	{"manageRegistry", "MANAGE_REGISTRY"},
	{"manageDataplatform", "MANAGE_DATAPLATFORM"},
	{"accessAndManageLogging", "ACCESS_AND_MANAGE_LOGGING"},
	{"accessAndManageCdn", ""},
	{"accessAndManageVpn", ""},
	{"accessAndManageApiGateway", ""},
	{"accessAndManageKaas", ""},
	{"accessAndManageNetworkFileStorage", ""},
	{"accessAndManageAiModelHub", ""},
	{"accessAndManageIamResources", ""},
	{"createNetworkSecurityGroups", ""},
}

// privileges are those that a token of this user carries. They are the ones of
// the time of issue; what a user may do is decided anew at every call.
func (u *user) privileges() []string {
	list := []string{}
	for _, p := range privilegeTable {
		if p.claim != "" && u.has(p.field) {
			list = append(list, p.claim)
		}
	}
	return list
}

func (u *user) has(privilege string) bool {
	if u.administrator() {
		return true
	}
	for _, g := range u.groups {
		if g.privileges[privilege] {
			return true
		}
	}
	return false
}

// mayUseObjectStorage: owners and administrators need no group.
func (u *user) mayUseObjectStorage() bool { return u.has(s3Privilege) }

// privilegedFor reports whether the privilege has also spread.
func (u *user) privilegedFor(now time.Time) bool {
	return u.mayUseObjectStorage() && !now.Before(u.privilegeSpread)
}

// granting applies a change to users, and has the privilege of those who gain
// it by that spread from a time on.
func (s *state) granting(at time.Time, users []*user, apply func()) {
	var without []*user
	for _, u := range users {
		if !u.mayUseObjectStorage() {
			without = append(without, u)
		}
	}
	apply()
	for _, u := range without {
		if u.mayUseObjectStorage() {
			u.privilegeSpread = at.Add(s.propagation)
		}
	}
}
