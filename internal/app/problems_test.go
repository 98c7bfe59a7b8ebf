package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
)

// Every refusal is a problem document in the caller's language, under the
// request's id.
func TestAProblemDocument(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	ask := func(header map[string]string) apptest.Answer {
		return w.Do(apptest.Request{Method: http.MethodGet, Path: "/api/session/64cbbd9596429dbccd7841e5", Header: header})
	}
	for language, title := range map[string]string{
		"": "Não encontrado", "pt-BR": "Não encontrado", "en": "Not found", "en-GB,en;q=0.9": "Not found", "de, en;q=0.5": "Not found",
		"pt;q=0.9,en;q=0.8": "Não encontrado", "de": "Não encontrado", "%%%": "Não encontrado",
	} {
		a := ask(map[string]string{"Accept-Language": language})
		expect(t, "in "+language, a.JSON(), doc{"title": title, "status": 404, "code": "not_found", "type": "/docs#problem-not_found"})
	}
	a := ask(map[string]string{"X-Request-Id": "pedido-7"})
	expect(t, "a given request id", a.JSON(), doc{"requestId": "pedido-7"})
	if a.Header.Get("X-Request-Id") != "pedido-7" || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") {
		t.Errorf("the headers: %v", a.Header)
	}
	for _, given := range []string{"", "two words", strings.Repeat("x", 200)} {
		a := ask(map[string]string{"X-Request-Id": given})
		made := a.Header.Get("X-Request-Id")
		if len(made) != 36 || text(a.JSON(), "requestId") != made {
			t.Errorf("for %q the request id is %q", given, made)
		}
	}
	if ok := w.Do(apptest.Request{Method: http.MethodGet, Path: w.Base() + "/contacts", Header: map[string]string{"X-Request-Id": "bom"}}); ok.Header.Get("X-Request-Id") != "bom" {
		t.Errorf("a success echoes %q", ok.Header.Get("X-Request-Id"))
	}
	if lines := journalLines("request_id=pedido-7"); len(lines) == 0 {
		t.Error("the log does not name the request's id")
	}
}

// A malformed id is 404 in a path, and 422 on its field in a body or a filter;
// so is every other wrong value.
func TestWrongValuesAreNamed(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	for _, path := range []string{
		"/api/session/x", "/api/session/x/messages", "/api/message/x", w.Base() + "/contacts/x", w.Base() + "/tags/x", w.Base() + "/channels/x",
		w.Base() + "/platform-configs/x", w.Base() + "/api-keys/x", "/api/accounts/x/contacts", "/api/media/x", "/nowhere", "/api/session/" + session + "/",
	} {
		refused(t, path, w.Call(http.MethodGet, path, nil), http.StatusNotFound, "not_found")
	}
	for path, field := range map[string]string{
		w.Base() + "/contacts?channelId=x": "channelId", w.Base() + "/contacts?tagIds=x": "tagIds", w.Base() + "/sessions?contactId=x": "contactId",
		w.Base() + "/sessions?status=gone": "status", w.Base() + "/sessions?channelId=" + session[:23]: "channelId", "/api/message/x?channelId=x": "channelId",
		w.Base() + "/contacts?page=two": "page", w.Base() + "/contacts?limit=1&limit=2": "limit", w.Base() + "/tags?cursor=x": "cursor",
	} {
		a := w.Call(http.MethodGet, path, nil)
		refused(t, path, a, http.StatusUnprocessableEntity, "validation_failed")
		expect(t, path, a.JSON(), doc{"errors.0.field": field})
	}
	for _, c := range []struct {
		method, path string
		body         any
		field        string
	}{
		{http.MethodPost, "/api/message/send", doc{"sessionId": "x", "text": "x"}, "sessionId"},
		{http.MethodPost, "/api/message/send", doc{"text": "x"}, "sessionId"},
		{http.MethodPost, "/api/message/send", doc{"sessionId": session, "text": 7}, "text"},
		{http.MethodPost, "/api/message/send", doc{"sessionId": session, "txt": "x"}, "txt"},
		{http.MethodPost, "/api/message/send", doc{"sessionId": session, "location": doc{"latitude": 91, "longitude": 0}}, "location.latitude"},
		{http.MethodPost, "/api/message/send", doc{"sessionId": session, "interactive": doc{"body": doc{}}}, "interactive.type"},
		{http.MethodPost, "/api/message/send", doc{"sessionId": session, "text": "x", "quotedMessage": doc{}}, "quotedMessage.id"},
		{http.MethodPost, "/api/message/send", []byte(`{"sessionId":"` + session + `","text":"a","text":"b"}`), "text"},
		{http.MethodPost, "/api/message", doc{"recipientNumber": "5521988887777", "text": "x", "channelId": "x"}, "channelId"},
		{http.MethodPost, "/api/message/start/d360", doc{"to": "5521988887777"}, "template"},
		{http.MethodPost, "/api/message/start/d360", doc{"to": "5521988887777", "template": "x", "templateVariables": "a"}, "templateVariables"},
		{http.MethodPost, "/api/session/transfer/" + session, doc{"params": doc{"agentId": "a"}}, "params.platformSlug"},
		{http.MethodPost, "/api/session/" + session + "/typing", doc{"state": "dancing"}, "state"},
		{http.MethodPost, w.Base() + "/contacts", person(w, apptest.Phone(), doc{"tagIds": []any{"x"}}), "tagIds.0"},
		{http.MethodPost, w.Base() + "/contacts", doc{}, "contactIdentifier"},
		{http.MethodPost, w.Base() + "/tags", doc{"name": ""}, "name"},
		{http.MethodPost, w.Base() + "/channels", doc{"name": "x", "channelType": "whatsapp", "provider": "fax", "identifier": "5521977776666"}, "provider"},
		{http.MethodPatch, w.Base() + "/channels/" + w.D360.String(), doc{"settings": doc{"colour": "red"}}, "settings.colour"},
	} {
		a := w.Call(c.method, c.path, c.body)
		refused(t, c.path+" "+c.field, a, http.StatusUnprocessableEntity, "validation_failed")
		if got := text(a.JSON(), "errors.0.field"); got != c.field {
			t.Errorf("%s %s: the field is %q in %s", c.path, mustJSON(c.body), got, a)
		}
	}
	for _, c := range []struct{ method, path string }{
		{http.MethodPut, "/api/message/send"}, {http.MethodGet, "/api/message/send/x/y"}, {http.MethodPatch, "/api/session/" + session}, {http.MethodDelete, w.Base() + "/contacts"},
	} {
		a := w.Call(c.method, c.path, nil)
		if c.method == http.MethodGet {
			refused(t, c.path, a, http.StatusNotFound, "not_found")
			continue
		}
		refused(t, c.path, a, http.StatusMethodNotAllowed, "method_not_allowed")
	}
}

// An admin key acts in every account.
func TestAnAdminKeyActsInEveryAccount(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	w.Key = apptest.AdminKey
	answer := send(w, session, doc{"text": "Olá"})
	expect(t, "the message", message(w, text(answer, "_id")), doc{"sessionId": session})
	w.Want(http.StatusOK, http.MethodPost, "/api/message/start/d360", doc{"to": apptest.Phone(), "template": "ola_mundo", "channelId": w.D360.String()})
	refused(t, "no channel", start(w, doc{"to": apptest.Phone(), "template": "ola_mundo"}), http.StatusUnprocessableEntity, "validation_failed")
	refused(t, "an account that is none", w.Call(http.MethodGet, "/api/accounts/5b1f6b9c-0000-4000-8000-000000000000/contacts", nil), http.StatusNotFound, "not_found")
	byHeader := w.Do(apptest.Request{Method: http.MethodGet, Path: w.Base() + "/contacts", Key: "-", Header: map[string]string{"X-API-Key": apptest.AdminKey}})
	if byHeader.Status != http.StatusOK {
		t.Errorf("X-API-Key: %s", byHeader)
	}
}
