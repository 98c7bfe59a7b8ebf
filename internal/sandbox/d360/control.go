package d360

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

// Control is the sandbox's own HTTP interface, under /control/. It has no
// authentication: bind it to a loopback address.
func (s *Server) Control() http.Handler {
	mux := control.Mux()
	for _, rows := range [][]route{s.controlNumbers(), s.controlCustomers(), s.controlBehaviour(), s.controlEvents()} {
		for _, row := range rows {
			mux.HandleFunc(row.pattern, control.Handler(row.status, row.handle))
		}
	}
	return mux
}

var done = map[string]any{"success": true}
