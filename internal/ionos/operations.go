package ionos

// api is one of the remote APIs, as metrics name it.
type api string

const (
	managementAPI api = "management"
	cloudAPI      api = "cloud"
	authAPI       api = "auth"
)

// operation is one thing that an API can be asked to do.
type operation struct {
	api    api
	name   string // for errors
	route  string // for metrics
	change bool   // when it fails it may have been carried out all the same
	// refusesPrivilege: a 403 means that the person may not use object
	// storage, since everybody who may is allowed this.
	refusesPrivilege bool
	// query is what the SDK's method has no parameter for.
	query string
	// hidden is what no message may quote, besides the token.
	hidden string
}

var (
	listOwnKeys   = operation{api: managementAPI, name: "list own keys", route: "GET /accesskeys", refusesPrivilege: true}
	readOwnKey    = operation{api: managementAPI, name: "read own key", route: "GET /accesskeys/{id}", refusesPrivilege: true}
	createOwnKey  = operation{api: managementAPI, name: "create own key", route: "POST /accesskeys", refusesPrivilege: true, change: true}
	ensureOwnKey  = operation{api: managementAPI, name: "describe own key", route: "PUT /accesskeys/{id}", refusesPrivilege: true, change: true}
	renewOwnKey   = operation{api: managementAPI, name: "renew own key", route: "PUT /accesskeys/{id}/renew", refusesPrivilege: true, change: true}
	deleteOwnKey  = operation{api: managementAPI, name: "delete own key", route: "DELETE /accesskeys/{id}", refusesPrivilege: true, change: true}
	listRegions   = operation{api: managementAPI, name: "list regions", route: "GET /regions"}
	listUserKeys  = operation{api: cloudAPI, name: "list user's keys", route: "GET /um/users/{id}/s3keys"}
	readUserKey   = operation{api: cloudAPI, name: "read user's key", route: "GET /um/users/{id}/s3keys/{key}"}
	createUserKey = operation{api: cloudAPI, name: "create user's key", route: "POST /um/users/{id}/s3keys", change: true}
	toggleUserKey = operation{api: cloudAPI, name: "toggle user's key", route: "PUT /um/users/{id}/s3keys/{key}", change: true}
	deleteUserKey = operation{api: cloudAPI, name: "delete user's key", route: "DELETE /um/users/{id}/s3keys/{key}", change: true}
	readChange    = operation{api: cloudAPI, name: "read state of change", route: "GET /requests/{id}/status"}

	readUser      = operation{api: cloudAPI, name: "read user", route: "GET /um/users/{id}"}
	listUsers     = operation{api: cloudAPI, name: "list users", route: "GET /um/users"}
	listUserGroup = operation{api: cloudAPI, name: "list user's groups", route: "GET /um/users/{id}/groups"}
	listGroups    = operation{api: cloudAPI, name: "list groups", route: "GET /um/groups"}
	readGroup     = operation{api: cloudAPI, name: "read group", route: "GET /um/groups/{id}"}
	listMembers   = operation{api: cloudAPI, name: "list group's members", route: "GET /um/groups/{id}/users"}
	readContract  = operation{api: cloudAPI, name: "read contract", route: "GET /contracts"}

	makeToken   = operation{api: authAPI, name: "sign in", route: "GET /tokens/generate"}
	revokeToken = operation{api: authAPI, name: "revoke token", route: "DELETE /tokens/{id}", change: true}
)
