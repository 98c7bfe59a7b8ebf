package app_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// traces finds every document of the store, and every file under dir, that
// holds one of these texts.
func traces(t *testing.T, s *apptest.Server, dir string, texts ...string) []string {
	t.Helper()
	ctx := context.Background()
	names, err := s.App.DB.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	holds := func(where string, content []byte) {
		for _, text := range texts {
			if bytes.Contains(content, []byte(text)) {
				found = append(found, where+" holds "+text)
			}
		}
	}
	for _, name := range names {
		cursor, err := s.App.DB.Collection(name).Find(ctx, bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		for cursor.Next(ctx) {
			holds(name+" "+cursor.Current.String(), cursor.Current)
		}
		if err := cursor.Err(); err != nil {
			t.Fatal(err)
		}
	}
	if dir == "" {
		return found
	}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		holds(path, content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// inWamids is how a number stands inside the ids that WhatsApp makes.
func inWamids(phone string) string {
	return base64.StdEncoding.EncodeToString([]byte(phone + "\x15\x02"))
}

// Of an ignored contact nothing is intercepted: no session, message, event or
// file.
func TestAnIgnoredContactLeavesNothing(t *testing.T) {
	t.Parallel()
	server := apptest.Start(t, apptest.Options{})
	w := server.World(t, apptest.Preset{})
	phone := apptest.Phone()
	contact := create(w, person(w, phone, doc{"name": "Ignorado", "isIgnored": true}))
	known, err := w.App.DB.Collection(events.Collection).CountDocuments(context.Background(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []doc{
		{"type": "text", "text": doc{"body": "xyzzy um"}},
		{"type": "image", "image": doc{"id": "1234567890", "mime_type": "image/png", "caption": "xyzzy dois"}},
		{"type": "reaction", "reaction": doc{"message_id": "wamid.XYZZY0", "emoji": "👍"}},
		{"type": "text", "text": doc{"body": "xyzzy três"}, "from": withoutNinth(phone)},
	} {
		if in["from"] == nil {
			in["from"] = phone
		}
		in["id"] = "wamid.XYZZY" + in["type"].(string) + in["from"].(string)
		if a := deliverFlat(w, in); a.Status != http.StatusOK {
			t.Errorf("the webhook: %s", a)
		}
	}
	a := w.Deliver("360dialog", doc{"contacts": []any{doc{"wa_id": phone, "profile": doc{"name": "Nome xyzzy"}}}, "messages": []any{doc{"from": phone, "id": "wamid.XYZZYLAST", "type": "text", "timestamp": unixNow(), "text": doc{"body": "xyzzy"}}}})
	if a.Status != http.StatusOK {
		t.Errorf("the webhook: %s", a)
	}
	if found := traces(t, server, "", "xyzzy", "XYZZY"); len(found) > 0 {
		t.Errorf("an ignored contact left:\n%s", strings.Join(found, "\n"))
	}
	for collection, want := range map[string]int64{"sessions": 0, "messages": 0, "media": 0, "waiting": 0, events.Collection: known} {
		if n, err := w.App.DB.Collection(collection).CountDocuments(context.Background(), bson.D{}); err != nil || n != want {
			t.Errorf("%d rows in %s, want %d: %v", n, collection, want, err)
		}
	}
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/contacts/"+text(contact, "_id"), doc{"isIgnored": false})
	session := w.Session(phone)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/contacts/"+text(contact, "_id"), doc{"isIgnored": true})
	page := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil)
	earlier := text(page, "items.0.messageId")
	deliverFlat(w, doc{"from": phone, "id": "wamid.XYZZYAGAIN", "type": "text", "text": doc{"body": "xyzzy na sessão aberta"}})
	deliverFlat(w, doc{"from": phone, "id": "wamid.XYZZYEDIT", "type": "edit", "edit": doc{"original_message_id": earlier, "message": doc{"type": "text", "text": doc{"body": "xyzzy corrigido"}}}})
	deliverFlat(w, doc{"from": phone, "id": "wamid.XYZZYREVOKE", "type": "revoke", "revoke": doc{"original_message_id": earlier}})
	if after := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil); mustJSON(after) != mustJSON(page) {
		t.Errorf("the open session was %s, and is %s", mustJSON(page), mustJSON(after))
	}
}

// erased is a person of whom every kind of trace was made.
type erased struct {
	w            *apptest.World
	dir          string
	phone, other string // the other one is somebody who stays
	group        string
	first        d360.InboundMessage // what the person wrote first
	contact      string
	sent         doc // to the person
	needles      []string
}

// plantPerson lets a distinctive person leave traces wherever one can.
func plantPerson(t *testing.T) erased {
	t.Helper()
	var e erased
	server := apptest.Start(t, apptest.Options{Config: func(c *config.Config) { e.dir = c.DataDir }})
	w := server.World(t, apptest.Preset{})
	e.w, e.phone = w, apptest.Phone()
	e.other = "55219811" + e.phone[8:] // not alike, also inside the ids that WhatsApp makes
	e.group = "GROUP" + e.other
	customer, err := w.Simulator.PutCustomer(d360.CustomerConfig{WaID: e.phone, Name: "Zózimo Quaresma", Username: "zozimo.q"})
	if err == nil {
		err = w.Simulator.PutGroup(e.group, "Condomínio", []string{e.phone, e.other})
	}
	if err != nil {
		t.Fatal(err)
	}
	pixels := append(bytes.Clone(apptest.PNG), "PIXELS-OF-ZOZIMO"...)
	e.needles = []string{e.phone, withoutNinth(e.phone), inWamids(e.phone), customer.UserID, "Quaresma", "quaresma", "zozimo", "jabuticaba", "PIXELS-OF-ZOZIMO", "DE OURO"}

	e.first = d360.InboundMessage{Type: "text", Text: "jabuticaba um"}
	e.first.ID = w.Write(e.phone, e.first)
	in := received(w, e.first.ID)
	e.contact = text(in, "contactId")
	session := text(in, "sessionId")
	picture := w.Write(e.phone, d360.InboundMessage{Type: "image", Text: "jabuticaba na foto", Media: file("image/png", "jabuticaba.png", pixels)})
	await(w, text(received(w, picture), "_id"), doc{"media.status": "ready"})
	w.Write(e.phone, d360.InboundMessage{Type: "edit", Quote: e.first.ID, Text: "jabuticaba corrigida"})
	await(w, text(in, "_id"), doc{"content.text": "jabuticaba corrigida"})
	e.sent = keyed(w, "to-zozimo", "/api/message/send", said(session, doc{"text": "Sr. Quaresma, sua jabuticaba", "quotedMessage": doc{"id": e.first.ID}})).JSON()
	await(w, text(e.sent, "_id"), doc{"status": "read"})
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/contacts/"+e.contact, doc{"customName": "CLIENTE DE OURO", "companyName": "Quaresma & Filhos"})
	keyed(w, "template-zozimo", "/api/message/start/d360", doc{"to": e.phone, "userName": "Zózimo Quaresma", "template": "contato_cliente", "templateVariables": []string{"Quaresma", "Loja"}})

	plantInGroups(t, e)
	keyed(w, "contact-zozimo", w.Base()+"/contacts", person(w, e.phone, doc{"name": "Zózimo Quaresma", "channelId": w.WhatsApp.String()}))
	w.Deliver("whatsappweb", doc{"type": "MESSAGE", "from": e.phone, "fromUserName": "Zózimo Quaresma", "to": w.Number, "body": doc{"type": "text", "content": "jabuticaba sem id"}})
	return e
}

// plantInGroups lets the person write, react and be quoted where others stay.
func plantInGroups(t *testing.T, e erased) {
	t.Helper()
	w := e.w
	theirs := w.Write(e.other, d360.InboundMessage{Type: "text", Text: "Boa noite", Group: e.group})
	received(w, theirs)
	inGroup := w.Write(e.phone, d360.InboundMessage{Type: "image", Text: "jabuticaba no grupo", Group: e.group, Media: file("image/png", "", append(bytes.Clone(apptest.PNG), "PIXELS-OF-ZOZIMO in a group"...))})
	await(w, text(received(w, inGroup), "_id"), doc{"media.status": "ready"})
	received(w, w.Write(e.phone, d360.InboundMessage{Type: "reaction", Text: "👍", Quote: theirs, Group: e.group}))
	received(w, w.Write(e.other, d360.InboundMessage{Type: "text", Text: "Que bonita", Quote: inGroup, Group: e.group}))
	received(w, w.Write(e.other, d360.InboundMessage{Type: "reaction", Text: "😋", Quote: inGroup, Group: e.group}))
	a := w.Deliver("whatsappweb", doc{
		"type": "GROUP_MESSAGE", "from": e.phone, "fromUserName": "Zózimo Quaresma", "to": w.Number, "id": "G" + e.other, "body": doc{"type": "text", "content": "jabuticaba"},
		"groupInfo": doc{"id": "1203634" + e.other[4:], "name": "Família", "participants": []any{e.phone, e.other}},
	})
	b := w.Deliver("whatsappweb", doc{
		"type": "GROUP_MESSAGE", "from": e.other, "to": w.Number, "id": "H" + e.other, "body": doc{"type": "text", "content": "e eu"},
		"quotedMessage": doc{"id": "G" + e.other, "message": "jabuticaba"}, "groupInfo": doc{"id": "1203634" + e.other[4:]},
	})
	if a.Status != http.StatusOK || b.Status != http.StatusOK {
		t.Fatalf("the webhooks: %s %s", a, b)
	}
}

// Erasing a person leaves no trace in any collection, in any file, or in the
// log; what others wrote stays. Redelivered webhooks bring nobody back.
func TestErasingAPersonLeavesNoTrace(t *testing.T) {
	t.Parallel()
	e := plantPerson(t)
	w := e.w
	before := traces(t, w.Server, e.dir, e.needles...)
	for _, needle := range e.needles {
		if strings.Count(strings.Join(before, "\n"), " holds "+needle) == 0 && needle != withoutNinth(e.phone) {
			t.Errorf("the test is blind: nothing holds %q before the erasure", needle)
		}
	}
	a := w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+e.contact+"?allChannels=true", nil)
	expect(t, "the answer", a, doc{"contactId": e.contact, "erased.contacts": 2, "erased.sessions": 2, "erased.media": 2})
	if n := at(a, "erased.messages").(float64); n < 6 {
		t.Errorf("%v messages were erased", n)
	}
	if found := traces(t, w.Server, e.dir, e.needles...); len(found) > 0 {
		t.Errorf("after the erasure:\n%s", strings.Join(found, "\n"))
	}
	refused(t, "the contact", w.Call(http.MethodGet, w.Base()+"/contacts/"+e.contact, nil), http.StatusNotFound, "not_found")
	refused(t, "the message", w.Call(http.MethodGet, "/api/message/"+text(e.sent, "_id"), nil), http.StatusNotFound, "not_found")
	refused(t, "the session", w.Call(http.MethodGet, "/api/session/"+text(e.sent, "sessionId"), nil), http.StatusNotFound, "not_found")
	groups := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?type=group", nil)
	expect(t, "the groups stay", groups, doc{"total": 2})

	w.Write(e.phone, e.first)
	w.Write(e.phone, d360.InboundMessage{Type: "edit", Quote: e.first.ID, Text: "jabuticaba outra vez"})
	w.Write(e.phone, d360.InboundMessage{Type: "revoke", Quote: e.first.ID})
	if err := w.Simulator.EmitStatus(w.APIKey, doc{"id": e.sent["messageId"], "status": "read", "recipient_id": e.phone, "biz_opaque_callback_data": e.sent["_id"]}); err != nil {
		t.Fatal(err)
	}
	flat(w, doc{"from": e.other, "id": "wamid.AFTER" + e.other, "type": "text", "text": doc{"body": "depois"}})
	w.Eventually("the redeliveries", func() bool {
		_, counts := w.Simulator.Deliveries()
		return counts.Queued == 0
	})
	w.Eventually("nothing but what stays", func() bool { return len(traces(t, w.Server, e.dir, e.needles...)) == 0 })
	if a := keyed(w, "to-zozimo", "/api/message/send", said(text(e.sent, "sessionId"), doc{"text": "Sr. Quaresma, sua jabuticaba", "quotedMessage": doc{"id": e.first.ID}})); a.Status != http.StatusNotFound {
		t.Errorf("the stored answer is still there: %s", a)
	}
	for _, needle := range e.needles {
		if lines := journalLines(needle); len(lines) > 0 {
			t.Errorf("the log holds %q:\n%s", needle, strings.Join(lines, ""))
		}
	}
}

// A person's export has all that an erasure would delete.
func TestExportingAPerson(t *testing.T) {
	t.Parallel()
	e := plantPerson(t)
	a := e.w.Call(http.MethodGet, e.w.Base()+"/contacts/"+e.contact+"/export", nil)
	if a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("export: %s", a)
	}
	expect(t, "the export", a.JSON(), doc{"contact._id": e.contact, "contact.customName": "CLIENTE DE OURO", "sessions.#": 1})
	for _, want := range []string{"jabuticaba um", "jabuticaba corrigida", "jabuticaba na foto", "Sr. Quaresma, sua jabuticaba", "jabuticaba no grupo", "contato_cliente", "Quaresma & Filhos"} {
		var plain bytes.Buffer
		plain.Write(a.Body)
		if !bytes.Contains(bytes.ReplaceAll(plain.Bytes(), []byte(`\u0026`), []byte("&")), []byte(want)) {
			t.Errorf("the export lacks %q", want)
		}
	}
	if bytes.Contains(a.Body, []byte("Boa noite")) || bytes.Contains(a.Body, []byte("Que bonita")) {
		t.Error("the export has what somebody else wrote")
	}
	other := apptest.NewWorld(t)
	stranger := e.w.Do(apptest.Request{Method: http.MethodGet, Path: e.w.Base() + "/contacts/" + e.contact + "/export", Key: other.Key})
	if stranger.Status == http.StatusOK {
		t.Error("another account's key gets the export")
	}
}

// One channel only is erased unless all are asked for.
func TestErasingOnOneChannel(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	one, two := create(w, person(w, phone, nil)), create(w, person(w, withoutNinth(phone), doc{"channelId": w.WhatsApp.String()}))
	w.Session(phone)
	path := w.Base() + "/contacts/"
	expect(t, "the answer", w.Want(http.StatusOK, http.MethodDelete, path+text(one, "_id"), nil), doc{"erased": doc{"contacts": 1, "sessions": 1, "messages": 1, "media": 0}})
	expect(t, "the other one", w.Want(http.StatusOK, http.MethodGet, path+text(two, "_id"), nil), doc{"_id": two["_id"]})
	refused(t, "again", w.Call(http.MethodDelete, path+text(one, "_id"), nil), http.StatusNotFound, "not_found")
	if next := w.Session(phone); next == "" {
		t.Error("a person who writes again is nobody")
	}
}
