package app_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// Over a linked device, too, nothing of an ignored contact is intercepted: what
// was said is nowhere, and the phone of the channel's owner still shows it as
// unread.
func TestAnIgnoredContactLeavesNothingOverALinkedDevice(t *testing.T) {
	t.Parallel()
	var dir string
	server := apptest.Start(t, apptest.Options{Config: func(c *config.Config) { dir = c.DataDir }})
	w := server.World(t, apptest.Preset{})
	w.Link()
	ignored, other := apptest.Phone(), apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: ignored, Name: "Xyzzy da Silva"}) // what the person calls themselves
	w.AddPhone(whatsapp.PhoneConfig{Phone: other, Name: "Outra"})
	w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/contacts", doc{
		"contactIdentifier": ignored, "name": "Ignorado", "type": "individual", "channelId": w.WhatsApp.String(), "channelType": "whatsapp", "isIgnored": true,
	})
	ids := []string{
		w.Says(ignored, whatsapp.Draft{To: w.Number, Text: "xyzzy um"}),
		w.Says(ignored, whatsapp.Draft{To: w.Number, Type: "document", Text: "xyzzy dois", Media: &whatsapp.Media{Bytes: []byte("%PDF-1.4 xyzzy"), FileName: "xyzzy.pdf"}}),
		w.Says(ignored, whatsapp.Draft{To: w.Number, Type: "contacts", Contacts: []whatsapp.Card{{Name: "Xyzzy", Phone: "5521911112222"}}}),
	}
	ids = append(ids, w.Says(ignored, whatsapp.Draft{To: w.Number, Type: "reaction", Message: ids[0], Text: "👍"}))
	ids = append(ids, w.Says(ignored, whatsapp.Draft{To: w.Number, Type: "edit", Message: ids[0], Text: "xyzzy corrigido"}))
	ids = append(ids, w.Says(w.Number, whatsapp.Draft{To: ignored, Text: "xyzzy da loja"})) // by its owner, on the phone
	ids = append(ids, w.Says(w.Number, whatsapp.Draft{To: ignored, Type: "edit", Message: ids[5], Text: "xyzzy da loja, corrigido"}))
	w.Says(other, whatsapp.Draft{To: w.Number, Text: "depois"})
	w.AwaitSession(other) // what came before it was handled before
	for _, id := range ids[:3] {
		w.Shown(ignored, "the delivery tick", func(m whatsapp.PhoneMessage) bool { return m.ID == id && m.Status == "delivered" })
	}
	var found []string
	w.Eventually("what the last message left to go", func() bool {
		found = traces(t, server, dir, append(ids, "xyzzy", "Xyzzy")...)
		return len(found) == 0
	})
	if len(found) > 0 {
		t.Errorf("an ignored contact left:\n%s", strings.Join(found, "\n"))
	}
	sealedPlaintexts(t, w)
	chat, err := w.Phones().Chat(w.Number, ignored)
	if err != nil || chat.Unread == 0 {
		t.Errorf("the owner's phone shows %+v, %v", chat, err)
	}
}

// sealedPlaintexts waits until no message's text lies in the buffer of a device.
func sealedPlaintexts(t *testing.T, w *apptest.World) {
	t.Helper()
	w.Eventually("the plaintexts of the device to go", func() bool {
		left, err := w.App.DB.Collection(devicestore.Rows).CountDocuments(t.Context(), bson.D{
			{Key: "_id", Value: bson.D{{Key: "$regex", Value: "/buffered/"}}}, {Key: "box", Value: bson.D{{Key: "$exists", Value: true}}},
		})
		return err == nil && left == 0
	})
}

// met is a distinctive person who left traces wherever one can over a linked
// device; the other one is somebody who stays.
type met struct {
	w                 *apptest.World
	dir               string
	person, other     whatsapp.PhoneInfo
	group             string
	contact, session  string
	needles, messages []string
}

// meetPerson lets a person write text, media and reactions in a chat and in a
// group, be quoted, and be answered.
func meetPerson(t *testing.T) met {
	t.Helper()
	var m met
	server := apptest.Start(t, apptest.Options{Config: func(c *config.Config) { m.dir = c.DataDir }})
	w := server.World(t, apptest.Preset{})
	w.Link()
	m.w = w
	add := func(name string) whatsapp.PhoneInfo {
		info, err := w.Phones().AddPhone(whatsapp.PhoneConfig{Phone: apptest.Phone(), Name: name, AutoRead: true})
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	m.person, m.other = add("Zózimo Quaresma"), add("Outra")
	group, err := w.Phones().CreateGroup(m.other.Phone, whatsapp.GroupDraft{Subject: "Condomínio", Members: []string{m.person.Phone, w.Number}})
	if err != nil {
		t.Fatal(err)
	}
	m.group = group.ID
	pixels := append(bytes.Clone(apptest.PNG), "PIXELS-OF-ZOZIMO"...)
	m.needles = []string{m.person.Phone, withoutNinth(m.person.Phone), m.person.LID, "Quaresma", "quaresma", "jabuticaba", "PIXELS-OF-ZOZIMO"}

	first := m.writes(whatsapp.Draft{To: w.Number, Text: "jabuticaba um"})
	m.session = w.AwaitSession(m.person.Phone)
	picture := m.writes(whatsapp.Draft{To: w.Number, Type: "image", Text: "jabuticaba na foto", Media: &whatsapp.Media{Bytes: pixels, MimeType: "image/png"}})
	await(w, text(onChannel(w, w.WhatsApp.String(), picture), "_id"), doc{"media.status": "ready"})
	m.writes(whatsapp.Draft{To: w.Number, Type: "edit", Message: first, Text: "jabuticaba corrigida"})
	m.contact = text(onChannel(w, w.WhatsApp.String(), first), "contactId")
	sent := w.Want(200, "POST", "/api/message/send", doc{"sessionId": m.session, "text": "Sr. Quaresma, sua jabuticaba", "quotedMessage": doc{"id": first}})
	await(w, text(sent, "_id"), doc{"status": "read"})
	m.messages = append(m.messages, text(sent, "messageId"))
	m.writes(whatsapp.Draft{To: w.Number, Type: "reaction", Message: text(sent, "messageId"), Text: "😋"})

	theirs := w.Says(m.other.Phone, whatsapp.Draft{To: m.group, Text: "Boa noite"})
	onChannel(w, w.WhatsApp.String(), theirs)
	w.Shown(m.person.Phone, "what another wrote", func(p whatsapp.PhoneMessage) bool { return p.ID == theirs })
	inGroup := m.writes(whatsapp.Draft{To: m.group, Text: "jabuticaba no grupo", Quote: theirs})
	onChannel(w, w.WhatsApp.String(), inGroup)
	onChannel(w, w.WhatsApp.String(), m.writes(whatsapp.Draft{To: m.group, Type: "reaction", Message: theirs, Text: "👍"}))
	w.Shown(m.other.Phone, "what the person wrote", func(p whatsapp.PhoneMessage) bool { return p.ID == inGroup })
	onChannel(w, w.WhatsApp.String(), w.Says(m.other.Phone, whatsapp.Draft{To: m.group, Text: "Que bonita", Quote: inGroup}))
	return m
}

func (m *met) writes(d whatsapp.Draft) string {
	id := m.w.Says(m.person.Phone, d)
	m.messages = append(m.messages, id)
	return id
}

// Erasing a person whom a linked device met leaves nothing of them in any
// collection, in any file, or in the log; the device goes on, and who writes
// again is heard as a stranger.
func TestErasingAPersonOverALinkedDeviceLeavesNoTrace(t *testing.T) {
	t.Parallel()
	m := meetPerson(t)
	w := m.w
	sealedPlaintexts(t, w)
	before := strings.Join(traces(t, w.Server, m.dir, append(m.needles, m.messages...)...), "\n")
	for _, needle := range append(m.needles, m.messages...) {
		if needle != withoutNinth(m.person.Phone) && !strings.Contains(before, " holds "+needle) {
			t.Errorf("the test is blind: nothing holds %q before the erasure", needle)
		}
	}
	a := w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+m.contact, nil)
	expect(t, "the answer", a, doc{"contactId": m.contact, "erased.contacts": 1, "erased.sessions": 1, "erased.media": 1})
	if found := traces(t, w.Server, m.dir, append(m.needles, m.messages...)...); len(found) > 0 {
		t.Errorf("after the erasure:\n%s", strings.Join(found, "\n"))
	}
	for _, needle := range m.needles {
		if lines := journalLines(needle); len(lines) > 0 {
			t.Errorf("the log holds %q:\n%s", needle, strings.Join(lines, ""))
		}
	}
	onChannel(w, w.WhatsApp.String(), w.Says(m.other.Phone, whatsapp.Draft{To: m.group, Text: "e agora?"}))
	w.Says(m.person.Phone, whatsapp.Draft{To: w.Number, Text: "voltei"})
	if session := w.AwaitSession(m.person.Phone); session == m.session {
		t.Error("the erased session goes on")
	}
}

// A deleted channel's device is unlinked on its phone, and its keys are gone.
func TestADeletedChannelKeepsNoDevice(t *testing.T) {
	t.Parallel()
	server := apptest.Start(t, apptest.Options{})
	w := server.World(t, apptest.Preset{})
	w.Link()
	customer := apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: customer, Name: "João Silva"})
	w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Olá"})
	w.AwaitSession(customer)
	w.Want(http.StatusNoContent, http.MethodDelete, w.Base()+"/channels/"+w.WhatsApp.String(), nil)
	if info, err := w.Phones().Phone(w.Number); err != nil || len(info.Devices) != 0 {
		t.Errorf("the phone shows %+v, %v", info.Devices, err)
	}
	w.Eventually("the keys of the device to go", func() bool {
		rows, err := w.App.DB.Collection(devicestore.Rows).CountDocuments(t.Context(), bson.D{})
		kept, keptErr := w.App.DB.Collection(devicestore.Devices).CountDocuments(t.Context(), bson.D{{Key: "pairing", Value: bson.D{{Key: "$exists", Value: true}}}})
		return err == nil && keptErr == nil && rows+kept == 0
	})
}
