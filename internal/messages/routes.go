package messages

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/web"
)

// MaxWebhook is the largest webhook body, in bytes.
const MaxWebhook = 4 << 20

// Routes are the operations on messages, and the providers' webhooks.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodPost, Path: "/api/message/send", OperationID: "sendMessage", Scope: web.Key, Idempotent: true, Handler: web.JSON(s.handleSend)},
		{Method: http.MethodPost, Path: "/api/message", OperationID: "sendToNumber", Scope: web.Key, Idempotent: true, Handler: web.JSON(s.handleSendTo)},
		{Method: http.MethodPost, Path: "/api/message/start/d360", OperationID: "startD360", Scope: web.Key, Idempotent: true, Handler: web.JSON(s.handleStart)},
		{Method: http.MethodGet, Path: "/api/message/{messageId}", OperationID: "getMessage", Scope: web.Key, Handler: web.JSON(s.handleGet)},
		{Method: http.MethodDelete, Path: "/api/message/{messageId}", OperationID: "deleteMessage", Scope: web.Key, Handler: web.JSON(s.handleDelete)},
		{Method: http.MethodGet, Path: "/api/session/{sessionId}/messages", OperationID: "listMessages", Scope: web.Key, Handler: web.JSON(s.handleList)},
		{Method: http.MethodPost, Path: "/api/webhook/360dialog/{platformConfigId}/{channelId}", OperationID: "receiveD360", Scope: web.Own, MaxBody: MaxWebhook, Handler: web.Raw(s.webhook("d360"))},
		{Method: http.MethodPost, Path: "/api/webhook/whatsappweb/{platformConfigId}/{channelId}", OperationID: "receiveWhatsAppWeb", Scope: web.Own, MaxBody: MaxWebhook, Handler: web.Raw(s.webhook("whatsappweb"))},
	}
}
