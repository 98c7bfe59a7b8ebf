package chats

import (
	"testing"

	"github.com/cirrus/omnichannel/internal/ids"
)

// Whoever wrote it, a message in a group goes to whom the webhook says.
func TestWhomAGroupsMessageGoesTo(t *testing.T) {
	t.Parallel()
	chat := With(ids.New[ids.Channel](), group("1203634"))
	chat.ID = chatID(chat.Channel, chat.Key)
	heard := ViewMessage(Message{Chat: chat.Key, Author: number("5521988887777")}, Context{Chat: chat, Number: "5521977776666"})
	if heard.Type != "GROUP_MESSAGE" || heard.From != "5521988887777" || heard.To != "web5521977776666" || heard.Group == nil || heard.Group.ID != "1203634-group" {
		t.Errorf("one that was heard: %+v", heard)
	}
	own := ViewMessage(Message{Chat: chat.Key, FromMe: true}, Context{Chat: chat, Number: "5521977776666"})
	if own.From != "web5521977776666" || own.To != "1203634-group" {
		t.Errorf("one of the number's own: %+v", own)
	}
}
