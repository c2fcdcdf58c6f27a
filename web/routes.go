package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"keydeck/internal/audit"
	"keydeck/internal/keyops"
)

// route is an address of the console.
type route struct {
	method, path string
	handler      echo.HandlerFunc
	action       audit.Action // what a request does, or unaudited
}

// unaudited is for routes that change and reveal nothing, or the display of the
// browser alone.
const unaudited audit.Action = ""

// routes is every address there is, but for the static files. A GET answers
// HEAD as well.
func (s *Server) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	const keys, key = "/object-storage/keys", "/object-storage/keys/:key"
	all := []route{
		{get, "/", s.redirectHome, unaudited},
		{get, "/object-storage", s.redirectHome, unaudited},

		{get, "/sign-in", s.showSignIn, unaudited},
		{post, "/sign-in", s.signIn, audit.SignIn},
		{post, "/sign-out", s.signOut, audit.SignOut},
		{post, "/account/preferences", s.setPreferences, unaudited},
		{get, "/account/sessions", s.signedIn(s.listSessions), unaudited},
		{post, "/account/sessions/:session/end", s.signedIn(s.endSession), audit.EndSession},
		{post, "/account/sessions/end-all", s.signedIn(s.endSessions), audit.SignOut},
		{get, "/account/activity", s.signedIn(s.listActivity), unaudited},

		{get, keys, s.signedIn(s.listKeys), unaudited},
		{get, keys + "/new", s.signedIn(s.newKey), unaudited},
		{post, keys, s.signedIn(s.createKey), audit.Generate},
		{get, key, s.signedIn(s.showKey), audit.Reveal},
		{get, key + "/key-pair.csv", s.signedIn(s.downloadKeyPair), audit.Download},
		{post, key + "/saved", s.signedIn(s.pairIsSaved), audit.ForgetPair},
		{post, key + "/activate", s.signedIn(s.activateKey), audit.Activate},
		{get, key + "/deactivate", s.signedIn(s.confirmDeactivateKey), unaudited},
		{post, key + "/deactivate", s.signedIn(s.deactivateKey), audit.Deactivate},
		{get, key + "/description", s.signedIn(s.editDescription), unaudited},
		{post, key + "/description", s.signedIn(s.describeKey), audit.Describe},
		{get, key + "/renew", s.signedIn(s.confirmRenewKey), unaudited},
		{post, key + "/renew", s.signedIn(s.renewKey), audit.Renew},
		{get, key + "/delete", s.signedIn(s.confirmDeleteKey), unaudited},
		{post, key + "/delete", s.signedIn(s.deleteKey), audit.Delete},
		{get, key + "/rotate", s.signedIn(s.showRotation), unaudited},
		{post, key + "/rotate", s.signedIn(s.rotateKey), audit.Generate},
		{get, key + "/regions", s.signedIn(s.showKeyRegions), unaudited},
		{post, key + "/test", s.signedIn(s.testKey), audit.Test},
		{get, key + "/use/:tool", s.signedIn(s.useKey), audit.Use},
		{get, key + "/use/:tool/:file", s.signedIn(s.downloadSettings), audit.Download},
	}
	all = append(all, s.managedRoutes()...)
	if s.sandbox { // to look at, and to be tested
		all = append(all, route{get, "/_components", s.listComponents, unaudited}, route{post, "/_components", s.useComponent, unaudited})
	}
	return all
}

// managedRoutes are those for owners and administrators.
func (s *Server) managedRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	const user, userKeys, userKey = "/users/:user", "/users/:user/object-storage-keys", "/users/:user/object-storage-keys/:key"
	const group = "/groups/:group"
	return []route{
		{get, "/users", s.managed(s.listUsers), unaudited},
		{get, "/users/key-counts", s.managed(s.countKeys), unaudited},
		{get, user, s.ofUser(s.showUser), unaudited},
		{post, user + "/groups", s.ofUser(s.addToGroup), audit.AddToGroup},
		{post, user + "/groups/:group/remove", s.ofUser(s.removeFromGroup), audit.RemoveFromGroup},
		{get, user + "/offboard", s.ofUser(s.askToOffboard), unaudited},
		{post, user + "/offboard", s.ofUser(s.offboardUser), audit.RemoveAccess},
		{get, user + "/offboard/results/:id", s.ofUser(s.showOffboarding), unaudited},
		{post, user + "/offboard/results/:id", s.ofUser(s.resumeOffboarding), audit.RemoveAccess},
		{get, userKeys, s.ofUser(s.listUserKeys), unaudited},
		{get, userKeys + "/new", s.ofUser(s.newKey), unaudited},
		{post, userKeys, s.ofUser(s.createKey), audit.Generate},
		{get, userKey, s.ofUser(s.showKey), audit.Reveal},
		{get, userKey + "/key-pair.csv", s.ofUser(s.downloadKeyPair), audit.Download},
		{post, userKey + "/saved", s.ofUser(s.pairIsSaved), audit.ForgetPair},
		{post, userKey + "/activate", s.ofUser(s.activateKey), audit.Activate},
		{get, userKey + "/deactivate", s.ofUser(s.confirmDeactivateKey), unaudited},
		{post, userKey + "/deactivate", s.ofUser(s.deactivateKey), audit.Deactivate},
		{get, userKey + "/delete", s.ofUser(s.confirmDeleteKey), unaudited},
		{post, userKey + "/delete", s.ofUser(s.deleteKey), audit.Delete},
		{get, userKey + "/rotate", s.ofUser(s.showRotation), unaudited},
		{post, userKey + "/rotate", s.ofUser(s.rotateKey), audit.Generate},
		{get, userKey + "/handover", s.ofUser(s.showHandover), unaudited},
		{post, userKey + "/test", s.ofUser(s.testKey), audit.Test},
		{get, userKey + "/use/:tool", s.ofUser(s.useKey), audit.Use},
		{get, userKey + "/use/:tool/:file", s.ofUser(s.downloadSettings), audit.Download},
		{get, "/groups", s.managed(s.listGroups), unaudited},
		{get, group, s.managed(s.showGroup), unaudited},
		{post, group + "/members", s.managed(s.addMembers), audit.AddToGroup},
		{get, group + "/privilege", s.managed(s.askPrivilege), unaudited},
		{post, group + "/privilege", s.managed(s.changePrivilege), audit.ChangePrivilege},
		{get, group + "/onboard", s.managed(s.askToOnboard), unaudited},
		{post, group + "/onboard", s.managed(s.onboardMembers), audit.GenerateKeys},
		{get, "/groups/member-counts", s.managed(s.countMembers), unaudited},
		{get, "/contract/keys", s.managed(s.listContractKeys), unaudited},
		{get, contractKeysCSV, s.managed(s.downloadContractCSV), unaudited},
		{get, contractKeysJSON, s.managed(s.downloadContractJSON), unaudited},
		{get, contractActivity, s.managed(s.listContractActivity), unaudited},
		{get, contractActivity + ".csv", s.managed(s.downloadContractActivity), unaudited},
		{post, contractActs + "deactivate", s.managed(s.changeKeys(keyops.Deactivate)), audit.ChangeKeys},
		{post, contractActs + "activate", s.managed(s.changeKeys(keyops.Activate)), audit.ChangeKeys},
		{post, contractActs + "delete", s.managed(s.changeKeys(keyops.Delete)), audit.ChangeKeys},
		{get, contractActs + "results/:id", s.managed(s.showResults), unaudited},
		{get, contractActs + "results/:id/results.csv", s.managed(s.downloadResults), unaudited},
		{get, "/key-owner", s.managed(s.findKeyOwner), audit.OwnerSearch},
	}
}

func (s *Server) redirectHome(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, s.links.Keys())
}
