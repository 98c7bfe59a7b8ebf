package gateway

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/web"
)

const under = "/{clientNumber}"

// Routes are the operations on one linked number.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: under + "/status", OperationID: "getNumberStatus", Scope: web.Number, Handler: web.JSON(s.status)},
		{Method: http.MethodGet, Path: under + "/qr", OperationID: "getNumberQR", Scope: web.Number, Handler: web.Raw(s.qr)},
		{Method: http.MethodPost, Path: under + "/pair", OperationID: "pairNumber", Scope: web.Number, Handler: web.JSON(s.pair)},
		{Method: http.MethodPost, Path: under + "/pair/passkey", OperationID: "answerNumberPasskey", Scope: web.Number, Handler: web.JSON(s.answerPasskey)},
		{Method: http.MethodPost, Path: under + "/pair/confirm", OperationID: "confirmNumberPasskey", Scope: web.Number, Handler: web.JSON(s.confirmPasskey)},
		{Method: http.MethodPost, Path: under + "/connect", OperationID: "connectNumber", Scope: web.Number, Handler: web.JSON(s.connect)},
		{Method: http.MethodPost, Path: under + "/disconnect", OperationID: "disconnectNumber", Scope: web.Number, Handler: web.JSON(s.disconnect)},
		{Method: http.MethodPost, Path: under + "/reset", OperationID: "resetNumber", Scope: web.Number, Handler: web.JSON(s.reset)},
		{Method: http.MethodPost, Path: under + "/logout", OperationID: "logoutNumber", Scope: web.Number, Handler: web.JSON(s.logout)},
	}
}
