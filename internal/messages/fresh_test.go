package messages_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
)

// A text that was just stored is shown as its row has it; not to another account,
// not by another server, not once it was changed or is older, and nothing else is.
func TestAFreshTextIsShownAsItsRowIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const phone = "5521988887777"
	quoted := w.text(phone, "wamid.Q", "Não")
	message := quoted.Payload.(providers.MessageReceived)
	message.Quote = &providers.Quote{ID: "wamid.A"}
	quoted.Payload = message
	w.accept(w.text(phone, "wamid.A", "Olá"), w.text(phone, "wamid.B", "Tudo bem?"))
	w.accept(quoted)
	printed := func(row messages.Message) string {
		text, err := json.Marshal(w.service.View(row))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	show := func(id ids.Message) string {
		row, there := w.service.Fresh(w.channel.Account, id)
		if !there {
			return ""
		}
		return printed(row)
	}
	rows := w.messages()
	if len(rows) != 3 {
		t.Fatalf("%d messages", len(rows))
	}
	for _, row := range rows[:2] {
		if got, want := show(row.ID), printed(row); got != want {
			t.Errorf("shown is %s, stored %s", got, want)
		}
	}
	if got := show(rows[2].ID); got != "" {
		t.Errorf("an answer is shown without being read: %s", got)
	}
	if _, there := w.service.Fresh(ids.NewAccount(), rows[0].ID); there {
		t.Error("another account is shown it")
	}
	if _, there := w.server().Fresh(w.channel.Account, rows[0].ID); there {
		t.Error("a server that did not store it has it")
	}
	w.accept(w.edit("wamid.E", "wamid.A", "Olá!", time.Now()))
	if got := show(rows[0].ID); got != "" {
		t.Errorf("what was edited is shown as it came: %s", got)
	}
	time.Sleep(1100 * time.Millisecond)
	if got := show(rows[1].ID); got != "" {
		t.Errorf("it is fresh for ever: %s", got)
	}
	w.accept(w.text(phone, "wamid.C", "Adeus"))
	last := w.messages()[3]
	if show(last.ID) == "" {
		t.Error("the last one is not fresh")
	}
	if _, err := w.service.Erase(t.Context(), w.person()); err != nil {
		t.Fatal(err)
	}
	if got := show(last.ID); got != "" {
		t.Errorf("what was erased is shown: %s", got)
	}
}
