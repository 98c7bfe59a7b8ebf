package whatsapp

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// route is one call of the control: its answer is rendered as JSON.
type route struct {
	pattern string
	status  int
	handle  func(*http.Request) (any, error)
}

// routes is the whole table of the control; the package documentation shows it.
func (s *Server) routes() []route {
	var all []route
	for _, rows := range [][]route{
		s.controlServer(), s.controlPhones(), s.controlPairing(), s.controlMessages(), s.controlChats(), s.controlGroups(), s.controlFaults(),
	} {
		all = append(all, rows...)
	}
	return all
}

// Control is the sandbox's own HTTP interface, under /control/. It has no
// authentication: bind it to a loopback address.
func (s *Server) Control() http.Handler {
	mux := control.Mux()
	for _, row := range s.routes() {
		mux.HandleFunc(row.pattern, control.Handler(row.status, row.handle))
	}
	mux.HandleFunc("GET /control/phones/{phone}/messages/{id}/file", s.serveFile)
	return mux
}

var done = map[string]any{"success": true}

func phoneOf(r *http.Request) string { return r.PathValue("phone") }

// took is a route that reads a body of type B.
func took[B any](pattern string, status int, handle func(r *http.Request, body B) (any, error)) route {
	return route{pattern, status, func(r *http.Request) (any, error) {
		var body B
		if err := control.Into(r, &body); err != nil {
			return nil, err
		}
		return handle(r, body)
	}}
}
