package app_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// What waits for the webhook of a number and names somebody is forgotten when
// they are erased: their chat's, what they wrote in groups, and who is in those.
func TestWhatWaitsForANumbersWebhookIsErased(t *testing.T) {
	t.Parallel()
	var dir string
	server := apptest.Start(t, apptest.Options{Config: func(c *config.Config) { dir = c.DataDir }, App: app.Options{Egress: egress.Options{Allow: []string{"127.0.0.1"}}}})
	w := server.World(t, apptest.Preset{})
	w.Link()
	r := numberReceiver(t, w, "MESSAGE", "GROUP_MESSAGE", "GROUP_JOIN", "ATTACHMENT")
	r.answers(always(http.StatusServiceUnavailable))
	person, other := apptest.Phone(), people(w, 1)[0].Phone
	w.AddPhone(whatsapp.PhoneConfig{Phone: person, Name: "Xyzzy"})
	group := must(w.Phones().CreateGroup(person, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number, other}})).ID
	kept := w.Says(other, whatsapp.Draft{To: w.Number, Text: "fica"})
	w.Says(person, whatsapp.Draft{To: w.Number, Text: "xyzzy um"})
	w.Says(person, whatsapp.Draft{To: w.Number, Type: "document", Text: "xyzzy dois", Media: &whatsapp.Media{Bytes: []byte("%PDF-1.4 xyzzy"), FileName: "xyzzy.pdf"}})
	w.Says(person, whatsapp.Draft{To: group, Text: "xyzzy três"})
	w.AwaitSession(group + "-group")
	w.AwaitSession(other)
	settledMessages(w, person, 2)
	w.Eventually("what waits", func() bool { return len(deliveries(w, "&status=pending")) == 6 })
	contact := text(w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?contactIdentifier="+person, nil), "items.0._id")
	expect(t, "erased", w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+contact, nil), doc{"erased.contacts": 1})
	rows := eventstest.Rows(t, w.App.DB, w.Account)
	waiting := 0
	for _, row := range rows {
		for _, fact := range row.Facts {
			if text, is := fact.Value.(string); is && fact.Key == "body" {
				waiting++
				if strings.Contains(text, "yzzy") || strings.Contains(text, person) {
					t.Errorf("a %s waits with %s", row.Type, text)
				}
			}
		}
		if slices.Contains(row.Names, "phone:"+person) {
			t.Errorf("a %s names the person", row.Type)
		}
	}
	if waiting != 1 {
		t.Errorf("%d events wait with what they say, want the other person's", waiting)
	}
	w.Eventually("the text to be nowhere", func() bool { return len(traces(t, server, dir, "xyzzy", "Xyzzy")) == 0 })
	r.answers(nil)
	w.Want(http.StatusOK, http.MethodPut, gate(w, "webhook"), doc{"url": r.server.URL + "/numero?token=a"}) // is tried at once
	settled(w)
	counts := map[string]int{}
	for _, e := range r.taken() {
		if e.doc["erased"] == true {
			counts[e.kind()]++
			if e.doc["from"] != nil || e.doc["body"] != nil || text(e.doc, "id") != text(e.doc, "eventId") {
				t.Errorf("of an erased person came %s", e.body)
			}
		}
	}
	if mustJSON(counts) != `{"ATTACHMENT":1,"GROUP_JOIN":1,"GROUP_MESSAGE":1,"MESSAGE":2}` {
		t.Errorf("erased: %v", counts)
	}
	expect(t, "the other's", r.heard(w, "MESSAGE", doc{"id": kept}).doc, doc{"body.content": "fica"})
}

// In mode gateway nothing outlives its delivery: no row and no file has a word of
// what was said, and of the file what its link opened for a while.
func TestAGatewayKeepsNothing(t *testing.T) {
	t.Parallel()
	var dir string
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	server := apptest.Start(t, apptest.Options{Config: func(c *config.Config) { dir = c.DataDir }, App: app.Options{Now: now, Egress: egress.Options{Allow: []string{"127.0.0.1"}}}})
	w := server.World(t, apptest.Preset{})
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"mode": "gateway"}})
	r := numberReceiver(t, w)
	w.Link()
	person := apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: person, Name: "Pessoa"})
	group := must(w.Phones().CreateGroup(person, whatsapp.GroupDraft{Subject: "Plugh", Members: []string{w.Number}})).ID
	r.heard(w, "GROUP_JOIN", doc{"groupInfo.name": "Plugh"})
	first := w.Says(person, whatsapp.Draft{To: w.Number, Text: "plugh um"})
	bytes := []byte("%PDF-1.4 plugh")
	paper := w.Says(person, whatsapp.Draft{To: w.Number, Type: "document", Text: "plugh dois", Media: &whatsapp.Media{MimeType: "application/pdf", Bytes: bytes, FileName: "plugh.pdf"}})
	inGroup := w.Says(person, whatsapp.Draft{To: group, Text: "plugh três"})
	typed := w.Says(w.Number, whatsapp.Draft{To: person, Text: "plugh quatro"})
	w.Says(person, whatsapp.Draft{To: w.Number, Type: "delete", Message: first})
	expect(t, "a text", r.heard(w, "MESSAGE", doc{"id": first}).doc, doc{"body.content": "plugh um", "from": person})
	link := text(r.heard(w, "MESSAGE", doc{"id": paper}).doc, "body.mediaUri")
	opens := func() int {
		a := w.Do(apptest.Request{Method: http.MethodGet, Path: strings.TrimPrefix(link, w.App.URL()), Key: "-"})
		if a.Status == http.StatusOK && string(a.Body) != string(bytes) {
			t.Errorf("the link opens %q", a.Body)
		}
		return a.Status
	}
	if status := opens(); status != http.StatusOK {
		t.Errorf("the link: %d", status)
	}
	expect(t, "in a group", r.heard(w, "GROUP_MESSAGE", doc{"id": inGroup}).doc, doc{"body.content": "plugh três", "groupInfo.id": group + "-group"})
	expect(t, "typed", r.heard(w, "MESSAGE_SENT", doc{"id": typed}).doc, doc{"body.content": "plugh quatro", "to": person})
	r.heard(w, "MESSAGE_DELIVERED", doc{"id": typed})
	r.heard(w, "MESSAGE_REVOKED", doc{"id": first})
	expect(t, "the file", r.heard(w, "ATTACHMENT", doc{"id": paper}).doc, doc{"body.status": "ready", "body.caption": "plugh dois", "body.mediaUri": link, "body.fileName": "plugh.pdf"})
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("%PDF-1.4 plugh cinco")) }))
	t.Cleanup(files.Close)
	for _, c := range []struct{ body, want doc }{
		{doc{"recipientNumber": person, "text": "plugh seis", "agentName": "Maria", "quotedMessage": doc{"id": first, "message": "plugh um"}}, doc{"body.content": "*Maria*:\nplugh seis", "to": person, "quotedMessage.id": first}},
		{doc{"recipientNumber": person, "mediaUri": files.URL + "/plugh.pdf", "text": "plugh sete"}, doc{"body.type": "document", "body.caption": "plugh sete", "body.fileName": "plugh.pdf", "body.mediaUri": nil}},
		{doc{"recipientNumber": group + "-group", "text": "plugh oito"}, doc{"body.content": "plugh oito", "groupInfo.id": group + "-group"}},
	} {
		key := text(c.body, "text")
		answer := keyed(w, key, gate(w, "messages"), c.body)
		expect(t, key, answer.JSON(), doc{"sessionId": nil, "status": "sent"})
		id := text(answer.JSON(), "messageId")
		replayed(t, key, answer, keyed(w, key, gate(w, "messages"), c.body))
		w.Shown(person, key, func(m whatsapp.PhoneMessage) bool { return m.ID == id })
		expect(t, key, r.heard(w, "MESSAGE_SENT", doc{"id": id}).doc, c.want)
		r.heard(w, "MESSAGE_DELIVERED", doc{"id": id})
	}
	refused(t, "to nobody", w.Call(http.MethodPost, gate(w, "messages"), doc{"recipientNumber": apptest.Phone(), "text": "plugh"}), http.StatusNotFound, "number_not_on_whatsapp")
	refused(t, "into a session", w.Call(http.MethodPost, "/api/message", doc{"recipientNumber": person, "text": "plugh"}), http.StatusConflict, "conflict")
	if all := must(w.Phones().Messages(person, w.Number)); len(slices.DeleteFunc(all, func(m whatsapp.PhoneMessage) bool { return !strings.Contains(m.Text, "plugh s") })) != 2 {
		t.Errorf("the phone shows %+v", all)
	}
	settled(w)
	// Only the file, in its row and on the disk.
	w.Eventually("every other word to go with its delivery", func() bool {
		return !slices.ContainsFunc(traces(t, server, dir, "plugh", "Plugh"), func(one string) bool {
			return !strings.HasPrefix(one, dir) && !strings.HasPrefix(one, "media ")
		})
	})
	if status := opens(); status != http.StatusOK {
		t.Errorf("the link for a while: %d", status)
	}
	w.Eventually("the file to be told of", func() bool {
		n, err := w.App.DB.Collection(messages.PassingCollection).CountDocuments(t.Context(), bson.D{{Key: "state", Value: "told"}})
		return err == nil && n == 1
	})
	r.mu.Lock()
	r.old = true
	r.mu.Unlock()
	ahead.Store(int64(messages.PassedFor + time.Minute))
	w.Eventually("the file to go, and its row behind it", func() bool {
		n, err := w.App.DB.Collection(messages.PassingCollection).CountDocuments(t.Context(), bson.D{})
		return err == nil && n == 0 && len(traces(t, server, dir, "plugh", "Plugh")) == 0
	})
	for collection, want := range map[string]int64{"contacts": 0, "sessions": 0, "messages": 0, "media": 0, "waiting": 0, "chats": 0, "chat_messages": 0, "passing_files": 0} {
		if n, err := w.App.DB.Collection(collection).CountDocuments(t.Context(), bson.D{}); err != nil || n != want {
			t.Errorf("%d rows in %s, want %d: %v", n, collection, want, err)
		}
	}
	sealedPlaintexts(t, w)
	if status := opens(); status != http.StatusNotFound && status != http.StatusUnauthorized {
		t.Errorf("the link at last: %d", status)
	}
}

// A message that nobody keeps is sent from any server: whoever holds the device
// sends it, and tells the number's webhook.
func TestAnyServerSendsWhatIsNotKept(t *testing.T) {
	t.Parallel()
	start := side(t)
	servers := []*apptest.Server{start(t), start(t)}
	w := servers[0].World(t, apptest.Preset{})
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"mode": "gateway"}})
	r := numberReceiver(t, w, "MESSAGE_SENT", "MESSAGE_DELIVERED")
	w.Link()
	person := people(w, 1)[0].Phone
	for _, server := range servers {
		at := r.at(w, t, server)
		at.Eventually("the server to know the mode", func() bool {
			ch, err := server.App.Rooms.Channels.Get(t.Context(), w.WhatsApp)
			return err == nil && ch.Settings.Mode == channels.Gateway
		})
		id := text(at.Want(http.StatusOK, http.MethodPost, gate(w, "messages"), doc{"recipientNumber": person, "text": "Olá"}), "messageId")
		w.Shown(person, "it", func(m whatsapp.PhoneMessage) bool { return m.ID == id && m.Text == "Olá" })
		expect(t, "told", r.heard(at, "MESSAGE_SENT", doc{"id": id}).doc, doc{"to": person, "body.content": "Olá"})
		r.heard(at, "MESSAGE_DELIVERED", doc{"id": id})
		refused(t, "to nobody", at.Call(http.MethodPost, gate(w, "messages"), doc{"recipientNumber": apptest.Phone(), "text": "Olá"}), http.StatusNotFound, "number_not_on_whatsapp")
	}
	step(w, "disconnect")
	refused(t, "while it is not connected", w.Call(http.MethodPost, gate(w, "messages"), doc{"recipientNumber": person, "text": "Olá"}), http.StatusBadRequest, "whatsapp_connection_closed")
}
