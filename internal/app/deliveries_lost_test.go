package app_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/platforms"
)

// came counts what the receiver took of each event.
func came(r *receiver) map[string]int {
	counts := map[string]int{}
	for _, e := range r.taken() {
		counts[text(e.doc, "id")]++
	}
	return counts
}

// What a replay made pending is delivered though nobody was told of it, as when
// the server dies that replays.
func TestAReplayThatNobodyWasToldOfIsMade(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	r := listen(t, w)
	write(w, apptest.Phone(), "um")
	r.await(w, "message.received")
	settled(w)
	before := len(came(r))
	res, err := w.App.DB.Collection(events.DeliveriesCollection).UpdateMany(context.Background(),
		bson.D{{Key: "accountId", Value: w.Account}, {Key: "deliveries.status", Value: events.Delivered}}, mongo.Pipeline{{{Key: "$set", Value: bson.D{
			{Key: "deliveries.status", Value: events.Pending}, {Key: "deliveries.tries", Value: 100}, {Key: "pending", Value: true}, {Key: "left", Value: bson.D{{Key: "$size", Value: "$deliveries"}}},
		}}}})
	if err != nil || res.ModifiedCount == 0 {
		t.Fatalf("%d rows became pending: %v", res.ModifiedCount, err)
	}
	write(w, apptest.Phone(), "dois") // newer ones go out meanwhile
	settled(w)
	twice := 0
	for _, n := range came(r) {
		if n == 2 {
			twice++
		}
	}
	if twice != before {
		t.Errorf("%d of %d came again", twice, before)
	}
}

// A caller who does not wait for the answer gets the replay all the same.
func TestAReplayWhoseCallerLeavesIsMade(t *testing.T) {
	t.Parallel()
	var caller sync.Mutex
	var leave func()
	monitor := &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		caller.Lock()
		defer caller.Unlock()
		if name, _ := e.Command.Lookup("update").StringValueOK(); leave != nil && name == events.DeliveriesCollection {
			leave()
		}
	}}
	server := apptest.Start(t, apptest.Options{App: app.Options{Monitor: monitor, Egress: egress.Options{Allow: []string{"127.0.0.1"}}}})
	w := server.World(t, apptest.Preset{})
	r := listen(t, w)
	write(w, apptest.Phone(), "um")
	r.await(w, "message.received")
	settled(w)
	before := came(r)
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan struct{})
	body := mustJSON(doc{"from": time.Now().Add(-time.Hour), "to": time.Now().Add(time.Hour), "type": "message.received"})
	req := must(http.NewRequestWithContext(ctx, http.MethodPost, w.App.URL()+w.Base()+"/deliveries/replay", bytes.NewReader([]byte(body))))
	req.Header.Set("Authorization", "Bearer "+w.Key)
	req.Header.Set("Content-Type", "application/json")
	caller.Lock()
	leave = func() {
		leave = nil
		cancel()
		<-gone
	}
	caller.Unlock()
	resp, err := http.DefaultClient.Do(req)
	close(gone)
	if err == nil {
		resp.Body.Close()
		t.Error("the caller did not leave")
	}
	w.Eventually("the replay", func() bool {
		n := 0
		for id, times := range came(r) {
			if times == before[id]+1 {
				n++
			}
		}
		return n == 1
	})
	settled(w)
}

// What a platform's old URL answers late says nothing about the new one.
func TestALateAnswerOfTheOldURL(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"gone": http.StatusGone, "down": http.StatusServiceUnavailable} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.NewWorld(t)
			r := listen(t, w)
			states := hear(t, w, -1, "type=platform.status")
			called, release := make(chan struct{}, 100), make(chan struct{})
			once := sync.OnceFunc(func() { close(release) })
			old := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, req *http.Request) {
				_, _ = io.Copy(io.Discard, req.Body)
				called <- struct{}{}
				<-release
				to.WriteHeader(status)
			}))
			t.Cleanup(old.Close)
			t.Cleanup(once)
			w.Want(http.StatusOK, http.MethodPatch, configPath(w), doc{"url": old.URL})
			write(w, apptest.Phone(), "um")
			<-called
			w.Want(http.StatusOK, http.MethodPatch, configPath(w), doc{"url": r.server.URL})
			once()
			r.await(w, "message.received")
			settled(w)
			if failed := deliveries(w, "&status=failed"); len(failed) > 0 {
				t.Errorf("%d were given up: %v", len(failed), failed[0])
			}
			state(w, platforms.Active)
			if heard := states.heard(); len(heard) > 0 {
				t.Errorf("the new URL was taken for %v", heard[0].doc)
			}
		})
	}
}
