package whatsappweb

import (
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

// revealed opens what newer phones hide once more inside a message, with the
// secret of the message that it is about: edits, and reactions in communities.
// What cannot be opened, because its target came before the device was linked
// or too long ago, stays as it is.
func (c *Conn) revealed(e *events.Message) *events.Message {
	var shown *waE2E.Message
	switch {
	case e.Message.GetSecretEncryptedMessage().GetSecretEncType() == waE2E.SecretEncryptedMessage_MESSAGE_EDIT:
		shown = c.revealedEdit(e)
	case e.Message.GetEncReactionMessage() != nil:
		shown = c.revealedReaction(e)
	}
	if shown == nil {
		return e
	}
	copied := *e
	copied.Message = shown
	return &copied
}

func (c *Conn) revealedEdit(e *events.Message) *waE2E.Message {
	edited, err := c.client.DecryptSecretEncryptedMessage(c.ctx, e)
	if err != nil {
		c.logger.Info("an edit cannot be read", "error", err)
		return nil
	}
	if edited.GetProtocolMessage() != nil || edited.GetEditedMessage() != nil {
		return edited
	}
	return &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
		Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), Key: e.Message.GetSecretEncryptedMessage().GetTargetMessageKey(), EditedMessage: edited,
	}}
}

func (c *Conn) revealedReaction(e *events.Message) *waE2E.Message {
	reaction, err := c.client.DecryptReaction(c.ctx, e)
	if err != nil {
		c.logger.Info("a reaction cannot be read", "error", err)
		return nil
	}
	if reaction.Key == nil {
		reaction = proto.Clone(reaction).(*waE2E.ReactionMessage)
		reaction.Key = e.Message.GetEncReactionMessage().GetTargetMessageKey()
	}
	return &waE2E.Message{ReactionMessage: reaction}
}
