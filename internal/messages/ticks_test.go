package messages_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
)

// prompt is a device whose phones answer at once: the receipt is there before the
// send has returned.
type prompt struct {
	conn
	w       *world
	answers sync.WaitGroup
	called  providers.Address // what the provider calls the recipient; zero: as it was written to
}

// Send implements providers.Conn.
func (p *prompt) Send(_ context.Context, out providers.Outbound) (providers.Receipt, error) {
	came, called := make(chan struct{}), out.To
	if !p.called.IsZero() {
		called = p.called
	}
	p.answers.Go(func() {
		close(came)
		p.w.accept(p.w.inbound(providers.StatusChanged{ID: out.ProviderID, Status: providers.MessageDelivered, Timestamp: time.Now(), Address: called}))
	})
	<-came
	return providers.Receipt{ID: out.ProviderID, Address: called, Timestamp: time.Now()}, nil
}

// What is sent to somebody by the one of their names keeps its order with what is
// heard by the other, and both are known for erasing.
func TestWhatIsSentStandsInTheLineOfItsTicks(t *testing.T) {
	t.Parallel()
	w := hooked(t)
	w.channel.Settings.Mode = channels.Gateway
	phone, lid := providers.Address{Kind: providers.KindPhone, Value: "5521988886201"}, providers.Address{Kind: providers.KindLID, Value: "77886201"}
	device := &prompt{w: w, called: phone}
	id := ids.New[ids.Message]()
	_, err := w.service.SendThrough(t.Context(), device, messages.ThroughCommand{
		Channel: w.channel.ID, ID: id, ProviderID: ids.ProviderMessage("3EB0" + id.String()), To: lid, Content: providers.Content{Type: providers.TypeText, Text: "oi"},
	})
	if err != nil {
		t.Fatal(err)
	}
	device.answers.Wait()
	all := w.events()
	if len(all) != 2 || all[0].Line != all[1].Line || all[0].Line.IsZero() {
		t.Fatalf("told %+v", all)
	}
	if names := all[0].Names; !slices.Equal(names, []string{lid.Key(), phone.Key()}) {
		t.Errorf("the send names %v", names)
	}
}

// However fast a phone answers, that a message was sent is told before that it
// was delivered.
func TestThatAMessageWasSentIsToldFirst(t *testing.T) {
	t.Parallel()
	w := hooked(t)
	w.channel.Settings.Mode = channels.Gateway
	device := &prompt{w: w}
	const sends = 40
	var all []ids.ProviderMessage
	for i := range sends {
		id := ids.New[ids.Message]()
		all = append(all, ids.ProviderMessage("3EB0"+id.String()))
		if _, err := w.service.SendThrough(t.Context(), device, messages.ThroughCommand{
			Channel: w.channel.ID, ID: id, ProviderID: all[i], To: providers.Address{Kind: providers.KindPhone, Value: fmt.Sprintf("55219888861%02d", i)},
			Content: providers.Content{Type: providers.TypeText, Text: "oi"},
		}); err != nil {
			t.Fatal(err)
		}
	}
	device.answers.Wait()
	told := map[string][]events.Type{}
	kinds, said := w.notices()
	for i, kind := range kinds {
		id := said[i]["id"].(string)
		told[id] = append(told[id], events.Type(kind))
	}
	for _, id := range all {
		if got := told[string(id)]; !slices.Equal(got, []events.Type{events.NumberMessageSent, events.NumberMessageDelivered}) {
			t.Errorf("told %v", got)
		}
	}
}
