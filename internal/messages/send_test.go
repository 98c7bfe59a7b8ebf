package messages_test

import (
	"testing"

	"github.com/cirrus/omnichannel/internal/messages"
)

// A provider's id may look like one of ours; it names its message all the same.
func TestAReactionNamesAMessageByTheProvidersID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	provider := &conn{}
	w.conn = provider
	const id = "3EB0C0FFEE00C0FFEE00C0FF" // 24 hexadecimal digits
	w.accept(w.text("5521988889801", id, "oi"))
	for what, name := range map[string]string{"the provider's": id, "our": w.messages()[0].ID.String()} {
		_, err := w.service.Send(t.Context(), w.sessions()[0], messages.Draft{Reaction: &messages.ReactionDraft{MessageID: name, Emoji: "👍"}})
		if err != nil {
			t.Errorf("by %s id: %v", what, err)
			continue
		}
		if last := provider.sent[len(provider.sent)-1]; last.Content.Target != id {
			t.Errorf("by %s id, the reaction is to %s", what, last.Content.Target)
		}
	}
}
