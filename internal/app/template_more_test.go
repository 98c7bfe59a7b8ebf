package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// putTemplate gives the world's number a template.
func putTemplate(w *apptest.World, t d360.Template) {
	w.T.Helper()
	if _, err := w.Simulator.SetTemplate(w.APIKey, t); err != nil {
		w.T.Fatal(err)
	}
}

// Variables that have names are filled in the order in which the names appear; a
// header's take components, which is said before anything is stored.
func TestATemplateWhoseVariablesHaveNames(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	putTemplate(w, d360.Template{Name: "pedido_nomeado", Language: "pt_BR", Category: "UTILITY", Status: "APPROVED", ParameterFormat: "NAMED", Components: []d360.TemplateComponent{
		{Type: "BODY", Text: "Olá {{nome}}, {{dia}}. Até {{dia}}!"},
	}})
	phone := apptest.Phone()
	a := start(w, doc{"to": phone, "template": "pedido_nomeado", "templateVariables": []string{"Ana", "sexta"}})
	if a.Status != http.StatusOK {
		t.Fatalf("start: %s", a)
	}
	if got := shown(w, phone).Text; got != "Olá Ana, sexta. Até sexta!" {
		t.Errorf("the phone shows %q", got)
	}
	for what, body := range map[string]doc{
		"a header's variable":      {"template": "aviso_nomeado", "templateVariables": []string{"Ana", "sexta"}},
		"components without names": {"template": "pedido_nomeado", "components": []any{doc{"type": "body", "parameters": []any{doc{"type": "text", "text": "Ana"}, doc{"type": "text", "text": "sexta"}}}}},
	} {
		body["to"] = apptest.Phone()
		refusal := start(w, body)
		refused(t, what, refusal, http.StatusBadRequest, "d360_invalid_message")
		if text(refusal.JSON(), "errors.0.field") != "components" || !strings.Contains(text(refusal.JSON(), "detail"), "components") || text(refusal.JSON(), "_id") != "" {
			t.Errorf("%s: %s", what, refusal)
		}
	}
	page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/channels/"+w.D360.String()+"/templates?limit=100", nil)
	for _, template := range page["items"].([]any) {
		if text(template, "name") == "pedido_nomeado" && text(template, "parameterFormat") == "NAMED" {
			return
		}
	}
	t.Errorf("the list does not tell that variables have names: %s", mustJSON(page))
}

// Refusals name the templates, each once, and ask 360dialog for them once.
func TestRefusalsAskForTemplatesOnce(t *testing.T) {
	t.Parallel()
	var time0 clock
	w := apptest.Start(t, apptest.Options{App: app.Options{Now: time0.Now}}).World(t, apptest.Preset{})
	session := w.Session(apptest.Phone())
	time0.Advance(25 * time.Hour)
	for range 10 {
		a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "tarde demais"}))
		refused(t, "a late text", a, http.StatusUnprocessableEntity, "reply_window_closed")
		if n := strings.Count(string(a.Body), `"ola_mundo"`); n != 1 {
			t.Errorf("the template of two languages is named %d times: %s", n, a)
		}
	}
	asked := 0
	for _, r := range w.Simulator.Requests() {
		if r.Method == http.MethodGet && strings.HasPrefix(r.Path, "/message_templates") && r.Number == numberID(w) {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("the templates were asked for %d times", asked)
	}
}

// What 360dialog takes and holds back says so.
func TestAMessageThatIsHeldBack(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	fail(w, d360.Fault{Kind: "message_status", Text: "held_for_quality_assessment"}, d360.Match{Type: "template"}, 1)
	a := start(w, doc{"to": apptest.Phone(), "template": "ola_mundo"})
	if a.Status != http.StatusOK {
		t.Fatalf("start: %s", a)
	}
	expect(t, "the message", message(w, text(a.JSON(), "_id")), doc{
		"status": "sent", "statusHistory.1.status": "sent", "statusHistory.1.note": "held_for_quality_assessment", "statusHistory.0.note": nil,
	})
}

// Where a known contact works is kept when nobody had said it, and only then.
func TestTheCompanyOfAKnownContact(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+w.Session(phone), nil)
	for _, company := range []string{"Mercearia", "Padaria"} {
		if a := start(w, doc{"to": phone, "companyName": company, "template": "ola_mundo"}); a.Status != http.StatusOK {
			t.Fatalf("start: %s", a)
		}
		contact := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts/"+text(session, "contactId"), nil)
		expect(t, "the contact", contact, doc{"companyName": "Mercearia"})
	}
}

// A platform config that a webhook's URL names can go: what comes by that URL is
// taken in, and the channel says what to do. Another account's stays unknown.
func TestAWebhookWhosePlatformIsGone(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	crm := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/platform-configs", doc{"platformSlug": "crm", "name": "CRM"})
	at := func(config string) string {
		return "/api/webhook/360dialog/" + config + "/" + w.D360.String()
	}
	deliver := func(config, phone string) apptest.Answer {
		body := doc{"messages": []any{doc{"from": phone, "id": "wamid." + phone + config, "timestamp": "1700000000", "type": "text", "text": doc{"body": "oi"}}}}
		return w.Do(apptest.Request{Method: http.MethodPost, Path: at(config), Body: body, Key: w.Secret})
	}
	detail := func() string {
		return text(w.Want(http.StatusOK, http.MethodGet, w.Base()+"/channels/"+w.D360.String(), nil), "state.detail")
	}
	gone := text(crm, "_id")
	if a := deliver(gone, apptest.Phone()); a.Status != http.StatusOK || strings.Contains(detail(), gone) {
		t.Fatalf("by the URL as it was registered: %s, %s", a, detail())
	}
	w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?platformSlug=crm", nil)
	for _, session := range w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?platformSlug=crm", nil)["items"].([]any) {
		w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+text(session, "_id"), nil)
	}
	w.Want(http.StatusNoContent, http.MethodDelete, w.Base()+"/platform-configs/"+gone, nil)
	phone := apptest.Phone()
	if a := w.Do(apptest.Request{Method: http.MethodPost, Path: at(gone), Body: doc{"messages": []any{}}, Key: "wrong"}); a.Status != http.StatusUnauthorized || strings.Contains(detail(), gone) {
		t.Errorf("with a wrong secret: %s, %s", a, detail())
	}
	if a := deliver(gone, phone); a.Status != http.StatusOK {
		t.Fatalf("by the URL whose platform is gone: %s", a)
	}
	session := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+w.AwaitSession(phone), nil)
	expect(t, "its session", session, doc{"platform.configId": w.Config.String()})
	if !strings.Contains(detail(), gone) || !strings.Contains(detail(), "webhook.url") {
		t.Errorf("the channel says %q", detail())
	}
	other := apptest.NewWorld(t)
	if a := deliver(other.Config.String(), apptest.Phone()); a.Status != http.StatusNotFound {
		t.Errorf("by a URL with another account's platform: %s", a)
	}
}
