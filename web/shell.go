package web

import (
	"github.com/labstack/echo/v4"

	"keydeck/internal/keys"
	"keydeck/internal/session"
	"keydeck/views/layout"
)

// shell is where the facts of a request enter what is around every page.
func (s *Server) shell(c echo.Context, v view) layout.Shell {
	shell := layout.Shell{
		Title: v.title, Base: s.links.Base, Asset: s.asset, Sandbox: s.sandbox,
		Current: v.current, Notices: v.notices, Refresh: v.refresh,
		Theme: themeOf(c), Return: s.here(c),
	}
	if signedIn := s.currentSession(c); signedIn != nil {
		shell.Person = personOf(signedIn)
		if v.news {
			shell.Notices = append(shell.Notices, s.news(s.scope(c, signedIn))...)
		}
	}
	return shell
}

func (s *Server) asset(name string) string { return s.links.Base + s.assets.Path(name) }

func personOf(signedIn *session.Session) *layout.Person {
	role := keys.Role(signedIn.Role)
	return &layout.Person{
		Name: signedIn.Name, Email: signedIn.Email, Contract: signedIn.Contract,
		Role: roleNames[role], ManagesOthers: role.ManagesOthers(),
	}
}

// roleNames are the roles as people know them.
var roleNames = map[keys.Role]string{
	keys.RoleOwner:         "Owner",
	keys.RoleAdministrator: "Administrator",
	keys.RoleUser:          "User",
}

// menuKeys is the entry of the menu that Key management is.
const menuKeys = "keys"
