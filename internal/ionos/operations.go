package ionos

import (
	"strings"

	"keydeck/internal/keys"
)

// api is one of the remote APIs, as metrics name it.
type api string

const (
	managementAPI api = "management"
	cloudAPI      api = "cloud"
	authAPI       api = "auth"
)

// apiNames are the APIs as people know them.
var apiNames = map[api]string{
	managementAPI: keys.ManagementAPI,
	cloudAPI:      keys.CloudAPI,
	authAPI:       keys.AuthAPI,
}

// operation is one operation of an API.
type operation struct {
	api    api
	name   string // for errors
	route  string // for metrics
	change bool   // it may have been carried out although it failed
	// repeatable: carried out twice, it has the effect of once. It is stated for
	// each operation, since the method does not tell: a GET makes a token.
	repeatable bool
	// refusesPrivilege: a 403 means that the user may not use object storage,
	// since all users who may are allowed this.
	refusesPrivilege bool
	// query holds parameters that the SDK's method lacks.
	query string
	// sends is the body in place of the SDK's, for properties that its types lack.
	sends string
	// hidden must not appear in a message, like the token.
	hidden string
}

// namesResource reports whether the operation's address names something that a
// 404 says is missing. Otherwise the API does not know the address itself.
func (o operation) namesResource() bool { return strings.Contains(o.route, "{") }

var (
	listOwnKeys   = operation{api: managementAPI, name: "list own keys", route: "GET /accesskeys", refusesPrivilege: true, repeatable: true}
	readOwnKey    = operation{api: managementAPI, name: "read own key", route: "GET /accesskeys/{id}", refusesPrivilege: true, repeatable: true}
	createOwnKey  = operation{api: managementAPI, name: "create own key", route: "POST /accesskeys", refusesPrivilege: true, change: true}
	ensureOwnKey  = operation{api: managementAPI, name: "describe own key", route: "PUT /accesskeys/{id}", refusesPrivilege: true, change: true}
	renewOwnKey   = operation{api: managementAPI, name: "renew own key", route: "PUT /accesskeys/{id}/renew", refusesPrivilege: true, change: true}
	deleteOwnKey  = operation{api: managementAPI, name: "delete own key", route: "DELETE /accesskeys/{id}", refusesPrivilege: true, change: true}
	listRegions   = operation{api: managementAPI, name: "list regions", route: "GET /regions", repeatable: true}
	listUserKeys  = operation{api: cloudAPI, name: "list user's keys", route: "GET /um/users/{id}/s3keys", repeatable: true}
	readUserKey   = operation{api: cloudAPI, name: "read user's key", route: "GET /um/users/{id}/s3keys/{key}", repeatable: true}
	createUserKey = operation{api: cloudAPI, name: "create user's key", route: "POST /um/users/{id}/s3keys", change: true}
	toggleUserKey = operation{api: cloudAPI, name: "toggle user's key", route: "PUT /um/users/{id}/s3keys/{key}", change: true}
	deleteUserKey = operation{api: cloudAPI, name: "delete user's key", route: "DELETE /um/users/{id}/s3keys/{key}", change: true}
	readChange    = operation{api: cloudAPI, name: "read state of change", route: "GET /requests/{id}/status", repeatable: true}

	readUser      = operation{api: cloudAPI, name: "read user", route: "GET /um/users/{id}", repeatable: true}
	listUsers     = operation{api: cloudAPI, name: "list users", route: "GET /um/users", repeatable: true}
	filterUsers   = operation{api: cloudAPI, name: "find user by e-mail", route: "GET /um/users", repeatable: true}
	listUserGroup = operation{api: cloudAPI, name: "list user's groups", route: "GET /um/users/{id}/groups", repeatable: true}
	listGroups    = operation{api: cloudAPI, name: "list groups", route: "GET /um/groups", repeatable: true}
	readGroup     = operation{api: cloudAPI, name: "read group", route: "GET /um/groups/{id}", repeatable: true}
	listMembers   = operation{api: cloudAPI, name: "list group's members", route: "GET /um/groups/{id}/users", repeatable: true}
	addMember     = operation{api: cloudAPI, name: "add to group", route: "POST /um/groups/{id}/users", change: true}
	removeMember  = operation{api: cloudAPI, name: "remove from group", route: "DELETE /um/groups/{id}/users/{user}", change: true}
	replaceGroup  = operation{api: cloudAPI, name: "change group", route: "PUT /um/groups/{id}", change: true}
	replaceUser   = operation{api: cloudAPI, name: "change user", route: "PUT /um/users/{id}", change: true}
	readContract  = operation{api: cloudAPI, name: "read contract", route: "GET /contracts", repeatable: true}

	makeToken   = operation{api: authAPI, name: "sign in", route: "GET /tokens/generate"}
	renewToken  = operation{api: authAPI, name: "renew token", route: "GET /tokens/generate"}
	revokeToken = operation{api: authAPI, name: "revoke token", route: "DELETE /tokens/{id}", change: true, repeatable: true}
)
