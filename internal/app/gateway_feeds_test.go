package app_test

import (
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// The gateway of one deployment feeds the sessions of another: what its number
// hears and says is there as if the number were linked there.
func TestOneDeploymentsGatewayFeedsAnothersSessions(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	far := apptest.Start(t, apptest.Options{App: app.Options{Egress: egress.Options{Allow: []string{"127.0.0.1"}}}}).World(t, apptest.Preset{Number: w.Number})
	w.Want(http.StatusOK, http.MethodPut, gate(w, "webhook"), doc{"url": far.App.URL() + far.Webhook("whatsappweb") + "?token=" + far.Secret})
	w.Link()
	customer := people(w, 1)[0].Phone
	group := must(w.Phones().CreateGroup(customer, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number}})).ID

	first := w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Vocês abrem hoje?"})
	session := far.AwaitSession(customer)
	near := w.AwaitSession(customer)
	place := w.Says(customer, whatsapp.Draft{To: w.Number, Type: "location", Location: &whatsapp.Place{Latitude: -22.9, Longitude: -43.2, Name: "Loja"}})
	image := w.Says(customer, whatsapp.Draft{To: w.Number, Type: "image", Text: "O comprovante", Media: &whatsapp.Media{MimeType: "image/jpeg", Bytes: apptest.JPEG}})
	quote := w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Esta", Quote: first})
	heart := w.Says(customer, whatsapp.Draft{To: w.Number, Type: "reaction", Text: "👍", Message: quote})
	answer := text(send(w, near, doc{"text": "Até as 18h"}), "messageId")
	typed := w.Says(w.Number, whatsapp.Draft{To: customer, Text: "Já respondo"})
	w.Shown(customer, "the answer", func(m whatsapp.PhoneMessage) bool { return m.ID == answer })
	w.Shown(customer, "what was typed", func(m whatsapp.PhoneMessage) bool { return m.ID == typed })
	must(w.Phones().Read(customer, w.Number, ""))

	for id, want := range map[string]doc{
		first:  {"direction": "inbound", "type": "text", "content.text": "Vocês abrem hoje?", "sessionId": session},
		place:  {"type": "location", "content.latitude": -22.9, "content.name": "Loja", "sessionId": session},
		image:  {"type": "image", "content.text": "O comprovante", "media.status": "ready", "media.mimetype": "image/jpeg", "media.size": float64(len(apptest.JPEG))},
		quote:  {"content.text": "Esta", "quotedMessage.id": first, "quotedMessage.message": "Vocês abrem hoje?", "reactions.0.emoji": "👍"},
		heart:  {"type": "reaction", "content.messageId": quote, "content.emoji": "👍"},
		answer: {"direction": "outbound", "content.text": "Até as 18h", "status": "read", "sessionId": session},
		typed:  {"direction": "outbound", "content.text": "Já respondo", "status": "read", "sessionId": session},
	} {
		row := onChannel(far, far.WhatsApp.String(), id)
		await(far, text(row, "_id"), want)
	}
	page := far.Want(http.StatusOK, http.MethodGet, far.Base()+"/contacts?contactIdentifier="+customer+"&channelId="+far.WhatsApp.String(), nil)
	expect(t, "the contact there", page, doc{"items.0.name": "Pessoa", "total": 1})

	w.Says(customer, whatsapp.Draft{To: w.Number, Type: "delete", Message: first})
	far.Eventually("the deletion", func() bool { return text(onChannel(far, far.WhatsApp.String(), first), "revokedAt") != "" })
	inGroup := w.Says(customer, whatsapp.Draft{To: group, Text: "Olá pessoal!"})
	talk := far.AwaitSession(group + "-group")
	expect(t, "in the group", onChannel(far, far.WhatsApp.String(), inGroup), doc{"sessionId": talk, "content.text": "Olá pessoal!", "author.id": customer, "author.name": "Pessoa"})
	subject := "Vendas 2023"
	must(w.Phones().PatchGroup(customer, group, whatsapp.GroupPatch{Subject: &subject}))
	far.Eventually("the group's new name", func() bool {
		return text(far.Want(http.StatusOK, http.MethodGet, "/api/session/"+talk, nil), "client.name") == subject
	})
}
