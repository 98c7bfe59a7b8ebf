package app_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
	"github.com/cirrus/omnichannel/internal/web"
)

// deviceCall is a call that a linked device must answer.
type deviceCall struct {
	operation    string
	method, path string
	body         any
	query        string // the namespace of what WhatsApp is asked first; empty: nothing
	changes      bool   // something that others may be changing too
}

// deviceCalls are those of every operation that asks WhatsApp, about a group of
// the number's and somebody whom it never met.
func deviceCalls(group string) []deviceCall {
	const groups = "w:g2"
	one, at := doc{"participants": []string{apptest.Phone()}}, "groups/"+group
	return append(chatCalls(at), []deviceCall{
		{"getNumberAccount", http.MethodGet, "account", nil, "usync", false},
		{"getNumberPlatform", http.MethodGet, "platform", nil, "", false},
		{"setNumberAbout", http.MethodPut, "account/about", doc{"about": "Aberta"}, "w:mex", true},
		{"setNumberName", http.MethodPut, "account/name", doc{"name": "Minha Loja"}, "w:sync:app:state", true},
		{"setNumberPresence", http.MethodPut, "presence", doc{"presence": "available"}, "", false},
		{"removeGroupPhoto", http.MethodDelete, at + "/photo", nil, "w:profile:picture", true},
		{"validateNumber", http.MethodGet, "validate/" + apptest.Phone(), nil, "usync", false},
		{"listNumberContacts", http.MethodGet, "contacts", nil, "", false},
		{"getNumberContact", http.MethodGet, "contacts/" + apptest.Phone(), nil, "usync", false},
		{"getNumberContactPhoto", http.MethodGet, "contacts/" + apptest.Phone() + "/photo", nil, "usync", false},
		{"listChatMessages", http.MethodGet, "chats/" + apptest.Phone() + "/messages?older=true", nil, "", false},
		{"listGroupMessages", http.MethodGet, at + "/messages?older=true", nil, "", false},
		{"listGroups", http.MethodGet, "groups", nil, groups, false},
		{"createGroup", http.MethodPost, "groups", doc{"subject": "Vendas", "participants": []string{apptest.Phone()}}, "usync", true},
		{"joinGroup", http.MethodPost, "groups/join", doc{"invite": "Kk1Zq0vJ2mW5xY8aB3cD4e"}, groups, true},
		{"getGroup", http.MethodGet, at, nil, groups, false},
		{"setGroupSubject", http.MethodPut, at + "/subject", doc{"subject": "Vendas"}, groups, true},
		{"setGroupDescription", http.MethodPut, at + "/description", doc{"description": "Vendas"}, groups, true},
		{"addGroupParticipants", http.MethodPost, at + "/participants", one, "usync", true},
		{"removeGroupParticipants", http.MethodDelete, at + "/participants", one, "usync", true},
		{"setGroupAdmins", http.MethodPut, at + "/admins", doc{"promote": []string{apptest.Phone()}}, "usync", true},
		{"getGroupInvite", http.MethodGet, at + "/invite", nil, groups, false},
		{"revokeGroupInvite", http.MethodDelete, at + "/invite", nil, groups, false},
		{"leaveGroup", http.MethodPost, at + "/leave", nil, groups, false},
	}...)
}

// chatCalls are those that do something to a chat, of a group and of a stranger.
func chatCalls(group string) []deviceCall {
	var all []deviceCall
	for _, of := range []struct{ name, at, query string }{{"Chat", "chats/" + apptest.Phone(), "usync"}, {"Group", group, "w:sync:app:state"}} {
		for _, what := range []string{"archive", "unarchive", "unmute", "read"} {
			all = append(all, deviceCall{what + of.name, http.MethodPost, of.at + "/" + what, nil, of.query, true})
		}
		all = append(all, deviceCall{"mute" + of.name, http.MethodPost, of.at + "/mute", doc{}, of.query, true},
			deviceCall{"clear" + of.name, http.MethodDelete, of.at + "/messages", nil, of.query, true})
	}
	return all
}

// connectionCalls are the operations that ask no linked device, or only while it
// is being linked, and those that send; their own tests show what they refuse.
var connectionCalls = map[string]bool{
	"getNumberStatus": true, "getNumberQR": true, "pairNumber": true, "answerNumberPasskey": true, "confirmNumberPasskey": true,
	"connectNumber": true, "disconnectNumber": true, "resetNumber": true, "logoutNumber": true,
	"sendFromNumber": true, "sendToGroup": true, // as sendToNumber
	"setNumberWebhookByQuery": true, "setNumberWebhook": true, "getNumberWebhook": true, "deleteNumberWebhook": true,
	"listChats": true, "getLinkedNumber": true, "getNumberVersion": true, "checkAccessCode": true, "renewAccessCode": true,
	"setGroupPhoto": true, // fetches a file first: TestWhatIsRefusedOfAGroupsPicture
}

// refusedFields are the fields of bodies that WhatsApp may not accept.
var refusedFields = map[string]string{
	"setNumberAbout": "about", "setNumberName": "name", "createGroup": "subject", "setGroupSubject": "subject", "setGroupDescription": "description",
	"addGroupParticipants": "participants", "removeGroupParticipants": "participants", "setGroupAdmins": "promote",
}

// Every operation of the gateway that needs a linked device says so where there
// is none, and what WhatsApp refuses.
func TestEveryCallToADeviceTellsWhyItFailed(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	calls := deviceCalls("120363000000000001-group")
	known := map[string]bool{}
	for _, c := range calls {
		known[c.operation] = true
		refused(t, c.operation+" of what is not linked", w.Call(c.method, gate(w, c.path), c.body), http.StatusBadRequest, "whatsapp_connection_closed")
	}
	for _, route := range w.App.Routes {
		if route.Scope == web.Number && !known[route.OperationID] && !connectionCalls[route.OperationID] {
			t.Errorf("%s is in neither table", route.OperationID)
		}
	}
	w.Link()
	group := must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Vendas"})).ID + "-group"
	for _, c := range deviceCalls(group) {
		for _, no := range []struct {
			code, status int
			says         string
			changes      bool
		}{
			{403, http.StatusForbidden, "forbidden", false}, {406, http.StatusUnprocessableEntity, "validation_failed", false},
			{419, http.StatusConflict, "conflict", true}, {429, http.StatusTooManyRequests, "rate_limited", false}, {500, http.StatusServiceUnavailable, "provider_unavailable", false},
		} {
			if c.query == "" || no.changes && !c.changes || no.code == 406 && c.operation == "joinGroup" {
				continue // there WhatsApp says so of an unknown link
			}
			rule := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number, Type: c.query}, Fault: whatsapp.Fault{Kind: "iq_error", Code: no.code}}))
			a := w.Call(c.method, gate(w, c.path), c.body)
			refused(t, c.operation+" refused", a, no.status, no.says)
			if field := refusedFields[c.operation]; field != "" && no.says == "validation_failed" {
				expect(t, c.operation+" refused", a.JSON(), doc{"errors.0.field": field})
			}
			w.Phones().RemoveFault(rule.ID)
		}
	}
	if now := groupOf(w, group); now.Subject != "Vendas" || now.Description != "" || len(now.Members) != 1 {
		t.Errorf("after nothing but refusals the group is %+v", now)
	}
}

// What was asked of WhatsApp when the connection was cut is never answered as if
// WhatsApp had said something. Each in a world of its own: several that wait for one
// connection race inside the client's library.
func TestWhatWasAskedWhenTheConnectionWasCutIsATimeout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operation, method, path string
		body                    any
		query, holds            string // what WhatsApp is asked, and what stands in that
	}{
		{"validateNumber", http.MethodGet, "validate/" + apptest.Phone(), nil, "usync", "<contact"},
		{"createGroup", http.MethodPost, "groups", doc{"subject": "Outro", "participants": []string{apptest.Phone()}}, "usync", "<contact"},
		{"listGroups", http.MethodGet, "groups", nil, "w:g2", "<participating"},
		{"setGroupSubject", http.MethodPut, "groups/%/subject", doc{"subject": "Compras"}, "w:g2", "<subject"},
		{"leaveGroup", http.MethodPost, "groups/%/leave", nil, "w:g2", "<leave"},
		{"archiveGroup", http.MethodPost, "groups/%/archive", nil, "w:sync:app:state", "<patch"},
	} {
		t.Run(c.operation, func(t *testing.T) {
			t.Parallel()
			w := apptest.NewWorld(t)
			w.Link()
			group := must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Vendas"})).ID + "-group"
			act(w, http.MethodPost, "groups/"+group+"/unarchive", nil) // from now on the group is known
			w.Eventually("the device to have read what its phone shares", func() bool { return hasReadShared(w) })
			since := time.Now()
			silent := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number, Type: c.query}, Fault: whatsapp.Fault{Kind: "iq_silent"}}))
			defer w.Phones().RemoveFault(silent.ID)
			answer := make(chan apptest.Answer, 1)
			go func() { answer <- w.Call(c.method, gate(w, strings.Replace(c.path, "%", group, 1)), c.body) }()
			w.Eventually("the question to be out", func() bool { return asked(w, c.query, c.holds, since) })
			down := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number}, Fault: whatsapp.Fault{Kind: "refuse_login"}}))
			defer w.Phones().RemoveFault(down.ID)
			if err := w.Phones().Cut(w.Number, 0, ""); err != nil {
				t.Fatal(err)
			}
			refused(t, "what was asked", <-answer, http.StatusGatewayTimeout, "provider_timeout")
		})
	}
}

// hasReadShared tells whether the number's device, linked a moment ago, has come to
// the end of its first reading of what the account's devices share. Two questions of
// a device that stand open when its connection is cut race in the client's library
// (exsync.Event.GetChan).
func hasReadShared(w *apptest.World) bool {
	w.T.Helper()
	devices := phoneOf(w).Devices
	return len(devices) == 1 && slices.Contains(devices[0].Collections, "regular") && slices.Contains(devices[0].Collections, "regular_low")
}

// asked tells whether the number's device has sent a question that holds something.
func asked(w *apptest.World, query, holds string, since time.Time) bool {
	return slices.ContainsFunc(w.Phones().Stanzas(), func(one whatsapp.StanzaEntry) bool {
		return one.FromClient && one.Phone == w.Number && one.At.After(since) && strings.Contains(one.XML, `xmlns="`+query+`"`) && strings.Contains(one.XML, holds)
	})
}

// What was done is never told as if it had not been.
func TestWhatWasDoneAndCannotBeSeenIsTold(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	group := must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Vendas"})).ID + "-group"
	act(w, http.MethodPost, "groups/"+group+"/unarchive", nil)
	no := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number, Type: "w:g2 query"}, Fault: whatsapp.Fault{Kind: "iq_error"}}))
	defer w.Phones().RemoveFault(no.ID)
	refused(t, "another subject", w.Call(http.MethodPut, gate(w, "groups/"+group+"/subject"), doc{"subject": "Compras"}), http.StatusGatewayTimeout, "provider_timeout")
	if now := groupOf(w, group).Subject; now != "Compras" {
		t.Errorf("the group is %q", now)
	}
	other := people(w, 1)[0].Phone
	open := must(w.Phones().CreateGroup(other, whatsapp.GroupDraft{Subject: "Aberto"}))
	refused(t, "a join", w.Call(http.MethodPost, gate(w, "groups/join"), doc{"invite": open.Link}), http.StatusGatewayTimeout, "provider_timeout")
	isIn(w, open.ID+"-group", w.Number, true)
	unread := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number, Type: "w:sync:app:state collection"}, Fault: whatsapp.Fault{Kind: "iq_error"}}))
	act(w, http.MethodPost, "groups/"+group+"/archive", nil)
	chatIs(w, strings.TrimSuffix(group, "-group"), "archived", func(c whatsapp.PhoneChat) bool { return c.Archived })
	w.Phones().RemoveFault(unread.ID)
	w.Phones().RemoveFault(no.ID)
	said := w.Says(w.Number, whatsapp.Draft{To: strings.TrimSuffix(group, "-group"), Text: "Oi"})
	chatWith(w, group, doc{"archived": true, "lastMessage.id": said})
}

// A body that is none is refused of a DELETE too.
func TestABodyOfADeleteIsRead(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	for want, ask := range map[int]apptest.Request{
		http.StatusBadRequest:            {Body: []byte(`{"participants":`)},
		http.StatusUnprocessableEntity:   {Body: []byte(`{"participants":[]}`)},
		http.StatusUnsupportedMediaType:  {Body: []byte(`{}`), Header: map[string]string{"Content-Type": "text/plain"}},
		http.StatusRequestEntityTooLarge: {Body: bytes.Repeat([]byte(" "), web.DefaultMaxBody+1)},
	} {
		ask.Method, ask.Path = http.MethodDelete, gate(w, "groups/120363000000000001-group/participants")
		if a := w.Do(ask); a.Status != want {
			t.Errorf("%s, want %d", a, want)
		}
	}
}
