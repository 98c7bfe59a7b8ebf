package contacts

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/web"
)

const base = "/api/accounts/{clientIdentifier}/contacts"

// Routes are the operations on contacts; erasing and exporting a person are
// package privacy's.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodPost, Path: base, OperationID: "createContact", Scope: web.Account, Status: http.StatusCreated, Idempotent: true, Handler: web.JSON(s.create)},
		{Method: http.MethodGet, Path: base, OperationID: "listContacts", Scope: web.Account, Handler: web.JSON(s.list)},
		{Method: http.MethodGet, Path: base + "/{contactId}", OperationID: "getContact", Scope: web.Account, Handler: web.JSON(s.get)},
		{Method: http.MethodPatch, Path: base + "/{contactId}", OperationID: "updateContact", Scope: web.Account, Handler: web.JSON(s.update)},
		{Method: http.MethodPut, Path: base + "/{contactId}", OperationID: "replaceContact", Scope: web.Account, Handler: web.JSON(s.update)},
	}
}
