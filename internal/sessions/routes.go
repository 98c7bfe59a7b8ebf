package sessions

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/web"
)

// Routes are the operations on sessions.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/api/session/{sessionId}", OperationID: "getSession", Scope: web.Key, Handler: web.JSON(s.get)},
		{Method: http.MethodPost, Path: "/api/session/transfer/{sessionId}", OperationID: "transferSession", Scope: web.Key, Idempotent: true, Handler: web.JSON(s.transfer)},
		{Method: http.MethodDelete, Path: "/api/session/finish/{sessionId}", OperationID: "finishSession", Scope: web.Key, Handler: web.JSON(s.finish)},
		{Method: http.MethodPost, Path: "/api/session/{sessionId}/read", OperationID: "readSession", Scope: web.Key, Handler: web.JSON(s.read)},
		{Method: http.MethodPost, Path: "/api/session/{sessionId}/typing", OperationID: "typeInSession", Scope: web.Key, Handler: web.JSON(s.typing)},
		{Method: http.MethodGet, Path: "/api/accounts/{clientIdentifier}/sessions", OperationID: "listSessions", Scope: web.Account, Handler: web.JSON(s.list)},
	}
}
