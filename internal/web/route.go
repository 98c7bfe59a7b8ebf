package web

import (
	"math"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// Scope says who may call a route.
type Scope string

// The scopes there are.
const (
	// Public: anyone.
	Public Scope = "public"
	// Admin: an admin key.
	Admin Scope = "admin"
	// Account: a key of the account in the path's {clientIdentifier}, or an
	// admin key. Any other account's is 404.
	Account Scope = "account"
	// Key: any key; the handler sees to it that the rows are of its account.
	Key Scope = "key"
	// Number: a key of the account of the channel whose number stands first in
	// the path, an admin key, or the channel's access code. The Gatekeeper decides.
	Number Scope = "number"
	// Own: the handler authenticates by itself (webhook secrets, signed links).
	Own Scope = "own"
)

// Route is one operation of openapi.yaml.
type Route struct {
	Method      string
	Path        string // as openapi.yaml has it: /api/session/{sessionId}
	OperationID string
	Scope       Scope
	Status      int   // of success; 0: 200
	Idempotent  bool  // honours Idempotency-Key
	MaxBody     int64 // bytes; 0: DefaultMaxBody, negative: the handler streams and limits by itself
	// Digest reads the streamed body of a repeated request to its end and tells
	// what it is, as Streamed did of the first. A route that is Idempotent and
	// streams has one.
	Digest func(*gin.Context) ([]byte, error)
	// Endless: the answer is a stream; its length says nothing of the server.
	Endless bool
	Handler gin.HandlerFunc
}

// DefaultMaxBody is the largest body of a route that says nothing else, in bytes.
const DefaultMaxBody = 1 << 20

const routeKey = "omnichannel.route"

// ginPath writes {param} the way Gin reads it.
func (r Route) ginPath() string {
	parts := strings.Split(r.Path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") && strings.HasSuffix(part, "}") {
			parts[i] = ":" + part[1:len(part)-1]
		}
	}
	return strings.Join(parts, "/")
}

// streamed tells whether the handler reads the body as it comes.
func (r Route) streamed() bool { return r.MaxBody < 0 }

func (r Route) success() int {
	if r.Status == 0 {
		return http.StatusOK
	}
	return r.Status
}

// bodyLimit is the most bytes that a handler may read of a body.
func (r Route) bodyLimit() int64 {
	switch {
	case r.MaxBody == 0:
		return DefaultMaxBody
	case r.MaxBody < 0:
		return math.MaxInt64
	default:
		return r.MaxBody
	}
}

// routeOf gives the row that a request was matched to.
func routeOf(c *gin.Context) Route {
	route, _ := c.Get(routeKey)
	row, _ := route.(Route)
	return row
}
