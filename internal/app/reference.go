package app

import (
	"net/http"

	omnichannel "github.com/cirrus/omnichannel"
	"github.com/cirrus/omnichannel/internal/web"
)

// reference is the routes that describe all others.
func reference() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/openapi.yaml", OperationID: "getOpenAPI", Scope: web.Public,
			Handler: page("application/yaml; charset=utf-8", func() []byte { return omnichannel.OpenAPI })},
		{Method: http.MethodGet, Path: "/docs", OperationID: "getDocs", Scope: web.Public,
			Handler: page("text/html; charset=utf-8", docsPage)},
	}
}
