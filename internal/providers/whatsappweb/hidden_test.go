package whatsappweb

import (
	"context"
	"log/slog"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp/memstore"
)

// Newer phones hide edits, and some reactions, once more with the secret of the
// message that they are about.
func TestWhatIsHiddenOnceMoreIsRead(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	chat, group := types.NewJID("200000000000002", types.HiddenUserServer), types.NewJID("120363000000000001", types.GroupServer)
	stores := memstore.New()
	device := stores.NewDevice()
	device.ID = &types.JID{User: "5521977776666", Device: 1, Server: types.DefaultUserServer}
	stores.Attach(device)
	client := whatsmeow.NewClient(device, nil)
	if err := client.Store.MsgSecrets.PutMessageSecret(ctx, chat, chat, "3EB0T", []byte("a secret of thirty-two characters")); err != nil {
		t.Fatal(err)
	}
	if err := client.Store.MsgSecrets.PutMessageSecret(ctx, group, chat, "3EB0G", []byte("a secret of thirty-two characters")); err != nil {
		t.Fatal(err)
	}
	c := &Conn{client: client, ctx: ctx, logger: slog.New(slog.DiscardHandler)}
	hide := func(in types.JID, target string, use whatsmeow.MsgSecretType, what proto.Message) (payload, iv []byte) {
		t.Helper()
		plain, err := proto.Marshal(what)
		if err != nil {
			t.Fatal(err)
		}
		//nolint:staticcheck // only it can hide something as a phone does
		if payload, iv, err = client.DangerousInternals().EncryptMsgSecret(ctx, chat, in, chat, target, use, plain); err != nil {
			t.Fatal(err)
		}
		return payload, iv
	}
	event := func(in types.JID, m *waE2E.Message) *events.Message {
		return &events.Message{Info: types.MessageInfo{MessageSource: types.MessageSource{Chat: in, Sender: chat, IsGroup: in == group}, ID: "3EB0E"}, Message: m}
	}
	payload, iv := hide(chat, "3EB0T", whatsmeow.EncSecretMessageEdit, &waE2E.Message{Conversation: proto.String("depois")})
	edit := &waE2E.Message{SecretEncryptedMessage: &waE2E.SecretEncryptedMessage{
		TargetMessageKey: &waCommon.MessageKey{ID: proto.String("3EB0T"), FromMe: proto.Bool(true)}, EncPayload: payload, EncIV: iv,
		SecretEncType: waE2E.SecretEncryptedMessage_MESSAGE_EDIT.Enum(),
	}}
	got := wire.ReadMessage(c.revealed(event(chat, edit)))
	if edited, ok := got[0].(providers.MessageEdited); !ok || edited.Target != "3EB0T" || edited.Content.Text != "depois" {
		t.Errorf("the edit is read as %+v", got)
	}
	payload, iv = hide(group, "3EB0G", whatsmeow.EncSecretReaction, &waE2E.ReactionMessage{Text: proto.String("👍")})
	reaction := &waE2E.Message{EncReactionMessage: &waE2E.EncReactionMessage{
		TargetMessageKey: &waCommon.MessageKey{ID: proto.String("3EB0G"), Participant: proto.String(chat.String())}, EncPayload: payload, EncIV: iv,
	}}
	got = wire.ReadMessage(c.revealed(event(group, reaction)))
	if m, ok := got[0].(providers.MessageReceived); !ok || m.Content.Type != providers.TypeReaction || m.Content.Target != "3EB0G" || m.Content.Emoji != "👍" {
		t.Errorf("the reaction is read as %+v", got)
	}
	edit.SecretEncryptedMessage.TargetMessageKey.ID = proto.String("3EB0UNKNOWN")
	got = wire.ReadMessage(c.revealed(event(chat, edit)))
	if m, ok := got[0].(providers.MessageReceived); !ok || m.Content.Type != providers.TypeUnsupported {
		t.Errorf("an edit of what is not known is read as %+v", got)
	}
}
