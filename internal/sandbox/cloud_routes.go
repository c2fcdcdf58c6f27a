package sandbox

// cloudRoutes are the operations of the Cloud API. All take a token or a
// password.
func cloudRoutes() []route {
	const user, group, requests = "/um/users/{}", "/um/groups/{}", "/requests"
	list := []route{
		{"GET", "/contracts", 0, listContracts},
		{"GET", "/um/users", 0, listUsers},
		{"POST", "/um/users", 0, createUser},
		{"GET", user, 0, getUser},
		{"PUT", user, 0, updateUser},
		{"DELETE", user, 0, deleteUser},
		{"GET", user + "/groups", 0, listUserGroups},
		{"GET", user + "/owns", 0, listOwned},
		{"GET", user + "/s3ssourl", 0, getSingleSignOn},
		{"GET", user + "/s3keys", 0, listS3Keys},
		{"POST", user + "/s3keys", 0, createS3Key},
		{"GET", user + "/s3keys/{}", 0, getS3Key},
		{"PUT", user + "/s3keys/{}", 0, updateS3Key},
		{"DELETE", user + "/s3keys/{}", 0, deleteS3Key},
		{"GET", "/um/groups", 0, listGroups},
		{"POST", "/um/groups", 0, createGroup},
		{"GET", group, 0, getGroup},
		{"PUT", group, 0, updateGroup},
		{"DELETE", group, 0, deleteGroup},
		{"GET", group + "/users", 0, listGroupUsers},
		{"POST", group + "/users", 0, addMember},
		{"DELETE", group + "/users/{}", 0, removeMember},
		{"GET", group + "/resources", 0, listGroupResources},
		{"GET", group + "/shares", 0, listGroupShares},
		{"GET", "/um/resources", 0, listResources},
		{"GET", "/um/resources/{}", 0, listResourcesOfType},
		{"GET", "/um/resources/{}/{}", 0, getResource},
		{"GET", requests, 0, listCloudRequests},
		{"GET", requests + "/{}", 0, getRequest},
		{"GET", requests + "/{}/status", 0, getRequestStatus},
	}
	for i := range list {
		list[i].pattern = cloudBase + list[i].pattern
		list[i].access = byTokenOrPassword
	}
	return list
}
