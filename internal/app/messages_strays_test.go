package app_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
)

// A file that was kept for a message which never came, or for a contact that does
// not show it, is deleted after a day; those that are named, and uploaded ones,
// stay.
func TestAFileWithoutItsMessageGoesAfterADay(t *testing.T) {
	t.Parallel()
	var time0 clock
	w := apptest.Start(t, apptest.Options{App: app.Options{Now: time0.Now}}).World(t, apptest.Preset{})
	uploaded := upload(w, apptest.PNG, map[string]string{"Content-Type": "image/png"})
	sent := message(w, text(send(w, w.Session(apptest.Phone()), doc{"mediaUri": uploaded["_id"]}), "_id"))
	rooms, ctx := w.App.Rooms, context.Background()
	keep := func(message ids.Message) ids.Media {
		return must(rooms.Media.Keep(ctx, w.Account, bytes.NewReader(apptest.PNG), media.Hint{Message: message})).ID
	}
	stray := keep(ids.New[ids.Message]())
	// A contact shows one photo; of the other, a server died before it did.
	shows := must(ids.Parse[ids.Contact](text(create(w, person(w, apptest.Phone(), nil)), "_id")))
	photo := func() ids.Media {
		return must(rooms.Media.Keep(ctx, w.Account, bytes.NewReader(apptest.PNG), media.Hint{Contact: shows})).ID
	}
	shown, unseen := photo(), photo()
	if changed, _, err := rooms.Contacts.SetPhoto(ctx, shows, contacts.Picture{URL: rooms.Media.Address(shown), Version: "1", File: shown}); err != nil || !changed {
		t.Fatalf("the photo: %v, %v", changed, err)
	}
	look := func() {
		t.Helper()
		for _, l := range rooms.Messages.Loops() {
			if l.Name != "strays" {
				continue
			}
			if err := l.Run(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	time0.Advance(23 * time.Hour)
	look()
	for _, id := range []ids.Media{stray, unseen} {
		if _, err := rooms.Media.Open(ctx, id); err != nil {
			t.Errorf("after 23 hours: %v", err)
		}
	}
	time0.Advance(2 * time.Hour)
	look()
	for _, id := range []ids.Media{stray, unseen} {
		if _, err := rooms.Media.Open(ctx, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("after 25 hours: %v, want not_found", err)
		}
	}
	for what, id := range map[string]string{"the upload": text(uploaded, "_id"), "the photo": shown.String(), "the message's file": text(sent, "media.id")} {
		if a := w.Call(http.MethodGet, "/api/media/"+id, nil); a.Status != http.StatusOK {
			t.Errorf("%s: %s", what, a)
		}
	}
}
