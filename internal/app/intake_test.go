package app_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/vault"
)

// webText is a WhatsApp Web message.
func webText(phone, content string, more doc) doc {
	body := doc{"type": "MESSAGE", "from": phone, "fromUserName": "Ana", "to": "5521977776666", "body": doc{"type": "text", "content": content}}
	for name, value := range more {
		body[name] = value
	}
	return body
}

// cloudText is a message in the Cloud API's envelope.
func cloudText(phone, id, content string) doc {
	return cloud(doc{"messages": []any{doc{"from": phone, "id": id, "timestamp": unixNow(), "type": "text", "text": doc{"body": content}}}})
}

// cloud wraps values as the Cloud API does.
func cloud(values ...doc) doc {
	changes := []any{}
	for _, value := range values {
		changes = append(changes, doc{"field": "messages", "value": value})
	}
	return doc{"object": "whatsapp_business_account", "entry": []any{doc{"id": "1", "changes": changes}}}
}

func signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Every way to prove the webhook's secret is taken, on both routes; whatever is
// no proof is 401, and shown in the channel's state.
func TestHowAWebhookProvesItsSecret(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	for _, provider := range []string{"360dialog", "whatsappweb"} {
		call := func(n int, query string, header func(body []byte) map[string]string) apptest.Answer {
			phone := apptest.Phone()
			body := []byte(mustJSON(cloudText(phone, "wamid."+provider+strconv.Itoa(n), "oi")))
			if provider == "whatsappweb" {
				body = []byte(mustJSON(webText(phone, "oi", nil)))
			}
			return w.Do(apptest.Request{Method: http.MethodPost, Path: w.Webhook(provider) + query, Body: body, Key: "-", Header: header(body)})
		}
		plain := func(header map[string]string) func([]byte) map[string]string {
			return func([]byte) map[string]string { return header }
		}
		standard := func(at time.Time, secret string) func([]byte) map[string]string {
			return func(body []byte) map[string]string {
				hook := must(standardwebhooks.NewWebhook(secret))
				signed := must(hook.Sign("msg_1", at, body))
				return map[string]string{"webhook-id": "msg_1", "webhook-timestamp": strconv.FormatInt(at.Unix(), 10), "webhook-signature": signed}
			}
		}
		for i, good := range []apptest.Answer{
			call(0, "", plain(map[string]string{"Authorization": "Bearer " + w.Secret})),
			call(1, "", plain(map[string]string{"X-Webhook-Secret": w.Secret})),
			call(2, "?token="+w.Secret, plain(nil)),
			call(3, "", func(body []byte) map[string]string {
				return map[string]string{"x-360dialog-signature": signature(w.Secret, body)}
			}),
			call(4, "", func(body []byte) map[string]string {
				return map[string]string{"x-360dialog-signature": "sha256=" + signature(w.Secret, body)}
			}),
			call(5, "", standard(time.Now(), w.Secret)),
		} {
			if good.Status != http.StatusOK {
				t.Errorf("%s, proof %d: %s", provider, i, good)
			}
		}
		for i, bad := range []apptest.Answer{
			call(6, "", plain(nil)),
			call(7, "", plain(map[string]string{"Authorization": "Bearer " + w.Key})),
			call(8, "", plain(map[string]string{"X-Webhook-Secret": w.Secret + "x"})),
			call(9, "?token=", plain(nil)),
			call(10, "", plain(map[string]string{"x-360dialog-signature": signature(w.Secret, []byte("another body"))})),
			call(11, "", standard(time.Now().Add(-time.Hour), w.Secret)),
			call(12, "", standard(time.Now(), "whsec_"+"YW5vdGhlci1zZWNyZXQtYWx0b2dldGhlcg==")),
		} {
			refused(t, fmt.Sprintf("%s, no proof %d", provider, i), bad, http.StatusUnauthorized, "unauthenticated")
		}
		channel := w.D360
		if provider == "whatsappweb" {
			channel = w.WhatsApp
		}
		state := text(w.Want(http.StatusOK, http.MethodGet, w.Base()+"/channels/"+channel.String(), nil), "state.detail")
		if !strings.Contains(state, "secret") || strings.Contains(state, w.Secret) {
			t.Errorf("%s: the channel's state says %q", provider, state)
		}
	}
	if lines := journalLines(w.Secret); len(lines) > 0 {
		t.Errorf("the log holds the secret: %s", lines[0])
	}
}

// The URL must name a channel of its provider and no platform of another account;
// for one that is gone the default stands in.
func TestAWebhooksAddress(t *testing.T) {
	t.Parallel()
	w, other := apptest.NewWorld(t), apptest.NewWorld(t)
	body := cloudText(apptest.Phone(), "wamid.NOWHERE", "oi")
	for _, path := range []string{
		"/api/webhook/360dialog/" + w.Config.String() + "/64cbbd9596429dbccd7841e2",
		"/api/webhook/360dialog/" + other.Config.String() + "/" + w.D360.String(),
		"/api/webhook/360dialog/" + w.Config.String() + "/" + w.WhatsApp.String(),
		"/api/webhook/whatsappweb/" + w.Config.String() + "/" + w.D360.String(),
		"/api/webhook/360dialog/x/y",
	} {
		refused(t, path, w.Do(apptest.Request{Method: http.MethodPost, Path: path, Body: body, Key: w.Secret}), http.StatusNotFound, "not_found")
	}
}

// What is no webhook at all is refused before anything is built of it.
func TestBodiesThatAreNoWebhook(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	deep := []byte(`{"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`)
	for _, provider := range []string{"360dialog", "whatsappweb"} {
		for what, c := range map[string]struct {
			body   []byte
			status int
			code   string
		}{
			"ten megabytes":   {bytes.Repeat([]byte(" "), 10<<20), http.StatusRequestEntityTooLarge, "payload_too_large"},
			"10,000 levels":   {deep, http.StatusBadRequest, "malformed_request"},
			"no JSON":         {[]byte("not JSON"), http.StatusBadRequest, "malformed_request"},
			"half a body":     {[]byte(`{"messages":[{"from":"5521`), http.StatusBadRequest, "malformed_request"},
			"nothing":         {[]byte{}, http.StatusBadRequest, "malformed_request"},
			"not UTF-8":       {[]byte("{\"a\":\"\xff\xfe\"}"), http.StatusBadRequest, "malformed_request"},
			"a list":          {[]byte(`[1,2]`), http.StatusBadRequest, "malformed_request"},
			"a text":          {[]byte(`"oi"`), http.StatusBadRequest, "malformed_request"},
			"another meaning": {[]byte(`{"messages":"none","entry":7,"type":{}}`), http.StatusBadRequest, "malformed_request"},
		} {
			a := w.Do(apptest.Request{Method: http.MethodPost, Path: w.Webhook(provider), Body: c.body, Key: w.Secret})
			refused(t, provider+", "+what, a, c.status, c.code)
		}
	}
	expect(t, "nothing came of it", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts", nil), doc{"total": 0})
}

// A webhook may mix messages, statuses and errors; a bad element costs nobody
// else.
func TestAWebhookThatMixesEverything(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	fail(w, d360.Fault{Kind: "no_statuses"}, d360.Match{}, 1)
	sent := send(w, session, doc{"text": "Olá"})
	good := func(n string) doc {
		return doc{"from": phone, "id": "wamid." + phone + n, "timestamp": unixNow(), "type": "text", "text": doc{"body": n}}
	}
	body := cloud(
		doc{"contacts": []any{doc{"wa_id": phone, "profile": doc{"name": "Ana"}}}, "messages": []any{good("1"), doc{"from": []any{}, "id": 7}, "junk", nil, good("2")}},
		doc{"statuses": []any{doc{"id": sent["messageId"], "status": "delivered", "timestamp": unixNow(), "recipient_id": phone}, doc{"status": 4}, 9}, "errors": []any{doc{"code": 131052, "title": "x"}}},
		doc{"messages": []any{good("3")}, "new_field_of_meta": doc{"a": 1}},
	)
	if a := w.Deliver("360dialog", body); a.Status != http.StatusOK {
		t.Fatalf("the webhook: %s", a)
	}
	for _, n := range []string{"1", "2", "3"} {
		expect(t, "message "+n, onChannel(w, w.D360.String(), "wamid."+phone+n), doc{"content.text": n, "sessionId": session})
	}
	expect(t, "the sent one", message(w, text(sent, "_id")), doc{"status": "delivered"})
	again := w.Deliver("360dialog", body)
	if again.Status != http.StatusOK {
		t.Fatalf("the webhook again: %s", again)
	}
	expect(t, "the session", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil), doc{"total": 5})
	expect(t, "the session", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil), doc{"unreadCount": 4})
}

// A webhook of several numbers goes to the account's channels; an unknown
// number, and another account's, to the URL's.
func TestAWebhookThatMixesNumbers(t *testing.T) {
	t.Parallel()
	w, other := apptest.NewWorld(t), apptest.NewWorld(t)
	second, err := w.Simulator.AddNumber(d360.NumberConfig{DisplayPhoneNumber: apptest.Phone()})
	if err != nil {
		t.Fatal(err)
	}
	channel := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/channels", doc{
		"name": "Dois", "channelType": "whatsapp", "provider": "d360", "identifier": second.DisplayPhoneNumber, "credentials": doc{"apiKey": second.APIKey},
	})
	phone := apptest.Phone()
	of := func(numberID, n string) doc {
		value := doc{"messages": []any{doc{"from": phone, "id": "wamid." + phone + n, "timestamp": unixNow(), "type": "text", "text": doc{"body": n}}}}
		if numberID != "" {
			value["metadata"] = doc{"phone_number_id": numberID}
		}
		return value
	}
	body := cloud(of(numberID(w), "own"), of(second.PhoneNumberID, "second"), of("999999999999999", "unknown"), of(numberID(other), "other"), of("", "none"))
	if a := w.Deliver("360dialog", body); a.Status != http.StatusOK {
		t.Fatalf("the webhook: %s", a)
	}
	for n, want := range map[string]string{"own": w.D360.String(), "second": text(channel, "_id"), "unknown": w.D360.String(), "other": w.D360.String(), "none": w.D360.String()} {
		onChannel(w, want, "wamid."+phone+n)
	}
	expect(t, "the other account", other.Want(http.StatusOK, http.MethodGet, other.Base()+"/contacts", nil), doc{"total": 0})
}

// Without an id duplicates are told by sender, time and content; without a
// time, by the identical body within ten seconds; a header may name the id.
func TestDuplicatesOnWhatsAppWeb(t *testing.T) {
	t.Parallel()
	var time0 clock
	w := apptest.Start(t, apptest.Options{App: app.Options{Now: time0.Now}}).World(t, apptest.Preset{})
	phone := apptest.Phone()
	stored := func() any {
		return at(w.Want(http.StatusOK, http.MethodGet, "/api/session/"+w.AwaitSession(phone)+"/messages", nil), "total")
	}
	deliver := func(what string, body doc, header map[string]string, duplicate any, total int) {
		t.Helper()
		a := w.Do(apptest.Request{Method: http.MethodPost, Path: w.Webhook("whatsappweb"), Body: body, Key: w.Secret, Header: header})
		if a.Status != http.StatusOK || a.JSON()["duplicate"] != duplicate {
			t.Errorf("%s: %s, want duplicate %v", what, a, duplicate)
		}
		if n := stored(); n != float64(total) {
			t.Errorf("%s: %v messages, want %d", what, n, total)
		}
	}
	now := time.Now().Unix()
	deliver("an untimed body", webText(phone, "oi", nil), nil, nil, 1)
	time0.Advance(5 * time.Second)
	deliver("again within ten seconds", webText(phone, "oi", nil), nil, true, 1)
	deliver("another body", webText(phone, "oi!", nil), nil, nil, 2)
	time0.Advance(11 * time.Second)
	deliver("again after ten seconds", webText(phone, "oi", nil), nil, nil, 3)
	deliver("a timed one", webText(phone, "às dez", doc{"timestamp": now}), nil, nil, 4)
	time0.Advance(time.Hour)
	deliver("again an hour later", webText(phone, "às dez", doc{"timestamp": now}), nil, true, 4)
	deliver("the same text a second later", webText(phone, "às dez", doc{"timestamp": now + 1}), nil, nil, 5)
	deliver("one with an id", webText(phone, "com id", doc{"id": "ID1"}), nil, nil, 6)
	deliver("its id again", webText(phone, "com id, outra vez", doc{"id": "ID1"}), nil, true, 6)
	for i, name := range []string{"Webhook-Id", "Idempotency-Key"} {
		header := map[string]string{name: "h" + name}
		deliver(name, webText(phone, name, nil), header, nil, 7+i)
		time0.Advance(time.Minute)
		deliver(name+" again", webText(phone, name, nil), header, true, 7+i)
	}
}

// A status for an id that is not known yet waits for its message; statuses and
// edits of nobody change nothing.
func TestAStatusThatComesBeforeItsMessage(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	id := "wamid.HBgEARLY" + phone
	status := func(of, what string) apptest.Answer {
		return w.Deliver("360dialog", doc{"statuses": []any{doc{"id": of, "status": what, "timestamp": unixNow(), "recipient_id": phone}}})
	}
	for _, what := range []string{"read", "sent", "delivered"} { // in no order
		if a := status(id, what); a.Status != http.StatusOK {
			t.Fatalf("the status: %s", a)
		}
	}
	if a := status("wamid.NOBODYS", "read"); a.Status != http.StatusOK {
		t.Errorf("a status of nobody's message: %s", a)
	}
	echo := cloud()
	echo["entry"].([]any)[0].(doc)["changes"] = []any{doc{"field": "smb_message_echoes", "value": doc{"message_echoes": []any{
		doc{"from": w.Number, "to": phone, "id": id, "timestamp": unixNow(), "type": "text", "text": doc{"body": "do celular"}},
	}}}}
	if a := w.Deliver("360dialog", echo); a.Status != http.StatusOK {
		t.Fatalf("the echo: %s", a)
	}
	row := onChannel(w, w.D360.String(), id)
	expect(t, "the echo", row, doc{"sessionId": session, "direction": "outbound", "origin": "phone", "content.text": "do celular"})
	row = await(w, text(row, "_id"), doc{"status": "read", "statusHistory.#": 3})
	if got := steps(row); !strings.HasPrefix(got, "sent ") {
		t.Errorf("the history is %q", got)
	}
}

// What is typed on the number's phone joins the open session and opens none.
func TestStaffWritingOnThePhone(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	stranger, phone := apptest.Phone(), apptest.Phone()
	if _, err := w.Simulator.StaffWrites(w.APIKey, stranger, "a um desconhecido"); err != nil {
		t.Fatal(err)
	}
	session := w.Session(phone)
	id, err := w.Simulator.StaffWrites(w.APIKey, phone, "Oi, aqui é a Ana")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the echo", onChannel(w, w.D360.String(), id), doc{"sessionId": session, "direction": "outbound", "origin": "phone", "sequence": 2, "status": "sent"})
	expect(t, "the sessions", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions", nil), doc{"total": 1, "items.0.unreadCount": 1})
	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
	if _, err := w.Simulator.StaffWrites(w.APIKey, phone, "mais uma"); err != nil {
		t.Fatal(err)
	}
	flat(w, doc{"from": apptest.Phone(), "id": "wamid.LAST" + phone, "type": "text", "text": doc{"body": "x"}})
	w.Eventually("all webhooks", func() bool { _, counts := w.Simulator.Deliveries(); return counts.Queued == 0 })
	expect(t, "the contact's sessions", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?status=finished", nil), doc{"total": 1})
	expect(t, "the open ones", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?status=active", nil), doc{"total": 1})
}

// All kinds of WhatsApp Web messages, and the gateway's other events.
func TestWhatWhatsAppWebDelivers(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	for id, c := range map[string]struct{ body, want doc }{
		"W-text":     {doc{"type": "text", "content": "oi"}, doc{"type": "text", "content": doc{"text": "oi"}}},
		"W-location": {doc{"type": "location", "content": doc{"latitude": -22.9, "longitude": -43.1, "name": "Loja"}}, doc{"type": "location", "content": doc{"latitude": -22.9, "longitude": -43.1, "name": "Loja"}}},
		"W-contacts": {doc{"type": "contacts", "contacts": []any{doc{"name": doc{"formatted_name": "Ana"}}}}, doc{"type": "contacts", "content.contacts.0.name.formatted_name": "Ana"}},
		"W-other":    {doc{"type": "poll", "content": "?"}, doc{"type": "unsupported", "content.kind": "poll"}},
	} {
		if a := w.Deliver("whatsappweb", webText(phone, "", doc{"id": id + phone, "body": c.body})); a.Status != http.StatusOK {
			t.Errorf("%s: %s", id, a)
		}
		expect(t, id, onChannel(w, w.WhatsApp.String(), id+phone), c.want)
	}
	for _, event := range []doc{
		{"type": "BATTERY", "battery": 50}, {"type": "CONNECTION_STATE", "state": "open"}, {"type": "QRCODE", "qr": "x"}, {"type": "MESSAGE_DELETED", "id": "x"},
		{"type": "GROUP_LEAVE"}, {"type": "AUTHENTICATED"}, {"type": "DISCONNECTED"}, {"type": "SOMETHING_NEW"},
	} {
		if a := w.Deliver("whatsappweb", event); a.Status != http.StatusOK {
			t.Errorf("%v: %s", event["type"], a)
		}
	}
	react := webText(phone, "", doc{"id": "W-react" + phone, "body": doc{"type": "reaction", "messageId": "W-text" + phone, "emoji": "👍"}})
	if a := w.Deliver("whatsappweb", react); a.Status != http.StatusOK {
		t.Fatalf("a reaction: %s", a)
	}
	expect(t, "its target", onChannel(w, w.WhatsApp.String(), "W-text"+phone), doc{"reactions.0.emoji": "👍"})
	if a := w.Deliver("whatsappweb", doc{"type": "MESSAGE_REVOKED", "id": "W-text" + phone, "from": phone}); a.Status != http.StatusOK {
		t.Fatalf("a revoke: %s", a)
	}
	if onChannel(w, w.WhatsApp.String(), "W-text"+phone)["revokedAt"] == nil {
		t.Error("the revoked message is not marked")
	}
	for _, bad := range []doc{{"from": phone}, {"type": "MESSAGE"}, {"type": "MESSAGE", "from": "nobody", "body": doc{"type": "text", "content": "x"}}, {"type": "MESSAGE", "from": phone}, {"type": "GROUP_MESSAGE", "from": phone, "body": doc{"type": "text", "content": "x"}}} {
		refused(t, mustJSON(bad), w.Deliver("whatsappweb", bad), http.StatusBadRequest, "malformed_request")
	}
}

// Two servers on one store take the same webhooks at once: every message is
// there once, in one session a contact, numbered without a gap.
func TestTwoServersOnOneStore(t *testing.T) {
	t.Parallel()
	database := mongotest.Fresh(t).Name()
	key := vault.NewKey()
	both := apptest.Options{Database: database, Config: func(c *config.Config) { c.MasterKey = key }}
	w := apptest.Start(t, both).World(t, apptest.Preset{})
	two := *w
	two.Server = apptest.Start(t, both)
	const people, each = 4, 15
	phones := []string{}
	var wg sync.WaitGroup
	for p := range people {
		phone := apptest.Phone()
		phones = append(phones, phone)
		for _, server := range []*apptest.World{w, &two} {
			wg.Go(func() {
				for i := range each {
					id := fmt.Sprintf("TWO%d-%d", p, i)
					if a := server.Deliver("whatsappweb", webText(phone, strconv.Itoa(i), doc{"id": id})); a.Status != http.StatusOK {
						t.Errorf("%s: %s", id, a)
					}
				}
			})
		}
	}
	wg.Wait()
	for _, phone := range phones {
		page := two.Want(http.StatusOK, http.MethodGet, "/api/session/"+w.AwaitSession(phone)+"/messages?limit=100&order=asc", nil)
		expect(t, "the messages of "+phone, page, doc{"total": each})
		for i, m := range items(page) {
			expect(t, "a message", m, doc{"sequence": i + 1})
		}
	}
	n, err := w.App.DB.Collection("sessions").CountDocuments(context.Background(), bson.D{})
	if err != nil || n != people {
		t.Errorf("%d sessions for %d people: %v", n, people, err)
	}
}
