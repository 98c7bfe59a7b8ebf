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

// reactTo sends a reaction of which nobody knows whether it was sent, and gives
// its row.
func (w *world) reactTo(target, emoji string) messages.Message {
	w.t.Helper()
	_, err := w.service.Send(context.Background(), w.sessions()[0], messages.Draft{Reaction: &messages.ReactionDraft{MessageID: target, Emoji: emoji}})
	if !fault.Is(err, fault.ProviderTimeout) {
		w.t.Fatalf("the reaction answers %v, want provider_timeout", err)
	}
	var last messages.Message
	for _, m := range w.messages() {
		if m.Sequence > last.Sequence {
			last = m
		}
	}
	if last.Status != providers.MessageUnknown {
		w.t.Fatalf("the reaction is %s, want unknown", last.Status)
	}
	return last
}

// shown is what a message shows of reactions.
func (w *world) shown(id ids.ProviderMessage) string {
	w.t.Helper()
	for _, m := range w.messages() {
		if m.ProviderID != id {
			continue
		}
		var all []string
		for _, r := range m.Reactions {
			all = append(all, r.Author.ID+" "+r.Emoji)
		}
		return fmt.Sprint(all)
	}
	w.t.Fatalf("there is no message %s", id)
	return ""
}

// A reaction of which nobody knew whether it was sent stands on its target as
// soon as a status proves it, and not before; a failed one never.
func TestAProvenReactionIsShownOnItsTarget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.conn = &conn{silent: true}
	w.accept(w.text("5521988883001", "wamid.A", "um"), w.text("5521988883001", "wamid.B", "dois"))
	row := w.reactTo("wamid.A", "👍")
	if got := w.shown("wamid.A"); got != "[]" {
		t.Fatalf("shown before any proof: %s", got)
	}
	proof := func(row messages.Message, status providers.MessageStatus) providers.Inbound {
		return w.inbound(providers.StatusChanged{ID: ids.ProviderMessage("wamid.R." + row.ID.String()), OurID: row.ID, Status: status, Timestamp: time.Now()})
	}
	w.accept(proof(row, providers.MessageDelivered), proof(row, providers.MessageDelivered), proof(row, providers.MessageSent))
	if got := w.shown("wamid.A"); got != "[self 👍]" {
		t.Errorf("after the proof: %s", got)
	}
	failed := w.reactTo("wamid.B", "🎉")
	w.accept(proof(failed, providers.MessageFailed))
	if got := w.shown("wamid.B"); got != "[]" {
		t.Errorf("a failed reaction is shown: %s", got)
	}
	w.accept(proof(failed, providers.MessageRead)) // a late proof lifts even this
	if got := w.shown("wamid.B"); got != "[self 🎉]" {
		t.Errorf("after the late proof: %s", got)
	}
	w.invariants()
}

// A proof that comes late does not put an earlier reaction over a later one.
func TestALateProofLeavesALaterReaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	provider := &conn{silent: true}
	w.conn = provider
	w.accept(w.text("5521988883002", "wamid.A", "um"))
	row := w.reactTo("wamid.A", "👍")
	provider.silent = false
	if _, err := w.service.Send(context.Background(), w.sessions()[0], messages.Draft{Reaction: &messages.ReactionDraft{MessageID: "wamid.A", Emoji: "🎉"}}); err != nil {
		t.Fatal(err)
	}
	w.accept(w.inbound(providers.StatusChanged{ID: "wamid.R", OurID: row.ID, Status: providers.MessageDelivered}))
	if got := w.shown("wamid.A"); got != "[self 🎉]" {
		t.Errorf("shown: %s, want the later one", got)
	}
	w.invariants()
}
