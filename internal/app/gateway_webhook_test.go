package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// numberReceiver takes what the webhook of a number hears.
func numberReceiver(t testing.TB, w *apptest.World, wanted ...string) *receiver {
	t.Helper()
	r := &receiver{t: t, idOf: "eventId"}
	r.server = startReceiver(t, r)
	r.mu.Lock() // nothing is checked before the secret is known
	defer r.mu.Unlock()
	body := doc{"url": r.server.URL + "/numero?token=a"}
	if len(wanted) > 0 {
		body["events"] = wanted
	}
	r.secret = text(w.Want(http.StatusOK, http.MethodPut, gate(w, "webhook"), body), "secret")
	return r
}

// heard waits until the receiver has taken an event of a type for which all that
// is wanted holds, and gives it.
func (r *receiver) heard(w *apptest.World, kind string, want doc) hook {
	r.t.Helper()
	var found hook
	w.Eventually("the event "+kind, func() bool {
		for _, e := range r.taken() {
			if e.kind() == kind && has(e.doc, want) {
				found = e
				return true
			}
		}
		return false
	})
	return found
}

// has tells whether a value has all of this.
func has(value any, want doc) bool {
	for path, wanted := range want {
		if at(value, path) != wanted {
			return false
		}
	}
	return true
}

// kinds are the types of what came, in order.
func kinds(list []hook) []string {
	var all []string
	for _, e := range list {
		all = append(all, e.kind())
	}
	return all
}

// The number's webhook is set as the document prints it, and by PUT; it signs by
// one secret for ever, shown once, and ends.
func TestANumbersWebhookIsSet(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	refused(t, "before", w.Call(http.MethodGet, gate(w, "webhook"), nil), http.StatusNotFound, "not_found")
	made := w.Want(http.StatusOK, http.MethodGet, "/web"+w.Number+"/setWebhook?url="+url.QueryEscape("http://127.0.0.1:9/a?b=c&d=e"), nil)
	expect(t, "made", made, doc{"url": "http://127.0.0.1:9/a?b=c&d=e", "events.#": 0, "state.status": "active"})
	if _, err := standardwebhooks.NewWebhook(text(made, "secret")); err != nil {
		t.Errorf("the secret: %v", err)
	}
	again := w.Want(http.StatusOK, http.MethodGet, gate(w, "setWebhook?url=http://127.0.0.1:9/a"), nil)
	expect(t, "again", again, doc{"url": "http://127.0.0.1:9/a", "secret": nil, "platformConfigId": text(made, "platformConfigId")})
	expect(t, "with types", w.Want(http.StatusOK, http.MethodPut, gate(w, "webhook"), doc{"url": "http://127.0.0.1:9/b", "events": []string{"MESSAGE", "QRCODE"}}), doc{"secret": nil, "events.1": "QRCODE"})
	expect(t, "the types stay", w.Want(http.StatusOK, http.MethodGet, gate(w, "setWebhook?url=http://127.0.0.1:9/c"), nil), doc{"events.0": "MESSAGE", "events.#": 2})
	expect(t, "read", w.Want(http.StatusOK, http.MethodGet, gate(w, "webhook"), nil), doc{"url": "http://127.0.0.1:9/c", "events.#": 2, "secret": nil})
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"credentials": doc{"accessCode": "0123456789abcdef0123456789abcdef"}})
	byCode := w.Do(apptest.Request{Method: http.MethodGet, Path: gate(w, "webhook"), Key: "-", Header: map[string]string{"X-Access-Code": "0123456789abcdef0123456789abcdef"}})
	expect(t, "by the access code", byCode.JSON(), doc{"url": "http://127.0.0.1:9/c"})
	for field, body := range map[string]doc{
		"url": {"url": "ftp://example.com/"}, "events.0": {"url": "http://127.0.0.1:9/", "events": []string{"message.received"}},
	} {
		a := w.Call(http.MethodPut, gate(w, "webhook"), body)
		refused(t, field, a, http.StatusUnprocessableEntity, "validation_failed")
		expect(t, field, a.JSON(), doc{"errors.0.field": field})
	}
	private := w.Call(http.MethodPut, gate(w, "webhook"), doc{"url": "http://10.0.0.1/"})
	expect(t, "a private host", private.JSON(), doc{"status": 422, "errors.0.code": "private"})
	refused(t, "no URL", w.Call(http.MethodGet, gate(w, "setWebhook"), nil), http.StatusUnprocessableEntity, "validation_failed")
	for status, ask := range map[int]apptest.Request{
		http.StatusBadRequest: {Body: []byte(`{"url":`)}, http.StatusUnsupportedMediaType: {Body: []byte(`{}`), Header: map[string]string{"Content-Type": "text/plain"}},
		http.StatusRequestEntityTooLarge: {Body: []byte(strings.Repeat(" ", 4<<20))},
	} {
		ask.Method, ask.Path = http.MethodPut, gate(w, "webhook")
		if a := w.Do(ask); a.Status != status {
			t.Errorf("%s, want %d", a, status)
		}
	}
	if a := w.Call(http.MethodDelete, gate(w, "webhook"), nil); a.Status != http.StatusNoContent {
		t.Errorf("the end: %s", a)
	}
	refused(t, "the end again", w.Call(http.MethodDelete, gate(w, "webhook"), nil), http.StatusNotFound, "not_found")
	refused(t, "after it", w.Call(http.MethodGet, gate(w, "webhook"), nil), http.StatusNotFound, "not_found")
	w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/platform-configs", doc{"platformSlug": "number-" + w.WhatsApp.String()})
	refused(t, "where a platform has its name", w.Call(http.MethodPut, gate(w, "webhook"), doc{"url": "http://127.0.0.1:9/"}), http.StatusConflict, "conflict")
	refused(t, "likewise", w.Call(http.MethodGet, gate(w, "setWebhook?url=http://127.0.0.1:9/"), nil), http.StatusConflict, "conflict")
}

// The webhook of a number stands among the account's configs, and is no platform.
func TestANumbersWebhookIsNoPlatform(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	hook := text(w.Want(http.StatusOK, http.MethodPut, gate(w, "webhook"), doc{"url": "http://127.0.0.1:9/"}), "platformConfigId")
	path := w.Base() + "/platform-configs/" + hook
	expect(t, "as a config", w.Want(http.StatusOK, http.MethodGet, path, nil), doc{"channelId": w.WhatsApp.String(), "platformSlug": "number-" + w.WhatsApp.String(), "isDefault": false, "secret": nil})
	expect(t, "in the list", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/platform-configs", nil), doc{"total": 2})
	channel := w.Base() + "/channels/" + w.WhatsApp.String()
	for what, c := range map[string]struct {
		method, path string
		body         any
		field        string
	}{
		"as the default":         {http.MethodPatch, path, doc{"isDefault": true}, "isDefault"},
		"for a platform's types": {http.MethodPatch, path, doc{"events": []string{"session.created"}}, "events.0"},
		"as a channel's":         {http.MethodPatch, channel, doc{"platformConfigId": hook}, "platformConfigId"},
		"for a session":          {http.MethodPost, "/api/session/transfer/" + session, doc{"params": doc{"platformSlug": "number-" + w.WhatsApp.String()}}, "params.platformSlug"},
	} {
		a := w.Call(c.method, c.path, c.body)
		refused(t, what, a, http.StatusUnprocessableEntity, "validation_failed")
		expect(t, what, a.JSON(), doc{"errors.0.field": c.field})
	}
	for provider, body := range map[string]doc{
		"whatsappweb": {"type": "MESSAGE", "id": "3EB0A", "from": apptest.Phone(), "body": doc{"type": "text", "content": "oi"}}, "360dialog": {"messages": []doc{}},
	} {
		into := strings.Replace(w.Webhook(provider), w.Config.String(), hook, 1)
		refused(t, "in the URL of "+provider, w.Do(apptest.Request{Method: http.MethodPost, Path: into, Body: body, Key: w.Secret}), http.StatusUnprocessableEntity, "validation_failed")
	}
	someone := doc{"contactIdentifier": apptest.Phone(), "name": "Ana", "type": "individual", "channelId": w.D360.String(), "channelType": "whatsapp", "platform": "number-" + w.WhatsApp.String()}
	own := w.Call(http.MethodPost, w.Base()+"/contacts", someone)
	refused(t, "as a contact's own platform", own, http.StatusUnprocessableEntity, "validation_failed")
	expect(t, "as a contact's own platform", own.JSON(), doc{"errors.0.field": "platform"})
	someone["platform"] = "whatsappweb" // a name of nothing is stored
	contact := w.Base() + "/contacts/" + text(w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/contacts", someone), "_id")
	refused(t, "as a contact's new one", w.Call(http.MethodPatch, contact, doc{"platform": "number-" + w.WhatsApp.String()}), http.StatusUnprocessableEntity, "validation_failed")
	w.Want(http.StatusOK, http.MethodPatch, path, doc{"events": []string{"MESSAGE"}})
	secret := text(w.Want(http.StatusOK, http.MethodPost, path+"/rotate-secret", nil), "secret")
	if _, err := standardwebhooks.NewWebhook(secret); err != nil {
		t.Errorf("another secret: %v", err)
	}
	if a := w.Call(http.MethodDelete, channel, nil); a.Status != http.StatusNoContent {
		t.Errorf("the channel's end: %s", a)
	}
	refused(t, "after its channel", w.Call(http.MethodGet, path, nil), http.StatusNotFound, "not_found")
}

// The linking of a number, its messages both ways with what becomes of them, and
// the end of its connection come to its webhook, signed and in order.
func TestANumbersWebhookHearsItsConversation(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	r := numberReceiver(t, w)
	w.Link()
	qr := r.heard(w, "QRCODE", nil)
	expect(t, "the code", qr.doc, doc{"clientNumber": w.Number, "id": text(qr.doc, "eventId")})
	expect(t, "linked", r.heard(w, "AUTHENTICATED", nil).doc, doc{"number": w.Number})
	expect(t, "logged in", r.heard(w, "LOGGED_IN", nil).doc, doc{"status": "open", "number": w.Number})
	r.heard(w, "CONNECTION_STATE", doc{"status": "open"})

	customer := people(w, 1)[0].Phone
	first := w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Olá, preciso de ajuda"})
	session := w.AwaitSession(customer)
	expect(t, "a text", r.heard(w, "MESSAGE", doc{"id": first}).doc, doc{
		"from": customer, "fromUserName": "Pessoa", "to": "web" + w.Number, "body.type": "text", "body.content": "Olá, preciso de ajuda", "clientNumber": w.Number,
	})
	lat, long := -22.9, -43.2
	for _, c := range []struct {
		draft whatsapp.Draft
		want  doc
	}{
		{whatsapp.Draft{To: w.Number, Text: "Sim", Quote: first}, doc{"quotedMessage.id": first, "quotedMessage.message": "Olá, preciso de ajuda"}},
		{whatsapp.Draft{To: w.Number, Type: "location", Location: &whatsapp.Place{Latitude: lat, Longitude: long, Name: "Loja"}}, doc{"body.type": "location", "body.content.latitude": lat, "body.content.longitude": long, "body.content.name": "Loja"}},
		{whatsapp.Draft{To: w.Number, Type: "reaction", Text: "👍", Message: first}, doc{"body.type": "reaction", "body.messageId": first, "body.emoji": "👍"}},
		{whatsapp.Draft{To: w.Number, Type: "contacts", Contacts: []whatsapp.Card{{Name: "Ana", Phone: "5521955554444"}}}, doc{"body.type": "contacts", "body.contacts.0.name.formatted_name": "Ana"}},
	} {
		id := w.Says(customer, c.draft)
		expect(t, c.draft.Type, r.heard(w, "MESSAGE", doc{"id": id}).doc, c.want)
	}

	image := w.Says(customer, whatsapp.Draft{To: w.Number, Type: "image", Text: "O comprovante", Media: &whatsapp.Media{MimeType: "image/jpeg", Bytes: apptest.JPEG}})
	for kind, want := range map[string]doc{
		"MESSAGE":    {"body.type": "image", "body.caption": "O comprovante", "body.mimetype": "image/jpeg"},
		"ATTACHMENT": {"body.type": "image", "body.caption": "O comprovante", "body.status": "ready", "body.size": float64(len(apptest.JPEG)), "from": customer},
	} {
		e := r.heard(w, kind, doc{"id": image})
		expect(t, kind, e.doc, want)
		link := w.Do(apptest.Request{Method: http.MethodGet, Path: strings.TrimPrefix(text(e.doc, "body.mediaUri"), w.App.URL()), Key: "-"})
		if link.Status != http.StatusOK || string(link.Body) != string(apptest.JPEG) {
			t.Errorf("the link of %s: %d, %d bytes", kind, link.Status, len(link.Body))
		}
	}

	voice := sampleFiles(t) + "/a.ogg"
	sent := send(w, session, doc{"mediaUri": voice, "asVoice": true})
	id := text(sent, "messageId")
	expect(t, "sent", r.heard(w, "MESSAGE_SENT", doc{"id": id}).doc, doc{"from": "web" + w.Number, "to": customer, "fromMe": true, "body.type": "audio", "body.voice": true})
	w.Shown(customer, "the voice message", func(m whatsapp.PhoneMessage) bool { return m.ID == id })
	must(w.Phones().Read(customer, w.Number, id))
	must(w.Phones().Play(customer, w.Number, id))
	for _, kind := range []string{"MESSAGE_DELIVERED", "MESSAGE_READ", "MESSAGE_PLAYED"} {
		expect(t, kind, r.heard(w, kind, doc{"id": id}).doc, doc{"from": customer, "to": "web" + w.Number})
	}
	film := text(send(w, session, doc{"mediaUri": sampleFiles(t) + "/a.mp4"}), "messageId")
	expect(t, "a video", r.heard(w, "MESSAGE_SENT", doc{"id": film}).doc, doc{"to": customer, "body.type": "video"})
	w.Shown(customer, "the video", func(m whatsapp.PhoneMessage) bool { return m.ID == film })
	r.heard(w, "MESSAGE_DELIVERED", doc{"id": film})
	must(w.Phones().Read(customer, w.Number, film))
	r.heard(w, "MESSAGE_READ", doc{"id": film})
	must(w.Phones().Play(customer, w.Number, film))
	r.heard(w, "MESSAGE_PLAYED", doc{"id": film})
	typed := w.Says(w.Number, whatsapp.Draft{To: customer, Text: "Já respondo"})
	expect(t, "typed on the phone", r.heard(w, "MESSAGE_SENT", doc{"id": typed}).doc, doc{"to": customer, "body.content": "Já respondo"})
	r.heard(w, "MESSAGE_DELIVERED", doc{"id": typed})
	stranger := people(w, 1)[0].Phone
	typed = w.Says(w.Number, whatsapp.Draft{To: stranger, Text: "Bom dia"})
	expect(t, "typed to a stranger", r.heard(w, "MESSAGE_SENT", doc{"id": typed}).doc, doc{"to": stranger, "body.content": "Bom dia"})

	w.Says(customer, whatsapp.Draft{To: w.Number, Type: "delete", Message: first})
	expect(t, "deleted by them", r.heard(w, "MESSAGE_REVOKED", doc{"id": first}).doc, doc{"from": customer, "fromMe": nil, "messageId": first})
	w.Want(http.StatusOK, http.MethodDelete, "/api/message/"+id+"?channelSlug=whatsappweb&senderId="+w.Number, nil)
	expect(t, "deleted by us", r.heard(w, "MESSAGE_REVOKED", doc{"id": id}).doc, doc{"fromMe": true, "to": customer})
	if err := w.Phones().DeleteForMe(w.Number, image); err != nil {
		t.Fatal(err)
	}
	expect(t, "deleted on the phone", r.heard(w, "MESSAGE_DELETED", doc{"id": image}).doc, doc{"from": customer, "messageId": image, "fromMe": nil})

	step(w, "logout")
	expect(t, "unlinked", r.heard(w, "DISCONNECTED", nil).doc, doc{"status": "logged_out"})
	settled(w)
	ofTheirs := slices.DeleteFunc(r.taken(), func(e hook) bool {
		return text(e.doc, "from") != customer || e.kind() == "ATTACHMENT" || e.kind() == "MESSAGE_DELETED"
	})
	if got, want := strings.Join(kinds(ofTheirs), " "), "MESSAGE MESSAGE MESSAGE MESSAGE MESSAGE MESSAGE MESSAGE_DELIVERED MESSAGE_READ MESSAGE_PLAYED MESSAGE_DELIVERED MESSAGE_READ MESSAGE_PLAYED MESSAGE_DELIVERED MESSAGE_REVOKED"; got != want {
		t.Errorf("what the customer did came as\n%s, want\n%s", got, want)
	}
	var connection []string
	for _, e := range r.taken() {
		if slices.Contains([]string{"AUTHENTICATED", "LOGGED_IN", "CONNECTION_STATE", "DISCONNECTED"}, e.kind()) {
			connection = append(connection, e.kind()+" "+text(e.doc, "status"))
		}
	}
	if got := strings.Join(connection, ", "); !strings.HasSuffix(got, "CONNECTION_STATE open, LOGGED_IN open, CONNECTION_STATE logged_out, DISCONNECTED logged_out") {
		t.Errorf("the connection's events: %s", got)
	}
	seen := map[string]bool{}
	for _, e := range r.taken() {
		if id := text(e.doc, "eventId"); seen[id] {
			t.Errorf("%s came twice", id)
		} else {
			seen[id] = true
		}
	}
}

// What WhatsApp does to a number, and what it is not asked for, comes so too.
func TestANumbersWebhookHearsOfItsBan(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	r := numberReceiver(t, w, "CONNECTION_FAILURE")
	if err := w.Phones().Ban(w.Number, whatsapp.Ban{Seconds: 600}); err != nil {
		t.Fatal(err)
	}
	e := r.heard(w, "CONNECTION_FAILURE", nil)
	expect(t, "banned", e.doc, doc{"status": "banned", "clientNumber": w.Number})
	settled(w)
	if got := kinds(r.taken()); len(got) != 1 {
		t.Errorf("who asked for one type heard %v", got)
	}
}

// A group's messages, its news and what the number may do in it come to its
// webhook.
func TestANumbersWebhookHearsOfItsGroups(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	r := numberReceiver(t, w)
	who := people(w, 2)
	boss, other := who[0].Phone, who[1].Phone
	id := must(w.Phones().CreateGroup(boss, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number}})).ID
	group := id + "-group"
	joined := r.heard(w, "GROUP_JOIN", doc{"group": group})
	expect(t, "taken in", joined.doc, doc{"from": boss, "to": "web" + w.Number, "groupInfo.id": group, "groupInfo.name": "Vendas", "groupInfo.participants.#": 2})

	said := w.Says(boss, whatsapp.Draft{To: id, Text: "Olá pessoal!"})
	expect(t, "said", r.heard(w, "GROUP_MESSAGE", doc{"id": said}).doc, doc{"from": boss, "fromUserName": "Pessoa", "to": "web" + w.Number, "groupInfo.id": group, "body.content": "Olá pessoal!"})
	shot := w.Says(boss, whatsapp.Draft{To: id, Type: "image", Text: "A loja", Media: &whatsapp.Media{MimeType: "image/jpeg", Bytes: apptest.JPEG}})
	expect(t, "its file", r.heard(w, "ATTACHMENT", doc{"id": shot}).doc, doc{
		"from": boss, "to": "web" + w.Number, "groupInfo.id": group, "body.type": "image", "body.caption": "A loja", "body.mimetype": "image/jpeg",
		"body.status": "ready", "body.size": float64(len(apptest.JPEG)),
	})
	typed := w.Says(w.Number, whatsapp.Draft{To: id, Text: "Bom dia"})
	expect(t, "typed", r.heard(w, "MESSAGE_SENT", doc{"id": typed}).doc, doc{"to": group, "groupInfo.id": group, "body.content": "Bom dia", "fromMe": true})
	w.Shown(boss, "what was typed", func(m whatsapp.PhoneMessage) bool { return m.ID == typed })
	must(w.Phones().Read(boss, id, typed))
	for _, kind := range []string{"MESSAGE_DELIVERED", "MESSAGE_READ"} {
		expect(t, kind, r.heard(w, kind, doc{"id": typed}).doc, doc{"from": group, "groupInfo.id": group})
	}
	yes, subject, description, picture := true, "Vendas 2023", "Só vendas", apptest.JPEG
	for what, change := range map[string]func(){
		"subject":     func() { must(w.Phones().PatchGroup(boss, id, whatsapp.GroupPatch{Subject: &subject})) },
		"description": func() { must(w.Phones().PatchGroup(boss, id, whatsapp.GroupPatch{Description: &description})) },
		"photo":       func() { must(w.Phones().PatchGroup(boss, id, whatsapp.GroupPatch{Picture: &picture})) },
		"locked":      func() { must(w.Phones().PatchGroup(boss, id, whatsapp.GroupPatch{Locked: &yes})) },
	} {
		change()
		want := map[string]any{"subject": subject, "description": description, "photo": true, "locked": true}[what]
		expect(t, what, r.heard(w, "GROUP_UPDATE", doc{"changes." + what: want}).doc, doc{"from": boss, "group": group})
	}
	must(w.Phones().ChangeMembers(boss, id, "add", []string{other}))
	r.heard(w, "GROUP_UPDATE", doc{"changes.joined.0": other})
	must(w.Phones().ChangeMembers(boss, id, "promote", []string{w.Number}))
	expect(t, "an admin", r.heard(w, "GROUP_PERMISSION", doc{"role": "admin"}).doc, doc{"group": group, "announceOnly": false, "from": boss})
	must(w.Phones().PatchGroup(boss, id, whatsapp.GroupPatch{Announce: &yes}))
	r.heard(w, "GROUP_PERMISSION", doc{"role": "admin", "announceOnly": true})
	must(w.Phones().ChangeMembers(boss, id, "demote", []string{w.Number}))
	r.heard(w, "GROUP_PERMISSION", doc{"role": "member", "announceOnly": true})
	must(w.Phones().ChangeMembers(boss, id, "remove", []string{other}))
	r.heard(w, "GROUP_UPDATE", doc{"changes.left.0": other})
	must(w.Phones().ChangeMembers(boss, id, "remove", []string{w.Number}))
	expect(t, "taken out", r.heard(w, "GROUP_LEAVE", doc{"group": group}).doc, doc{"from": boss, "groupInfo.id": group})
	must(w.Phones().ChangeMembers(boss, id, "add", []string{w.Number}))
	w.Eventually("taken in again", func() bool {
		return len(slices.DeleteFunc(r.taken(), func(e hook) bool { return e.kind() != "GROUP_JOIN" })) == 2
	})
	settled(w)
	if last := slices.DeleteFunc(r.taken(), func(e hook) bool {
		return !slices.Contains([]string{"GROUP_JOIN", "GROUP_LEAVE", "GROUP_PERMISSION"}, e.kind())
	}); strings.Join(kinds(last), " ") != "GROUP_JOIN GROUP_PERMISSION GROUP_PERMISSION GROUP_PERMISSION GROUP_LEAVE GROUP_JOIN" {
		t.Errorf("in order: %v", kinds(last))
	}
}

// What another gateway tells of a phone's battery is shown.
func TestABatteryIsShown(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	r := numberReceiver(t, w)
	for _, body := range []doc{{"type": "BATTERY", "battery": 40, "plugged": false}, {"type": "BATTERY", "body": doc{"battery": 85, "plugged": true}}, {"type": "BATTERY"}, {"type": "BATTERY", "battery": "?"}} {
		if a := w.Deliver("whatsappweb", body); a.Status != http.StatusOK {
			t.Fatalf("%v: %s", body, a)
		}
	}
	expect(t, "the status", w.Want(http.StatusOK, http.MethodGet, gate(w, "status"), nil), doc{"battery": 85.0, "plugged": true})
	w.Deliver("whatsappweb", doc{"type": "MESSAGE", "id": "3EB0B", "from": apptest.Phone(), "body": doc{"type": "text", "content": "oi"}})
	settled(w)
	if got := kinds(r.taken()); len(got) > 0 {
		t.Errorf("what came by a webhook was sent on by one: %v", got)
	}
}

// Every type that a number's webhook may ask for is documented, and none else.
func TestANumbersEventsAreThoseItMayAskFor(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	var all []string
	for _, one := range events.NumberTypes() {
		all = append(all, string(one))
	}
	expect(t, "all", w.Want(http.StatusOK, http.MethodPut, gate(w, "webhook"), doc{"url": "http://127.0.0.1:9/", "events": append(all, "BATTERY")}), doc{"events.#": len(all) + 1})
	a := w.Call(http.MethodPut, gate(w, "webhook"), doc{"url": "http://127.0.0.1:9/", "events": []string{"x"}})
	if want := "The types are: " + strings.Join(append(all, "BATTERY"), ", ") + "."; !strings.Contains(string(a.Body), want) {
		t.Errorf("%s, want %s", a, want)
	}
	var config platforms.Config
	if config.Wants("MESSAGE") {
		t.Error("who has no URL wants nothing")
	}
}
