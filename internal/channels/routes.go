package channels

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/web"
)

const (
	all = "/api/accounts/{clientIdentifier}/channels"
	one = all + "/{channelId}"
)

// Routes are the operations on channels.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodPost, Path: all, OperationID: "createChannel", Scope: web.Account, Status: http.StatusCreated, Idempotent: true, Handler: web.JSON(s.create)},
		{Method: http.MethodGet, Path: all, OperationID: "listChannels", Scope: web.Account, Handler: web.JSON(s.list)},
		{Method: http.MethodGet, Path: one, OperationID: "getChannel", Scope: web.Account, Handler: web.JSON(s.get)},
		{Method: http.MethodPatch, Path: one, OperationID: "updateChannel", Scope: web.Account, Handler: web.JSON(s.update)},
		{Method: http.MethodDelete, Path: one, OperationID: "deleteChannel", Scope: web.Account, Status: http.StatusNoContent, Handler: web.JSON(s.remove)},
		{Method: http.MethodGet, Path: one + "/capabilities", OperationID: "getChannelCapabilities", Scope: web.Account, Handler: web.JSON(s.getCapabilities)},
		{Method: http.MethodPost, Path: one + "/webhook", OperationID: "setChannelWebhook", Scope: web.Account, Handler: web.JSON(s.setWebhook)},
		{Method: http.MethodGet, Path: one + "/templates", OperationID: "listChannelTemplates", Scope: web.Account, Handler: web.JSON(s.templates)},
	}
}
