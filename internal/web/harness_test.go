package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/web"
	"github.com/cirrus/omnichannel/migrations"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the edge logs what it answers; tests read the answers
	os.Exit(mongotest.Run(m, func(ctx context.Context, db *mongo.Database) error {
		return mongodb.Migrate(ctx, db, migrations.All())
	}))
}

// Two keys of two accounts, and an admin's.
const (
	ownKey, otherKey, admin = "own", "other", "admin"
	ownAccount              = ids.Account("9a92ea44-244c-4cda-86be-6a9e32ba8f34")
	otherAccount            = ids.Account("1b92ea44-244c-4cda-86be-6a9e32ba8f35")
)

// keys is an authenticator that knows them.
type keys struct{}

func (keys) Authenticate(_ context.Context, key string) (web.Principal, error) {
	switch key {
	case ownKey:
		return web.Principal{Account: ownAccount}, nil
	case otherKey:
		return web.Principal{Account: otherAccount}, nil
	case admin:
		return web.Principal{Admin: true}, nil
	}
	return web.Principal{}, fault.New(fault.Unauthenticated, "This key is unknown.")
}

func (keys) AccountExists(_ context.Context, account ids.Account) (bool, error) {
	return account == ownAccount || account == otherAccount, nil
}

// answer is what the edge said.
type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

func (a answer) str(name string) string {
	text, _ := a.body[name].(string)
	return text
}

// field is the first wrong field and its code.
func (a answer) field() string {
	list, _ := a.body["errors"].([]any)
	if len(list) == 0 {
		return ""
	}
	first := list[0].(map[string]any)
	return first["field"].(string) + " " + first["code"].(string)
}

// do sends a request with headers as pairs.
func do(handler http.Handler, method, path, body string, header ...string) answer {
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, path, reader)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, req)
	a := answer{status: rec.Code, header: rec.Header(), text: rec.Body.String()}
	if bytes.HasPrefix(rec.Body.Bytes(), []byte("{")) {
		_ = json.Unmarshal(rec.Body.Bytes(), &a.body) // what is no JSON has no fields
	}
	return a
}

// engineOf serves one public route.
func engineOf(route web.Route) *gin.Engine {
	if route.OperationID == "" {
		route.OperationID = "try"
	}
	if route.Scope == "" {
		route.Scope = web.Public
	}
	return web.New(web.Options{Routes: []web.Route{route}, Auth: keys{}})
}

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }
