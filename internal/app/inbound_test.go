package app_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// file is a customer's file of these bytes.
func file(mimetype, name string, content []byte) *d360.InboundFile {
	return &d360.InboundFile{MimeType: mimetype, FileName: name, Base64: base64.StdEncoding.EncodeToString(content)}
}

// inboundKinds has every kind of message that a customer can write, and how it
// must read.
var inboundKinds = map[string]struct {
	in   d360.InboundMessage
	want doc
}{
	"text":    {d360.InboundMessage{Type: "text", Text: "Olá"}, doc{"type": "text", "content": doc{"text": "Olá"}, "media": nil}},
	"image":   {d360.InboundMessage{Type: "image", Text: "a foto", Media: file("image/jpeg", "", apptest.JPEG)}, doc{"type": "image", "content": doc{"text": "a foto"}, "media.mimetype": "image/jpeg"}},
	"audio":   {d360.InboundMessage{Type: "audio", Media: file("audio/mpeg", "", apptest.MP3)}, doc{"type": "audio", "content": doc{"voice": false}, "media.mimetype": "audio/mpeg"}},
	"voice":   {d360.InboundMessage{Type: "voice", Media: file("audio/ogg; codecs=opus", "", apptest.Ogg)}, doc{"type": "audio", "content": doc{"voice": true}, "media.mimetype": "audio/ogg"}},
	"video":   {d360.InboundMessage{Type: "video", Media: file("video/mp4", "", apptest.MP4)}, doc{"type": "video", "content": doc{}, "media.mimetype": "video/mp4"}},
	"sticker": {d360.InboundMessage{Type: "sticker", Media: file("image/webp", "", apptest.WebP)}, doc{"type": "sticker", "content": doc{"animated": false}, "media.mimetype": "image/webp"}},
	"document": {d360.InboundMessage{Type: "document", Text: "a nota", Media: file("application/pdf", "nota fiscal.pdf", apptest.PDF)}, doc{
		"type": "document", "content": doc{"text": "a nota"}, "media.mimetype": "application/pdf", "media.fileName": "nota fiscal.pdf",
	}},
	"location": {d360.InboundMessage{Type: "location", Content: doc{"url": "https://maps.example/1"}}, doc{
		"type": "location", "content": doc{"latitude": -22.9068, "longitude": -43.1729, "name": "Centro", "address": "Rio de Janeiro", "url": "https://maps.example/1"},
	}},
	"contacts": {d360.InboundMessage{Type: "contacts"}, doc{"type": "contacts", "content.contacts.0.name.formatted_name": "Ana Souza", "content.contacts.0.phones.0.wa_id": "5521988887777"}},
	"button":   {d360.InboundMessage{Type: "button", Text: "Sim"}, doc{"type": "interactive", "content.text": "Sim", "content.reply": doc{"type": "quick_reply", "id": "Sim", "title": "Sim"}}},
	"button_reply": {d360.InboundMessage{Type: "interactive", Text: "Sim"}, doc{
		"type": "interactive", "content": doc{"text": "Sim", "reply": doc{"type": "button_reply", "id": "Sim", "title": "Sim"}},
	}},
	"list_reply": {d360.InboundMessage{Type: "interactive", Content: doc{"type": "list_reply", "list_reply": doc{"id": "row-1", "title": "Suporte", "description": "Fale conosco"}}}, doc{
		"type": "interactive", "content": doc{"text": "Suporte", "reply": doc{"type": "list_reply", "id": "row-1", "title": "Suporte", "description": "Fale conosco"}},
	}},
	"nfm_reply": {d360.InboundMessage{Type: "interactive", Content: doc{"type": "nfm_reply", "nfm_reply": doc{"name": "flow", "body": "Enviado", "response_json": `{"a":1}`}}}, doc{
		"type": "interactive", "content.reply.type": "nfm_reply", "content.reply.name": "flow", "content.reply.responseJson": `{"a":1}`, "content.text": "Enviado",
	}},
	"order": {d360.InboundMessage{Type: "order", Text: "para hoje"}, doc{
		"type": "order", "content.text": "para hoje",
		"content.order": doc{"catalogId": "1", "items": []any{doc{"productRetailerId": "sku-1", "quantity": 1, "itemPrice": 9.9, "currency": "BRL"}}},
	}},
	"system":      {d360.InboundMessage{Type: "system", Text: "mudou"}, doc{"type": "system", "content.system.type": "customer_identity_changed", "content.system.body": "mudou"}},
	"unsupported": {d360.InboundMessage{Type: "unsupported"}, doc{"type": "unsupported", "content.raw.type": "unsupported", "content.errors.0.code": 131051}},
	"of a kind to come": {d360.InboundMessage{Type: "hologram", Content: doc{"beam": 3}}, doc{
		"type": "unsupported", "content.kind": "hologram", "content.raw.hologram.beam": 3,
	}},
	"forwarded": {d360.InboundMessage{Type: "text", Text: "corrente", Forwarded: true}, doc{"content": doc{"text": "corrente", "forwarded": true}}},
	"often forwarded": {d360.InboundMessage{Type: "text", Text: "corrente", Extra: doc{"context": doc{"frequently_forwarded": true}}}, doc{
		"content.frequentlyForwarded": true,
	}},
	"referred": {d360.InboundMessage{Type: "text", Text: "vi o anúncio", Referral: doc{"source_type": "ad", "source_id": "42", "headline": "Oferta"}}, doc{
		"content.referral.source_id": "42", "content.text": "vi o anúncio",
	}},
	"about a product": {d360.InboundMessage{Type: "text", Text: "tem?", Extra: doc{"context": doc{"from": "1", "id": "wamid.CATALOGUE", "referred_product": doc{"catalog_id": "9", "product_retailer_id": "sku-2"}}}}, doc{
		"content.referredProduct": doc{"catalogId": "9", "productRetailerId": "sku-2"},
	}},
}

func TestEveryKindOfInboundMessage(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	for name, kind := range inboundKinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			phone := apptest.Phone()
			w := *w
			w.T = t
			id := w.Write(phone, kind.in)
			got := received(&w, id)
			if kind.in.Media != nil {
				got = await(&w, text(got, "_id"), doc{"media.status": "ready"})
			}
			expect(t, name, got, kind.want)
			expect(t, name, got, doc{"direction": "inbound", "messageId": id})
			if kind.in.Media != nil {
				link := get(&w, text(got, "media.url"), nil)
				sent, err := base64.StdEncoding.DecodeString(kind.in.Media.Base64)
				if err != nil || link.Status != http.StatusOK || string(link.Body) != string(sent) {
					t.Errorf("the file's link gives %d with %d bytes, want the %d that were sent", link.Status, len(link.Body), len(sent))
				}
			}
		})
	}
}

// An edit replaces the content and keeps the old one, a revoke marks the
// message; both also when they come before their message does.
func TestEditsAndRevokes(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	id := w.Write(phone, d360.InboundMessage{Type: "text", Text: "oi mundp"})
	ours := text(received(w, id), "_id")
	w.Write(phone, d360.InboundMessage{Type: "edit", Quote: id, Text: "oi mundo"})
	edited := await(w, ours, doc{"content": doc{"text": "oi mundo"}})
	expect(t, "the edited message", edited, doc{"edits.#": 1, "edits.0.content.text": "oi mundp", "revokedAt": nil, "sequence": 1})
	if edited["editedAt"] == nil {
		t.Error("an edited message has no editedAt")
	}
	w.Write(phone, d360.InboundMessage{Type: "revoke", Quote: id})
	w.Eventually("the revoke", func() bool { return message(w, ours)["revokedAt"] != nil })
	expect(t, "the revoked message", message(w, ours), doc{"content": doc{"text": "oi mundo"}, "type": "text"})
	session := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+text(edited, "sessionId"), nil)
	expect(t, "the session", session, doc{"unreadCount": 1})

	late := "wamid.HBgLATE0EDIT0BEFORE0MESSAGE"
	w.Write(phone, d360.InboundMessage{Type: "edit", Quote: late, Text: "depois"})
	w.Write(phone, d360.InboundMessage{Type: "text", Text: "antes", ID: late})
	await(w, text(received(w, late), "_id"), doc{"content": doc{"text": "depois"}, "edits.0.content.text": "antes"})
}

// A message that its sender deleted arrives as unsupported under the same id.
func TestADeletedMessageIsNoSecondOne(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	id := w.Write(phone, d360.InboundMessage{Type: "text", Text: "segredo"})
	session := text(received(w, id), "sessionId")
	w.Write(phone, d360.InboundMessage{Type: "delete", Quote: id})
	last := w.Write(phone, d360.InboundMessage{Type: "text", Text: "pronto"})
	received(w, last)
	expect(t, "the session's messages", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil), doc{"total": 2})
}

// A group message of D360 belongs to the group, with its sender as author;
// nothing can be sent there.
func TestAD360Group(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	group := "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOTo" + phone
	if err := w.Simulator.PutGroup(group, "Condomínio", []string{phone}); err != nil {
		t.Fatal(err)
	}
	in := received(w, w.Write(phone, d360.InboundMessage{Type: "text", Text: "Boa noite a todos", Group: group}))
	expect(t, "the message", in, doc{"author.id": phone, "author.name": "Customer " + phone, "content.text": "Boa noite a todos"})
	contact := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts/"+text(in, "contactId"), nil)
	expect(t, "the contact", contact, doc{"type": "group", "contactIdentifier": group + "-group"})
	a := w.Call(http.MethodPost, "/api/message/send", said(text(in, "sessionId"), doc{"text": "Boa noite"}))
	refused(t, "a send to the group", a, http.StatusUnprocessableEntity, "capability_unsupported")
	expect(t, "a send to the group", a.JSON(), doc{"capability": "groups", "provider": "d360"})
}

// A file that cannot be fetched is tried again, and then visible as failed; one
// that comes at a later try is there.
func TestAFileThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	var time0 clock
	server := apptest.Start(t, apptest.Options{App: app.Options{Now: time0.Now, Egress: egress.Options{Allow: []string{"127.0.0.1"}}}})
	w := server.World(t, apptest.Preset{})
	fail(w, d360.Fault{Kind: "bad_gateway"}, d360.Match{Endpoint: "media_get"}, 2)
	phone := apptest.Phone()
	healed := text(received(w, w.Write(phone, d360.InboundMessage{Type: "image", Media: file("image/png", "", apptest.PNG)})), "_id")

	gone := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(gone.Close)
	body := doc{"type": "MESSAGE", "from": phone, "to": w.Number, "id": "GONE", "timestamp": time.Now().Unix(), "body": doc{"type": "image", "mediaUri": gone.URL + "/foto.jpg"}}
	if a := w.Deliver("whatsappweb", body); a.Status != http.StatusOK {
		t.Fatalf("the webhook: %s", a)
	}
	lost := text(onChannel(w, w.WhatsApp.String(), "GONE"), "_id")
	expect(t, "a file on its way", message(w, lost), doc{"media.status": "pending", "media.url": nil, "media.id": nil})
	w.Eventually("both fates", func() bool {
		time0.Advance(2 * time.Hour)
		return at(message(w, healed), "media.status") == "ready" && at(message(w, lost), "media.status") == "failed"
	})
	failed := message(w, lost)
	if text(failed, "media.error") == "" || at(failed, "media.url") != nil {
		t.Errorf("a failed file reads %v", failed["media"])
	}
}

// A file over the channel's limit fails at once.
func TestAFileThatIsTooLargeFails(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.D360.String(), doc{"settings": doc{"mediaMaxBytes": 1024}})
	id := w.Write(apptest.Phone(), d360.InboundMessage{Type: "image", Media: &d360.InboundFile{MimeType: "image/jpeg", Bytes: 4096}})
	failed := await(w, text(received(w, id), "_id"), doc{"media.status": "failed"})
	if text(failed, "media.error") == "" {
		t.Errorf("a failed file says nothing: %v", failed["media"])
	}
}
