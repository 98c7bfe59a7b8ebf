package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// start opens a conversation by a template.
func start(w *apptest.World, body doc) apptest.Answer {
	w.T.Helper()
	return w.Call(http.MethodPost, "/api/message/start/d360", body)
}

// A template opens contact and session; what the customer answers goes there.
func TestAConversationStartedByATemplate(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	a := start(w, doc{"to": phone, "userName": "João Silva", "companyName": "Mercearia", "template": "contato_cliente", "templateVariables": []string{"João", "Mercearia"}})
	if a.Status != http.StatusOK {
		t.Fatalf("start: %s", a)
	}
	session := text(a.JSON(), "sessionId")
	if got := shown(w, phone).Text; got != "Olá João, aqui é da Mercearia. Podemos conversar?" {
		t.Errorf("the phone shows %q", got)
	}
	sent := message(w, text(a.JSON(), "_id"))
	expect(t, "the message", sent, doc{
		"type": "template", "content.name": "contato_cliente", "content.language": "pt_BR", "sequence": 1,
		"content.components": []any{doc{"type": "body", "parameters": []any{doc{"type": "text", "text": "João"}, doc{"type": "text", "text": "Mercearia"}}}},
	})
	view := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil)
	expect(t, "the session", view, doc{"client.name": "João Silva", "client.providerId": phone, "lastInboundAt": nil, "replyWindowExpiresAt": nil})
	contact := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts/"+text(view, "contactId"), nil)
	expect(t, "the contact", contact, doc{"name": "João Silva", "companyName": "Mercearia", "contactIdentifier": phone})
	blocked := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "Oi?"}))
	refused(t, "a text before the contact wrote", blocked, http.StatusUnprocessableEntity, "reply_window_closed")

	in := received(w, w.Write(phone, d360.InboundMessage{Type: "text", Text: "Podemos"}))
	expect(t, "the answer", in, doc{"sessionId": session, "contactId": text(view, "contactId"), "sequence": 2})
	send(w, session, doc{"text": "Ótimo!"})
	again := start(w, doc{"to": phone, "template": "ola_mundo"})
	expect(t, "a template into the open session", again.JSON(), doc{"sessionId": session})
}

func TestWhatATemplateIsFilledWith(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a.pdf" {
			_, _ = w.Write(apptest.PDF)
			return
		}
		_, _ = w.Write(apptest.PNG)
	}))
	t.Cleanup(host.Close)
	image := upload(w, apptest.JPEG, map[string]string{"Content-Type": "image/jpeg"})
	for what, c := range map[string]struct {
		body doc
		want string // on the phone
	}{
		"another language":   {doc{"template": "ola_mundo", "language": "en"}, "Welcome!"},
		"a picture":          {doc{"template": "promocao_imagem", "templateVariables": []string{"Ana"}, "headerMediaUri": host.URL + "/a.png"}, "Ana, veja a nossa promoção."},
		"an uploaded one":    {doc{"template": "promocao_imagem", "templateVariables": []string{"Ana"}, "headerMediaUri": image["_id"]}, "Ana, veja a nossa promoção."},
		"a document":         {doc{"template": "fatura_documento", "templateVariables": []string{"maio"}, "headerMediaUri": host.URL + "/a.pdf"}, "Sua fatura de maio chegou."},
		"an address":         {doc{"template": "rastreio_url", "templateVariables": []string{"77"}, "buttons": []any{doc{"index": 0, "type": "url", "value": "BR77"}}}, "Pedido 77 a caminho."},
		"quick replies":      {doc{"template": "pesquisa_satisfacao", "buttons": []any{doc{"index": 0, "type": "quick_reply", "value": "good"}, doc{"index": 1, "type": "quick_reply", "value": "bad"}}}, "Como foi o atendimento?"},
		"a code":             {doc{"template": "cupom_desconto", "templateVariables": []string{"Ana"}, "buttons": []any{doc{"index": 0, "type": "copy_code", "value": "DEZ"}}}, "Seu cupom, Ana:"},
		"components instead": {doc{"template": "contato_cliente", "components": []any{doc{"type": "body", "parameters": []any{doc{"type": "text", "text": "A"}, doc{"type": "text", "text": "B"}}}}}, "Olá A, aqui é da B. Podemos conversar?"},
	} {
		phone := apptest.Phone()
		c.body["to"] = phone
		if a := start(w, c.body); a.Status != http.StatusOK {
			t.Errorf("%s: %s", what, a)
			continue
		}
		if got := shown(w, phone).Text; got != c.want {
			t.Errorf("%s: the phone shows %q, want %q", what, got, c.want)
		}
	}
	phone := apptest.Phone()
	asked := start(w, doc{"to": phone, "template": "pesquisa_satisfacao", "buttons": []any{doc{"index": 0, "type": "quick_reply", "value": "good"}}})
	tapped := w.Write(phone, d360.InboundMessage{Type: "choose", Quote: text(asked.JSON(), "messageId"), Text: "Bom"})
	expect(t, "a tap on a template", received(w, tapped), doc{"type": "interactive", "content.reply": doc{"type": "quick_reply", "id": "good", "title": "Bom"}})
}

func TestATemplateThatCannotGo(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	for what, c := range map[string]struct {
		body   doc
		status int
		code   string
		field  string
	}{
		"an unknown template":      {doc{"template": "nenhum"}, http.StatusBadRequest, "d360_invalid_message", "template"},
		"another language":         {doc{"template": "contato_cliente", "language": "fr", "templateVariables": []string{"a", "b"}}, http.StatusBadRequest, "d360_invalid_message", ""},
		"a variable too few":       {doc{"template": "contato_cliente", "templateVariables": []string{"a"}}, http.StatusBadRequest, "d360_invalid_message", "templateVariables"},
		"a variable too many":      {doc{"template": "ola_mundo", "templateVariables": []string{"a"}}, http.StatusBadRequest, "d360_invalid_message", "templateVariables"},
		"a header without a file":  {doc{"template": "promocao_imagem", "templateVariables": []string{"a"}}, http.StatusBadRequest, "d360_invalid_message", "headerMediaUri"},
		"a header's private host":  {doc{"template": "promocao_imagem", "templateVariables": []string{"a"}, "headerMediaUri": "http://10.0.0.1/a.png"}, http.StatusUnprocessableEntity, "media_unavailable", "headerMediaUri"},
		"a header's odd scheme":    {doc{"template": "promocao_imagem", "templateVariables": []string{"a"}, "headerMediaUri": "ftp://example.com/a.png"}, http.StatusUnprocessableEntity, "validation_failed", "headerMediaUri"},
		"a paused one":             {doc{"template": "campanha_pausada"}, http.StatusBadRequest, "d360_invalid_message", "template"},
		"components that are none": {doc{"template": "ola_mundo", "components": "x"}, http.StatusUnprocessableEntity, "validation_failed", "components"},
		"a button of no kind":      {doc{"template": "ola_mundo", "buttons": []any{doc{"index": 0, "type": "x", "value": "y"}}}, http.StatusUnprocessableEntity, "validation_failed", "buttons.0.type"},
		"a number that is none":    {doc{"template": "ola_mundo", "to": "abc"}, http.StatusBadRequest, "invalid_number", "to"},
		"a group":                  {doc{"template": "ola_mundo", "to": phone + "-group"}, http.StatusBadRequest, "invalid_number", "to"},
		"WhatsApp Web's channel":   {doc{"template": "ola_mundo", "channelId": w.WhatsApp.String()}, http.StatusUnprocessableEntity, "validation_failed", "channelId"},
	} {
		if c.body["to"] == nil {
			c.body["to"] = phone
		}
		a := start(w, c.body)
		refused(t, what, a, c.status, c.code)
		if got := text(a.JSON(), "errors.0.field"); c.field != "" && got != c.field {
			t.Errorf("%s: the field is %q, want %q: %s", what, got, c.field, a)
		}
		if c.code == "d360_invalid_message" && !strings.Contains(text(a.JSON(), "detail"), c.body["template"].(string)) {
			t.Errorf("%s: the answer does not name the template: %s", what, a)
		}
	}
	if got := w.Simulator.CustomerMessages(phone); len(got) > 0 {
		t.Errorf("something reached the phone: %v", got)
	}
}

// A template may go to a business-scoped user id; the contact then has no phone.
func TestATemplateToAUserID(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	customer, err := w.Simulator.PutCustomer(d360.CustomerConfig{WaID: phone, Name: "Ana", Identity: "hidden"})
	if err != nil {
		t.Fatal(err)
	}
	a := start(w, doc{"to": customer.UserID, "userName": "Ana", "template": "ola_mundo"})
	if a.Status != http.StatusOK {
		t.Fatalf("start: %s", a)
	}
	view := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+text(a.JSON(), "sessionId"), nil)
	expect(t, "the session", view, doc{"client.providerId": customer.UserID})
	in := received(w, w.Write(phone, d360.InboundMessage{Type: "text", Text: "Oi"}))
	expect(t, "the answer", in, doc{"sessionId": view["_id"], "contactId": view["contactId"]})
	send(w, text(view, "_id"), doc{"text": "Olá, Ana"})
	if got := shown(w, phone).Text; got != "Olá, Ana" {
		t.Errorf("the phone shows %q", got)
	}
}

// After 24 hours only a template reopens the conversation.
func TestTheReplyWindow(t *testing.T) {
	t.Parallel()
	var time0 clock
	w := apptest.Start(t, apptest.Options{App: app.Options{Now: time0.Now}}).World(t, apptest.Preset{})
	phone := apptest.Phone()
	session := w.Session(phone)
	send(w, session, doc{"text": "ainda aberta"})
	time0.Advance(25 * time.Hour)
	a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "tarde demais"}))
	refused(t, "a text after 25 hours", a, http.StatusUnprocessableEntity, "reply_window_closed")
	names := map[any]bool{}
	for i := range at(a.JSON(), "templates.#").(int) {
		names[a.JSON()["templates"].([]any)[i]] = true
	}
	if !names["contato_cliente"] || names["campanha_pausada"] {
		t.Errorf("the templates that can reopen it: %v", names)
	}
	expect(t, "the session", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil), doc{"total": 2})
	if a := start(w, doc{"to": phone, "template": "ola_mundo"}); a.Status != http.StatusOK || text(a.JSON(), "sessionId") != session {
		t.Errorf("a template: %s", a)
	}
	later := received(w, w.Write(phone, d360.InboundMessage{Type: "text", Text: "voltei", Timestamp: time0.Now().Unix()}))
	expect(t, "the contact's answer", later, doc{"sessionId": session})
	send(w, session, doc{"text": "bem-vindo de volta"})
}

func TestListingTemplates(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/channels/"+w.D360.String()+"/templates", nil)
	found := false
	for _, template := range page["items"].([]any) {
		found = found || text(template, "name") == "contato_cliente" && text(template, "language") == "pt_BR" && text(template, "status") == "APPROVED"
	}
	if !found {
		t.Errorf("the seeded template is not listed: %s", mustJSON(page))
	}
}
