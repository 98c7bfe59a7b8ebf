package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/gateway/chats"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// keeping is a server that keeps so many messages of a chat, and a world on it.
func keeping(t *testing.T, messages int) *apptest.World {
	t.Helper()
	return apptest.Start(t, apptest.Options{Config: func(c *config.Config) { c.ChatMessages = messages }}).World(t, apptest.Preset{})
}

// chatList lists the chats of the world's phone.
func chatList(w *apptest.World) []doc {
	w.T.Helper()
	return items(w.Want(http.StatusOK, http.MethodGet, gate(w, "chats?limit=100"), nil))
}

// chatWith waits until the gateway shows a chat like this.
func chatWith(w *apptest.World, id string, like doc) doc {
	w.T.Helper()
	var found doc
	defer func() {
		if found == nil {
			w.T.Logf("the chats are %s", mustJSON(chatList(w)))
		}
	}()
	w.Eventually(fmt.Sprintf("chat %s to be %v", id, like), func() bool {
		for _, one := range chatList(w) {
			if text(one, "id") == id && looksLike(one, like) {
				found = one
			}
		}
		return found != nil
	})
	return found
}

func looksLike(one, like doc) bool {
	for path, want := range like {
		if mustJSON(at(one, path)) != mustJSON(want) {
			return false
		}
	}
	return true
}

// pastOf gives a page of a chat's messages.
func pastOf(w *apptest.World, of, query string) doc {
	w.T.Helper()
	return w.Want(http.StatusOK, http.MethodGet, gate(w, of+"/messages?"+query), nil)
}

// idsOf are the ids of messages.
func idsOf(list []doc) []string {
	out := []string{}
	for _, one := range list {
		out = append(out, text(one, "id"))
	}
	return out
}

// walked walks a chat from its newest message to its oldest.
func walked(w *apptest.World, of, query string) []string {
	w.T.Helper()
	var all []string
	for next := ""; ; {
		page := pastOf(w, of, query+next)
		all = append(all, idsOf(items(page))...)
		if next = text(page, "nextBefore"); next == "" {
			return all
		}
		next = "&before=" + next
	}
}

// shownIn are the ids of a chat's messages as the world's phone shows them, the
// newest first.
func shownIn(w *apptest.World, chat string) []string {
	w.T.Helper()
	var out []string
	for _, m := range must(w.Phones().Messages(w.Number, chat)) {
		out = append(out, m.ID)
	}
	slices.Reverse(out)
	return out
}

// What a phone had before it was linked is listed, and what it shows afterwards.
func TestThePhonesChatsAreListed(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.AddPhone(whatsapp.PhoneConfig{Phone: w.Number, Name: "Minha Loja"})
	who := people(w, 3)
	old, later := who[0], who[1]
	if err := w.Phones().SaveContact(w.Number, old.Phone, "Ana Lima"); err != nil {
		t.Fatal(err)
	}
	first := w.Says(old.Phone, whatsapp.Draft{To: w.Number, Text: "de antes"})
	w.Shown(w.Number, "what came before", func(m whatsapp.PhoneMessage) bool { return m.ID == first })
	group := must(w.Phones().CreateGroup(old.Phone, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number, later.Phone}})).ID
	inGroup := w.Says(old.Phone, whatsapp.Draft{To: group, Text: strings.Repeat("çã", 150)})
	w.Shown(w.Number, "what came before", func(m whatsapp.PhoneMessage) bool { return m.ID == inGroup })
	yes := true
	must(w.Phones().PatchChat(w.Number, old.Phone, whatsapp.ChatPatch{Archived: &yes, Pinned: &yes, Muted: &yes}))
	must(w.Phones().PatchChat(w.Number, group, whatsapp.ChatPatch{Muted: &yes, MutedSeconds: 3600, Read: &yes}))
	w.Scan()

	chatWith(w, old.Phone+"@c.us", doc{
		"phone": old.Phone, "lid": old.LID + "@lid", "name": "Ana Lima", "isGroup": false, "archived": true, "pinned": true, "mutedUntil": 253402300799, "unreadCount": 1,
		"lastMessage.id": first, "lastMessage.type": "text", "lastMessage.preview": "de antes", "lastMessage.fromMe": false, "lastMessage.revoked": false,
	})
	told := chatWith(w, group+"-group", doc{"phone": nil, "lid": nil, "name": "Vendas", "isGroup": true, "archived": false, "pinned": false, "unreadCount": 0, "lastMessage.id": inGroup})
	if n := len([]rune(text(told, "lastMessage.preview"))); n != 200 {
		t.Errorf("the preview has %d characters", n)
	}
	if until := int64(told["mutedUntil"].(float64)) - time.Now().Unix(); until < 3500 || until > 3600 {
		t.Errorf("the group is muted for %d seconds", until)
	}
	if sent := int64(told["lastMessageAt"].(float64)) - time.Now().Unix(); sent > 0 || sent < -300 {
		t.Errorf("the group's last message is %d seconds old", sent)
	}
	if page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions", nil); len(items(page)) != 0 {
		t.Errorf("history opened sessions: %v", page)
	}

	came := w.Says(later.Phone, whatsapp.Draft{To: w.Number, Text: "agora"})
	chatWith(w, later.Phone+"@c.us", doc{"name": "Pessoa", "lid": later.LID + "@lid", "lastMessage.id": came, "unreadCount": 0})
	if err := w.Phones().SaveContact(w.Number, who[2].Phone, "Caio Reis"); err != nil {
		t.Fatal(err)
	}
	saved(w, who[2], "Caio Reis")
	typed := w.Says(w.Number, whatsapp.Draft{To: who[2].Phone, Text: "do celular"})
	chatWith(w, who[2].Phone+"@c.us", doc{"lastMessage.id": typed, "lastMessage.fromMe": true, "name": "Caio Reis"})
	sent := text(w.Want(http.StatusOK, http.MethodPost, gate(w, "messages"), doc{"recipientNumber": old.Phone, "text": "respondido"}), "messageId")
	chatWith(w, old.Phone+"@c.us", doc{"lastMessage.id": sent, "lastMessage.fromMe": true, "unreadCount": 0, "name": "Ana Lima", "archived": true})

	all := chatList(w)
	if len(all) != 4 || text(all[0], "id") != old.Phone+"@c.us" {
		t.Errorf("the chats are %s", mustJSON(all))
	}
	var paged []doc
	for cursor := ""; ; {
		page := w.Want(http.StatusOK, http.MethodGet, gate(w, "chats?limit=1"+cursor), nil)
		expect(t, "a page", page, doc{"total": 4, "totalIsExact": true, "items.#": 1})
		paged = append(paged, items(page)...)
		if cursor = text(page, "nextCursor"); cursor == "" {
			break
		}
		cursor = "&cursor=" + cursor
	}
	if mustJSON(paged) != mustJSON(all) {
		t.Errorf("page by page: %s, at once: %s", mustJSON(paged), mustJSON(all))
	}
	refused(t, "no cursor", w.Call(http.MethodGet, gate(w, "chats?cursor=!"), nil), http.StatusUnprocessableEntity, "validation_failed")
}

// What a person does on the phone shows in the chats.
func TestChatsFollowThePhone(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"markReadOnProcess": false}})
	w.Link()
	who := people(w, 2)
	customer, id := who[0], who[0].Phone+"@c.us"
	first := w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Text: "um"})
	second := w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Text: "dois"})
	chatWith(w, id, doc{"lastMessage.id": second, "unreadCount": 2, "markedUnread": false})
	yes, no := true, false
	for _, step := range []struct {
		patch whatsapp.ChatPatch
		like  doc
	}{
		{whatsapp.ChatPatch{Archived: &yes}, doc{"archived": true}},
		{whatsapp.ChatPatch{Archived: &no, Pinned: &yes}, doc{"archived": false, "pinned": true}},
		{whatsapp.ChatPatch{Pinned: &no, Muted: &yes}, doc{"pinned": false, "mutedUntil": 253402300799}},
		{whatsapp.ChatPatch{Muted: &no, Read: &yes}, doc{"mutedUntil": nil, "unreadCount": 0}},
		{whatsapp.ChatPatch{Read: &no}, doc{"markedUnread": true}},
		{whatsapp.ChatPatch{Read: &yes}, doc{"markedUnread": false}},
	} {
		must(w.Phones().PatchChat(w.Number, customer.Phone, step.patch))
		chatWith(w, id, step.like)
	}
	if err := w.Phones().SaveContact(w.Number, customer.Phone, "Bia Souza"); err != nil {
		t.Fatal(err)
	}
	chatWith(w, id, doc{"name": "Bia Souza"})

	must(w.Phones().PatchChat(w.Number, customer.Phone, whatsapp.ChatPatch{Cleared: true}))
	chatWith(w, id, doc{"lastMessage": nil})
	if left := walked(w, "chats/"+customer.Phone, ""); len(left) != 0 {
		t.Errorf("a cleared chat has %v, the first were %s and %s", left, first, second)
	}
	third := w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Text: "três"})
	chatWith(w, id, doc{"lastMessage.id": third, "unreadCount": 1})
	if _, err := w.Phones().Read(w.Number, customer.Phone, ""); err != nil {
		t.Fatal(err)
	}
	chatWith(w, id, doc{"unreadCount": 0})
	must(w.Phones().PatchChat(w.Number, customer.Phone, whatsapp.ChatPatch{Deleted: true}))
	w.Eventually("the deleted chat to go", func() bool { return len(chatList(w)) == 0 })
}

// The messages of a chat come in the form of the gateway's webhooks, with what
// became of them.
func TestAChatsMessagesAreListed(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	customer := people(w, 1)[0]
	chat := "chats/" + customer.Phone
	first := w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Text: "Olá"})
	session := w.AwaitSession(customer.Phone)
	image := w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Type: "image", Text: "Veja", Media: &whatsapp.Media{Bytes: apptest.PNG, MimeType: "image/png"}})
	place := w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Type: "location", Location: &whatsapp.Place{Latitude: -22.9, Longitude: -43.2, Name: "Loja"}})
	card := w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Type: "contacts", Contacts: []whatsapp.Card{{Name: "Rui", Phone: "5521911112222"}}})
	answer := w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Text: "e então?", Quote: first})
	wave := w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Type: "reaction", Message: first, Text: "👍"})
	await(w, text(onChannel(w, w.WhatsApp.String(), image), "_id"), doc{"media.status": "ready"})
	onChannel(w, w.WhatsApp.String(), wave)
	sent := text(w.Want(http.StatusOK, http.MethodPost, "/api/message/send", doc{"sessionId": session, "text": "Bom dia", "agentName": "Maria", "quotedMessage": doc{"id": answer}}), "messageId")
	typed := w.Says(w.Number, whatsapp.Draft{To: customer.Phone, Text: "do celular"})
	w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Type: "edit", Message: first, Text: "Olá!"})
	w.Says(customer.Phone, whatsapp.Draft{To: w.Number, Type: "delete", Message: card})
	if _, err := w.Phones().Read(customer.Phone, w.Number, ""); err != nil {
		t.Fatal(err)
	}

	byID := func() map[string]doc {
		found := map[string]doc{}
		for _, one := range items(pastOf(w, chat, "limit=100")) {
			found[text(one, "id")] = one
		}
		return found
	}
	w.Eventually("everything to be there", func() bool {
		got := byID()
		return len(got) == 8 && got[first]["editedAt"] != nil && got[card]["revokedAt"] != nil && text(got[sent], "status") == "read"
	})
	got := byID()
	self := "web" + w.Number
	for id, want := range map[string]doc{
		first:  {"type": "MESSAGE", "fromMe": false, "from": customer.Phone, "fromUserName": "Pessoa", "to": self, "body.type": "text", "body.content": "Olá!", "status": nil, "revokedAt": nil},
		image:  {"body.type": "image", "body.caption": "Veja", "body.mimetype": "image/png"},
		place:  {"body.type": "location", "body.content.latitude": -22.9, "body.content.longitude": -43.2, "body.content.name": "Loja"},
		card:   {"body": nil},
		wave:   {"body.type": "reaction", "body.emoji": "👍", "body.messageId": first},
		answer: {"quotedMessage.id": first},
		sent:   {"fromMe": true, "from": self, "to": customer.Phone, "fromUserName": nil, "body.content": "*Maria*:\nBom dia", "quotedMessage.id": answer},
		typed:  {"fromMe": true, "from": self, "to": customer.Phone, "body.content": "do celular"},
	} {
		expect(t, text(want, "body.type")+" "+id, got[id], want)
	}
	file := w.Do(apptest.Request{Method: http.MethodGet, Path: strings.TrimPrefix(text(got[image], "body.mediaUri"), w.App.URL()), Key: "-"})
	if file.Status != http.StatusOK || string(file.Body) != string(apptest.PNG) {
		t.Errorf("the file: %d, %d bytes", file.Status, len(file.Body))
	}
	for _, of := range []string{chat, "chats/" + withoutNinth(customer.Phone), "chats/" + customer.Phone + "@c.us", "chats/" + customer.LID + "@lid"} {
		if all := walked(w, of, "limit=3"); !slices.Equal(all, idsOf(items(pastOf(w, chat, "limit=100")))) {
			t.Errorf("by %s, three at a time: %v", of, all)
		}
	}
	if err := w.Phones().DeleteForMe(w.Number, typed); err != nil {
		t.Fatal(err)
	}
	w.Eventually("what was deleted on the phone to go", func() bool { return byID()[typed] == nil })
	chatWith(w, customer.Phone+"@c.us", doc{"lastMessage.id": sent})
	w.Want(http.StatusOK, http.MethodDelete, "/api/message/"+sent+"?senderId="+w.Number+"&channelSlug=whatsappweb", nil)
	w.Eventually("what was deleted from here", func() bool { return byID()[sent]["revokedAt"] != nil })
	for _, c := range []struct {
		path   string
		status int
		code   string
	}{
		{"chats/21/messages", http.StatusBadRequest, "invalid_number"}, {"groups/" + customer.Phone + "/messages", http.StatusNotFound, "not_found"},
		{chat + "/messages?before=x", http.StatusUnprocessableEntity, "validation_failed"}, {chat + "/messages?limit=101", http.StatusUnprocessableEntity, "validation_failed"},
	} {
		refused(t, c.path, w.Call(http.MethodGet, gate(w, c.path), nil), c.status, c.code)
	}
}

// Beyond what is kept, the phone is asked, whose chat is the measure.
func TestOlderMessagesComeFromThePhone(t *testing.T) {
	t.Parallel()
	for _, kept := range []int{0, 4} {
		t.Run(fmt.Sprint(kept, " kept"), func(t *testing.T) {
			t.Parallel()
			w := keeping(t, kept)
			w.AddPhone(whatsapp.PhoneConfig{Phone: w.Number})
			customer := people(w, 1)[0]
			group := must(w.Phones().CreateGroup(customer.Phone, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number}})).ID
			for i := range 9 {
				for _, to := range []string{w.Number, group} {
					id := w.Says(customer.Phone, whatsapp.Draft{To: to, Text: fmt.Sprint("de antes ", i)})
					w.Shown(w.Number, "it", func(m whatsapp.PhoneMessage) bool { return m.ID == id })
				}
				for range 4 * (i % 3 / 2) { // more lines that are no messages than fit on a page
					call := must(w.Phones().Ring(customer.Phone, w.Number, false))
					if err := w.Phones().HangUp(customer.Phone, w.Number, call); err != nil {
						t.Fatal(err)
					}
					for _, action := range []string{"promote", "demote"} {
						must(w.Phones().ChangeMembers(customer.Phone, group, action, []string{w.Number}))
					}
				}
			}
			w.Scan()
			sent := text(w.Want(http.StatusOK, http.MethodPost, gate(w, "messages"), doc{"recipientNumber": customer.Phone, "text": "de agora"}), "messageId")
			w.Shown(w.Number, "what was sent", func(m whatsapp.PhoneMessage) bool { return m.ID == sent })
			for of, name := range map[string]string{"chats/" + customer.Phone: customer.Phone, "groups/" + group + "-group": group} {
				w.Eventually("what is kept to be there", func() bool {
					n := len(walked(w, of, ""))
					return n == kept || kept > 0 && n == kept+1
				})
				shown := shownIn(w, name)
				for _, limit := range []int{3, 100} {
					w.Eventually("all that the phone shows", func() bool { return slices.Equal(walked(w, of, fmt.Sprint("older=true&limit=", limit)), shown) })
				}
				if n := len(walked(w, of, "")); n > kept+1 {
					t.Errorf("%d messages are kept", n)
				}
			}
			if n := len(chatList(w)); n != 2*min(kept, 1) {
				t.Errorf("%d chats are listed", n)
			}
			rows := must(w.App.DB.Collection(chats.MessagesCollection).CountDocuments(t.Context(), bson.D{}))
			if most := int64(2 * (kept + kept/4)); rows > most {
				t.Errorf("%d messages are kept, at most %d may be", rows, most)
			}
			if page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions", nil); len(items(page)) != 1 {
				t.Errorf("sessions: %v", page)
			}
		})
	}
}

// A phone that is switched off is waited for, and then said to be.
func TestAPhoneThatIsOffTellsNothingOlder(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	customer := people(w, 1)[0].Phone
	came := w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Oi"})
	chatWith(w, customer+"@c.us", doc{"lastMessage.id": came})
	off := true
	must(w.Phones().PatchPhone(w.Number, whatsapp.PhonePatch{Off: &off}))
	refused(t, "older ones", w.Call(http.MethodGet, gate(w, "chats/"+customer+"/messages?older=true"), nil), http.StatusGatewayTimeout, "provider_timeout")
	expect(t, "what is kept", pastOf(w, "chats/"+customer, ""), doc{"items.#": 1, "items.0.id": came})
}
