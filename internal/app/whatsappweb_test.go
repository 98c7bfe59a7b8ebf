package app_test

import (
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// A number is linked by a QR code; a customer writes to it, is answered, and
// the ticks come back.
func TestAConversationOverALinkedDevice(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	customer := apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: customer, Name: "João Silva", AutoRead: true})
	inbound := w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Olá, preciso de ajuda"})
	session := w.AwaitSession(customer)
	page := w.Want(200, "GET", "/api/session/"+session+"/messages", nil)
	first := page["items"].([]any)[0].(map[string]any)
	if first["messageId"] != inbound || first["content"].(map[string]any)["text"] != "Olá, preciso de ajuda" {
		t.Errorf("came in as %v", first)
	}
	w.Shown(customer, "the read tick of its message", func(m whatsapp.PhoneMessage) bool { return m.ID == inbound && m.Status == "read" })
	sent := w.Want(200, "POST", "/api/message/send", map[string]any{"sessionId": session, "text": "Como posso ajudá-lo?", "agentName": "Atendente Maria"})
	got := w.Shown(customer, "the answer", func(m whatsapp.PhoneMessage) bool { return m.ID == sent["messageId"] })
	if got.Text != "*Atendente Maria*:\nComo posso ajudá-lo?" {
		t.Errorf("the customer reads %q", got.Text)
	}
	w.Eventually("the read tick", func() bool {
		return w.Want(200, "GET", "/api/message/"+sent["_id"].(string), nil)["status"] == "read"
	})
}
