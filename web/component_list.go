package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"keydeck/views/pages"
)

// listComponents shows what pages are made of. Only the sandbox has it: it is
// for those who build the console.
func (s *Server) listComponents(c echo.Context) error {
	page := pages.ComponentList{Links: s.links, Now: s.now()}
	if c.QueryParam("dialog") != "" {
		return s.respond(c, http.StatusOK, view{
			title: "Change this thing", behind: s.links.Components(),
			page: pages.ComponentDialog(page, false), part: pages.ComponentDialog(page, true),
		})
	}
	return s.respond(c, http.StatusOK, view{
		title: "Components",
		page:  pages.ComponentListPage(page), notices: pages.ExampleNotice(c.QueryParam("notice"), s.links),
	})
}

// useComponent is where the examples send their forms: nothing comes of it.
func (s *Server) useComponent(c echo.Context) error { return redirect(c, s.links.Components()) }
