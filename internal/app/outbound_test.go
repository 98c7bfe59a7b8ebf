package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

var buttons = doc{
	"type": "button", "body": doc{"text": "Podemos ajudar?"},
	"action": doc{"buttons": []any{
		doc{"type": "reply", "reply": doc{"id": "yes", "title": "Sim"}}, doc{"type": "reply", "reply": doc{"id": "no", "title": "Não"}},
	}},
}

var list = doc{
	"type": "list", "body": doc{"text": "Escolha um setor"},
	"action": doc{"button": "Setores", "sections": []any{doc{"title": "Setores", "rows": []any{
		doc{"id": "sales", "title": "Vendas", "description": "Compras"}, doc{"id": "help", "title": "Suporte"},
	}}}},
}

// Buttons and lists go out as they are written, with the agent's name in the
// body, and what the customer taps comes back.
func TestInteractiveMessagesAndTheirReplies(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	asked := send(w, session, doc{"interactive": buttons, "agentName": "Maria"})
	expect(t, "the buttons on the phone", shown(w, phone).Payload, doc{"type": "button", "body.text": "*Maria*:\nPodemos ajudar?", "action.buttons.1.reply.id": "no"})
	expect(t, "the buttons as stored", message(w, text(asked, "_id")), doc{"type": "interactive", "content.interactive": buttons, "agentName": "Maria"})
	tapped := w.Write(phone, d360.InboundMessage{Type: "choose", Quote: text(asked, "messageId"), Text: "Sim"})
	expect(t, "the tap", received(w, tapped), doc{
		"content.reply": doc{"type": "button_reply", "id": "yes", "title": "Sim"}, "quotedMessage.id": asked["messageId"], "sessionId": session,
	})
	asked = send(w, session, doc{"interactive": list})
	tapped = w.Write(phone, d360.InboundMessage{Type: "choose", Quote: text(asked, "messageId"), Text: "sales"})
	expect(t, "the choice", received(w, tapped), doc{"content.reply": doc{"type": "list_reply", "id": "sales", "title": "Vendas", "description": "Compras"}})

	cards := []any{doc{"name": doc{"formatted_name": "Ana Souza", "first_name": "Ana"}, "phones": []any{doc{"phone": "+5521988887777", "type": "CELL"}}}}
	sent := send(w, session, doc{"interactive": doc{"type": "contacts", "contacts": cards}})
	if got := shown(w, phone); got.Type != "contacts" {
		t.Errorf("contacts arrive as %s", got.Type)
	}
	expect(t, "the contacts as stored", message(w, text(sent, "_id")), doc{"type": "contacts", "content.contacts": cards})
	link := doc{"type": "cta_url", "body": doc{"text": "Veja"}, "action": doc{"name": "cta_url", "parameters": doc{"display_text": "Abrir", "url": "https://example.com"}}}
	send(w, session, doc{"interactive": link})
	expect(t, "another type of the Cloud API", shown(w, phone).Payload, doc{"type": "cta_url"})
}

func TestALocation(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	place := doc{"latitude": 0, "longitude": -43.2, "name": "Loja", "address": "Rua A, 1"}
	sent := send(w, session, doc{"location": place})
	expect(t, "the location on the phone", shown(w, phone).Payload, doc{"latitude": 0, "longitude": -43.2, "name": "Loja", "address": "Rua A, 1"})
	expect(t, "the location as stored", message(w, text(sent, "_id")), doc{"type": "location", "content": place})
}

// What 360dialog would refuse is refused before it is asked, and not stored.
func TestWhatIsRefusedBeforeAsking(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	long := strings.Repeat("é", 4097)
	four := doc{"type": "button", "body": doc{"text": "?"}, "action": doc{"buttons": []any{reply("1"), reply("2"), reply("3"), reply("4")}}}
	for what, body := range map[string]doc{
		"a text over 4096 characters": {"text": long},
		"one over it with the name":   {"text": long[:2*4090], "agentName": "Atendente Maria"},
		"four buttons":                {"interactive": four},
		"a type that there is not":    {"interactive": doc{"type": "carousel_of_dreams", "body": doc{"text": "?"}}},
		"buttons without a body":      {"interactive": doc{"type": "button", "action": doc{"buttons": []any{reply("1")}}}},
		"a list without rows":         {"interactive": doc{"type": "list", "body": doc{"text": "?"}, "action": doc{"button": "x", "sections": []any{}}}},
	} {
		a := w.Call(http.MethodPost, "/api/message/send", said(session, body))
		refused(t, what, a, http.StatusBadRequest, "d360_invalid_message")
	}
	expect(t, "the session", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil), doc{"total": 1})
	answer := send(w, session, doc{"text": long[:2*4096]})
	expect(t, "a text of 4096 characters", message(w, text(answer, "_id")), doc{"status": answer["status"]})
}

func reply(id string) doc {
	return doc{"type": "reply", "reply": doc{"id": id, "title": "Opção " + id}}
}

// Deleting is not D360's; an unknown message or channel is 404.
func TestDeletingOnD360(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	answer := send(w, w.Session(apptest.Phone()), doc{"text": "ops"})
	without := w.Number[:4] + w.Number[5:] // its ninth digit
	for _, sender := range []string{w.Number, without} {
		a := w.Call(http.MethodDelete, "/api/message/"+text(answer, "messageId")+"?senderId="+sender+"&channelSlug=d360", nil)
		refused(t, "deleting", a, http.StatusUnprocessableEntity, "capability_unsupported")
		expect(t, "deleting", a.JSON(), doc{"capability": "delete", "provider": "d360"})
	}
	refused(t, "an unknown message", w.Call(http.MethodDelete, "/api/message/wamid.NONE?senderId="+w.Number+"&channelSlug=d360", nil), http.StatusNotFound, "not_found")
	refused(t, "an unknown number", w.Call(http.MethodDelete, "/api/message/wamid.NONE?senderId=5511999990000&channelSlug=d360", nil), http.StatusNotFound, "not_found")
	refused(t, "no channelSlug", w.Call(http.MethodDelete, "/api/message/wamid.NONE?senderId="+w.Number, nil), http.StatusUnprocessableEntity, "validation_failed")
	refused(t, "an unknown channelSlug", w.Call(http.MethodDelete, "/api/message/wamid.NONE?senderId="+w.Number+"&channelSlug=fax", nil), http.StatusUnprocessableEntity, "validation_failed")
}

// One provider's id may name an inbound and an outbound message of a channel.
func TestAnAmbiguousProviderID(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	answer := send(w, w.Session(phone), doc{"text": "Olá"})
	id := text(answer, "messageId")
	w.Write(phone, d360.InboundMessage{Type: "text", Text: "o mesmo id", ID: id})
	path := "/api/message/" + id + "?channelId=" + w.D360.String()
	var a apptest.Answer
	w.Eventually("both messages", func() bool {
		a = w.Call(http.MethodGet, path, nil)
		return a.Status != http.StatusOK
	})
	refused(t, "an id of two messages", a, http.StatusConflict, "conflict")
	expect(t, "an id of two messages", a.JSON(), doc{"messages.#": 2})
	refused(t, "a provider's id without its channel", w.Call(http.MethodGet, "/api/message/"+id, nil), http.StatusNotFound, "not_found")
	refused(t, "an unknown id", w.Call(http.MethodGet, "/api/message/64cbbd9596429dbccd7841e2", nil), http.StatusNotFound, "not_found")
}

// POST /api/message is WhatsApp Web's; its checks come in their order.
func TestSendingToANumber(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	post := func(body doc) apptest.Answer { return w.Call(http.MethodPost, "/api/message", body) }
	none := post(doc{"recipientNumber": "abc", "text": "x"})
	refused(t, "a number that is none", none, http.StatusBadRequest, "invalid_number")
	expect(t, "a number that is none", none.JSON(), doc{"errors.0.field": "recipientNumber"})
	refused(t, "the body before the number", post(doc{"recipientNumber": "abc"}), http.StatusUnprocessableEntity, "validation_failed")
	refused(t, "a person who is said to be a group", post(doc{"recipientNumber": "5521988887777", "text": "x", "isGroupMesssage": true}), http.StatusUnprocessableEntity, "validation_failed")
	refused(t, "a group that is said to be none", post(doc{"recipientNumber": "5521988887777-group", "text": "x", "isGroupMessage": false}), http.StatusUnprocessableEntity, "validation_failed")
	refused(t, "D360's channel", post(doc{"recipientNumber": "5521988887777", "text": "x", "channelId": w.D360.String()}), http.StatusUnprocessableEntity, "validation_failed")
	refused(t, "buttons before the connection", post(doc{"recipientNumber": "5521988887777", "interactive": buttons}), http.StatusUnprocessableEntity, "capability_unsupported")
	refused(t, "a channel that is closed", post(doc{"recipientNumber": "5521988887777-group", "text": "x", "isGroupMesssage": true}), http.StatusBadRequest, "whatsapp_connection_closed")

	second := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/channels", doc{"name": "Dois", "channelType": "whatsapp", "provider": "whatsappweb", "identifier": apptest.Phone()})
	a := post(doc{"recipientNumber": "5521988887777", "text": "x"})
	refused(t, "two channels and none named", a, http.StatusUnprocessableEntity, "channel_ambiguous")
	expect(t, "two channels and none named", a.JSON(), doc{"channels": []any{w.WhatsApp.String(), second["_id"]}})
	refused(t, "one of them named", post(doc{"recipientNumber": "5521988887777", "text": "x", "channelId": second["_id"]}), http.StatusBadRequest, "whatsapp_connection_closed")
	admin := w.Do(apptest.Request{Method: http.MethodPost, Path: "/api/message", Key: apptest.AdminKey, Body: doc{"recipientNumber": "5521988887777", "text": "x"}})
	refused(t, "an admin key and no channel", admin, http.StatusUnprocessableEntity, "validation_failed")
	expect(t, "nothing was stored", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts", nil), doc{"total": 0})
}
