package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// route is an address of the console.
type route struct {
	method, path string
	handler      echo.HandlerFunc
}

// routes is every address there is, but for the static files. A GET answers
// HEAD as well.
func (s *Server) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	const keys, key = "/object-storage/keys", "/object-storage/keys/:key"
	all := []route{
		{get, "/", s.redirectHome},
		{get, "/object-storage", s.redirectHome},

		{get, "/sign-in", s.showSignIn},
		{post, "/sign-in", s.signIn},
		{post, "/sign-out", s.signOut},
		{post, "/account/preferences", s.setPreferences},
		{get, "/account/sessions", s.signedIn(s.listSessions)},
		{post, "/account/sessions/:session/end", s.signedIn(s.endSession)},
		{post, "/account/sessions/end-all", s.signedIn(s.endSessions)},
		{get, "/account/activity", s.signedIn(s.listActivity)},

		{get, keys, s.signedIn(s.listKeys)},
		{get, keys + "/new", s.signedIn(s.newKey)},
		{post, keys, s.signedIn(s.createKey)},
		{get, key, s.signedIn(s.showKey)},
		{get, key + "/key-pair.csv", s.signedIn(s.downloadKeyPair)},
		{post, key + "/saved", s.signedIn(s.pairIsSaved)},
		{post, key + "/activate", s.signedIn(s.activateKey)},
		{get, key + "/deactivate", s.signedIn(s.confirmDeactivateKey)},
		{post, key + "/deactivate", s.signedIn(s.deactivateKey)},
		{get, key + "/description", s.signedIn(s.editDescription)},
		{post, key + "/description", s.signedIn(s.describeKey)},
		{get, key + "/renew", s.signedIn(s.confirmRenewKey)},
		{post, key + "/renew", s.signedIn(s.renewKey)},
		{get, key + "/delete", s.signedIn(s.confirmDeleteKey)},
		{post, key + "/delete", s.signedIn(s.deleteKey)},
		{get, key + "/rotate", s.signedIn(s.showRotation)},
		{post, key + "/rotate", s.signedIn(s.rotateKey)},
		{get, key + "/regions", s.signedIn(s.showKeyRegions)},
		{post, key + "/test", s.signedIn(s.testKey)},
		{get, key + "/use/:tool", s.signedIn(s.useKey)},
		{get, key + "/use/:tool/:file", s.signedIn(s.downloadSettings)},
	}
	all = append(all, s.managedRoutes()...)
	if s.sandbox { // to look at, and to be tested
		all = append(all, route{get, "/_components", s.listComponents}, route{post, "/_components", s.useComponent})
	}
	return all
}

// managedRoutes are those for owners and administrators.
func (s *Server) managedRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	const user, userKeys, userKey = "/users/:user", "/users/:user/object-storage-keys", "/users/:user/object-storage-keys/:key"
	return []route{
		{get, "/users", s.managed(s.listUsers)},
		{get, "/users/key-counts", s.managed(s.countKeys)},
		{get, user, s.ofUser(s.showUser)},
		{get, userKeys, s.ofUser(s.listUserKeys)},
		{get, userKeys + "/new", s.ofUser(s.newKey)},
		{post, userKeys, s.ofUser(s.createKey)},
		{get, userKey, s.ofUser(s.showKey)},
		{get, userKey + "/key-pair.csv", s.ofUser(s.downloadKeyPair)},
		{post, userKey + "/saved", s.ofUser(s.pairIsSaved)},
		{post, userKey + "/activate", s.ofUser(s.activateKey)},
		{get, userKey + "/deactivate", s.ofUser(s.confirmDeactivateKey)},
		{post, userKey + "/deactivate", s.ofUser(s.deactivateKey)},
		{get, userKey + "/delete", s.ofUser(s.confirmDeleteKey)},
		{post, userKey + "/delete", s.ofUser(s.deleteKey)},
		{post, userKey + "/test", s.ofUser(s.testKey)},
		{get, userKey + "/use/:tool", s.ofUser(s.useKey)},
		{get, userKey + "/use/:tool/:file", s.ofUser(s.downloadSettings)},
		{get, "/groups", s.managed(s.listGroups)},
		{get, "/groups/:group", s.managed(s.showGroup)},
		{get, "/groups/member-counts", s.managed(s.countMembers)},
		{get, "/key-owner", s.managed(s.findKeyOwner)},
	}
}

func (s *Server) redirectHome(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, s.links.Keys())
}
