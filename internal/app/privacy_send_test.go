package app_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// atTheClaim does something once, when the next attempt to send a message is
// claimed: before or after it.
type atTheClaim struct {
	before, after atomic.Pointer[func()]
	request       atomic.Int64
}

func (c *atTheClaim) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) {
			update, err := e.Command.LookupErr("updates", "0", "u", "$set", "claim")
			if into, _ := e.Command.Lookup("update").StringValueOK(); err != nil || update.Type != bson.TypeEmbeddedDocument || into != messages.Collection {
				return
			}
			c.request.Store(e.RequestID)
			run(&c.before)
		},
		Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) {
			if e.CommandName == "update" && c.request.CompareAndSwap(e.RequestID, 0) {
				run(&c.after)
			}
		},
	}
}

func run(once *atomic.Pointer[func()]) {
	if do := once.Swap(nil); do != nil {
		(*do)()
	}
}

// A person who is erased while something is on its way to them is erased: the
// request says so, its answer is not kept for its key, and nothing is kept of what
// the provider tells of the message afterwards.
func TestAnErasureDuringASend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path  string // before the session's id
		body  doc
		asked bool // the provider was, when the person is erased
	}{
		"a send, before it is tried": {"/api/message/send", doc{"text": "olá"}, false},
		"a send under way":           {"/api/message/send", doc{"text": "olá"}, true},
		"the message of a transfer":  {"/api/session/transfer/", doc{"params": doc{"platformSlug": "console"}, "transferMessage": "olá"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var claim atTheClaim
			w := apptest.Start(t, apptest.Options{App: app.Options{Monitor: claim.monitor()}}).World(t, apptest.Preset{})
			phone := apptest.Phone()
			session := w.Session(phone)
			contact := text(w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil), "contactId")
			path, body := c.path+session, c.body
			if strings.HasSuffix(c.path, "send") {
				path, body = c.path, said(session, c.body)
			}
			erase := func() { w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+contact, nil) }
			when := &claim.before
			if c.asked {
				when = &claim.after
			}
			when.Store(&erase)
			refused(t, "the request", keyed(w, "k", path, body), http.StatusNotFound, "not_found")
			if when.Load() != nil {
				t.Fatal("the test is blind: nobody was erased")
			}
			if c.asked {
				w.Eventually("the statuses", func() bool { return toldRead(w, phone) })
			}
			again := keyed(w, "k", path, body)
			if refused(t, "again", again, http.StatusNotFound, "not_found"); again.Header.Get("Idempotent-Replayed") != "" {
				t.Errorf("its answer was kept: %s", again)
			}
			if found := traces(t, w.Server, "", phone, withoutNinth(phone), inWamids(phone)); len(found) > 0 {
				t.Errorf("after the erasure:\n%s", strings.Join(found, "\n"))
			}
			if n := must(w.App.DB.Collection("waiting").CountDocuments(t.Context(), bson.D{})); n > 0 {
				t.Errorf("%d statuses wait for their message", n)
			}
		})
	}
}

// toldRead tells whether the service was told that the customer has read something.
func toldRead(w *apptest.World, phone string) bool {
	log, _ := w.Simulator.Deliveries()
	return slices.ContainsFunc(log, func(e d360.DeliveryEntry) bool {
		return e.Status == http.StatusOK && strings.Contains(e.Body, phone) && strings.Contains(e.Body, `"status":"read"`)
	})
}
