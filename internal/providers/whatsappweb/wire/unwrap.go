package wire

import (
	"go.mau.fi/whatsmeow/proto/waE2E"

	"github.com/cirrus/omnichannel/internal/providers"
)

// maxWrappers is more than WhatsApp ever puts around a message.
const maxWrappers = 8

// body is a message without its wrappers.
type body struct {
	message  *waE2E.Message
	viewOnce bool
	lottie   bool
	child    bool // it came with another message
	link     *waE2E.MessageAssociation
}

// wrapper is a message inside a message, and what the wrapping says.
type wrapper struct {
	inner func(*waE2E.Message) *waE2E.FutureProofMessage
	mark  func(*body)
}

// wrappers are those that only add a property. The others (a group's status, a
// mention in a status) are kinds of their own.
var wrappers = []wrapper{
	{(*waE2E.Message).GetEphemeralMessage, nil},
	{(*waE2E.Message).GetViewOnceMessage, markViewOnce},
	{(*waE2E.Message).GetViewOnceMessageV2, markViewOnce},
	{(*waE2E.Message).GetViewOnceMessageV2Extension, markViewOnce},
	{(*waE2E.Message).GetDocumentWithCaptionMessage, nil},
	{(*waE2E.Message).GetLottieStickerMessage, func(b *body) { b.lottie = true }},
	{(*waE2E.Message).GetEditedMessage, nil},
	{(*waE2E.Message).GetAssociatedChildMessage, func(b *body) { b.child = true }},
	{(*waE2E.Message).GetGroupMentionedMessage, nil},
	{(*waE2E.Message).GetBotInvokeMessage, nil},
	{(*waE2E.Message).GetBotForwardedMessage, nil},
	{(*waE2E.Message).GetPollCreationMessageV4, nil},
	{(*waE2E.Message).GetQuestionMessage, nil},
	{(*waE2E.Message).GetQuestionReplyMessage, nil},
	{(*waE2E.Message).GetSpoilerMessage, nil},
}

func markViewOnce(b *body) { b.viewOnce = true }

// unwrap takes the wrappers off, in whatever order they were put on.
func unwrap(m *waE2E.Message) body {
	b := body{message: m}
	for range maxWrappers {
		if link := b.message.GetMessageContextInfo().GetMessageAssociation(); link != nil {
			b.link = link
		}
		inner := b.inner()
		if inner == nil {
			break
		}
		b.message = inner
	}
	return b
}

func (b *body) inner() *waE2E.Message {
	if sent := b.message.GetDeviceSentMessage().GetMessage(); sent != nil {
		return sent
	}
	for _, w := range wrappers {
		if inner := w.inner(b.message).GetMessage(); inner != nil {
			if w.mark != nil {
				w.mark(b)
			}
			return inner
		}
	}
	return nil
}

// repeats tells whether this is a second form of a picture or film that came
// by itself already: the same in high definition, or the moving form of a
// photo.
func (b body) repeats() bool {
	switch b.link.GetAssociationType() {
	case waE2E.MessageAssociation_HD_IMAGE_DUAL_UPLOAD, waE2E.MessageAssociation_HD_VIDEO_DUAL_UPLOAD,
		waE2E.MessageAssociation_HEVC_VIDEO_DUAL_UPLOAD, waE2E.MessageAssociation_MOTION_PHOTO:
		return b.child
	default:
		return false
	}
}

// isSecret tells whether the sender meant the message to be seen once. Some
// businesses wrap their buttons and lists the same way, to no such end.
func (b body) isSecret(kind string) bool {
	switch kind {
	case "imageMessage":
		return b.viewOnce || b.message.GetImageMessage().GetViewOnce()
	case "videoMessage":
		return b.viewOnce || b.message.GetVideoMessage().GetViewOnce()
	case "ptvMessage":
		return b.viewOnce || b.message.GetPtvMessage().GetViewOnce()
	case "audioMessage":
		return b.viewOnce || b.message.GetAudioMessage().GetViewOnce()
	case "extendedTextMessage":
		return b.viewOnce || b.message.GetExtendedTextMessage().GetViewOnce()
	case "buttonsMessage", "listMessage", "templateMessage", "interactiveMessage":
		return false
	default:
		return b.viewOnce
	}
}

// seenOnce keeps that there was a view-once message, and nothing of it.
func seenOnce(kind string) said {
	return said{content: providers.Content{
		Type: providers.TypeUnsupported,
		Kind: kindViewOnce,
		Raw:  jsonOf(map[string]any{kind: map[string]any{"viewOnce": true}}),
	}}
}
