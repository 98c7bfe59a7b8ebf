package apptest

import (
	"context"
	"net/http"
	"sync"

	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// whatsApp is the binary's simulated WhatsApp: the root of its certificates is a
// variable of the process, so that there can be one only.
var whatsApp struct {
	once    sync.Once
	server  *whatsapp.Server
	running *whatsapp.Running
	err     error
}

func sharedWhatsApp() error {
	whatsApp.once.Do(func() {
		whatsApp.server = whatsapp.New(whatsapp.Options{Seed: "end-to-end tests"})
		whatsApp.running, whatsApp.err = whatsApp.server.Listen(context.Background(), "127.0.0.1:0", "127.0.0.1:0")
	})
	return whatsApp.err
}

// Phones is the simulated WhatsApp that the channels are linked to.
func (s *Server) Phones() *whatsapp.Server { return whatsApp.server }

// Link gives the world's number a phone, and links its WhatsApp Web channel to
// it by the QR code that the gateway shows.
func (w *World) Link() {
	w.T.Helper()
	w.AddPhone(whatsapp.PhoneConfig{Phone: w.Number, Name: "Minha Loja"})
	w.Scan()
}

// AddPhone registers somebody at the simulated WhatsApp.
func (w *World) AddPhone(c whatsapp.PhoneConfig) {
	w.T.Helper()
	_, err := w.Phones().AddPhone(c)
	w.must(err)
}

// Scan lets the world's phone scan the code of its channel, and waits until the
// channel is open.
func (w *World) Scan() {
	w.T.Helper()
	answer := w.Do(Request{Method: http.MethodGet, Path: "/" + w.Number + "/qr", Header: map[string]string{"Accept": "application/json"}})
	if answer.Status != http.StatusOK {
		w.T.Fatalf("the code to scan: %s", answer)
	}
	code, _ := answer.JSON()["qr"].(string)
	w.must(w.Phones().Scan(w.Number, code))
	w.AwaitStatus("open")
}

// AwaitStatus waits until the world's number has a status.
func (w *World) AwaitStatus(status string) {
	w.T.Helper()
	w.Eventually("the number to be "+status, func() bool {
		return w.Want(http.StatusOK, http.MethodGet, "/"+w.Number+"/status", nil)["status"] == status
	})
}

// Says lets somebody write to somebody over the simulated WhatsApp, and gives
// the message's id.
func (w *World) Says(from string, draft whatsapp.Draft) string {
	w.T.Helper()
	id, err := w.Phones().Write(from, draft)
	w.must(err)
	return id
}

// Shown waits until a phone shows a message for which ok is true, and gives it.
func (w *World) Shown(phone, what string, ok func(whatsapp.PhoneMessage) bool) whatsapp.PhoneMessage {
	w.T.Helper()
	var found whatsapp.PhoneMessage
	w.Eventually("phone "+phone+" to show "+what, func() bool {
		all, err := w.Phones().Messages(phone, "")
		w.must(err)
		for _, m := range all {
			if ok(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}
