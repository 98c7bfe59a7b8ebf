package app_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// saved waits until the number's device knows somebody by a name of the phone's
// address book, and gives them as they are listed.
func saved(w *apptest.World, of whatsapp.PhoneInfo, name string) doc {
	w.T.Helper()
	var found doc
	w.Eventually("a contact named "+name, func() bool {
		for _, one := range items(w.Want(http.StatusOK, http.MethodGet, gate(w, "contacts?limit=100"), nil)) {
			if text(one, "phone") == of.Phone && text(one, "fullName") == name {
				found = one
			}
		}
		return found != nil
	})
	return found
}

func TestTheDevicesContactsAreListed(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	who := people(w, 3)
	for i, name := range []string{"Ana Lima", "Bia Souza", "Caio Reis"} {
		if err := w.Phones().SaveContact(w.Number, who[i].Phone, name); err != nil {
			t.Fatal(err)
		}
		expect(t, name, saved(w, who[i], name), doc{"name": name, "fullName": name, "businessName": nil})
	}
	w.Says(who[0].Phone, whatsapp.Draft{To: w.Number, Text: "Oi"})
	w.Eventually("what she calls herself", func() bool { return text(saved(w, who[0], "Ana Lima"), "pushName") == "Pessoa" })
	expect(t, "under both addresses", saved(w, who[0], "Ana Lima"), doc{"lid": who[0].LID + "@lid", "phone": who[0].Phone, "name": "Ana Lima"})

	all := items(w.Want(http.StatusOK, http.MethodGet, gate(w, "contacts?limit=100"), nil))
	var listed []doc
	for cursor := ""; ; {
		page := w.Want(http.StatusOK, http.MethodGet, gate(w, "contacts?limit=1"+cursor), nil)
		expect(t, "a page", page, doc{"total": len(all), "totalIsExact": true, "items.#": 1})
		listed = append(listed, items(page)...)
		if cursor = text(page, "nextCursor"); cursor == "" {
			break
		}
		cursor = "&cursor=" + cursor
	}
	if mustJSON(listed) != mustJSON(all) {
		t.Errorf("page by page: %s, at once: %s", mustJSON(listed), mustJSON(all))
	}
	refused(t, "no cursor", w.Call(http.MethodGet, gate(w, "contacts?cursor=!"), nil), http.StatusUnprocessableEntity, "validation_failed")
}

func TestAContactTellsWhoTheyAre(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	shop := must(w.Phones().AddPhone(whatsapp.PhoneConfig{Phone: apptest.Phone(), Name: "Loja", About: "Aberta até as 18h", Business: &whatsapp.Business{Name: "Loja do João LTDA"}}))
	if err := w.Phones().SetPicture(shop.Phone, apptest.JPEG); err != nil {
		t.Fatal(err)
	}
	for _, writing := range []string{shop.Phone, withoutNinth(shop.Phone), shop.Phone + "@c.us", shop.LID + "@lid"} {
		got := w.Want(http.StatusOK, http.MethodGet, gate(w, "contacts/"+writing), nil)
		expect(t, writing, got, doc{
			"phone": shop.Phone, "lid": shop.LID + "@lid", "about": "Aberta até as 18h", "hasPhoto": true, "businessName": "Loja do João LTDA", "name": "Loja do João LTDA", "fullName": nil,
		})
		picture := w.Call(http.MethodGet, gate(w, "contacts/"+writing+"/photo"), nil)
		if picture.Status != http.StatusOK || picture.Header.Get("Content-Type") != "image/jpeg" || !bytes.Equal(picture.Body, apptest.JPEG) {
			t.Errorf("the picture by %s: %d, %v, %d bytes", writing, picture.Status, picture.Header, len(picture.Body))
		}
	}
	plain := people(w, 1)[0]
	expect(t, "without a picture", w.Want(http.StatusOK, http.MethodGet, gate(w, "contacts/"+plain.Phone), nil), doc{"hasPhoto": false, "businessName": nil})
	refused(t, "no picture", w.Call(http.MethodGet, gate(w, "contacts/"+plain.Phone+"/photo"), nil), http.StatusNotFound, "not_found")
	nobody := apptest.Phone()
	refused(t, "nobody", w.Call(http.MethodGet, gate(w, "contacts/"+nobody), nil), http.StatusNotFound, "number_not_on_whatsapp")
	refused(t, "nobody's picture", w.Call(http.MethodGet, gate(w, "contacts/"+nobody+"/photo"), nil), http.StatusNotFound, "not_found")
	for _, path := range []string{"contacts/21", "contacts/21/photo", "contacts/120363@g.us"} {
		refused(t, path, w.Call(http.MethodGet, gate(w, path), nil), http.StatusBadRequest, "invalid_number")
	}
}
