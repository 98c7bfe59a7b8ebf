// Package omnichannel carries the reference of the HTTP API, so that the
// server can show it: go:embed reaches no folder above its own.
package omnichannel

import _ "embed"

// OpenAPI is openapi.yaml, the executable form of the API's contract.
//
//go:embed openapi.yaml
var OpenAPI []byte
