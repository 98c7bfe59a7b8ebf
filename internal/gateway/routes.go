package gateway

import (
	"net/http"
	"slices"

	"github.com/cirrus/omnichannel/internal/web"
)

const under = "/{clientNumber}"

// Routes are the operations on one linked number.
func (s *Service) Routes() []web.Route {
	all := slices.Concat(s.connectionRoutes(), s.peopleRoutes(), s.groupRoutes(), s.messageRoutes())
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
