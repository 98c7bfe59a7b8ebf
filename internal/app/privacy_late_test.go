package app_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// Somebody whom we know by one address, and devices by another, too, is erased
// under both: as the author of a quote, and of what was written in a group. An
// address that was somebody else's leaves that one alone.
func TestAnErasureKnowsEveryName(t *testing.T) {
	t.Parallel()
	server := apptest.Start(t, apptest.Options{})
	w := server.World(t, apptest.Preset{})
	number, hidden := apptest.Phone(), "77"+apptest.Phone()
	other := providers.Address{Kind: providers.KindPhone, Value: apptest.Phone()}
	group := &providers.Group{Address: providers.Address{Kind: providers.KindGroup, Value: "1203634" + other.Value[4:]}, Name: "Condomínio"}
	if _, err := w.App.DB.Collection("lid_map").InsertOne(t.Context(), bson.D{{Key: "_id", Value: hidden}, {Key: "pn", Value: number}}); err != nil {
		t.Fatal(err)
	}
	says := func(id string, from providers.Address, in *providers.Group, quote *providers.Quote) {
		t.Helper()
		err := w.App.Rooms.Messages.Accept(t.Context(), providers.Inbound{Channel: w.WhatsApp, ReceivedAt: time.Now(), Payload: providers.MessageReceived{
			ID: ids.ProviderMessage(id), From: providers.Party{Addresses: []providers.Address{from}}, Group: in, Timestamp: time.Now(), Quote: quote,
			Content: providers.Content{Type: providers.TypeText, Text: "texto " + id},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	by := map[string]providers.Address{"number": {Kind: providers.KindPhone, Value: number}, "hidden": {Kind: providers.KindLID, Value: hidden}}
	for known, others := range map[string]string{"number": "hidden", "hidden": "number"} {
		says("3EB0"+known+"1", by[known], nil, nil)
		says("3EB0"+known+"2", by[others], group, nil)
		says("3EB0"+known+"3", other, group, &providers.Quote{ID: ids.ProviderMessage("3EB0" + known + "2"), Text: "texto", Author: by[others]})
		says("3EB0"+known+"4", other, group, &providers.Quote{ID: "3EB0UNKNOWN", Text: "algo", Author: by[others]})
		page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?type=individual", nil)
		expect(t, "the contacts", page, doc{"total": 1})
		w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+text(page, "items.0._id"), nil)
		if found := traces(t, server, "", number, hidden, "texto 3EB0"+known+"2", "algo"); len(found) > 0 {
			t.Errorf("known by the %s: after the erasure\n%s", known, strings.Join(found, "\n"))
		}
		if _, err := w.App.DB.Collection("lid_map").InsertOne(t.Context(), bson.D{{Key: "_id", Value: hidden}, {Key: "pn", Value: number}}); err != nil {
			t.Errorf("the devices have not forgotten: %v", err)
		}
	}
	former := providers.Address{Kind: providers.KindLID, Value: "88" + number}
	says("3EB0A", by["hidden"], group, nil) // who has the number now
	err := w.App.Rooms.Messages.Accept(t.Context(), providers.Inbound{Channel: w.WhatsApp, ReceivedAt: time.Now(), Payload: providers.MessageReceived{
		ID: "3EB0B", From: providers.Party{Addresses: []providers.Address{by["number"], former}}, Timestamp: time.Now(), Content: providers.Content{Type: providers.TypeText, Text: "oi"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?type=individual", nil)
	w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+text(page, "items.0._id"), nil)
	if found := traces(t, server, "", "texto 3EB0A"); len(found) != 1 {
		t.Errorf("what the number's next owner wrote: %v", found)
	}
}

// A photo that comes while its person is erased goes, too.
func TestAPhotoThatComesDuringAnErasureGoes(t *testing.T) {
	t.Parallel()
	var comes atomic.Pointer[func()]
	monitor := &event.CommandMonitor{Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) {
		if e.CommandName == "distinct" { // of the person's photos
			if do := comes.Swap(nil); do != nil {
				(*do)()
			}
		}
	}}
	w := apptest.Start(t, apptest.Options{App: app.Options{Monitor: monitor}}).World(t, apptest.Preset{})
	id := text(create(w, person(w, apptest.Phone(), nil)), "_id")
	contact, rooms, ctx := must(ids.Parse[ids.Contact](id)), w.App.Rooms, context.WithoutCancel(t.Context())
	file := must(rooms.Media.Keep(ctx, w.Account, bytes.NewReader(apptest.PNG), media.Hint{Contact: contact})).ID
	do := func() { // as the room of photos does it
		changed, _, err := rooms.Contacts.SetPhoto(ctx, contact, contacts.Picture{URL: rooms.Media.Address(file), Version: "1", File: file})
		if err == nil && !changed {
			_, err = rooms.Media.Release(ctx, file)
		}
		if err != nil {
			t.Errorf("the photo: %v", err)
		}
	}
	comes.Store(&do)
	w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+id, nil)
	if comes.Load() != nil {
		t.Fatal("the test is blind: no photo came")
	}
	if _, err := rooms.Media.Open(ctx, file); !fault.Is(err, fault.NotFound) {
		t.Errorf("the photo is there: %v", err)
	}
}

// What the holder of a device writes into chats behind an erasure's back goes, too:
// at last it is done where the device is.
func TestAChatThatComesDuringAnErasureGoes(t *testing.T) {
	t.Parallel()
	var comes atomic.Pointer[func()]
	monitor := &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		if from, _ := e.Command.Lookup("delete").StringValueOK(); from == sessions.Collection { // the chats are behind it
			if do := comes.Swap(nil); do != nil {
				(*do)()
			}
		}
	}}
	w := apptest.Start(t, apptest.Options{App: app.Options{Monitor: monitor}}).World(t, apptest.Preset{})
	number := providers.Address{Kind: providers.KindPhone, Value: apptest.Phone()}
	id := text(create(w, person(w, number.Value, doc{"channelId": w.WhatsApp.String()})), "_id")
	says := func() {
		kept := w.App.Rooms.Chats.Take(context.WithoutCancel(t.Context()), providers.Inbound{Channel: w.WhatsApp, ReceivedAt: time.Now(), Payload: providers.MessageReceived{
			ID: "3EB0LATE", From: providers.Party{Addresses: []providers.Address{number}}, Timestamp: time.Now(), Content: providers.Content{Type: providers.TypeText, Text: "oi"},
		}})
		if err := kept(); err != nil || chatRows(w) != 2 {
			t.Errorf("%d rows are kept of what comes, %v", chatRows(w), err)
		}
	}
	comes.Store(&says)
	w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+id, nil)
	if comes.Load() != nil {
		t.Fatal("the test is blind: nothing came")
	}
	if found := traces(t, w.Server, "", number.Value); len(found) > 0 {
		t.Errorf("after the erasure:\n%s", strings.Join(found, "\n"))
	}
}
