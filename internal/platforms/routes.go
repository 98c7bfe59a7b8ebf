package platforms

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/web"
)

const (
	all = "/api/accounts/{clientIdentifier}/platform-configs"
	one = all + "/{platformConfigId}"
)

// Routes are the operations on platform configs.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodPost, Path: all, OperationID: "createPlatformConfig", Scope: web.Account, Status: http.StatusCreated, Idempotent: true, Handler: web.JSON(s.create)},
		{Method: http.MethodGet, Path: all, OperationID: "listPlatformConfigs", Scope: web.Account, Handler: web.JSON(s.list)},
		{Method: http.MethodGet, Path: one, OperationID: "getPlatformConfig", Scope: web.Account, Handler: web.JSON(s.get)},
		{Method: http.MethodPatch, Path: one, OperationID: "updatePlatformConfig", Scope: web.Account, Handler: web.JSON(s.update)},
		{Method: http.MethodDelete, Path: one, OperationID: "deletePlatformConfig", Scope: web.Account, Status: http.StatusNoContent, Handler: web.JSON(s.remove)},
		{Method: http.MethodPost, Path: one + "/rotate-secret", OperationID: "rotatePlatformSecret", Scope: web.Account, Idempotent: true, Handler: web.JSON(s.rotateSecret)},
	}
}
