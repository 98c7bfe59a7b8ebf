package app_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// sampleFiles serves one file of each kind on this machine.
func sampleFiles(t *testing.T) string {
	t.Helper()
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(map[string][]byte{
			"/a.jpg": apptest.JPEG, "/a.mp3": apptest.MP3, "/a.ogg": apptest.Ogg, "/a.mp4": apptest.MP4, "/a.pdf": apptest.PDF, "/a.webp": apptest.WebP,
		}[r.URL.Path])
	}))
	t.Cleanup(files.Close)
	return files.URL
}

// sends is everything that goes out over a linked device, and how a phone shows
// it.
func sends(files, inbound string) []struct {
	name  string
	body  doc
	shown whatsapp.PhoneMessage
} {
	return []struct {
		name  string
		body  doc
		shown whatsapp.PhoneMessage
	}{
		{"text", doc{"text": "Olá!", "agentName": "Maria"}, whatsapp.PhoneMessage{Type: "text", Text: "*Maria*:\nOlá!"}},
		{"image", doc{"mediaUri": files + "/a.jpg", "text": "Confira"}, whatsapp.PhoneMessage{Type: "image", Text: "Confira"}},
		{"audio", doc{"mediaUri": files + "/a.mp3"}, whatsapp.PhoneMessage{Type: "audio"}},
		{"voice note", doc{"mediaUri": files + "/a.ogg", "asVoice": true}, whatsapp.PhoneMessage{Type: "voice"}},
		{"video", doc{"mediaUri": files + "/a.mp4", "text": "Veja"}, whatsapp.PhoneMessage{Type: "video", Text: "Veja"}},
		{"document", doc{"mediaUri": files + "/a.pdf", "fileName": "boleto.pdf"}, whatsapp.PhoneMessage{Type: "document"}},
		{"sticker", doc{"mediaUri": files + "/a.webp"}, whatsapp.PhoneMessage{Type: "sticker"}},
		{"location", doc{"location": doc{"latitude": -22.9, "longitude": -43.2, "name": "Centro"}}, whatsapp.PhoneMessage{Type: "location", Text: "Centro"}},
		{"contacts", doc{"interactive": doc{"type": "contacts", "contacts": []any{doc{"name": doc{"formatted_name": "Ana", "first_name": "Ana"}, "phones": []any{doc{"phone": "5521999990000"}}}}}}, whatsapp.PhoneMessage{Type: "contacts", Text: "Ana"}},
		{"quote", doc{"text": "Sim", "quotedMessage": doc{"id": inbound}}, whatsapp.PhoneMessage{Type: "text", Text: "Sim", Quote: inbound}},
		{"quote of what we do not know", doc{"text": "Sim", "quotedMessage": doc{"id": "3EB0ABCDEF", "message": "Abrem hoje?"}}, whatsapp.PhoneMessage{Type: "text", Text: "Sim", Quote: "3EB0ABCDEF"}},
	}
}

// Everything goes out to a person and to a group, and their phones show it.
func TestEverythingIsSentOverALinkedDevice(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	customer := apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: customer, Name: "João Silva"})
	group, err := w.Phones().CreateGroup(customer, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number}})
	if err != nil {
		t.Fatal(err)
	}
	direct := w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Vocês abrem hoje?"})
	session := w.AwaitSession(customer)
	inGroup := w.Says(customer, whatsapp.Draft{To: group.ID, Text: "E no feriado?"})
	groupSession := w.AwaitSession(group.ID + "-group")
	files := sampleFiles(t)
	for _, to := range []struct{ name, session, inbound, number string }{
		{"a person", session, direct, ""}, {"a group", groupSession, inGroup, ""}, {"a group by its number", "", inGroup, group.ID + "-group"},
	} {
		for _, c := range sends(files, to.inbound) {
			path := "/api/message/send"
			c.body["sessionId"] = to.session
			if to.number != "" {
				path = "/api/message"
				delete(c.body, "sessionId")
				c.body["recipientNumber"], c.body["isGroupMesssage"] = to.number, true
			}
			a := w.Call(http.MethodPost, path, c.body)
			if a.Status != http.StatusOK {
				t.Errorf("%s to %s: %s", c.name, to.name, a)
				continue
			}
			id := text(a.JSON(), "messageId")
			got := w.Shown(customer, c.name+" to "+to.name, func(m whatsapp.PhoneMessage) bool { return m.ID == id })
			if got.Type != c.shown.Type || got.Text != c.shown.Text || got.Quote != c.shown.Quote {
				t.Errorf("%s to %s is shown as %s %q, quoting %q", c.name, to.name, got.Type, got.Text, got.Quote)
			}
		}
		react := w.Want(http.StatusOK, http.MethodPost, "/api/message/send", doc{"sessionId": orSession(to.session, groupSession), "reaction": doc{"messageId": to.inbound, "emoji": "👍"}})
		w.Shown(customer, "the reaction "+text(react, "messageId"), func(m whatsapp.PhoneMessage) bool { return m.ID == to.inbound && m.Reactions[w.Number] == "👍" })
	}
	w.Eventually("the group's contact", func() bool {
		page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?type=group", nil)
		return text(page, "items.0.contactIdentifier") == group.ID+"-group" && text(page, "items.0.name") == "Vendas"
	})
}

func orSession(session, other string) string {
	if session == "" {
		return other
	}
	return session
}

// What was sent is deleted for everyone, in a chat and in a group.
func TestWhatWasSentIsDeletedForEveryone(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	customer := apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: customer, Name: "João Silva"})
	group, err := w.Phones().CreateGroup(customer, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number}})
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{customer, group.ID + "-group"} {
		sent := w.Want(http.StatusOK, http.MethodPost, "/api/message", doc{"recipientNumber": to, "text": "Foi por engano"})
		id := text(sent, "messageId")
		w.Shown(customer, "the message", func(m whatsapp.PhoneMessage) bool { return m.ID == id && !m.Deleted })
		gone := w.Want(http.StatusOK, http.MethodDelete, "/api/message/"+id+"?senderId="+w.Number+"&channelSlug=whatsappweb", nil)
		if text(gone, "messageId") != id || text(gone, "status") != "revoked" {
			t.Errorf("deleted: %v", gone)
		}
		w.Shown(customer, "that it was deleted", func(m whatsapp.PhoneMessage) bool { return m.ID == id && m.Deleted })
	}
	kept := w.Want(http.StatusOK, http.MethodPost, "/api/message", doc{"recipientNumber": customer, "text": "Bom dia"})
	w.Want(http.StatusOK, http.MethodPost, "/"+w.Number+"/disconnect", nil)
	a := w.Call(http.MethodDelete, "/api/message/"+text(kept, "messageId")+"?senderId="+w.Number+"&channelSlug=whatsappweb", nil)
	if a.Status != http.StatusBadRequest || a.Code() != "whatsapp_connection_closed" {
		t.Errorf("deleted without a connection: %s", a)
	}
}

// The problems of a linked device, by the codes that the wire has for them.
func TestWhatALinkedDeviceRefuses(t *testing.T) {
	t.Parallel()
	w, unlinked := apptest.NewWorld(t), apptest.NewWorld(t)
	w.Link()
	customer, nobody := apptest.Phone(), apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: customer, Name: "João Silva"})
	w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Oi"})
	session := w.AwaitSession(customer)
	files := sampleFiles(t)
	for name, c := range map[string]struct {
		w      *apptest.World
		path   string
		body   doc
		status int
		code   string
	}{
		"nobody is there":       {w, "/api/message", doc{"recipientNumber": nobody, "text": "Oi"}, 404, "number_not_on_whatsapp"},
		"no number":             {w, "/api/message", doc{"recipientNumber": "12", "text": "Oi"}, 400, "invalid_number"},
		"not linked":            {unlinked, "/api/message", doc{"recipientNumber": customer, "text": "Oi"}, 400, "whatsapp_connection_closed"},
		"buttons":               {w, "/api/message/send", doc{"sessionId": session, "interactive": doc{"type": "button", "body": doc{"text": "?"}, "action": doc{"buttons": []any{doc{"type": "reply", "reply": doc{"id": "a", "title": "A"}}}}}}, 422, "capability_unsupported"},
		"a voice note of mp3":   {w, "/api/message/send", doc{"sessionId": session, "mediaUri": files + "/a.mp3", "asVoice": true}, 415, "media_type_unsupported"},
		"a caption of an audio": {w, "/api/message/send", doc{"sessionId": session, "mediaUri": files + "/a.mp3", "text": "x"}, 422, "validation_failed"},
	} {
		if a := c.w.Call(http.MethodPost, c.path, c.body); a.Status != c.status || a.Code() != c.code {
			t.Errorf("%s: %s, want %d %s", name, a, c.status, c.code)
		}
	}
	if page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?status=active", nil); len(page["items"].([]any)) != 1 {
		t.Errorf("a refused message opened a session: %s", mustJSON(page))
	}
}
