package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// A customer writes, an agent reads, types and answers, the ticks come in.
func TestAConversationEndToEnd(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	first := w.Write(phone, d360.InboundMessage{Type: "text", Text: "Bom dia"})
	session := w.AwaitSession(phone)
	in := received(w, first)
	expect(t, "the inbound message", in, doc{
		"sessionId": session, "direction": "inbound", "messageId": first, "type": "text", "content": doc{"text": "Bom dia"},
		"sequence": 1, "reactions": []any{}, "channelId": w.D360.String(), "status": nil,
	})
	view := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil)
	expect(t, "the session", view, doc{
		"status": "active", "type": "d360", "client.providerId": phone, "client.name": "Customer " + phone, "unreadCount": 1,
		"platform.slug": "console", "platform.configId": w.Config.String(), "agent": nil, "finishedAt": nil, "transfers": []any{},
		"contactId": in["contactId"], "lastInboundAt": in["timestamp"],
	})
	if view["replyWindowExpiresAt"] == nil {
		t.Error("a session of D360 says nothing of its reply window")
	}

	expect(t, "read", w.Want(http.StatusOK, http.MethodPost, "/api/session/"+session+"/read", nil), doc{"sessionId": session, "unreadCount": 0})
	w.Want(http.StatusOK, http.MethodPost, "/api/session/"+session+"/typing", doc{"state": "typing"})
	if onPhone, _ := w.Simulator.Message(first); !onPhone.ReadByBusiness || !onPhone.Typing {
		t.Errorf("the phone shows read %t and typing %t, want both", onPhone.ReadByBusiness, onPhone.Typing)
	}
	expect(t, "the session after reading", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil), doc{"unreadCount": 0})

	answer := send(w, session, doc{"text": "Bom dia! Como posso ajudar?", "agentName": "Atendente Maria"})
	if !strings.HasPrefix(text(answer, "messageId"), "wamid.") || answer["sessionId"] != session {
		t.Errorf("a send is answered %v", answer)
	}
	if got := shown(w, phone).Text; got != "*Atendente Maria*:\nBom dia! Como posso ajudar?" {
		t.Errorf("the phone shows %q", got)
	}
	out := await(w, text(answer, "_id"), doc{"status": "read"})
	expect(t, "the answer", out, doc{
		"direction": "outbound", "origin": "api", "messageId": answer["messageId"], "sequence": 2,
		"content": doc{"text": "Bom dia! Como posso ajudar?"}, "agentName": "Atendente Maria", "error": nil,
	})
	if got := steps(out); got != "queued sent delivered read" {
		t.Errorf("the history is %q", got)
	}
}

// With showAgentName off the name is recorded and not shown.
func TestTheAgentsNameCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.D360.String(), doc{"settings": doc{"showAgentName": false}})
	answer := send(w, session, doc{"text": "Olá", "agentName": "Maria"})
	if got := shown(w, phone).Text; got != "Olá" {
		t.Errorf("the phone shows %q", got)
	}
	expect(t, "the message", message(w, text(answer, "_id")), doc{"agentName": "Maria", "content.text": "Olá"})
}

func TestQuotesGoBothWays(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	question := w.Write(phone, d360.InboundMessage{Type: "text", Text: "Quanto custa?"})
	session := w.AwaitSession(phone)
	ours := text(received(w, question), "_id")
	for _, id := range []string{question, ours} {
		answer := send(w, session, doc{"text": "Dez reais", "quotedMessage": doc{"id": id}})
		if onPhone := shown(w, phone); onPhone.Quoted != question || !onPhone.QuoteShown {
			t.Errorf("quoting %s, the phone shows the quote %q", id, onPhone.Quoted)
		}
		expect(t, "a quoting answer", message(w, text(answer, "_id")), doc{"quotedMessage.id": question, "quotedMessage.message": "Quanto custa?"})
	}
	reply := w.Write(phone, d360.InboundMessage{Type: "text", Text: "Quero dois", Quote: shown(w, phone).ID})
	expect(t, "a quoting inbound", received(w, reply), doc{"quotedMessage.id": shown(w, phone).ID})

	a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "x", "quotedMessage": doc{"id": "no-such-message"}}))
	refused(t, "quoting nothing we know", a, http.StatusUnprocessableEntity, "validation_failed")
	expect(t, "quoting nothing we know", a.JSON(), doc{"errors.0.field": "quotedMessage.id"})
}

func TestReactionsGoBothWays(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	question := w.Write(phone, d360.InboundMessage{Type: "text", Text: "Quanto custa?"})
	session := w.AwaitSession(phone)
	answer := send(w, session, doc{"text": "Dez reais"})
	unread := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil)["unreadCount"]

	id := w.Write(phone, d360.InboundMessage{Type: "reaction", Text: "👍", Quote: text(answer, "messageId")})
	expect(t, "an inbound reaction", received(w, id), doc{
		"type": "reaction", "sessionId": session, "content": doc{"messageId": answer["messageId"], "emoji": "👍"},
	})
	expect(t, "the target", message(w, text(answer, "_id")), doc{"reactions.#": 1, "reactions.0.emoji": "👍", "reactions.0.author.id": phone})
	back := w.Write(phone, d360.InboundMessage{Type: "reaction", Quote: text(answer, "messageId")})
	taken := received(w, back)
	if emoji, there := taken["content"].(doc)["emoji"]; !there || emoji != nil {
		t.Errorf("a reaction taken back reads %v, want an emoji of null", taken["content"])
	}
	expect(t, "the target", message(w, text(answer, "_id")), doc{"reactions": []any{}})
	expect(t, "the session", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil), doc{"unreadCount": unread})

	ours := send(w, session, doc{"reaction": doc{"messageId": question, "emoji": "❤️"}})
	if onPhone, _ := w.Simulator.Message(question); onPhone.Reactions["business"] != "❤️" {
		t.Errorf("the phone shows the reactions %v", onPhone.Reactions)
	}
	expect(t, "an outbound reaction", message(w, text(ours, "_id")), doc{"type": "reaction", "content.emoji": "❤️", "content.messageId": question})
	expect(t, "its target", received(w, question), doc{"reactions.#": 1, "reactions.0.emoji": "❤️"})
	send(w, session, doc{"reaction": doc{"messageId": question, "emoji": ""}})
	if onPhone, _ := w.Simulator.Message(question); len(onPhone.Reactions) > 0 {
		t.Errorf("after taking it back the phone shows %v", onPhone.Reactions)
	}
	expect(t, "its target", received(w, question), doc{"reactions": []any{}})
	a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"reaction": doc{"messageId": "wamid.NOBODY", "emoji": "👍"}}))
	refused(t, "a reaction to nothing", a, http.StatusUnprocessableEntity, "validation_failed")
}

// A reaction belongs to its target's session, also to a finished one, and
// opens none.
func TestAReactionToAFinishedSessionOpensNone(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	answer := send(w, session, doc{"text": "Até logo"})
	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
	id := w.Write(phone, d360.InboundMessage{Type: "reaction", Text: "🙏", Quote: text(answer, "messageId")})
	expect(t, "the reaction", received(w, id), doc{"sessionId": session})
	page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions", nil)
	expect(t, "the sessions", page, doc{"total": 1, "items.0.status": "finished"})
}

func TestAFinishedSessionIsFollowedByANewOne(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	for range 2 { // again: the same answer
		got := w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
		expect(t, "finish", got, doc{"message": "Session finished successfully", "sessionId": session})
	}
	view := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil)
	expect(t, "the session", view, doc{"status": "finished"})
	if view["finishedAt"] == nil {
		t.Error("a finished session has no finishedAt")
	}
	refused(t, "a send", w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "x"})), http.StatusConflict, "session_finished")
	refused(t, "typing", w.Call(http.MethodPost, "/api/session/"+session+"/typing", doc{"state": "typing"}), http.StatusConflict, "session_finished")
	next := w.Session(phone)
	if next == session {
		t.Fatal("the contact's next message went into the finished session")
	}
	expect(t, "the next one", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+next, nil), doc{"contactId": view["contactId"], "unreadCount": 1})
	page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?contactId="+text(view, "contactId"), nil)
	expect(t, "the contact's sessions", page, doc{"total": 2, "items.0._id": next, "items.1._id": session})
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	crm := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/platform-configs", doc{"platformSlug": "crm", "name": "CRM"})
	phone := apptest.Phone()
	session := w.Session(phone)
	path := "/api/session/transfer/" + session
	view := w.Want(http.StatusOK, http.MethodPost, path, doc{"params": doc{"platformSlug": "crm", "agentId": "agent-7"}, "transferMessage": "Um momento"})
	expect(t, "the session", view, doc{
		"_id": session, "status": "active", "platform.slug": "crm", "platform.configId": crm["_id"], "agent.id": "agent-7", "transferMessageError": nil,
		"transfers.#": 1, "transfers.0.from.platform.slug": "console", "transfers.0.to.platform.slug": "crm", "transfers.0.to.agent.id": "agent-7",
	})
	if text(view, "transfers.0.by") == "" || text(view, "transfers.0.at") == "" {
		t.Errorf("the transfer does not say who and when: %v", view["transfers"])
	}
	if got := shown(w, phone).Text; got != "Um momento" {
		t.Errorf("the contact was told %q", got)
	}
	for query, want := range map[string]int{"platformSlug=crm": 1, "platformSlug=console": 0, "agentId=agent-7": 1, "agentId=nobody": 0} {
		expect(t, "sessions of "+query, w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?"+query, nil), doc{"total": want})
	}
	refused(t, "an unknown platform", w.Call(http.MethodPost, path, doc{"params": doc{"platformSlug": "nowhere"}}), http.StatusNotFound, "not_found")

	fail(w, d360.Fault{Kind: "error", Code: 131051}, d360.Match{}, 1)
	view = w.Want(http.StatusOK, http.MethodPost, path, doc{"params": doc{"platformSlug": "console"}, "transferMessage": "Voltando"})
	expect(t, "a transfer whose message cannot go", view, doc{"platform.slug": "console", "agent": nil, "transferMessageError.code": "d360_invalid_message", "transfers.#": 2})

	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
	refused(t, "a finished session", w.Call(http.MethodPost, path, doc{"params": doc{"platformSlug": "crm"}}), http.StatusConflict, "session_finished")
}

// What is sent into one session at once reaches the contact in the order of
// its numbers.
func TestSendsOfOneSessionKeepTheirOrder(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": fmt.Sprint(i)})); a.Status != http.StatusOK {
				t.Errorf("send %d: %s", i, a)
			}
		})
	}
	wg.Wait()
	page := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages?order=asc&limit=100", nil)
	var stored, arrived []string
	for i, m := range items(page) {
		expect(t, "a message", m, doc{"sequence": i + 1})
		if m["direction"] == "outbound" {
			stored = append(stored, text(m, "content.text"))
		}
	}
	for _, m := range w.Simulator.CustomerMessages(phone) {
		if m.From == "business" {
			arrived = append(arrived, m.Text)
		}
	}
	if len(stored) != 20 || !slices.Equal(stored, arrived) {
		t.Errorf("stored as %v, arrived as %v", stored, arrived)
	}
}

// Messages of a session are read newest first, page by page, without gap or
// repeat.
func TestMessagesAreWalkedByCursor(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	for i := range 6 {
		send(w, session, doc{"text": fmt.Sprint(i)})
	}
	path, want := "/api/session/"+session+"/messages?limit=3", 7
	for cursor := "first"; cursor != ""; {
		page := w.Want(http.StatusOK, http.MethodGet, path, nil)
		expect(t, "the page", page, doc{"total": 7, "totalIsExact": true, "limit": 3})
		for _, m := range items(page) {
			expect(t, "a message", m, doc{"sequence": want})
			want--
		}
		cursor = text(page, "nextCursor")
		path = "/api/session/" + session + "/messages?limit=3&cursor=" + cursor
	}
	if want != 0 {
		t.Errorf("the walk ended before message %d", want)
	}
}
