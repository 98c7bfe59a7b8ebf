package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// person is the body that makes a contact on the world's D360 channel.
func person(w *apptest.World, phone string, more doc) doc {
	body := doc{"contactIdentifier": phone, "name": "João Silva", "type": "individual", "channelId": w.D360.String(), "channelType": "whatsapp"}
	for name, value := range more {
		body[name] = value
	}
	return body
}

func create(w *apptest.World, body doc) doc {
	w.T.Helper()
	return w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/contacts", body)
}

// withoutNinth writes a Brazilian mobile as it was before the ninth digit.
func withoutNinth(phone string) string { return phone[:4] + phone[5:] }

func TestCreatingAndEditingAContact(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	tag := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/tags", doc{"name": "VIP", "color": "#00aa00"})
	made := create(w, person(w, phone, doc{"clientIdentifier": string(w.Account), "platform": "whatsappweb", "customName": "João da Padaria", "photo": "https://example.com/j.png", "tagIds": []any{tag["_id"]}, "companyName": "Padaria"}))
	path := w.Base() + "/contacts/" + text(made, "_id")
	full := doc{
		"contactIdentifier": phone, "name": "João Silva", "customName": "João da Padaria", "type": "individual", "channelId": w.D360.String(),
		"channelType": "whatsapp", "platform": "whatsappweb", "photo": "https://example.com/j.png", "tagIds": []any{tag["_id"]}, "companyName": "Padaria",
		"isIgnored": false,
	}
	expect(t, "the answer", made, full)
	expect(t, "the contact", w.Want(http.StatusOK, http.MethodGet, path, nil), full)

	only := w.Want(http.StatusOK, http.MethodPatch, path, doc{"customName": "João Novo"})
	full["customName"] = "João Novo"
	expect(t, "a patch of one field", only, full)
	cleared := w.Want(http.StatusOK, http.MethodPut, path, doc{"customName": nil, "platform": nil, "photo": nil, "tagIds": nil, "companyName": nil, "isIgnored": nil})
	expect(t, "what null clears", cleared, doc{
		"name": "João Silva", "customName": nil, "platform": nil, "photo": nil, "tagIds": []any{}, "companyName": nil, "isIgnored": false, "contactIdentifier": phone,
	})
	next := apptest.Phone()
	expect(t, "another number", w.Want(http.StatusOK, http.MethodPatch, path, doc{"contactIdentifier": next}), doc{"contactIdentifier": next, "identities": []any{"phone:" + next}})
	again := create(w, person(w, phone, nil))
	a := w.Call(http.MethodPatch, path, doc{"contactIdentifier": withoutNinth(phone)})
	refused(t, "somebody else's number", a, http.StatusConflict, "contact_exists")
	expect(t, "somebody else's number", a.JSON(), doc{"contactId": again["_id"]})

	refused(t, "an id that the path does not name", w.Call(http.MethodPatch, path, doc{"contactId": again["_id"]}), http.StatusUnprocessableEntity, "validation_failed")
	expect(t, "the id that it does name", w.Want(http.StatusOK, http.MethodPatch, path, doc{"contactId": made["_id"], "name": "Ana"}), doc{"name": "Ana"})
	for what, body := range map[string]doc{
		"an unknown tag":         {"tagIds": []any{"64cbbd9596429dbccd7841e2"}},
		"a photo that is none":   {"photo": "javascript:alert(1)"},
		"no identifier":          {"contactIdentifier": nil},
		"an identifier of words": {"contactIdentifier": "João"},
		"a group's identifier":   {"contactIdentifier": phone + "-group"},
		"a field that is none":   {"phone": phone},
	} {
		refused(t, what, w.Call(http.MethodPatch, path, body), http.StatusUnprocessableEntity, "validation_failed")
	}
}

func TestAContactExistsOnce(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	made := create(w, person(w, withoutNinth(phone), nil))
	expect(t, "the identifier stays as it was given", made, doc{"contactIdentifier": withoutNinth(phone), "identities": []any{"phone:" + phone}})
	for _, form := range []string{phone, withoutNinth(phone), "+" + phone} {
		a := w.Call(http.MethodPost, w.Base()+"/contacts", person(w, form, nil))
		refused(t, form, a, http.StatusConflict, "contact_exists")
		expect(t, form, a.JSON(), doc{"contactId": made["_id"]})
	}
	in := received(w, w.Write(phone, d360.InboundMessage{Type: "text", Text: "Oi"}))
	expect(t, "what comes from either form", in, doc{"contactId": made["_id"]})
	second := create(w, person(w, phone, doc{"channelId": w.WhatsApp.String()}))
	if second["_id"] == made["_id"] {
		t.Error("two channels share a contact")
	}
	landline := "552133334444"
	a, b := create(w, person(w, landline, nil)), create(w, person(w, "5521933334444", nil))
	if a["_id"] == b["_id"] {
		t.Error("a landline and a mobile are one contact")
	}
	for what, body := range map[string]doc{
		"an unknown channel":                  person(w, apptest.Phone(), doc{"channelId": "64cbbd9596429dbccd7841e2"}),
		"another channel type":                person(w, apptest.Phone(), doc{"channelType": "telegram"}),
		"a group by a person's number":        person(w, apptest.Phone(), doc{"type": "group"}),
		"a person by a group's":               person(w, apptest.Phone()+"-group", nil),
		"another account's clientIdentifier":  person(w, apptest.Phone(), doc{"clientIdentifier": "5b1f6b9c-0000-4000-8000-000000000000"}),
		"a number that the plan has no place": person(w, "55219", nil),
	} {
		refused(t, what, w.Call(http.MethodPost, w.Base()+"/contacts", body), http.StatusUnprocessableEntity, "validation_failed")
	}
	other := apptest.NewWorld(t)
	refused(t, "another account's channel", w.Call(http.MethodPost, w.Base()+"/contacts", person(w, apptest.Phone(), doc{"channelId": other.D360.String()})), http.StatusUnprocessableEntity, "validation_failed")
}

// A user id may stand in the place of a number.
func TestAContactByUserID(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	customer, err := w.Simulator.PutCustomer(d360.CustomerConfig{WaID: phone, Name: "Ana", Identity: "hidden"})
	if err != nil {
		t.Fatal(err)
	}
	made := create(w, person(w, customer.UserID, nil))
	in := received(w, w.Write(phone, d360.InboundMessage{Type: "text", Text: "Oi"}))
	expect(t, "the message", in, doc{"contactId": made["_id"]})
	found := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?contactIdentifier="+customer.UserID, nil)
	expect(t, "the list", found, doc{"total": 1, "items.0._id": made["_id"]})
	send(w, text(in, "sessionId"), doc{"text": "Olá"})
	if got := shown(w, phone).Text; got != "Olá" {
		t.Errorf("the phone shows %q", got)
	}
}

// A group comes into being by its message, with its name and participants.
func TestAGroupComesByItsMessage(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	group := "1203634" + phone[4:]
	a := w.Deliver("whatsappweb", doc{
		"type": "GROUP_MESSAGE", "from": phone, "fromUserName": "João", "to": w.Number, "id": "GROUP1", "body": doc{"type": "text", "content": "Bom dia"},
		"groupInfo": doc{"id": group, "name": "Família", "participants": []any{phone, "5521933330001"}},
	})
	if a.Status != http.StatusOK {
		t.Fatalf("the webhook: %s", a)
	}
	in := onChannel(w, w.WhatsApp.String(), "GROUP1")
	expect(t, "the message", in, doc{"author.id": phone, "author.name": "João"})
	page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?type=group&contactIdentifier="+group+"@g.us", nil)
	expect(t, "the group", page, doc{"total": 1, "items.0._id": in["contactId"], "items.0.contactIdentifier": group + "-group", "items.0.name": "Família", "items.0.participants": []any{phone, "5521933330001"}})
	w.Deliver("whatsappweb", doc{"type": "GROUP_UPDATE", "groupInfo": doc{"id": group, "name": "Família Silva", "participants": []any{"5521933330001"}}})
	page = w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?type=group", nil)
	expect(t, "the group after a sync", page, doc{"total": 1, "items.0.name": "Família Silva", "items.0.participants": []any{"5521933330001"}})
	expect(t, "individuals", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?type=individual", nil), doc{"total": 0})
}

func TestListingContacts(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	vip := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/tags", doc{"name": "VIP"})
	late := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/tags", doc{"name": "Atrasado"})
	names := []string{"Ângela Brandão", "Bruno Ávila", "Carla Conceição Dias", "daniel", "Érica"}
	var made []string
	phones := map[string]string{}
	for i, name := range names {
		more := doc{"name": name}
		switch i {
		case 0:
			more["tagIds"] = []any{vip["_id"]}
		case 1:
			more["tagIds"] = []any{late["_id"], vip["_id"]}
			more["customName"] = "Seu Bruno do Açougue"
		case 2:
			more["channelId"] = w.WhatsApp.String()
		}
		phones[name] = apptest.Phone()
		made = append(made, text(create(w, person(w, phones[name], more)), "_id"))
	}
	for query, want := range map[string][]int{
		"":                                 {0, 1, 2, 3, 4},
		"order=desc":                       {4, 3, 2, 1, 0},
		"sort=name":                        {0, 2, 3, 4, 1}, // by the shown name: seu bruno is last
		"sort=name&order=desc":             {1, 4, 3, 2, 0},
		"type=individual":                  {0, 1, 2, 3, 4},
		"type=group":                       {},
		"channelType=whatsapp":             {0, 1, 2, 3, 4},
		"channelType=telegram":             {},
		"channelType=facebook&name=a":      {},
		"channelId=" + w.WhatsApp.String(): {2},
		"name=angela":                      {0},
		"name=BRAND":                       {0},
		"name=conceicao+dias":              {2},
		"name=acougue":                     {1},
		"name=bruno+av":                    {1},
		"name=runo":                        {},
		"name=ci":                          {},
		"tagIds=" + text(vip, "_id"):       {0, 1},
		"tagIds=" + text(late, "_id"):      {1},
		"tagIds=" + text(late, "_id") + "," + text(vip, "_id"):                        {0, 1},
		"tagIds=" + text(late, "_id") + "&tagIds=" + text(vip, "_id"):                 {0, 1},
		"tagIds=64cbbd9596429dbccd7841e2":                                             {},
		"contactIdentifier=" + phones["daniel"]:                                       {3},
		"contactIdentifier=" + withoutNinth(phones["daniel"]):                         {3},
		"contactIdentifier=" + phones["daniel"] + "&channelId=" + w.WhatsApp.String(): {},
		"name=a&sort=name&tagIds=" + text(vip, "_id"):                                 {0, 1},
	} {
		page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?"+query, nil)
		got, expected := []string{}, []string{}
		for _, item := range items(page) {
			got = append(got, text(item, "_id"))
		}
		for _, i := range want {
			expected = append(expected, made[i])
		}
		if !slices.Equal(got, expected) || page["total"] != float64(len(want)) || page["totalIsExact"] != true {
			t.Errorf("?%s: %v of %v, want %v", query, got, page["total"], expected)
		}
	}
	for _, query := range []string{"page=-1", "limit=0", "limit=101", "page=101&limit=100", "order=up", "sort=phone", "type=robot", "channelType=fax", "tagIds=x", "channelId=x", "cursor=x", "contactIdentifier=abc", "colour=red", "name=abcdefghi%00j"} {
		refused(t, query, w.Call(http.MethodGet, w.Base()+"/contacts?"+query, nil), http.StatusUnprocessableEntity, "validation_failed")
	}
	expect(t, "page 0", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?page=0&limit=2", nil), doc{"page": 1, "limit": 2, "total": 5})
}

// Both ways of paging give every contact once.
func TestPagingContacts(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	want := map[string]bool{}
	for i := range 7 {
		want[text(create(w, person(w, apptest.Phone(), doc{"name": fmt.Sprintf("Nome igual %d", i/3)})), "_id")] = true
	}
	for _, sort := range []string{"createdAt", "name"} {
		for _, order := range []string{"asc", "desc"} {
			base := w.Base() + "/contacts?limit=3&sort=" + sort + "&order=" + order
			byPage, byCursor := []string{}, []string{}
			for page := 1; page <= 3; page++ {
				for _, item := range items(w.Want(http.StatusOK, http.MethodGet, fmt.Sprintf("%s&page=%d", base, page), nil)) {
					byPage = append(byPage, text(item, "_id"))
				}
			}
			for cursor := "start"; cursor != ""; {
				path := base
				if cursor != "start" {
					path += "&cursor=" + cursor
				}
				page := w.Want(http.StatusOK, http.MethodGet, path, nil)
				for _, item := range items(page) {
					byCursor = append(byCursor, text(item, "_id"))
				}
				cursor = text(page, "nextCursor")
			}
			if !slices.Equal(byPage, byCursor) || len(byPage) != len(want) {
				t.Errorf("%s %s: by page %v, by cursor %v", sort, order, byPage, byCursor)
			}
		}
	}
	page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?limit=3", nil)
	wrong := w.Call(http.MethodGet, w.Base()+"/contacts?limit=3&order=desc&cursor="+text(page, "nextCursor"), nil)
	refused(t, "a cursor of another order", wrong, http.StatusUnprocessableEntity, "validation_failed")
}

// A contact's platform gets its new sessions; a slug that names none falls back
// to the channel's.
func TestAContactsOwnPlatform(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/platform-configs", doc{"platformSlug": "crm", "name": "CRM"})
	for slug, want := range map[string]string{"crm": "crm", "karoochatnew": "console", "": "console"} {
		phone := apptest.Phone()
		create(w, person(w, phone, doc{"platform": slug}))
		view := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+w.Session(phone), nil)
		expect(t, "a contact of platform "+slug, view, doc{"platform.slug": want})
	}
	phone := apptest.Phone()
	session := w.Session(phone)
	contact := text(w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil), "contactId")
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/contacts/"+contact, doc{"platform": "crm"})
	w.Session(phone)
	expect(t, "the open session", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil), doc{"platform.slug": "console"})
	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
	expect(t, "the next one", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+w.Session(phone), nil), doc{"platform.slug": "crm"})
}

// A contact known by phone and one known by a user id turn out to be one
// person; the old id answers with the survivor.
func TestTwoContactsTurnOutToBeOne(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	user := "BR." + phone + "0001"
	byPhone := flat(w, doc{"from": phone, "id": "wamid." + phone + "1", "type": "text", "text": doc{"body": "um"}})
	byID := flat(w, doc{"from_user_id": user, "id": "wamid." + phone + "2", "type": "text", "text": doc{"body": "dois"}})
	if byPhone["contactId"] == byID["contactId"] {
		t.Fatal("they were one from the start")
	}
	both := flat(w, doc{"from": phone, "from_user_id": user, "id": "wamid." + phone + "3", "type": "text", "text": doc{"body": "três"}})
	survivor := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts/"+text(both, "contactId"), nil)
	for _, old := range []string{text(byPhone, "contactId"), text(byID, "contactId")} {
		expect(t, "contact "+old, w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts/"+old, nil), doc{"_id": survivor["_id"], "identities.#": 2})
	}
	expect(t, "the list", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts", nil), doc{"total": 1})
	expect(t, "open sessions", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?status=active", nil), doc{"total": 1, "items.0._id": both["sessionId"]})
	for _, id := range []string{text(survivor, "_id"), text(byPhone, "contactId"), text(byID, "contactId")} {
		page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?contactId="+id, nil)
		expect(t, "the sessions of all that were this person", page, doc{"total": 2})
	}
	told := 0
	for _, row := range eventstest.Rows(t, w.App.DB, w.Account) {
		if row.Type == events.ContactMerged && row.Contact.String() == text(survivor, "_id") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("contact.merged was told %d times", told)
	}
	later := flat(w, doc{"from_user_id": user, "id": "wamid." + phone + "4", "type": "text", "text": doc{"body": "quatro"}})
	expect(t, "the next message", later, doc{"contactId": survivor["_id"], "sessionId": both["sessionId"]})
}

// A number that comes with another user id has a new owner.
func TestARecycledNumber(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	old := flat(w, doc{"from": phone, "from_user_id": "BR." + phone + "1", "id": "wamid." + phone + "1", "type": "text", "text": doc{"body": "eu"}})
	fresh := flat(w, doc{"from": phone, "from_user_id": "BR." + phone + "2", "id": "wamid." + phone + "2", "type": "text", "text": doc{"body": "outra pessoa"}})
	if old["contactId"] == fresh["contactId"] || old["sessionId"] == fresh["sessionId"] {
		t.Fatal("the new owner of a number reads the old one's conversation")
	}
	next := flat(w, doc{"from": phone, "id": "wamid." + phone + "3", "type": "text", "text": doc{"body": "ainda eu"}})
	expect(t, "the number alone", next, doc{"contactId": fresh["contactId"]})
}

// A person who changes the number stays the same contact.
func TestAPersonWithANewNumber(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone, next := apptest.Phone(), apptest.Phone()
	in := received(w, w.Write(phone, d360.InboundMessage{Type: "text", Text: "Oi"}))
	received(w, w.Write(phone, d360.InboundMessage{Type: "system", Content: doc{"type": "user_changed_number", "wa_id": next, "body": "mudou"}}))
	named := func(session, number string) func() bool {
		return func() bool {
			return at(w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil), "client.providerId") == number
		}
	}
	w.Eventually("the session has the new number", named(text(in, "sessionId"), next)) // the message may be there a moment before
	send(w, text(in, "sessionId"), doc{"text": "Anotado já"})                          // before the new phone has written
	if got := shown(w, next).Text; got != "Anotado já" {
		t.Errorf("the new phone shows %q", got)
	}
	later := received(w, w.Write(next, d360.InboundMessage{Type: "text", Text: "número novo"}))
	expect(t, "from the new number", later, doc{"contactId": in["contactId"], "sessionId": in["sessionId"]})
	send(w, text(in, "sessionId"), doc{"text": "Anotado"})
	if got := shown(w, next).Text; got != "Anotado" {
		t.Errorf("the new phone shows %q", got)
	}
	unknown, last := apptest.Phone(), apptest.Phone()
	told := received(w, w.Write(unknown, d360.InboundMessage{Type: "system", Content: doc{"type": "user_changed_number", "wa_id": last, "body": "mudou"}}))
	w.Eventually("who was not known is answered under the new number", named(text(told, "sessionId"), last))
}

// flat delivers one message in 360dialog's flat shape and reads it.
func flat(w *apptest.World, message doc) doc {
	w.T.Helper()
	if a := deliverFlat(w, message); a.Status != http.StatusOK {
		w.T.Fatalf("the webhook: %s", a)
	}
	return received(w, message["id"].(string))
}

// deliverFlat delivers one message in 360dialog's flat shape; 200 means stored.
func deliverFlat(w *apptest.World, message doc) apptest.Answer {
	w.T.Helper()
	if message["timestamp"] == nil {
		message["timestamp"] = unixNow()
	}
	return w.Deliver("360dialog", doc{"messages": []any{message}})
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	tag := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/tags", doc{"name": "VIP", "color": "#ff0000"})
	contact := create(w, person(w, apptest.Phone(), doc{"tagIds": []any{tag["_id"], tag["_id"]}}))
	expect(t, "a tag given twice", contact, doc{"tagIds": []any{tag["_id"]}})
	path := w.Base() + "/tags/" + text(tag, "_id")
	expect(t, "the renamed tag", w.Want(http.StatusOK, http.MethodPatch, path, doc{"name": "Ouro"}), doc{"name": "Ouro", "color": "#ff0000"})
	expect(t, "the tag", w.Want(http.StatusOK, http.MethodGet, path, nil), doc{"name": "Ouro"})
	refused(t, "a name that there is", w.Call(http.MethodPost, w.Base()+"/tags", doc{"name": "Ouro"}), http.StatusConflict, "conflict")
	if a := w.Call(http.MethodDelete, path, nil); a.Status != http.StatusNoContent {
		t.Errorf("deleting: %s", a)
	}
	refused(t, "the deleted tag", w.Call(http.MethodGet, path, nil), http.StatusNotFound, "not_found")
	w.Eventually("contacts without the deleted tag", func() bool {
		got := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts/"+text(contact, "_id"), nil)
		return strings.EqualFold(mustJSON(got["tagIds"]), "[]")
	})
}
