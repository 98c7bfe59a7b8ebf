package app_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
)

// resume asks for the stream behind a position.
func resume(w *apptest.World, after int64) apptest.Answer {
	return w.Do(apptest.Request{Method: http.MethodGet, Path: w.Base() + "/events", Header: map[string]string{"Last-Event-ID": strconv.FormatInt(after, 10)}})
}

// What was fleeting and is given up says nothing any more, and keeps its
// position: whoever goes on with the stream meets no hole.
func TestWhatIsGivenUpKeepsItsPosition(t *testing.T) {
	t.Parallel()
	w, r, clock := leaping(t)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"mode": "gateway"}})
	r.answers(always(http.StatusServiceUnavailable))
	live := hear(t, w, -1, "")
	before, phone := live.at(), apptest.Phone()
	fleeting := func() (some, full int) {
		for _, row := range eventstest.Rows(t, w.App.DB, w.Account) {
			if row.Channel == w.WhatsApp && row.Type == events.MessageReceived && row.Session.IsZero() {
				some++
				if len(row.Facts) > 0 || !row.Gone {
					full++
				}
			}
		}
		return some, full
	}
	w.Eventually("something fleeting waits", func() bool {
		w.Deliver("whatsappweb", doc{"type": "MESSAGE", "id": fmt.Sprint("3EB0HOLE", said64.Add(1)), "from": apptest.Phone(), "to": w.Number, "body": doc{"content": "de passagem", "type": "text"}, "timestamp": 1691058600})
		some, _ := fleeting()
		return some > 0
	})
	write(w, phone, "um")
	live.await(w, "message.received")
	w.Eventually("all is placed", func() bool { return unplaced(w) == 0 })
	clock.by(events.KeptInGateway + time.Minute)
	for _, loop := range w.App.Rooms.Events.Loops() {
		if loop.Name == "events_emptied" {
			if err := loop.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if some, full := fleeting(); some == 0 || full > 0 {
		t.Errorf("%d fleeting events are left, %d with what they say", some, full)
	}
	var indexes []bson.M
	if err := must(w.App.DB.Collection(events.Collection).Indexes().List(t.Context())).All(t.Context(), &indexes); err != nil {
		t.Fatal(err)
	}
	for _, index := range indexes {
		if _, deletes := index["expireAfterSeconds"]; deletes && index["name"] != "createdAt_1" {
			t.Errorf("the store deletes events by %v", index["name"])
		}
	}
	again := hear(t, w, before, "")
	w.Eventually("what else there was", func() bool {
		for _, e := range again.heard() {
			if e.event == "message.received" && text(e.doc, "data.message.content.text") == "um" {
				return true
			}
		}
		return false
	})
}

// Before events that are not kept any more, the rest is told; then whoever comes
// back is told that there is a gap, filtered or not.
func TestAStreamTellsWhatIsBeforeAGap(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	for n := range 4 {
		write(w, apptest.Phone(), fmt.Sprint(n))
		w.Eventually("it is placed", func() bool { return unplaced(w) == 0 })
	}
	rows := eventstest.Rows(t, w.App.DB, w.Account)
	batches := w.App.DB.Collection(events.Collection)
	gap := rows[len(rows)-5]
	var batch events.Batch
	if err := batches.FindOneAndDelete(context.Background(), bson.D{{Key: "_id", Value: gap.Batch}}).Decode(&batch); err != nil {
		t.Fatal(err)
	}
	before := batch.Last - int64(len(batch.Events))
	for _, query := range []string{"", "type=session.finished"} {
		e := hear(t, w, 0, query)
		w.Eventually("the stream ends", e.over)
		if want := int(before); query == "" && len(e.heard()) != want {
			t.Errorf("%d events came, want the %d before the gap", len(e.heard()), want)
		}
		if e.at() != before {
			t.Errorf("%q: the client is at %d, want %d", query, e.at(), before)
		}
		refused(t, query, resume(w, e.at()), http.StatusGone, "cursor_expired")
	}
}
