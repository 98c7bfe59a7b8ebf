package messages_test

import (
	"context"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
)

func (w *world) edit(id, target, body string, at time.Time) providers.Inbound {
	return w.inbound(providers.MessageEdited{
		ID: ids.ProviderMessage(id), Target: ids.ProviderMessage(target), Timestamp: at, Content: providers.Content{Type: providers.TypeText, Text: body},
	})
}

// Providers tell the time in whole seconds: two edits of one second are two,
// the same one again is none, and an older one that comes late changes nothing.
func TestEditsAreToldApartByTheirIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := time.Now().Truncate(time.Second)
	w.accept(w.text("5521988882001", "wamid.M", "um"))
	w.accept(w.edit("wamid.E1", "wamid.M", "dois", second))
	w.accept(w.edit("wamid.E2", "wamid.M", "três", second))
	w.accept(w.edit("wamid.E1", "wamid.M", "dois", second))
	w.accept(w.edit("wamid.E2", "wamid.M", "três", second), w.edit("wamid.E2", "wamid.M", "três", second))
	w.accept(w.edit("wamid.E0", "wamid.M", "zero", second.Add(-time.Second)))
	w.accept(w.edit("", "wamid.M", "sem id", second)) // nothing tells it from the others of its second
	m := w.messages()
	if len(m) != 1 || m[0].Content.Text != "três" || len(m[0].Edits) != 2 || !m[0].EditedAt.Equal(second) {
		t.Errorf("messages: %+v", m)
	}
	told := 0
	for _, e := range w.events() {
		if e.Type == events.MessageEdited {
			told++
		}
	}
	if told != 2 {
		t.Errorf("%d edits were told, want 2", told)
	}
	w.accept(w.edit("", "wamid.M", "quatro", second.Add(time.Second)))
	if m := w.messages(); m[0].Content.Text != "quatro" || len(m[0].Edits) != 3 {
		t.Errorf("messages: %+v", m)
	}
	w.invariants()
}

// Two edits of one second that wait for their message are both applied.
func TestEditsOfOneSecondWaitTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := time.Now().Truncate(time.Second)
	w.accept(w.edit("wamid.E1", "wamid.W", "dois", second))
	w.accept(w.edit("wamid.E2", "wamid.W", "três", second))
	w.accept(w.text("5521988882002", "wamid.W", "um"))
	loop(t, w.service, "waiting")
	if m := w.messages(); len(m) != 1 || m[0].Content.Text != "três" || len(m[0].Edits) != 2 {
		t.Errorf("messages: %+v", m)
	}
	w.invariants()
}

// What waits for a message of somebody who is erased meanwhile goes with the
// person: the words of an edit, a status that names the number.
func TestWhatWaitsIsErasedWithThePerson(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t)
	const number, somebody = "5521988882003", "5521988882004"
	status := func(id, to string) providers.Inbound {
		return w.inbound(providers.StatusChanged{ID: ids.ProviderMessage(id), Status: providers.MessageRead, Address: providers.Address{Kind: providers.KindPhone, Value: to}})
	}
	w.accept(w.text(number, "wamid.IN", "oi"))
	w.accept(w.edit("wamid.E", "wamid.UNKNOWN", "segredo", time.Now()))
	w.accept(status("wamid.OUT1", "552188882003"), status("wamid.OUT2", somebody))
	other.accept(other.edit("wamid.E", "wamid.UNKNOWN", "de outro", time.Now()))
	if _, err := w.service.Erase(context.Background(), w.person()); err != nil {
		t.Fatal(err)
	}
	left := rows[struct {
		Kind   string                  `bson:"kind"`
		Change providers.StatusChanged `bson:"change"`
	}](w, messages.WaitingCollection, bson.D{})
	if len(left) != 1 || left[0].Change.ID != "wamid.OUT2" {
		t.Errorf("there wait %+v, want the other person's status only", left)
	}
	if n := len(rows[bson.D](other, messages.WaitingCollection, bson.D{})); n != 1 {
		t.Errorf("%d rows wait on the other channel, want its edit", n)
	}
}
