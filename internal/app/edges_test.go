package app_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/web"
)

// filled writes ids into a route's path: this account, the world's number, and
// ids that nobody has.
func filled(route web.Route, w *apptest.World, account string) string {
	parts := strings.Split(route.Path, "/")
	for i, part := range parts {
		switch {
		case part == "{clientIdentifier}":
			parts[i] = account
		case part == "{clientNumber}":
			parts[i] = w.Number
		case strings.HasPrefix(part, "{"):
			parts[i] = bson.NewObjectID().Hex()
		}
	}
	return strings.Join(parts, "/")
}

// guarded are the routes that need a key.
func guarded(w *apptest.World) []web.Route {
	var routes []web.Route
	for _, route := range w.App.Routes {
		if slices.Contains([]web.Scope{web.Account, web.Key, web.Admin, web.Number}, route.Scope) {
			routes = append(routes, route)
		}
	}
	return routes
}

// hasID tells whether a route names one resource.
func hasID(route web.Route) bool {
	return strings.Contains(strings.ReplaceAll(route.Path, "{clientIdentifier}", ""), "{")
}

func TestEveryRouteNeedsAKey(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	for _, route := range guarded(w) {
		a := w.Do(apptest.Request{Method: route.Method, Path: filled(route, w, string(w.Account)), Key: "-"})
		if a.Status != http.StatusUnauthorized || a.Code() != "unauthenticated" {
			t.Errorf("%s without a key: %s", route.OperationID, a)
		}
		if route.Scope != web.Admin {
			continue
		}
		if a := w.Do(apptest.Request{Method: route.Method, Path: filled(route, w, string(w.Account))}); a.Status != http.StatusForbidden {
			t.Errorf("%s with an account's key: %s", route.OperationID, a)
		}
	}
}

// Another account's key finds nothing: 404, never 403.
func TestAnotherAccountsKeyFindsNothing(t *testing.T) {
	t.Parallel()
	w, stranger := apptest.NewWorld(t), apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	contact := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts", nil)["items"].([]any)[0].(map[string]any)["_id"].(string)
	message := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil)["items"].([]any)[0].(map[string]any)["_id"].(string)
	known := strings.NewReplacer(
		"{clientIdentifier}", string(w.Account), "{clientNumber}", w.Number, "{sessionId}", session, "{contactId}", contact, "{messageId}", message,
		"{channelId}", w.D360.String(), "{platformConfigId}", w.Config.String(),
		"{deliveryId}", text(told(w, session), "_id"), "{tagId}", bson.NewObjectID().Hex(), "{apiKeyId}", bson.NewObjectID().Hex(), "{mediaId}", bson.NewObjectID().Hex(),
	)
	bodies := map[string]any{
		"transferSession": map[string]any{"params": map[string]any{"platformSlug": "console"}}, "typeInSession": map[string]any{"state": "typing"},
		"createContact": contactBody(w), "createApiKey": named(), "createTag": named(), "updateAccount": named(), "updateApiKey": named(),
		"createPlatformConfig": map[string]any{"platformSlug": "x", "name": "x"}, "createChannel": map[string]any{"provider": "d360", "identifier": apptest.Phone()},
		"updateContact": named(), "replaceContact": named(), "updateTag": named(), "updateChannel": named(), "updatePlatformConfig": named(), "uploadMedia": named(),
		"replayDeliveries": map[string]any{"from": 1, "to": 2},
	}
	queries := map[string]string{"deleteMessage": "?senderId=" + w.Number + "&channelSlug=d360"}
	for _, route := range guarded(w) {
		if route.Scope == web.Admin || !strings.Contains(route.Path, "{") {
			continue
		}
		a := stranger.Do(apptest.Request{Method: route.Method, Path: known.Replace(route.Path) + queries[route.OperationID], Body: bodies[route.OperationID]})
		if a.Status != http.StatusNotFound {
			t.Errorf("%s with another account's key: %s", route.OperationID, a)
		}
		if !hasID(route) { // then the account itself must be known
			a := w.Do(apptest.Request{Method: route.Method, Path: filled(route, w, uuid.NewString()), Body: bodies[route.OperationID], Key: apptest.AdminKey})
			if a.Status != http.StatusNotFound {
				t.Errorf("%s of an account that is not there: %s", route.OperationID, a)
			}
		}
	}
}

// told is a delivery of an event of a session.
func told(w *apptest.World, session string) (found doc) {
	w.T.Helper()
	r := listen(w.T, w)
	w.Want(http.StatusOK, http.MethodPost, "/api/session/transfer/"+session, doc{"params": doc{"platformSlug": "console"}})
	r.await(w, "session.transferred")
	settled(w)
	for _, d := range deliveries(w, "") {
		if d["sessionId"] == session {
			found = d
		}
	}
	return found
}

func named() map[string]any { return map[string]any{"name": "x"} }

func contactBody(w *apptest.World) map[string]any {
	return map[string]any{"contactIdentifier": apptest.Phone(), "name": "x", "type": "individual", "channelId": w.D360, "channelType": "whatsapp"}
}

// What cannot be a request of ours is refused by name, on every route.
func TestWrongShapesAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	large := append(append([]byte(`{"name":"`), bytes.Repeat([]byte("a"), web.DefaultMaxBody)...), `"}`...)
	for _, route := range guarded(w) {
		path := filled(route, w, string(w.Account))
		ask := func(path string, body any, header map[string]string) apptest.Answer {
			return w.Do(apptest.Request{Method: route.Method, Path: path, Body: body, Key: apptest.AdminKey, Header: header})
		}
		if a := ask(path+"?nonsense=1", nil, nil); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s with an unknown query parameter: %s", route.OperationID, a)
		}
		if route.Method == http.MethodGet || route.Method == http.MethodDelete || route.MaxBody < 0 || bodiless[route.OperationID] {
			continue
		}
		for _, c := range []struct {
			name   string
			body   []byte
			header map[string]string
			status int
		}{
			{"text that is not JSON", []byte(`{"name":`), nil, http.StatusBadRequest},
			{"an empty body", []byte(" "), nil, http.StatusBadRequest},
			{"another content type", []byte(`{}`), map[string]string{"Content-Type": "text/plain"}, http.StatusUnsupportedMediaType},
			{"a body that is too large", large, nil, http.StatusRequestEntityTooLarge},
			{"an unknown field", []byte(`{"nonsense":1}`), nil, http.StatusUnprocessableEntity},
			{"a list", []byte(`[]`), nil, http.StatusUnprocessableEntity},
		} {
			if a := ask(path, c.body, c.header); a.Status != c.status {
				t.Errorf("%s with %s: %s, want %d", route.OperationID, c.name, a, c.status)
			}
		}
	}
}

// bodiless are the routes that read no body although their method may have one.
var bodiless = map[string]bool{
	"readSession": true, "setChannelWebhook": true, "rotatePlatformSecret": true, "replayDelivery": true, "testPlatformConfig": true,
	"confirmNumberPasskey": true, "connectNumber": true, "disconnectNumber": true, "resetNumber": true, "logoutNumber": true,
	"leaveGroup": true, "renewAccessCode": true,
	"archiveChat": true, "unarchiveChat": true, "unmuteChat": true, "readChat": true,
	"archiveGroup": true, "unarchiveGroup": true, "unmuteGroup": true, "readGroup": true,
}

// The same Idempotency-Key with another body is refused.
func TestAKeyIsForOneBody(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	base := w.Base()
	delivery := base + "/deliveries/" + text(told(w, session), "_id")
	for _, c := range []struct {
		path, key string
		first     map[string]any
	}{
		{"/api/accounts", apptest.AdminKey, map[string]any{"name": "once"}},
		{base + "/api-keys", "", map[string]any{"name": "once"}},
		{base + "/tags", "", map[string]any{"name": "once"}},
		{base + "/contacts", "", contactBody(w)},
		{base + "/platform-configs", "", map[string]any{"platformSlug": "once", "name": "once"}},
		{base + "/platform-configs/" + w.Config.String() + "/rotate-secret", "", map[string]any{}},
		{base + "/channels", "", map[string]any{"name": "once", "channelType": "whatsapp", "provider": "whatsappweb", "identifier": apptest.Phone()}},
		{base + "/media", "", map[string]any{"a": "file"}},
		{delivery + "/replay", "", map[string]any{}},
		{base + "/deliveries/replay", "", map[string]any{"from": 1, "to": 2}},
		{base + "/platform-configs/" + w.Config.String() + "/test", "", map[string]any{}},
		{"/api/message/send", "", map[string]any{"sessionId": session, "text": "once"}},
		{"/api/message/start/d360", "", map[string]any{"to": apptest.Phone(), "userName": "x", "template": "contato_cliente", "templateVariables": []string{"a", "b"}}},
		{"/api/session/transfer/" + session, "", map[string]any{"params": map[string]any{"platformSlug": "console"}}},
	} {
		header := map[string]string{"Idempotency-Key": "edges-" + c.path}
		first := w.Do(apptest.Request{Method: http.MethodPost, Path: c.path, Body: c.first, Key: c.key, Header: header})
		again := w.Do(apptest.Request{Method: http.MethodPost, Path: c.path, Body: c.first, Key: c.key, Header: header})
		if first.Status >= 300 || again.Status != first.Status || !bytes.Equal(first.Body, again.Body) {
			t.Errorf("%s: %s, then %s", c.path, first, again)
		}
		if a := w.Do(apptest.Request{Method: http.MethodPost, Path: c.path, Body: map[string]any{"name": "another"}, Key: c.key, Header: header}); a.Status != http.StatusConflict || a.Code() != "idempotency_key_reused" {
			t.Errorf("%s with another body: %s", c.path, a)
		}
	}
}

// Whatever can be made can be read, changed and deleted.
func TestProvisioningThereAndBack(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	admin := func(method, path string, body any, want int) map[string]any {
		a := w.Do(apptest.Request{Method: method, Path: path, Body: body, Key: apptest.AdminKey})
		if a.Status != want {
			t.Fatalf("%s %s: %s, want %d", method, path, a, want)
		}
		if len(a.Body) == 0 {
			return nil
		}
		return a.JSON()
	}
	account := admin(http.MethodPost, "/api/accounts", map[string]any{"name": "Conta"}, http.StatusCreated)["clientIdentifier"].(string)
	base := "/api/accounts/" + account
	admin(http.MethodGet, "/api/accounts?limit=5", nil, http.StatusOK)
	admin(http.MethodGet, base, nil, http.StatusOK)
	admin(http.MethodPatch, base, map[string]any{"name": "Outra"}, http.StatusOK)
	config := admin(http.MethodPost, base+"/platform-configs", map[string]any{"platformSlug": "console", "name": "Console"}, http.StatusCreated)["_id"].(string)
	for _, c := range []struct {
		path string
		body map[string]any
		edit map[string]any
	}{
		{"/api-keys", map[string]any{"name": "a"}, map[string]any{"name": "b"}},
		{"/tags", map[string]any{"name": "a", "color": "#00ff00"}, map[string]any{"name": "b", "color": nil}},
		{"/platform-configs", map[string]any{"platformSlug": "crm", "name": "CRM"}, map[string]any{"name": "b"}},
		{"/channels", map[string]any{"name": "a", "channelType": "whatsapp", "provider": "whatsappweb", "identifier": apptest.Phone(), "platformConfigId": config}, map[string]any{"name": "b"}},
	} {
		id := admin(http.MethodPost, base+c.path, c.body, http.StatusCreated)["_id"].(string)
		admin(http.MethodGet, base+c.path, nil, http.StatusOK)
		admin(http.MethodGet, base+c.path+"/"+id, nil, http.StatusOK)
		admin(http.MethodPatch, base+c.path+"/"+id, c.edit, http.StatusOK)
		if c.path == "/channels" {
			admin(http.MethodGet, base+c.path+"/"+id+"/capabilities", nil, http.StatusOK)
			admin(http.MethodDelete, base, nil, http.StatusConflict)
			admin(http.MethodDelete, base+"/platform-configs/"+config, nil, http.StatusConflict)
		}
		if c.path == "/platform-configs" {
			admin(http.MethodPost, base+c.path+"/"+id+"/rotate-secret", nil, http.StatusOK)
		}
		admin(http.MethodDelete, base+c.path+"/"+id, nil, http.StatusNoContent)
		admin(http.MethodGet, base+c.path+"/"+id, nil, http.StatusNotFound)
	}
	admin(http.MethodDelete, base, nil, http.StatusNoContent)
	admin(http.MethodDelete, base, nil, http.StatusNotFound)
	admin(http.MethodGet, base, nil, http.StatusNotFound)
	for _, path := range []string{"/healthz", "/readyz", "/openapi.yaml", "/docs"} {
		if a := w.Do(apptest.Request{Method: http.MethodGet, Path: path, Key: "-"}); a.Status != http.StatusOK {
			t.Errorf("GET %s: %d", path, a.Status)
		}
	}
}
