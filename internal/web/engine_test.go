package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/cirrus/omnichannel/internal/web"
)

func answerOK(c *gin.Context) { c.String(http.StatusOK, "fine") }

func TestScopes(t *testing.T) {
	t.Parallel()
	var routes []web.Route
	for _, scope := range []web.Scope{web.Public, web.Admin, web.Account, web.Key, web.Own} {
		path := "/" + string(scope)
		if scope == web.Account {
			path += "/{clientIdentifier}"
		}
		routes = append(routes, web.Route{Method: http.MethodGet, Path: path, OperationID: string(scope), Scope: scope, Handler: answerOK})
	}
	engine := web.New(web.Options{Routes: routes, Auth: keys{}})
	account := "/account/" + string(ownAccount)
	for _, c := range []struct {
		path, key string
		status    int
	}{
		{"/public", "", 200}, {"/public", "wrong", 200}, {"/own", "", 200},
		{"/admin", "", 401}, {"/admin", "wrong", 401}, {"/admin", ownKey, 403}, {"/admin", admin, 200},
		{"/key", "", 401}, {"/key", "wrong", 401}, {"/key", ownKey, 200}, {"/key", admin, 200},
		{account, "", 401}, {account, "wrong", 401}, {account, ownKey, 200}, {account, admin, 200}, {account, otherKey, 404},
		{"/account/" + strings.ToUpper(string(ownAccount)), ownKey, 200},
		{"/account/9a92ea44-0000-0000-0000-6a9e32ba8f34", admin, 404}, {"/account/x", admin, 404}, {"/account/x", ownKey, 404}, {"/account/x", "", 401},
	} {
		for _, header := range [][]string{{"Authorization", "Bearer " + c.key}, {"Authorization", "bearer  " + c.key}, {"X-API-Key", c.key}} {
			if a := do(engine, http.MethodGet, c.path, "", header...); a.status != c.status {
				t.Errorf("%s with %v: %d, want %d: %s", c.path, header, a.status, c.status, a.text)
			}
		}
	}
	if a := do(engine, http.MethodGet, "/key", "", "Authorization", "Basic "+ownKey); a.status != 401 {
		t.Errorf("another scheme: %d", a.status)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	engine := engineOf(web.Route{Method: http.MethodGet, Path: "/things/{id}", Handler: web.Raw(func(c *gin.Context) error { c.String(http.StatusOK, "%s", c.Param("id")); return nil })})
	for _, c := range []struct {
		method, path string
		status       int
		code         string
	}{
		{"GET", "/nothing", 404, "not_found"}, {"POST", "/things/1", 405, "method_not_allowed"}, {"GET", "/things/1/", 404, "not_found"}, {"GET", "/things", 404, "not_found"},
	} {
		if a := do(engine, c.method, c.path, ""); a.status != c.status || a.str("code") != c.code {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.status, a.text)
		}
	}
	if a := do(engine, "GET", "/things/a%2Fb%20c", ""); a.text != "a/b c" {
		t.Errorf("an escaped id: %q", a.text)
	}
	if a := do(engine, "POST", "/things/1", ""); a.header.Get("Allow") != "GET" {
		t.Errorf("405 names the methods: %v", a.header)
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	engine := engineOf(web.Route{Method: http.MethodGet, Path: "/", Handler: web.Raw(func(c *gin.Context) error {
		c.String(http.StatusOK, "%s", web.RequestID(c.Request.Context()))
		return nil
	})})
	for id, kept := range map[string]bool{"abc-123": true, strings.Repeat("x", 128): true, strings.Repeat("x", 129): false, "": false, "a b": false, "a\tb": false, "é": false} {
		a := do(engine, http.MethodGet, "/", "", "X-Request-Id", id)
		if got := a.header.Get("X-Request-Id"); (got == id) != kept || got == "" || a.text != got {
			t.Errorf("%q: header %q, handler %q", id, got, a.text)
		}
	}
}

func TestPanicsAreAnswered(t *testing.T) {
	t.Parallel()
	engine := engineOf(web.Route{Method: http.MethodGet, Path: "/", Handler: func(*gin.Context) { panic("hunter2") }})
	if a := do(engine, http.MethodGet, "/", ""); a.status != 500 || a.str("code") != "internal" || strings.Contains(a.text, "hunter2") {
		t.Errorf("%d %s", a.status, a.text)
	}
	aborting := engineOf(web.Route{Method: http.MethodGet, Path: "/", Handler: func(*gin.Context) { panic(http.ErrAbortHandler) }})
	defer func() {
		if cause := recover(); cause != http.ErrAbortHandler { //nolint:errorlint // recover gives any: it must be this very value
			t.Errorf("the server's own panic ends as %v", cause)
		}
	}()
	do(aborting, http.MethodGet, "/", "")
}

func TestWhoHangsUpIsNotAnswered(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	engine := engineOf(web.Route{Method: http.MethodGet, Path: "/", Handler: web.Raw(func(c *gin.Context) error {
		cancel()
		return c.Request.Context().Err()
	})})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	rec := newRecorder()
	engine.ServeHTTP(rec, req)
	if rec.Body.Len() != 0 || rec.Code >= 500 {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

func TestTwoRoutesOfOneNamePanic(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("the mistake goes unseen")
		}
	}()
	row := web.Route{Method: http.MethodGet, Path: "/a", OperationID: "same", Handler: answerOK}
	other := row
	other.Path = "/b"
	web.New(web.Options{Routes: []web.Route{row, other}})
}

func TestCORS(t *testing.T) {
	t.Parallel()
	const page = "https://console.example.com"
	routes := []web.Route{{Method: http.MethodPost, Path: "/x", OperationID: "x", Scope: web.Key, Handler: answerOK}}
	engine := web.New(web.Options{Routes: routes, Auth: keys{}, CORSOrigins: []string{page, "http://localhost:3000"}})
	pre := do(engine, http.MethodOptions, "/x", "", "Origin", page, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization, idempotency-key")
	allowed := strings.ToLower(pre.header.Get("Access-Control-Allow-Headers"))
	if pre.status != 204 || pre.header.Get("Access-Control-Allow-Origin") != page || !strings.Contains(pre.header.Get("Access-Control-Allow-Methods"), "POST") ||
		!strings.Contains(allowed, "authorization") || !strings.Contains(allowed, "idempotency-key") || pre.header.Get("Vary") != "Origin" {
		t.Errorf("the question beforehand: %d %v", pre.status, pre.header)
	}
	if a := do(engine, http.MethodPost, "/x", "", "Origin", page, "X-API-Key", ownKey); a.status != 200 || a.header.Get("Access-Control-Allow-Origin") != page {
		t.Errorf("the request: %d %v", a.status, a.header)
	}
	// A page must be able to read why it was refused.
	if a := do(engine, http.MethodPost, "/x", "", "Origin", page); a.status != 401 || a.header.Get("Access-Control-Allow-Origin") != page {
		t.Errorf("refused: %d %v", a.status, a.header)
	}
	for _, origin := range []string{"https://evil.example.com", page + ".evil.com", "null", "http://console.example.com", ""} {
		for _, method := range []string{http.MethodOptions, http.MethodPost} {
			a := do(engine, method, "/x", "", "Origin", origin, "Access-Control-Request-Method", "POST", "X-API-Key", ownKey)
			if a.header.Get("Access-Control-Allow-Origin") != "" || method == http.MethodOptions && a.status == 204 {
				t.Errorf("%s from %q: %d %v", method, origin, a.status, a.header)
			}
		}
	}
	if a := do(web.New(web.Options{Routes: routes, Auth: keys{}}), http.MethodPost, "/x", "", "Origin", page, "X-API-Key", ownKey); a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("nobody is listed: %v", a.header)
	}
}

func TestMetricsNameTheOperation(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	engine := web.New(web.Options{Routes: []web.Route{{Method: http.MethodGet, Path: "/x/{id}", OperationID: "getX", Scope: web.Public, Handler: answerOK}}, Metrics: web.NewMetrics(registry)})
	for _, path := range []string{"/x/1", "/x/2", "/nothing/5521988887777"} {
		do(engine, http.MethodGet, path, "")
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]uint64{}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			name := family.GetName()
			for _, label := range metric.GetLabel() {
				name += " " + label.GetValue()
			}
			counts[name] = metric.GetHistogram().GetSampleCount()
		}
	}
	if len(counts) != 2 || counts["omnichannel_http_request_seconds getX 200"] != 2 || counts["omnichannel_http_request_seconds none 404"] != 1 {
		t.Errorf("counted %v", counts)
	}
}
