package accounts

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/web"
)

const (
	one  = "/api/accounts/{clientIdentifier}"
	keys = one + "/api-keys"
	tags = one + "/tags"
)

// Routes are the operations on accounts, keys and tags.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodPost, Path: "/api/accounts", OperationID: "createAccount", Scope: web.Admin, Status: http.StatusCreated, Idempotent: true, Handler: web.JSON(s.create)},
		{Method: http.MethodGet, Path: "/api/accounts", OperationID: "listAccounts", Scope: web.Admin, Handler: web.JSON(s.list)},
		{Method: http.MethodGet, Path: one, OperationID: "getAccount", Scope: web.Account, Handler: web.JSON(s.get)},
		{Method: http.MethodPatch, Path: one, OperationID: "updateAccount", Scope: web.Account, Handler: web.JSON(s.update)},
		{Method: http.MethodDelete, Path: one, OperationID: "deleteAccount", Scope: web.Admin, Status: http.StatusNoContent, Handler: web.JSON(s.remove)},

		{Method: http.MethodPost, Path: keys, OperationID: "createApiKey", Scope: web.Account, Status: http.StatusCreated, Idempotent: true, Handler: web.JSON(s.createKey)},
		{Method: http.MethodGet, Path: keys, OperationID: "listApiKeys", Scope: web.Account, Handler: web.JSON(s.listKeys)},
		{Method: http.MethodGet, Path: keys + "/{apiKeyId}", OperationID: "getApiKey", Scope: web.Account, Handler: web.JSON(s.getKey)},
		{Method: http.MethodPatch, Path: keys + "/{apiKeyId}", OperationID: "updateApiKey", Scope: web.Account, Handler: web.JSON(s.updateKey)},
		{Method: http.MethodDelete, Path: keys + "/{apiKeyId}", OperationID: "deleteApiKey", Scope: web.Account, Status: http.StatusNoContent, Handler: web.JSON(s.removeKey)},

		{Method: http.MethodPost, Path: tags, OperationID: "createTag", Scope: web.Account, Status: http.StatusCreated, Idempotent: true, Handler: web.JSON(s.createTag)},
		{Method: http.MethodGet, Path: tags, OperationID: "listTags", Scope: web.Account, Handler: web.JSON(s.listTags)},
		{Method: http.MethodGet, Path: tags + "/{tagId}", OperationID: "getTag", Scope: web.Account, Handler: web.JSON(s.getTag)},
		{Method: http.MethodPatch, Path: tags + "/{tagId}", OperationID: "updateTag", Scope: web.Account, Handler: web.JSON(s.updateTag)},
		{Method: http.MethodDelete, Path: tags + "/{tagId}", OperationID: "deleteTag", Scope: web.Account, Status: http.StatusNoContent, Handler: web.JSON(s.removeTag)},
	}
}
