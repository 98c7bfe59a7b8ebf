package app_test

import (
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// A console lives on the API alone: it hears of a message, lists, reads and
// answers it, sees the ticks, hands the conversation to another platform and
// gets it back, loses its connection and catches up, and finishes.
func TestAConsolesDay(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	console := hear(t, w, -1, "platformSlug=console")
	w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/platform-configs", doc{"platformSlug": "crm", "name": "CRM"})
	crm := hear(t, w, -1, "platformSlug=crm")
	list := func(query string) doc {
		t.Helper()
		return w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?"+query, nil)
	}

	// Somebody writes.
	phone := apptest.Phone()
	w.Write(phone, d360.InboundMessage{Type: "text", Text: "Olá, preciso de ajuda"})
	came := console.await(w, "message.received")
	session := text(came.doc, "sessionId")
	expect(t, "the event", came.doc, doc{"data.message.content.text": "Olá, preciso de ajuda", "data.contact.contactIdentifier": phone})
	expect(t, "the inbox", list("status=active&platformSlug=console"), doc{
		"total": 1, "items.0._id": session, "items.0.unreadCount": 1, "items.0.agent": nil, "items.0.client.providerId": phone,
		"items.0.lastMessage.direction": "inbound", "items.0.lastMessage.type": "text", "items.0.lastMessage.text": "Olá, preciso de ajuda",
		"items.0.lastMessage._id": text(came.doc, "data.message._id"),
	})

	// An agent reads and answers; the ticks come.
	page := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil)
	expect(t, "the conversation", page, doc{"items.#": 1, "items.0.direction": "inbound"})
	expect(t, "read", w.Want(http.StatusOK, http.MethodPost, "/api/session/"+session+"/read", nil), doc{"unreadCount": 0})
	sent := w.Want(http.StatusOK, http.MethodPost, "/api/message/send", said(session, doc{"text": "Claro! Como posso ajudar?", "agentName": "Maria"}))
	expect(t, "sent", console.await(w, "message.sent").doc, doc{"sessionId": session, "data.message.messageId": sent["messageId"], "data.message.agentName": "Maria"})
	w.Simulator.CustomerReads(phone, text(sent, "messageId"))
	w.Eventually("the ticks", func() bool {
		var steps []string
		for _, e := range console.heard() {
			if e.event == "message.status" {
				steps = append(steps, text(e.doc, "data.status"))
			}
		}
		return len(steps) > 0 && steps[len(steps)-1] == "read"
	})
	expect(t, "the inbox", list("status=active&contactId="+text(came.doc, "data.contact._id")), doc{
		"items.0.unreadCount": 0, "items.0.lastMessage.direction": "outbound", "items.0.lastMessage.text": "Claro! Como posso ajudar?", "items.0.lastMessage.status": "read",
	})

	// The conversation goes to another platform: both hear of it, with what was
	// said, and what comes next is the other's.
	w.Want(http.StatusOK, http.MethodPost, "/api/session/transfer/"+session, doc{"params": doc{"platformSlug": "crm", "agentId": "agent-7"}})
	for name, e := range map[string]*ear{"console": console, "crm": crm} {
		expect(t, name, e.await(w, "session.transferred").doc, doc{
			"sessionId": session, "data.from.platform.slug": "console", "data.to.platform.slug": "crm", "data.to.agent.id": "agent-7",
			"data.messages.#": 2, "data.messages.0.content.text": "Olá, preciso de ajuda",
		})
	}
	expect(t, "the inbox", list("status=active&platformSlug=console"), doc{"total": 0})
	expect(t, "the other's", list("status=active&agentId=agent-7"), doc{"total": 1, "items.0._id": session})
	w.Write(phone, d360.InboundMessage{Type: "text", Text: "E agora?"})
	expect(t, "the event", crm.await(w, "message.received").doc, doc{"sessionId": session, "data.message.content.text": "E agora?"})

	// It comes back while the console is away, and is written to.
	away := console.at()
	w.Want(http.StatusOK, http.MethodPost, "/api/session/transfer/"+session, doc{"params": doc{"platformSlug": "console"}})
	w.Write(phone, d360.InboundMessage{Type: "text", Text: "Alguém aí?"})
	w.Eventually("it was told", func() bool {
		heard := console.heard()
		return len(heard) > 0 && text(heard[len(heard)-1].doc, "data.message.content.text") == "Alguém aí?"
	})
	back := hear(t, w, away, "platformSlug=console")
	var missed []string
	w.Eventually("what was missed", func() bool {
		missed = missed[:0]
		for _, e := range back.heard() {
			missed = append(missed, e.event)
		}
		return len(missed) >= 2
	})
	if missed[0] != "session.transferred" || missed[len(missed)-1] != "message.received" {
		t.Errorf("behind the break came %v", missed)
	}
	expect(t, "the inbox", list("status=active&platformSlug=console"), doc{"total": 1, "items.0.unreadCount": 2, "items.0.lastMessage.text": "Alguém aí?"})

	// It ends; the contact's next message is another conversation.
	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
	expect(t, "finished", back.await(w, "session.finished").doc, doc{"sessionId": session, "data.session.status": "finished"})
	refused(t, "an answer", w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "tarde"})), http.StatusConflict, "session_finished")
	w.Write(phone, d360.InboundMessage{Type: "text", Text: "Voltei"})
	w.Eventually("a new session", func() bool {
		for _, e := range back.heard() {
			if e.event == "session.created" && text(e.doc, "sessionId") != session {
				return true
			}
		}
		return false
	})
	expect(t, "the inbox", list("status=active"), doc{"total": 1, "items.0.unreadCount": 1})
	expect(t, "what is finished", list("status=finished&contactId="+text(came.doc, "data.contact._id")), doc{"total": 1, "items.0._id": session})
	numbers := map[float64]bool{}
	for _, e := range append(console.heard(), append(crm.heard(), back.heard()...)...) {
		if text(e.doc, "sessionId") == session {
			n, _ := e.doc["sequence"].(float64)
			numbers[n] = true
		}
	}
	for n := 1; n <= len(numbers); n++ {
		if !numbers[float64(n)] {
			t.Errorf("nobody was told event %d of %d", n, len(numbers))
		}
	}
}
