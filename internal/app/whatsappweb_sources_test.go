package app_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// twoSources are the same messages as a phone writes them and as another
// deployment's gateway tells of them.
var twoSources = []struct {
	name    string
	draft   whatsapp.Draft
	webhook func(files string) doc // the event's body
}{
	{"text", whatsapp.Draft{Text: "Olá, preciso de ajuda"}, func(string) doc { return doc{"type": "text", "content": "Olá, preciso de ajuda"} }},
	{"image", whatsapp.Draft{Type: "image", Text: "A nota", Media: &whatsapp.Media{Bytes: apptest.JPEG, MimeType: "image/jpeg"}}, func(files string) doc {
		return doc{"type": "image", "caption": "A nota", "mediaUri": files + "/a.jpg", "mimetype": "image/jpeg"}
	}},
	{"audio", whatsapp.Draft{Type: "audio", Media: &whatsapp.Media{Bytes: apptest.MP3, MimeType: "audio/mpeg"}}, func(files string) doc {
		return doc{"type": "audio", "mediaUri": files + "/a.mp3", "mimetype": "audio/mpeg"}
	}},
	{"voice note", whatsapp.Draft{Type: "voice", Media: &whatsapp.Media{Bytes: apptest.Ogg, MimeType: "audio/ogg; codecs=opus"}}, func(files string) doc {
		return doc{"type": "audio", "voice": true, "mediaUri": files + "/a.ogg", "mimetype": "audio/ogg; codecs=opus"}
	}},
	{"video", whatsapp.Draft{Type: "video", Text: "Veja", Media: &whatsapp.Media{Bytes: apptest.MP4, MimeType: "video/mp4"}}, func(files string) doc {
		return doc{"type": "video", "caption": "Veja", "mediaUri": files + "/a.mp4", "mimetype": "video/mp4"}
	}},
	{"document", whatsapp.Draft{Type: "document", Media: &whatsapp.Media{Bytes: apptest.PDF, MimeType: "application/pdf", FileName: "boleto.pdf"}}, func(files string) doc {
		return doc{"type": "document", "mediaUri": files + "/a.pdf", "mimetype": "application/pdf", "fileName": "boleto.pdf"}
	}},
	{"sticker", whatsapp.Draft{Type: "sticker", Media: &whatsapp.Media{Bytes: apptest.WebP, MimeType: "image/webp"}}, func(files string) doc {
		return doc{"type": "sticker", "mediaUri": files + "/a.webp", "mimetype": "image/webp"}
	}},
	{"location", whatsapp.Draft{Type: "location", Location: &whatsapp.Place{Latitude: -22.9, Longitude: -43.2, Name: "Centro"}}, func(string) doc {
		return doc{"type": "location", "content": doc{"latitude": -22.9, "longitude": -43.2, "name": "Centro"}}
	}},
	{"poll", whatsapp.Draft{Type: "poll", Text: "Qual dia?", Options: []string{"sábado", "domingo"}}, func(string) doc {
		return doc{"type": "text", "content": "Qual dia?\n- sábado\n- domingo"}
	}},
	{"forwarded", whatsapp.Draft{Text: "Repasse", Forwarded: true}, func(string) doc { return doc{"type": "text", "content": "Repasse", "forwarded": true} }},
	{"contacts", whatsapp.Draft{Type: "contacts", Contacts: []whatsapp.Card{{Name: "Ana Lima", Phone: "5521999990000"}}}, func(string) doc {
		return doc{"type": "contacts", "contacts": []any{doc{"name": doc{"first_name": "Ana Lima", "formatted_name": "Ana Lima"}, "phones": []any{doc{"phone": "+5521999990000", "type": "CELL", "wa_id": "5521999990000"}}}}}
	}},
}

// A live device and another gateway's webhook lead to the same sessions and the
// same messages. Gateways do not tell of edits.
func TestTwoSourcesLeadToTheSameMessages(t *testing.T) {
	t.Parallel()
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(map[string][]byte{
			"/a.jpg": apptest.JPEG, "/a.mp3": apptest.MP3, "/a.ogg": apptest.Ogg, "/a.mp4": apptest.MP4, "/a.pdf": apptest.PDF, "/a.webp": apptest.WebP,
		}[r.URL.Path])
	}))
	t.Cleanup(files.Close)
	live, told := apptest.NewWorld(t), apptest.NewWorld(t)
	live.Link()
	customer, member := apptest.Phone(), apptest.Phone()
	live.AddPhone(whatsapp.PhoneConfig{Phone: customer, Name: "João Silva"})
	live.AddPhone(whatsapp.PhoneConfig{Phone: member, Name: "Maria"})
	group, err := live.Phones().CreateGroup(customer, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{live.Number, member}})
	if err != nil {
		t.Fatal(err)
	}
	info := doc{"id": group.ID + "-group", "name": "Vendas", "participants": []any{customer, live.Number, member}}
	var first string
	for i, c := range twoSources {
		c.draft.To = live.Number
		id := live.Says(customer, c.draft)
		if i == 0 {
			first = id
		}
		a := told.Deliver("whatsappweb", doc{"id": id, "type": "MESSAGE", "from": customer, "fromUserName": "João Silva", "to": told.Number, "body": c.webhook(files.URL)})
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %s", c.name, a)
		}
	}
	id := live.Says(customer, whatsapp.Draft{To: live.Number, Type: "reaction", Message: first, Text: "👍"})
	told.Deliver("whatsappweb", doc{"id": id, "type": "MESSAGE", "from": customer, "fromUserName": "João Silva", "to": told.Number, "body": doc{"type": "reaction", "messageId": first, "emoji": "👍"}})
	id = live.Says(customer, whatsapp.Draft{To: live.Number, Text: "Sobre isto", Quote: first})
	told.Deliver("whatsappweb", doc{
		"id": id, "type": "MESSAGE", "from": customer, "fromUserName": "João Silva", "to": told.Number, "body": doc{"type": "text", "content": "Sobre isto"},
		"quotedMessage": doc{"id": first, "message": twoSources[0].draft.Text},
	})
	id = live.Says(live.Number, whatsapp.Draft{To: customer, Text: "Já vejo"})
	told.Deliver("whatsappweb", doc{"id": id, "type": "MESSAGE_SENT", "fromMe": true, "from": "web" + told.Number, "to": customer, "body": doc{"type": "text", "content": "Já vejo"}})
	told.Deliver("whatsappweb", doc{"id": id, "type": "MESSAGE_DELIVERED", "from": customer, "to": told.Number})
	live.Says(live.Number, whatsapp.Draft{To: customer, Type: "delete", Message: id})
	told.Deliver("whatsappweb", doc{"id": id, "type": "MESSAGE_REVOKED", "fromMe": true, "from": "web" + told.Number, "to": customer})
	id = live.Says(customer, whatsapp.Draft{To: live.Number, Text: "Enganei-me"})
	told.Deliver("whatsappweb", doc{"id": id, "type": "MESSAGE", "from": customer, "fromUserName": "João Silva", "to": told.Number, "body": doc{"type": "text", "content": "Enganei-me"}})
	live.Says(customer, whatsapp.Draft{To: live.Number, Type: "delete", Message: id})
	told.Deliver("whatsappweb", doc{"id": id, "type": "MESSAGE_REVOKED", "from": customer, "to": told.Number})
	id = live.Says(member, whatsapp.Draft{To: group.ID, Text: "Olá pessoal!"})
	told.Deliver("whatsappweb", doc{"id": id, "type": "GROUP_MESSAGE", "from": member, "fromUserName": "Maria", "to": group.ID + "-group", "groupInfo": info, "body": doc{"type": "text", "content": "Olá pessoal!"}})
	wanted := len(twoSources) + 4
	for _, w := range []*apptest.World{live, told} {
		w.Eventually("what was deleted, and the tick", func() bool {
			revoked, delivered := 0, 0
			for _, m := range settledMessages(w, customer, wanted) {
				if m["revokedAt"] != nil {
					revoked++
				}
				if m["status"] == "delivered" {
					delivered++
				}
			}
			return revoked == 2 && delivered == 1
		})
	}
	compare := func(what, contact string, n int) {
		a, b := settledMessages(live, contact, n), settledMessages(told, contact, n)
		for i := range a {
			if x, y := mustJSON(alike(a[i])), mustJSON(alike(b[i])); x != y {
				t.Errorf("%s, message %d: over the device\n%s\nby webhook\n%s", what, i+1, x, y)
			}
		}
	}
	compare("the customer", customer, wanted)
	compare("the group", group.ID+"-group", 1)
}

// settledMessages gives the n messages of a contact's session, the oldest
// first, once no file of theirs is pending any more.
func settledMessages(w *apptest.World, contact string, n int) []doc {
	w.T.Helper()
	session := w.AwaitSession(contact)
	var list []doc
	w.Eventually("the messages with their files", func() bool {
		list = list[:0]
		page := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages?limit=100", nil)
		for _, item := range page["items"].([]any) {
			m := item.(map[string]any)
			if media, ok := m["media"].(map[string]any); ok && media["status"] == "pending" {
				return false
			}
			list = append([]doc{m}, list...)
		}
		return len(list) == n
	})
	return list
}

// alike leaves out of a message what differs by nature: ids, times and
// links.
func alike(m doc) doc {
	out := doc{}
	for name, value := range m {
		switch name {
		case "_id", "sessionId", "contactId", "channelId", "timestamp", "receivedAt":
		case "revokedAt":
			out[name] = value != nil
		case "statusHistory":
			for _, step := range value.([]any) {
				delete(step.(map[string]any), "timestamp")
			}
			out[name] = value
		case "media":
			media := value.(map[string]any)
			if m["type"] == "document" { // the name of any other is its link's, where it has one
				out["fileName"] = media["fileName"]
			}
			out["media"] = doc{"mimetype": media["mimetype"], "sha256": media["sha256"], "status": media["status"]}
		case "reactions":
			for _, r := range value.([]any) {
				delete(r.(map[string]any), "timestamp")
			}
			out[name] = value
		default:
			out[name] = value
		}
	}
	return out
}
