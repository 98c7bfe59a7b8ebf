package d360_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	sandbox "github.com/cirrus/omnichannel/internal/sandbox/d360"
)

const customerPhone = "5521988887777"

var customer = phoneAddress(customerPhone)

// world is the adapter at a simulated 360dialog whose webhooks it reads.
type world struct {
	t      *testing.T
	server *sandbox.Server
	url    string
	conn   *d360.Conn
	inbox  chan providers.Routed
	ctx    context.Context
}

// newWorld starts a sandbox with one number, on which the customer has written.
func newWorld(t *testing.T, change ...func(*sandbox.Settings)) *world {
	t.Helper()
	settings := sandbox.DefaultSettings()
	settings.Statuses.SentMS, settings.Statuses.DeliveredMS, settings.Statuses.ReadMS, settings.Statuses.PlayedMS = 0, 1, 2, 3
	for _, c := range change {
		c(&settings)
	}
	w := &world{t: t, inbox: make(chan providers.Routed, 256)}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	w.ctx = ctx
	w.server = sandbox.New(sandbox.Options{Settings: &settings, Seed: 1, Numbers: []sandbox.NumberConfig{
		{APIKey: testKey, DisplayPhoneNumber: "+5521977776666", PhoneNumberID: "PN1"}}})
	t.Cleanup(w.server.Close)
	api := httptest.NewServer(w.server.Handler())
	t.Cleanup(api.Close)
	w.url = api.URL
	w.conn = openWith(t, d360.Options{BaseURL: w.url, Client: providertest.LoopbackOnly()})
	hook := httptest.NewServer(http.HandlerFunc(w.hook))
	t.Cleanup(hook.Close)
	if err := w.conn.SetWebhook(ctx, hook.URL+"/w", map[string]string{"Authorization": "Bearer s"}); err != nil {
		t.Fatal(err)
	}
	w.write(sandbox.InboundMessage{Type: "text", Text: "oi"})
	return w
}

func (w *world) hook(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Error(err)
	}
	if got := r.Header.Get("Authorization"); got != "Bearer s" {
		w.t.Errorf("the webhook comes with %q", got)
	}
	got, err := d360.New(d360.Options{}).Receive(body, time.Now())
	if err != nil || len(got.Problems) > 0 {
		w.t.Errorf("%s: %v, %v", body, err, got.Problems)
	}
	for _, item := range got.Items {
		if item.Number != "PN1" {
			w.t.Errorf("%+v is for number %q", item.Payload, item.Number)
		}
		w.inbox <- item
	}
	rw.WriteHeader(http.StatusOK)
}

// next waits for the next payload of a type, passing over others.
func next[P providers.InboundPayload](w *world) P {
	w.t.Helper()
	for {
		select {
		case item := <-w.inbox:
			if p, ok := item.Payload.(P); ok {
				return p
			}
		case <-w.ctx.Done():
			var none P
			w.t.Fatalf("no %T came", none)
		}
	}
}

// write lets the customer write and gives what came of it.
func (w *world) write(m sandbox.InboundMessage) providers.MessageReceived {
	w.t.Helper()
	if _, err := w.server.CustomerWrite(customerPhone, m); err != nil {
		w.t.Fatal(err)
	}
	return next[providers.MessageReceived](w)
}

// send checks and sends a message to the customer.
func (w *world) send(c providers.Content, m *providers.OutboundMedia) (providers.Receipt, error) {
	out := outbound(c)
	out.ID, out.To, out.Media = ids.New[ids.Message](), customer, m
	if err := w.conn.Check(w.ctx, out); err != nil {
		w.t.Errorf("%s: %v", c.Type, err)
	}
	return w.conn.Send(w.ctx, out)
}

// pngFile is a file that is what it says.
func pngFile(t *testing.T) *providers.OutboundMedia {
	t.Helper()
	var content bytes.Buffer
	if err := png.Encode(&content, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return &providers.OutboundMedia{ID: ids.New[ids.Media](), Mimetype: "image/png", FileName: "a.png", Size: int64(content.Len()),
		Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(content.Bytes())), nil
		}}
}
