package app_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// A contact shows the picture that WhatsApp shows, from our store; another one
// takes its place, and one that somebody chose stays.
func TestAContactHasThePictureOfItsPhone(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	customer, faceless := apptest.Phone(), apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: customer, Name: "João Silva"})
	w.AddPhone(whatsapp.PhoneConfig{Phone: faceless, Name: "Ninguém"})
	if err := w.Phones().SetPicture(customer, apptest.JPEG); err != nil {
		t.Fatal(err)
	}
	w.Says(faceless, whatsapp.Draft{To: w.Number, Text: "Oi"})
	w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Oi"})
	photo := func(of string) string {
		page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?contactIdentifier="+of, nil)
		return text(page, "items.0.photo")
	}
	var first string
	w.Eventually("the picture", func() bool { first = photo(customer); return first != "" })
	at := func(url string) []byte {
		t.Helper()
		a := w.Do(apptest.Request{Method: http.MethodGet, Path: strings.TrimPrefix(url, w.App.URL())})
		if a.Status != http.StatusOK {
			t.Fatalf("GET %s: %s", url, a)
		}
		return a.Body
	}
	if got := at(first); !bytes.Equal(got, apptest.JPEG) {
		t.Errorf("the picture has %d bytes, want %d", len(got), len(apptest.JPEG))
	}
	// WhatsApp tells of changes to those who have written to somebody.
	w.Want(http.StatusOK, http.MethodPost, "/api/message", doc{"recipientNumber": customer, "text": "Olá!"})
	if err := w.Phones().SetPicture(customer, apptest.PNG); err != nil {
		t.Fatal(err)
	}
	w.Eventually("the other picture", func() bool { return photo(customer) != first && photo(customer) != "" })
	if got := at(photo(customer)); !bytes.Equal(got, apptest.PNG) {
		t.Errorf("the other picture has %d bytes, want %d", len(got), len(apptest.PNG))
	}
	w.Eventually("the former picture's end", func() bool { // which comes right behind
		return w.Do(apptest.Request{Method: http.MethodGet, Path: strings.TrimPrefix(first, w.App.URL())}).Status == http.StatusNotFound
	})
	if got := photo(faceless); got != "" {
		t.Errorf("who has no picture has %s", got)
	}
	contact := text(w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?contactIdentifier="+customer, nil), "items.0._id")
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/contacts/"+contact, doc{"photo": "https://example.com/joao.jpg"})
	if err := w.Phones().SetPicture(customer, apptest.JPEG); err != nil {
		t.Fatal(err)
	}
	w.Says(faceless, whatsapp.Draft{To: w.Number, Text: "Depois"})
	if got := photo(customer); got != "https://example.com/joao.jpg" {
		t.Errorf("the chosen picture became %s", got)
	}
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/contacts/"+contact, doc{"photo": nil})
	w.Eventually("the phone's picture again", func() bool { return strings.Contains(photo(customer), "/api/media/") })
}
