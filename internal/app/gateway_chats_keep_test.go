package app_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/gateway/chats"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// chatRows counts what is kept of a channel's chats.
func chatRows(w *apptest.World) int64 {
	w.T.Helper()
	of := bson.D{{Key: "channelId", Value: w.WhatsApp}}
	return must(w.App.DB.Collection(chats.Collection).CountDocuments(w.T.Context(), of)) + must(w.App.DB.Collection(chats.MessagesCollection).CountDocuments(w.T.Context(), of))
}

// talkTo lets a person write to the world's number, before and after that is
// linked, and a message be sent back.
func talkTo(w *apptest.World, person string) {
	w.T.Helper()
	w.AddPhone(whatsapp.PhoneConfig{Phone: w.Number})
	before := w.Says(person, whatsapp.Draft{To: w.Number, Text: "xyzzy antes"})
	w.Shown(w.Number, "it", func(m whatsapp.PhoneMessage) bool { return m.ID == before })
	w.Scan()
	w.Says(person, whatsapp.Draft{To: w.Number, Text: "xyzzy depois"})
	after := w.Says(person, whatsapp.Draft{To: w.Number, Text: "xyzzy por fim"})
	w.Shown(person, "the delivery tick", func(m whatsapp.PhoneMessage) bool { return m.ID == after && m.Status != "sent" })
}

// Of an ignored contact, and in mode gateway, no chat is kept.
func TestWhatMayNotBeKeptIsInNoChat(t *testing.T) {
	t.Parallel()
	for name, forbid := range map[string]func(w *apptest.World, person string){
		"ignored": func(w *apptest.World, person string) {
			w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/contacts", doc{
				"contactIdentifier": person, "name": "Ignorado", "type": "individual", "channelId": w.WhatsApp.String(), "channelType": "whatsapp", "isIgnored": true,
			})
		},
		"gateway": func(w *apptest.World, _ string) {
			w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"mode": "gateway"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.NewWorld(t)
			who := people(w, 2)
			forbid(w, who[0].Phone)
			talkTo(w, who[0].Phone)
			if name == "ignored" {
				seen := w.Says(who[1].Phone, whatsapp.Draft{To: w.Number, Text: "e eu"})
				chatWith(w, who[1].Phone+"@c.us", doc{"lastMessage.id": seen}) // what came before it was handled before
			}
			for _, one := range chatList(w) {
				if text(one, "phone") == who[0].Phone {
					t.Errorf("there is a chat: %v", one)
				}
			}
			if all := walked(w, "chats/"+who[0].Phone, ""); len(all) != 0 {
				t.Errorf("there are messages: %v", all)
			}
			shown := shownIn(w, who[0].Phone)
			if got := walked(w, "chats/"+who[0].Phone, "older=true"); mustJSON(got) != mustJSON(shown) {
				t.Errorf("the phone has %v, and tells %v", shown, got)
			}
			for _, name := range []string{chats.Collection, chats.MessagesCollection} {
				cursor := must(w.App.DB.Collection(name).Find(t.Context(), bson.D{{Key: "channelId", Value: w.WhatsApp}}))
				for cursor.Next(t.Context()) {
					if row := cursor.Current.String(); strings.Contains(row, "xyzzy") || strings.Contains(row, who[0].Phone) || strings.Contains(row, who[0].LID) {
						t.Errorf("%s keeps %s", name, row)
					}
				}
			}
		})
	}
}

// A logout deletes the chats, and so does a channel's end, and mode gateway.
func TestChatsGoWithTheirDevice(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *apptest.World, person string){
		"logout": func(w *apptest.World, _ string) { step(w, "logout") },
		"unlinked on the phone": func(w *apptest.World, _ string) {
			if err := w.Phones().Unlink(w.Number, 0); err != nil {
				w.T.Fatal(err)
			}
		},
		"deleted": func(w *apptest.World, _ string) {
			w.Want(http.StatusNoContent, http.MethodDelete, w.Base()+"/channels/"+w.WhatsApp.String(), nil)
		},
		"mode gateway": func(w *apptest.World, person string) {
			w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"mode": "gateway"}})
			w.Says(person, whatsapp.Draft{To: w.Number, Text: "e agora?"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.NewWorld(t)
			person := people(w, 1)[0].Phone
			talkTo(w, person)
			chatWith(w, person+"@c.us", doc{"lastMessage.preview": "xyzzy por fim"})
			yes := true
			for _, name := range []string{"archived", "pinned"} { // the client has read what the phone shares
				must(w.Phones().PatchChat(w.Number, person, map[string]whatsapp.ChatPatch{"archived": {Archived: &yes}, "pinned": {Pinned: &yes}}[name]))
				chatWith(w, person+"@c.us", doc{name: true})
			}
			end(w, person)
			w.Eventually("the chats to go", func() bool { return chatRows(w) == 0 })
		})
	}
}

// A person whose chat is deleted by an erasure gets it by an export before, with
// what they wrote in groups.
func TestAPersonsChatIsTheirs(t *testing.T) {
	t.Parallel()
	m := meetPerson(t)
	w := m.w
	a := w.Call(http.MethodGet, w.Base()+"/contacts/"+m.contact+"/export", nil)
	expect(t, "the export", a.JSON(), doc{"chats.#": 1, "chats.0.phone": m.person.Phone, "chats.0.lid": m.person.LID + "@lid"})
	said := mustJSON(at(a.JSON(), "chatMessages"))
	for _, want := range []string{"jabuticaba corrigida", "jabuticaba na foto", "Sr. Quaresma, sua jabuticaba", "jabuticaba no grupo"} {
		if !strings.Contains(said, want) {
			t.Errorf("the export's chats lack %q", want)
		}
	}
	if strings.Contains(said, `"content":"Boa noite"`) || strings.Contains(said, "Que bonita") { // the person quotes the former
		t.Error("the export's chats have what somebody else wrote")
	}
	w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+m.contact, nil)
	left := items(pastOf(w, "groups/"+m.group+"-group", "limit=100"))
	if len(left) != 2 {
		t.Errorf("of the group are left %s", mustJSON(left))
	}
	for _, one := range left {
		expect(t, "what another wrote", one, doc{"from": m.other.Phone, "fromUserName": "Outra"})
		if bytes.Contains([]byte(mustJSON(one)), []byte("jabuticaba")) {
			t.Errorf("it quotes the person: %s", mustJSON(one))
		}
	}
	expect(t, "the group's chat", chatWith(w, m.group+"-group", doc{}), doc{"lastMessage.preview": "Que bonita"})
	if all := walked(w, "chats/"+m.person.Phone, ""); len(all) != 0 {
		t.Errorf("of the person's chat are left %v", all)
	}
}
