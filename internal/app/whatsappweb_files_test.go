package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// A file over the channel's limit fails by what its sender says of it, at once.
func TestAFileThatALinkedNumberDoesNotTake(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"mediaMaxBytes": 1024}})
	w.Link()
	customer := apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: customer, Name: "João Silva"})
	id := w.Says(customer, whatsapp.Draft{To: w.Number, Type: "document", Media: &whatsapp.Media{Bytes: make([]byte, 4096)}})
	failed := await(w, text(onChannel(w, w.WhatsApp.String(), id), "_id"), doc{"media.status": "failed"})
	if got := text(failed, "media.error"); !strings.Contains(got, "4096 bytes; this channel takes 1024") {
		t.Errorf("the failed file says %q", got)
	}
}
