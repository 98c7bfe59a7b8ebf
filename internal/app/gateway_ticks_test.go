package app_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
)

// A phone that answers at once is not told of before the message: what a number
// sends is heard as sent, and then as delivered, in either mode and however the
// recipient is written.
func TestWhatIsSentIsHeardBeforeItIsDelivered(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"sessions", "gateway"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := apptest.NewWorld(t)
			w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"mode": mode}})
			r := numberReceiver(t, w, "MESSAGE_SENT", "MESSAGE_DELIVERED")
			w.Link()
			person := people(w, 1)[0]
			var sent []string
			for i := range 6 {
				for _, to := range []string{person.Phone, person.LID + "@lid"} {
					sent = append(sent, text(w.Want(http.StatusOK, http.MethodPost, gate(w, "messages"), doc{"recipientNumber": to, "text": fmt.Sprint("Olá ", i)}), "messageId"))
				}
			}
			for _, id := range sent {
				r.heard(w, "MESSAGE_DELIVERED", doc{"id": id})
			}
			settled(w)
			last := map[string]string{}
			for _, e := range r.taken() {
				id := text(e.doc, "id")
				if want := map[string]string{"MESSAGE_SENT": "", "MESSAGE_DELIVERED": "MESSAGE_SENT"}[e.kind()]; last[id] != want {
					t.Errorf("of %s a %s came behind %q", id, e.kind(), last[id])
				}
				last[id] = e.kind()
			}
			if len(last) != len(sent) {
				t.Errorf("%d messages were told of, want %d", len(last), len(sent))
			}
		})
	}
}
