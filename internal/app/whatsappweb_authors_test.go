package app_test

import (
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// Reactions, quotes and read marks name the author as the group addresses its
// members, by hidden addresses or by numbers: phones show nothing else.
func TestAuthorsInGroupsAreNamedAsTheyWrote(t *testing.T) {
	t.Parallel()
	for _, addressing := range []string{"lid", "pn"} {
		t.Run(addressing, func(t *testing.T) {
			t.Parallel()
			w := apptest.NewWorld(t)
			w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"markReadOnProcess": false}})
			w.Link()
			ana, bia := apptest.Phone(), apptest.Phone()
			w.AddPhone(whatsapp.PhoneConfig{Phone: ana, Name: "Ana"})
			w.AddPhone(whatsapp.PhoneConfig{Phone: bia, Name: "Bia"})
			group, err := w.Phones().CreateGroup(ana, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number, bia}, Addressing: addressing})
			if err != nil {
				t.Fatal(err)
			}
			first := w.Says(ana, whatsapp.Draft{To: group.ID, Text: "Abrem hoje?"})
			session := w.AwaitSession(group.ID + "-group")
			second := w.Says(bia, whatsapp.Draft{To: group.ID, Text: "E no feriado?"})
			third := w.Says(ana, whatsapp.Draft{To: group.ID, Text: "Alô?"})
			w.Eventually("all to be unread", func() bool {
				return w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil)["unreadCount"] == 3.0
			})

			w.Want(http.StatusOK, http.MethodPost, "/api/session/"+session+"/read", nil)
			for id, author := range map[string]string{first: ana, second: bia, third: ana} {
				w.Shown(author, "that the number read it", func(m whatsapp.PhoneMessage) bool { return m.ID == id && m.Recipients[w.Number] == "read" })
			}

			send := func(body doc) string {
				body["sessionId"] = session
				return text(w.Want(http.StatusOK, http.MethodPost, "/api/message/send", body), "messageId")
			}
			send(doc{"reaction": doc{"messageId": first, "emoji": "👍"}})
			mine := send(doc{"text": "Abrimos", "quotedMessage": doc{"id": second}})
			again := send(doc{"text": "Até as 18h", "quotedMessage": doc{"id": mine}})
			for _, phone := range []string{ana, bia} {
				w.Shown(phone, "the reaction", func(m whatsapp.PhoneMessage) bool { return m.ID == first && m.Reactions[w.Number] == "👍" })
				for id, quoted := range map[string]string{mine: second, again: mine} {
					if m := w.Shown(phone, "the answer", func(m whatsapp.PhoneMessage) bool { return m.ID == id }); m.Quote != quoted {
						t.Errorf("phone %s shows that %q answers %q, want %q", phone, m.Text, m.Quote, quoted)
					}
				}
			}
		})
	}
}
