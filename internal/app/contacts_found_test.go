package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// searched lists contacts by a query.
func searched(w *apptest.World, query url.Values) doc {
	w.T.Helper()
	return w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?"+query.Encode(), nil)
}

// The contacts of a deleted channel are found by their number, and go with the
// person.
func TestAPersonIsOnDeletedChannelsToo(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	in := received(w, w.Write(phone, d360.InboundMessage{Type: "text", Text: "Oi"}))
	there := create(w, person(w, phone, doc{"channelId": w.WhatsApp.String()}))
	if a := w.Call(http.MethodDelete, w.Base()+"/channels/"+w.D360.String(), nil); a.Status != http.StatusNoContent {
		t.Fatalf("deleting the channel: %s", a)
	}
	expect(t, "the list", searched(w, url.Values{"contactIdentifier": {phone}}), doc{"total": 2})
	a := w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+text(there, "_id")+"?allChannels=true", nil)
	expect(t, "what was erased", a, doc{"erased.contacts": 2, "erased.messages": 1, "erased.sessions": 1})
	refused(t, "the contact of the deleted channel", w.Call(http.MethodGet, w.Base()+"/contacts/"+text(in, "contactId"), nil), http.StatusNotFound, "not_found")
	refused(t, "its message", w.Call(http.MethodGet, "/api/message/"+text(in, "_id"), nil), http.StatusNotFound, "not_found")
}

// calledBy delivers a message of somebody with this name.
func calledBy(w *apptest.World, phone, name string) doc {
	w.T.Helper()
	id := "wamid.NAMED" + phone
	a := w.Deliver("360dialog", doc{
		"contacts": []any{doc{"wa_id": phone, "profile": doc{"name": name}}},
		"messages": []any{doc{"from": phone, "id": id, "type": "text", "timestamp": "999999999999999", "text": doc{"body": "Oi"}}},
	})
	if a.Status != http.StatusOK {
		w.T.Fatalf("the webhook: %s", a)
	}
	return received(w, id)
}

// Names without measure are cut, a time that nobody can write is none, and one
// walks past them by cursor.
func TestNamesAndTimesWithoutMeasure(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	var want []string
	for _, name := range []string{strings.Repeat("ж", 500), strings.Repeat("Ж", 600), strings.Repeat("x", 600_000), "Ana"} {
		in := calledBy(w, apptest.Phone(), name)
		if at := text(in, "timestamp"); len(at) != len("2026-01-01T00:00:00.000Z") {
			t.Errorf("a message is of %q", at)
		}
		want = append(want, text(in, "contactId"))
	}
	for _, sort := range []string{"name", "createdAt"} {
		var got []string
		query := url.Values{"sort": {sort}, "limit": {"1"}}
		for range len(want) + 1 {
			page := searched(w, query)
			for _, item := range items(page) {
				got = append(got, text(item, "_id"))
				if n := utf8.RuneCountInString(text(item, "name")); n > 512 {
					t.Errorf("a name has %d letters", n)
				}
			}
			if query.Set("cursor", text(page, "nextCursor")); query.Get("cursor") == "" {
				break
			}
			if len(query.Get("cursor")) > 1024 {
				t.Errorf("a cursor has %d letters", len(query.Get("cursor")))
			}
		}
		slices.Sort(got)
		expected := slices.Sorted(slices.Values(want))
		if !slices.Equal(got, expected) {
			t.Errorf("by %s one walks past %v, want %v", sort, got, expected)
		}
	}
}

// A word begins where letters or digits do, and a long name takes none of the
// other's.
func TestSearchingWithinNames(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	bracket := text(create(w, person(w, apptest.Phone(), doc{"name": "João (Mercearia)"})), "_id")
	long := text(create(w, person(w, apptest.Phone(), doc{"name": "um dois três quatro cinco seis sete oito nove", "customName": "Ateliê d'Ávila/Unidade-2"})), "_id")
	emoji := text(create(w, person(w, apptest.Phone(), doc{"name": "🌸Flávia🌸"})), "_id")
	for name, want := range map[string][]string{
		"mercearia": {bracket}, "Mercearia)": {bracket}, "(merc": {bracket}, "joão (mercearia)": {bracket}, "ercearia": {},
		"avila": {long}, "avila/unidade": {long}, "unidade-2": {long}, "2": {long}, "d'avila": {long}, "oito": {long}, "ateliê": {long},
		"flavia": {emoji}, "🌸": {emoji}, "🌸fla": {emoji},
	} {
		got := []string{}
		for _, item := range items(searched(w, url.Values{"name": {name}})) {
			got = append(got, text(item, "_id"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", name, got, want)
		}
	}
}

// Whatever is printed as an identifier is taken as one.
func TestLongIdentifiersAreTaken(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	for _, letters := range []int{123, 128} {
		user := "BR." + strings.Repeat("a", letters)
		in := flat(w, doc{"from_user_id": user, "id": "wamid.LONG" + user[:letters], "type": "text", "text": doc{"body": "Oi"}})
		expect(t, "the list", searched(w, url.Values{"contactIdentifier": {user}}), doc{"total": 1, "items.0._id": in["contactId"]})
		a := w.Call(http.MethodPost, "/api/message/start/d360", doc{"to": user, "template": "contato_cliente", "templateVariables": []any{"a", "b"}})
		if strings.Contains(string(a.Body), `"field":"to"`) {
			t.Errorf("to: %s", a)
		}
		path := w.Base() + "/contacts/" + text(in, "contactId")
		w.Want(http.StatusOK, http.MethodPatch, path, doc{"contactIdentifier": user})
	}
	group := "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD"
	in := flat(w, doc{"from": apptest.Phone(), "group_id": group, "id": "wamid.GROUP" + group[:20], "type": "text", "text": doc{"body": "Oi"}})
	page := searched(w, url.Values{"contactIdentifier": {group + "-group"}})
	expect(t, "the group", page, doc{"total": 1, "items.0._id": in["contactId"], "items.0.contactIdentifier": group + "-group"})
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/contacts/"+text(in, "contactId"), doc{"contactIdentifier": group + "-group"})
}

// Our id finds a message also where its channel is named.
func TestAMessageByOurIDAndItsChannel(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	in := received(w, w.Write(apptest.Phone(), d360.InboundMessage{Type: "text", Text: "Oi"}))
	path := "/api/message/" + text(in, "_id") + "?channelId="
	expect(t, "the message", w.Want(http.StatusOK, http.MethodGet, path+w.D360.String(), nil), doc{"_id": in["_id"]})
	refused(t, "on another channel", w.Call(http.MethodGet, path+w.WhatsApp.String(), nil), http.StatusNotFound, "not_found")
}

// What is wrong with a request is said of its field.
func TestTheFieldAtFaultIsNamed(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"mediaUri": "https://127.0.0.1:1/nothing.png"}))
	refused(t, "a file that cannot be had", a, http.StatusUnprocessableEntity, "media_unavailable")
	expect(t, "a file that cannot be had", a.JSON(), doc{"errors.0.field": "mediaUri", "errors.0.code": "media_unavailable"})
	a = w.Call(http.MethodPost, "/api/session/transfer/"+session, doc{"params": doc{"platformSlug": "console", "agentName": "Maria"}})
	refused(t, "a name of nobody", a, http.StatusUnprocessableEntity, "validation_failed")
	expect(t, "a name of nobody", a.JSON(), doc{"errors.0.field": "params.agentId"})
}

// With an account go the files that were uploaded for it.
func TestADeletedAccountLeavesNoFiles(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	admin := func(method, path string, body any) apptest.Answer {
		return w.Do(apptest.Request{Method: method, Path: path, Body: body, Key: apptest.AdminKey})
	}
	base := "/api/accounts/" + text(admin(http.MethodPost, "/api/accounts", doc{"name": "Conta"}).JSON(), "clientIdentifier")
	var files []string
	for range 2 {
		a := w.Do(apptest.Request{Method: http.MethodPost, Path: base + "/media", Body: apptest.PNG, Header: map[string]string{"Content-Type": "image/png"}, Key: apptest.AdminKey})
		files = append(files, "/api/media/"+text(a.JSON(), "_id"))
	}
	mine := "/api/media/" + text(upload(w, apptest.PNG, map[string]string{"Content-Type": "image/png"}), "_id")
	if a := admin(http.MethodDelete, base, nil); a.Status != http.StatusNoContent {
		t.Fatalf("deleting the account: %s", a)
	}
	for _, file := range files {
		refused(t, "its file", admin(http.MethodGet, file, nil), http.StatusNotFound, "not_found")
	}
	if a := admin(http.MethodGet, mine, nil); a.Status != http.StatusOK {
		t.Errorf("another account's file: %s", a)
	}
}
