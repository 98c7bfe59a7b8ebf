package gateway

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	"github.com/cirrus/omnichannel/internal/web"
)

const under = "/{clientNumber}"

// Routes are the operations on one linked number.
func (s *Service) Routes() []web.Route {
	all := slices.Concat(s.connectionRoutes(), s.peopleRoutes(), s.groupRoutes(), s.messageRoutes(), s.accountRoutes(), s.chatActionRoutes(), s.webhookRoutes(), s.chatRoutes())
	for i := range all {
		all[i].Path, all[i].Scope = under+all[i].Path, web.Number
	}
	return all
}

func (s *Service) connectionRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/status", OperationID: "getNumberStatus", Handler: web.JSON(s.status)},
		{Method: http.MethodGet, Path: "/qr", OperationID: "getNumberQR", Handler: web.Raw(s.qr)},
		{Method: http.MethodPost, Path: "/pair", OperationID: "pairNumber", Handler: web.JSON(s.pair)},
		{Method: http.MethodPost, Path: "/pair/passkey", OperationID: "answerNumberPasskey", Handler: web.JSON(s.answerPasskey)},
		{Method: http.MethodPost, Path: "/pair/confirm", OperationID: "confirmNumberPasskey", Handler: web.JSON(s.confirmPasskey)},
		{Method: http.MethodPost, Path: "/connect", OperationID: "connectNumber", Handler: web.JSON(s.connect)},
		{Method: http.MethodPost, Path: "/disconnect", OperationID: "disconnectNumber", Handler: web.JSON(s.disconnect)},
		{Method: http.MethodPost, Path: "/reset", OperationID: "resetNumber", Handler: web.JSON(s.reset)},
		{Method: http.MethodPost, Path: "/logout", OperationID: "logoutNumber", Handler: web.JSON(s.logout)},
	}
}

func (s *Service) peopleRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/validate/{contact}", OperationID: "validateNumber", Handler: web.JSON(s.validate)},
		{Method: http.MethodGet, Path: "/contacts", OperationID: "listNumberContacts", Handler: web.JSON(s.listContacts)},
		{Method: http.MethodGet, Path: "/contacts/{contact}", OperationID: "getNumberContact", Handler: web.JSON(s.contact)},
		{Method: http.MethodGet, Path: "/contacts/{contact}/photo", OperationID: "getNumberContactPhoto", Handler: web.Raw(s.contactPhoto)},
	}
}

func (s *Service) groupRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/groups", OperationID: "listGroups", Handler: web.JSON(s.listGroups)},
		{Method: http.MethodPost, Path: "/groups", OperationID: "createGroup", Status: http.StatusCreated, Idempotent: true, Handler: web.JSON(s.createGroup)},
		{Method: http.MethodPost, Path: "/groups/join", OperationID: "joinGroup", Handler: web.JSON(s.joinGroup)},
		{Method: http.MethodGet, Path: "/groups/{group}", OperationID: "getGroup", Handler: web.JSON(s.group)},
		{Method: http.MethodPut, Path: "/groups/{group}/subject", OperationID: "setGroupSubject", Handler: web.JSON(s.setGroupSubject)},
		{Method: http.MethodPut, Path: "/groups/{group}/description", OperationID: "setGroupDescription", Handler: web.JSON(s.setGroupDescription)},
		{Method: http.MethodPost, Path: "/groups/{group}/participants", OperationID: "addGroupParticipants", Handler: web.JSON(s.addParticipants)},
		{Method: http.MethodDelete, Path: "/groups/{group}/participants", OperationID: "removeGroupParticipants", Handler: web.JSON(s.removeParticipants)},
		{Method: http.MethodPut, Path: "/groups/{group}/admins", OperationID: "setGroupAdmins", Handler: web.JSON(s.setAdmins)},
		{Method: http.MethodGet, Path: "/groups/{group}/invite", OperationID: "getGroupInvite", Handler: web.JSON(s.groupInvite)},
		{Method: http.MethodDelete, Path: "/groups/{group}/invite", OperationID: "revokeGroupInvite", Handler: web.JSON(s.revokeGroupInvite)},
		{Method: http.MethodPost, Path: "/groups/{group}/leave", OperationID: "leaveGroup", Status: http.StatusNoContent, Handler: web.JSON(s.leaveGroup)},
	}
}

func (s *Service) messageRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodPost, Path: "/messages", OperationID: "sendFromNumber", Idempotent: true, Handler: web.JSON(s.send)},
		{Method: http.MethodPost, Path: "/groups/{group}/messages", OperationID: "sendToGroup", Idempotent: true, Handler: web.JSON(s.sendToGroup)},
	}
}

func (s *Service) accountRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/account", OperationID: "getNumberAccount", Handler: web.JSON(s.account)},
		{Method: http.MethodPut, Path: "/account/about", OperationID: "setNumberAbout", Status: http.StatusNoContent, Handler: web.JSON(s.setAbout)},
		{Method: http.MethodPut, Path: "/account/name", OperationID: "setNumberName", Status: http.StatusNoContent, Handler: web.JSON(s.setName)},
		{Method: http.MethodPut, Path: "/presence", OperationID: "setNumberPresence", Status: http.StatusNoContent, Handler: web.JSON(s.setPresence)},
		{Method: http.MethodGet, Path: "/number", OperationID: "getLinkedNumber", Handler: web.JSON(s.linkedNumber)},
		{Method: http.MethodGet, Path: "/platform", OperationID: "getNumberPlatform", Handler: web.JSON(s.platform)},
		{Method: http.MethodGet, Path: "/version", OperationID: "getNumberVersion", Handler: web.JSON(s.versions)},
		{Method: http.MethodGet, Path: "/access-code", OperationID: "checkAccessCode", Handler: web.JSON(s.accessCode)},
		{Method: http.MethodPut, Path: "/access-code", OperationID: "renewAccessCode", Handler: web.JSON(s.renewAccessCode)},
		{Method: http.MethodPut, Path: "/groups/{group}/photo", OperationID: "setGroupPhoto", Status: http.StatusNoContent, Handler: web.JSON(s.setGroupPhoto)},
		{Method: http.MethodDelete, Path: "/groups/{group}/photo", OperationID: "removeGroupPhoto", Status: http.StatusNoContent, Handler: web.JSON(s.removeGroupPhoto)},
	}
}

// chatRoutes are what the number's phone shows.
func (s *Service) chatRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/chats", OperationID: "listChats", Handler: web.JSON(s.listChats)},
		{Method: http.MethodGet, Path: "/chats/{chat}/messages", OperationID: "listChatMessages", Handler: web.JSON(s.chatMessages)},
		{Method: http.MethodGet, Path: "/groups/{group}/messages", OperationID: "listGroupMessages", Handler: web.JSON(s.groupMessages)},
	}
}

// chatActionRoutes are what is done to a chat for the number's own devices.
func (s *Service) chatActionRoutes() []web.Route {
	row := func(method, path, operation string, handler gin.HandlerFunc) web.Route {
		return web.Route{Method: method, Path: path, OperationID: operation, Status: http.StatusNoContent, Handler: handler}
	}
	const chat, group = "/chats/{chat}", "/groups/{group}"
	return []web.Route{
		row(http.MethodPost, chat+"/archive", "archiveChat", web.JSON(s.onChat(whatsappweb.ArchiveChat))),
		row(http.MethodPost, chat+"/unarchive", "unarchiveChat", web.JSON(s.onChat(whatsappweb.UnarchiveChat))),
		row(http.MethodPost, chat+"/mute", "muteChat", web.JSON(s.muteChat)),
		row(http.MethodPost, chat+"/unmute", "unmuteChat", web.JSON(s.onChat(whatsappweb.UnmuteChat))),
		row(http.MethodPost, chat+"/read", "readChat", web.JSON(s.onChat(whatsappweb.ReadChat))),
		row(http.MethodDelete, chat+"/messages", "clearChat", web.JSON(s.onChat(whatsappweb.ClearChat))),
		row(http.MethodPost, group+"/archive", "archiveGroup", web.JSON(s.onGroup(whatsappweb.ArchiveChat))),
		row(http.MethodPost, group+"/unarchive", "unarchiveGroup", web.JSON(s.onGroup(whatsappweb.UnarchiveChat))),
		row(http.MethodPost, group+"/mute", "muteGroup", web.JSON(s.muteGroup)),
		row(http.MethodPost, group+"/unmute", "unmuteGroup", web.JSON(s.onGroup(whatsappweb.UnmuteChat))),
		row(http.MethodPost, group+"/read", "readGroup", web.JSON(s.onGroup(whatsappweb.ReadChat))),
		row(http.MethodDelete, group+"/messages", "clearGroup", web.JSON(s.onGroup(whatsappweb.ClearChat))),
	}
}

func (s *Service) webhookRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/setWebhook", OperationID: "setNumberWebhookByQuery", Handler: web.JSON(s.setWebhook)},
		{Method: http.MethodPut, Path: "/webhook", OperationID: "setNumberWebhook", Handler: web.JSON(s.putWebhook)},
		{Method: http.MethodGet, Path: "/webhook", OperationID: "getNumberWebhook", Handler: web.JSON(s.webhook)},
		{Method: http.MethodDelete, Path: "/webhook", OperationID: "deleteNumberWebhook", Status: http.StatusNoContent, Handler: web.JSON(s.endWebhook)},
	}
}
