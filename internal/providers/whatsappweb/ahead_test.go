package whatsappweb

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	mongoevent "go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
	"github.com/cirrus/omnichannel/internal/vault"
)

// gate holds up the first decryption that is stored once it is armed.
type gate struct {
	armed         atomic.Bool
	reached, pass chan struct{}
}

func (g *gate) monitor() *mongoevent.CommandMonitor {
	return &mongoevent.CommandMonitor{Started: func(_ context.Context, e *mongoevent.CommandStartedEvent) {
		if bytes.Contains(e.Command, []byte("/session/")) && bytes.Contains(e.Command, []byte("/buffered/")) && g.armed.CompareAndSwap(true, false) {
			close(g.reached)
			<-g.pass
		}
	}}
}

// The sink has a message while its keys are being stored; WhatsApp hears of it once
// they are, too.
func TestAMessageIsAcknowledgedOnceItsKeysAreStored(t *testing.T) {
	t.Parallel()
	g := &gate{reached: make(chan struct{}), pass: make(chan struct{})}
	client, err := mongodb.Connect(t.Context(), mongotest.URI(t), mongodb.Options{Monitor: g.monitor()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	w := newWorld(t, func(o *Options) {
		sealer, err := vault.New(masterKey)
		if err != nil {
			t.Fatal(err)
		}
		o.Devices = devicestore.New(devicestore.Options{DB: client.Database(mongotest.Database(t).Name()), Vault: sealer, Now: time.Now})
	})
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "antes"}))
	l.settled()
	release := sync.OnceFunc(func() { close(g.pass) })
	defer release() // whatever comes: the connection cannot close before
	g.armed.Store(true)
	id := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "agora"})
	l.message(id)
	<-g.reached
	time.Sleep(100 * time.Millisecond) // an acknowledgement would be on its way
	if l.stanza("receipt", string(id)) {
		t.Error("it was acknowledged before its keys were stored")
	}
	release()
	l.settled()
	if !l.stanza("receipt", string(id)) {
		t.Error("it was not acknowledged")
	}
}
