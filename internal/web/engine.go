package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/cirrus/omnichannel/internal/fault"
)

// Options is what the edge needs.
type Options struct {
	Routes      []Route
	Auth        Authenticator
	Gate        Gatekeeper   // nil: no route is of scope Number
	Idempotency *Idempotency // nil: no route is Idempotent
	Metrics     *Metrics
	CORSOrigins []string // origins that may call from a page; none by default
	// TrustedProxies are believed when they tell by X-Forwarded-For who calls.
	TrustedProxies []netip.Prefix
}

// New builds the engine from the table of routes. Two rows of one method and
// path, or of one operation id, or a row that lacks its Digest, panic: that is
// a mistake in the table.
func New(o Options) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.UseRawPath = true
	engine.UnescapePathValues = true
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.ContextWithFallback = true
	engine.Use(traced(), requestID, logged(o.Metrics), recovered, cors(o.CORSOrigins))
	engine.NoRoute(Raw(func(c *gin.Context) error {
		return fault.New(fault.NotFound, "There is no route %s %s. The reference is at /docs.", c.Request.Method, clip(c.Request.URL.Path))
	}))
	engine.NoMethod(Raw(func(c *gin.Context) error {
		return fault.New(fault.MethodNotAllowed, "%s is not one of this path's methods.", clip(c.Request.Method))
	}))
	seen := map[string]bool{}
	for _, route := range o.Routes {
		if seen[route.OperationID] {
			panic("two routes are named " + route.OperationID)
		}
		seen[route.OperationID] = true
		if route.Idempotent && route.streamed() && route.Digest == nil {
			panic("route " + route.OperationID + " streams and is Idempotent, but has no Digest")
		}
		engine.Handle(route.Method, route.ginPath(), chain(o, route)...)
	}
	return engine
}

// chain hangs on a route what its row asks for.
func chain(o Options, route Route) []gin.HandlerFunc {
	handlers := []gin.HandlerFunc{
		func(c *gin.Context) { c.Set(routeKey, route) },
		authorize(o.Auth, o.Gate, o.TrustedProxies),
		limitBody,
	}
	if route.Idempotent && o.Idempotency != nil {
		handlers = append(handlers, o.Idempotency.handle)
	}
	return append(handlers, route.Handler)
}

// maxRequestID is how long a caller's X-Request-Id may be; a longer or
// unprintable one is replaced.
const maxRequestID = 128

func requestID(c *gin.Context) {
	id := c.GetHeader("X-Request-Id")
	if id == "" || len(id) > maxRequestID || !printable(id) {
		id = uuid.NewString()
	}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestIDKey, id))
	c.Header("X-Request-Id", id)
}

func printable(text string) bool {
	for _, r := range text {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return true
}

// RequestID gives the id under which a request is logged.
func RequestID(ctx context.Context) string {
	if c, ok := ctx.(*gin.Context); ok {
		ctx = c.Request.Context()
	}
	id, _ := ctx.Value(requestIDKey).(string)
	return id
}

// logged writes one line a request, without its query: that may hold secrets.
func logged(metrics *Metrics) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now()
		c.Next()
		took := time.Since(start)
		operation := routeOf(c).OperationID
		if !routeOf(c).Endless || c.Writer.Status() != http.StatusOK {
			metrics.observe(operation, c.Writer.Status(), took)
		}
		level := slog.LevelDebug
		if c.Writer.Status() >= http.StatusInternalServerError {
			level = slog.LevelWarn
		}
		slog.Log(c, level, "request", "request_id", RequestID(c), "method", c.Request.Method, "route", c.FullPath(),
			"operation", operation, "status", c.Writer.Status(), "took_ms", took.Milliseconds(), "bytes", c.Writer.Size())
	}
}

// recovered turns a panic into an answer; the server goes on.
func recovered(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(cause)
		}
		slog.ErrorContext(c, "a handler panicked", "request_id", RequestID(c), "operation", routeOf(c).OperationID,
			"cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			Fail(c, fault.New(fault.Internal, "%s", internalDetail))
		}
	}()
	c.Next()
}

// cors answers browsers of the origins that the operator lists.
func cors(origins []string) gin.HandlerFunc {
	return func(c *gin.Context) {
		origin := c.GetHeader("Origin")
		if origin == "" || !slices.Contains(origins, origin) {
			return
		}
		c.Header("Access-Control-Allow-Origin", origin)
		c.Header("Vary", "Origin")
		c.Header("Access-Control-Expose-Headers", "X-Request-Id, Retry-After")
		if c.Request.Method == http.MethodOptions && c.GetHeader("Access-Control-Request-Method") != "" {
			c.Header("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
			c.Header("Access-Control-Allow-Headers", "Authorization, X-API-Key, X-Access-Code, Content-Type, Idempotency-Key, X-Request-Id, Last-Event-ID")
			c.Header("Access-Control-Max-Age", "600")
			c.AbortWithStatus(http.StatusNoContent)
		}
	}
}
