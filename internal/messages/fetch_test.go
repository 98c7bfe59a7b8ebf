package messages_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
)

// pictures are messages with a file each on a host.
func (w *world) pictures(host string, n int) []providers.Inbound {
	var in []providers.Inbound
	for i := range n {
		one := w.text("5521988881000", fmt.Sprintf("wamid.%s.%d", host, i), "").Payload.(providers.MessageReceived)
		one.Content = providers.Content{Type: providers.TypeImage}
		one.Media = &providers.MediaRef{URL: fmt.Sprintf("https://%s/%d.png", host, i), Foreign: true}
		in = append(in, w.inbound(one))
	}
	return in
}

// await waits for as many files of a host.
func (w *world) await(host string, n int) {
	w.t.Helper()
	patience := time.After(time.Minute)
	for got := 0; got < n; {
		select {
		case from := <-w.files.fetched:
			if from != host {
				w.t.Errorf("a file of %s came, want only those of %s", from, host)
			}
			got++
		case <-patience:
			w.t.Fatalf("%d files of %s came, want %d", got, host, n)
		}
	}
}

// states counts the messages' files by their state.
func (w *world) states() map[messages.MediaStatus]int {
	w.t.Helper()
	states := map[messages.MediaStatus]int{}
	for _, m := range w.messages() {
		states[m.Media.Status]++
	}
	return states
}

func loop(t *testing.T, service *messages.Service, name string) {
	t.Helper()
	for _, l := range service.Loops() {
		if l.Name != name {
			continue
		}
		if err := l.Run(context.Background()); err != nil {
			t.Fatalf("loop %s: %v", name, err)
		}
		return
	}
	t.Fatalf("there is no loop %s", name)
}

// A burst of files is fetched several at a time, and a host that is slow holds
// up nobody else's.
func TestASlowHostHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	release := w.files.hold("slow.example")
	defer release()
	w.accept(w.pictures("slow.example", 40)...)
	w.accept(w.pictures("fast.example", 100)...)
	w.await("fast.example", 100)
	release()
	w.await("slow.example", 40)
	if err := w.service.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if states := w.states(); states[messages.MediaReady] != 140 {
		t.Errorf("files: %v, want 140 ready", states)
	}
	if n := w.files.atOnce("slow.example"); n < 2 || n > 8 {
		t.Errorf("%d files of the slow host were fetched at once, want 2 to 8", n)
	}
	w.invariants()
}

// What was not fetched at once is fetched by the loop, and there too the slow
// host holds up nobody else. Two servers fetch no file twice.
func TestTheLoopFetchesSeveralAtATime(t *testing.T) {
	t.Parallel()
	w := apart(t)
	w.files.answer = func(string) error { return fault.New(fault.MediaUnavailable, "not now") }
	w.accept(append(w.pictures("slow.example", 20), w.pictures("fast.example", 60)...)...)
	if err := w.service.Close(context.Background()); err != nil { // some were tried, some left in line
		t.Fatal(err)
	}
	w.files.answer = nil
	release := w.files.hold("slow.example")
	defer release()
	later := func() time.Time { return time.Now().Add(time.Minute) }
	first, second := w.serverAt(later), w.serverAt(later)
	loop(t, first, "files")
	loop(t, second, "files")
	loop(t, first, "files")
	w.await("fast.example", 60)
	release()
	w.await("slow.example", 20)
	for _, server := range []*messages.Service{first, second} {
		if err := server.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if states := w.states(); states[messages.MediaReady] != 80 {
		t.Errorf("files: %v, want 80 ready", states)
	}
	if n := len(w.files.left()); n != 80 {
		t.Errorf("%d files are there, want 80", n)
	}
	w.invariants()
}

// A send that the commit refuses leaves no file behind.
func TestARefusedSendLeavesNoFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.conn = &conn{}
	w.accept(w.text("5521988881001", "wamid.IN", "oi"))
	before := w.sessions()[0]
	if _, err := w.service.Finish(context.Background(), before); err != nil {
		t.Fatal(err)
	}
	// The request read the session before it was finished.
	_, err := w.service.Send(context.Background(), before, messages.Draft{MediaURI: "https://files.example/a.png"})
	if !fault.Is(err, fault.SessionFinished) {
		t.Fatalf("the send answers %v, want session_finished", err)
	}
	if left := w.files.left(); len(left) > 0 {
		t.Errorf("the refused send's file is still there: %v", left)
	}
	w.accept(w.text("5521988881001", "wamid.IN2", "oi de novo"))
	for _, s := range w.sessions() {
		if s.ID == before.ID {
			continue
		}
		if _, err := w.service.Send(context.Background(), s, messages.Draft{MediaURI: "https://files.example/b.png"}); err != nil {
			t.Fatal(err)
		}
	}
	if left := fmt.Sprint(w.files.left()); left != "[https://files.example/b.png]" {
		t.Errorf("files %s, want the one of the message that was sent", left)
	}
}

// conn is a provider that takes everything, or says nothing of what it took.
type conn struct {
	silent bool
	sent   []providers.Outbound
}

// Check implements providers.Conn.
func (c *conn) Check(context.Context, providers.Outbound) error { return nil }

// Send implements providers.Conn.
func (c *conn) Send(_ context.Context, out providers.Outbound) (providers.Receipt, error) {
	c.sent = append(c.sent, out)
	if c.silent {
		return providers.Receipt{}, &providers.SendError{Reason: providers.ReasonTimeout, Sent: providers.Maybe, Detail: "No answer in time."}
	}
	return providers.Receipt{ID: ids.ProviderMessage("wamid.OF." + out.ID.String())}, nil
}

// State implements providers.Conn.
func (c *conn) State() providers.State { return providers.State{Status: providers.StatusOpen} }

// Close implements providers.Conn.
func (c *conn) Close(context.Context) error { return nil }
