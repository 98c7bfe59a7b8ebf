package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/sessions"
)

func TestZZEraseAll(t *testing.T) {
	var cancel atomic.Pointer[func()]
	monitor := &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		if from, _ := e.Command.Lookup("delete").StringValueOK(); from == sessions.Collection {
			if do := cancel.Swap(nil); do != nil {
				(*do)()
				time.Sleep(100 * time.Millisecond)
			}
		}
	}}
	w := apptest.Start(t, apptest.Options{App: app.Options{Monitor: monitor}}).World(t, apptest.Preset{})
	phone := apptest.Phone()
	one := create(w, person(w, phone, nil))
	two := create(w, person(w, phone, doc{"channelId": w.WhatsApp.String()}))
	ctx, stop := context.WithCancel(context.Background())
	do := func() { stop() }
	cancel.Store(&do)
	req, _ := http.NewRequestWithContext(ctx, http.MethodDelete, w.App.URL()+w.Base()+"/contacts/"+text(one, "_id")+"?allChannels=true", nil)
	req.Header.Set("Authorization", "Bearer "+w.Key)
	_, err := w.Client.Do(req)
	t.Logf("FIRST %v", err)
	time.Sleep(500 * time.Millisecond)
	t.Logf("AGAIN %s", w.Call(http.MethodDelete, w.Base()+"/contacts/"+text(one, "_id")+"?allChannels=true", nil))
	t.Logf("OTHER %s", w.Call(http.MethodGet, w.Base()+"/contacts/"+text(two, "_id"), nil))
	time.Sleep(75 * time.Second)
	t.Logf("OTHER after the loop %s", w.Call(http.MethodGet, w.Base()+"/contacts/"+text(two, "_id"), nil))
	t.Logf("FIRST after the loop %s", w.Call(http.MethodGet, w.Base()+"/contacts/"+text(one, "_id"), nil))
}

func TestZZNull(t *testing.T) {
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	raw := func(path, body string) {
		t.Helper()
		if !json.Valid([]byte(body)) {
			t.Fatal(body)
		}
		a := w.Call(http.MethodPost, path, bytes.Clone([]byte(body)))
		t.Logf("%s -> %d %.300s", body, a.Status, a.Body)
	}
	raw("/api/message/send", `{"sessionId":"`+session+`","text":"oi","mediaUri":"","location":null,"reaction":null,"quotedMessage":null,"agentName":null}`)
	raw("/api/message/send", `{"sessionId":"`+session+`","text":"oi","interactive":null}`)
	raw("/api/message/start/d360", `{"to":"`+apptest.Phone()+`","userName":"A","companyName":"B","template":"contato_cliente","templateVariables":["a","b"],"buttons":null}`)
	raw("/api/message/start/d360", `{"to":"`+apptest.Phone()+`","userName":"A","companyName":"B","template":"contato_cliente","templateVariables":["a","b"],"components":null}`)
	raw(w.Base()+"/contacts", `{"contactIdentifier":"`+apptest.Phone()+`","name":"ab\u0000cdefghij","type":"individual","channelId":"`+w.D360.String()+`","channelType":"whatsapp","platform":"x\u0000y"}`)
	raw(w.Base()+"/contacts", `{"contactIdentifier":"`+apptest.Phone()+`","name":"ab cdefghij","type":"individual","channelId":"`+w.D360.String()+`","channelType":"whatsapp","tagIds":null,"customName":null}`)
	a := w.Call(http.MethodGet, w.Base()+"/contacts?sort=name&limit=1", nil)
	next, _ := a.JSON()["nextCursor"].(string)
	t.Logf("LIST %d %.200s", a.Status, a.Body)
	a = w.Call(http.MethodGet, w.Base()+"/contacts?sort=name&limit=1&cursor="+next, nil)
	t.Logf("LIST %d %.200s", a.Status, a.Body)
	_ = d360.InboundMessage{}
}
