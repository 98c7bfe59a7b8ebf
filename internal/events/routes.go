package events

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/web"
)

const (
	base   = "/api/accounts/{clientIdentifier}"
	all    = base + "/deliveries"
	one    = all + "/{deliveryId}"
	tested = base + "/platform-configs/{platformConfigId}/test"
)

// Routes are the operations on events and deliveries.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: base + "/events", OperationID: "streamEvents", Scope: web.Account, Endless: true, Handler: web.Streaming(s.stream)},
		{Method: http.MethodGet, Path: all, OperationID: "listDeliveries", Scope: web.Account, Handler: web.JSON(s.list)},
		{Method: http.MethodPost, Path: all + "/replay", OperationID: "replayDeliveries", Scope: web.Account, Status: http.StatusAccepted, Idempotent: true, Handler: web.JSON(s.replayRange)},
		{Method: http.MethodGet, Path: one, OperationID: "getDelivery", Scope: web.Account, Handler: web.JSON(s.get)},
		{Method: http.MethodPost, Path: one + "/replay", OperationID: "replayDelivery", Scope: web.Account, Status: http.StatusAccepted, Idempotent: true, Handler: web.JSON(s.replay)},
		{Method: http.MethodPost, Path: tested, OperationID: "testPlatformConfig", Scope: web.Account, Status: http.StatusAccepted, Idempotent: true, Handler: web.JSON(s.test)},
	}
}
