package whatsappweb

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	waBinary "go.mau.fi/whatsmeow/binary"
)

// What people call themselves does not get from the client's log into ours.
func TestTheClientsLogNamesNobody(t *testing.T) {
	t.Parallel()
	var written bytes.Buffer
	log := clientLog{logger: slog.New(slog.NewTextHandler(&written, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	stanza := waBinary.Node{Tag: "message", Attrs: waBinary.Attrs{"id": "1", "notify": "Zózimo"}}
	log.Debugf("Push name of %s changed from %s to %s, dispatching event", "1@lid", "", "Zózimo")
	log.Debugf("Got push name %s for %s in history sync", "Zózimo", "1@lid")
	log.Warnf("closing while handling %s, %v and %v", stanza.String(), stanza, &stanza)
	log.Errorf("failed to handle %s: %v", "1@lid", "<nothing>")
	got := written.String()
	if strings.Contains(got, "Zózimo") || !strings.Contains(got, "closing while handling <message>, <message> and <message>") ||
		!strings.Contains(got, "failed to handle 1@lid: <nothing>") {
		t.Errorf("logged %s", got)
	}
}
