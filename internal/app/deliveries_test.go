package app_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// A platform hears of everything that happens in a conversation: signed, as
// openapi.yaml has it, and in order.
func TestAPlatformHearsOfAConversation(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	r := listen(t, w)
	phone := apptest.Phone()
	session := w.Session(phone)
	w.Write(phone, d360.InboundMessage{Type: "text", Text: "Ainda está aí?"})
	w.Write(phone, d360.InboundMessage{Type: "image"})
	sent := w.Want(http.StatusOK, http.MethodPost, "/api/message/send", doc{"sessionId": session, "text": "Sim!"})
	w.Eventually("the read tick", func() bool {
		return w.Want(http.StatusOK, http.MethodGet, "/api/message/"+text(sent, "_id"), nil)["status"] == "read"
	})
	w.Want(http.StatusOK, http.MethodPost, "/api/session/transfer/"+session, doc{"params": doc{"platformSlug": "console", "agentId": "agent_1"}})
	r.await(w, "message.media")
	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
	r.await(w, "session.finished")
	r.await(w, "contact.created")

	all := of(r.taken(), session)
	inOrder(t, all)
	if first := all[0]; first.kind() != "session.created" || text(first.doc, "data.session._id") != session {
		t.Errorf("the first hook is %s", first.body)
	}
	for _, kind := range []string{"message.received", "message.sent", "message.status", "message.media", "session.transferred"} {
		if !slices.ContainsFunc(all, func(e hook) bool { return e.kind() == kind }) {
			t.Errorf("no %s came", kind)
		}
	}
	received := r.await(w, "message.received")
	expect(t, "message.received", received.doc, doc{
		"clientIdentifier": string(w.Account), "channelId": w.D360.String(), "data.message.content.text": "Olá, preciso de ajuda",
		"data.contact.contactIdentifier": phone,
	})
	transferred := r.await(w, "session.transferred")
	expect(t, "session.transferred", transferred.doc, doc{"data.to.agent.id": "agent_1", "data.messages.#": 4, "data.messages.0.content.text": "Olá, preciso de ajuda"})
}
