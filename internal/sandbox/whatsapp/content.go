package whatsapp

import (
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
)

// contentOf names what a message holds, as PhoneMessage.Type and Draft.Type do;
// empty is nothing to be seen.
func contentOf(m *waE2E.Message) string {
	m, _ = unwrapped(m)
	switch {
	case m == nil:
		return ""
	case m.Conversation != nil || m.ExtendedTextMessage != nil:
		return "text"
	case m.ImageMessage != nil:
		return "image"
	case m.VideoMessage != nil || m.PtvMessage != nil:
		return "video"
	case m.AudioMessage != nil:
		if m.AudioMessage.GetPTT() {
			return "voice"
		}
		return "audio"
	case m.DocumentMessage != nil:
		return "document"
	case m.StickerMessage != nil:
		return "sticker"
	case m.LocationMessage != nil || m.LiveLocationMessage != nil:
		return "location"
	case m.ContactMessage != nil || m.ContactsArrayMessage != nil:
		return "contacts"
	case pollOf(m) != nil:
		return "poll"
	case m.PollUpdateMessage != nil:
		return "vote"
	case m.ReactionMessage != nil:
		return "reaction"
	case m.ProtocolMessage != nil:
		return "protocol"
	case m.GroupInviteMessage != nil:
		return "invite"
	case m.EventMessage != nil:
		return "event"
	case m.ListMessage != nil || m.ListResponseMessage != nil || m.ButtonsMessage != nil || m.ButtonsResponseMessage != nil ||
		m.InteractiveMessage != nil || m.InteractiveResponseMessage != nil || m.TemplateMessage != nil || m.TemplateButtonReplyMessage != nil:
		return "interactive"
	case m.OrderMessage != nil || m.ProductMessage != nil:
		return "order"
	}
	return ""
}

// pollOf is the poll that a message asks, of whatever generation.
func pollOf(m *waE2E.Message) *waE2E.PollCreationMessage {
	switch {
	case m.GetPollCreationMessage() != nil:
		return m.GetPollCreationMessage()
	case m.GetPollCreationMessageV2() != nil:
		return m.GetPollCreationMessageV2()
	case m.GetPollCreationMessageV3() != nil:
		return m.GetPollCreationMessageV3()
	case m.GetPollCreationMessageV5() != nil:
		return m.GetPollCreationMessageV5()
	}
	return nil
}

// textOf is what there is to read in a message: its text or its caption.
func textOf(m *waE2E.Message) string {
	switch {
	case m == nil:
		return ""
	case m.Conversation != nil:
		return m.GetConversation()
	case m.ExtendedTextMessage != nil:
		return m.GetExtendedTextMessage().GetText()
	case m.ImageMessage != nil:
		return m.GetImageMessage().GetCaption()
	case m.VideoMessage != nil:
		return m.GetVideoMessage().GetCaption()
	case m.DocumentMessage != nil:
		return m.GetDocumentMessage().GetCaption()
	case m.LocationMessage != nil:
		return m.GetLocationMessage().GetName()
	case m.ContactMessage != nil:
		return m.GetContactMessage().GetDisplayName()
	case m.ContactsArrayMessage != nil:
		return m.GetContactsArrayMessage().GetDisplayName()
	}
	return pollOf(m).GetName()
}

// contextOf is what a message says about its place: quote, mentions, expiration.
func contextOf(m *waE2E.Message) *waE2E.ContextInfo {
	switch {
	case m == nil:
		return nil
	case m.ExtendedTextMessage != nil:
		return m.GetExtendedTextMessage().GetContextInfo()
	case m.ImageMessage != nil:
		return m.GetImageMessage().GetContextInfo()
	case m.VideoMessage != nil:
		return m.GetVideoMessage().GetContextInfo()
	case m.AudioMessage != nil:
		return m.GetAudioMessage().GetContextInfo()
	case m.DocumentMessage != nil:
		return m.GetDocumentMessage().GetContextInfo()
	case m.StickerMessage != nil:
		return m.GetStickerMessage().GetContextInfo()
	case m.LocationMessage != nil:
		return m.GetLocationMessage().GetContextInfo()
	case m.ContactMessage != nil:
		return m.GetContactMessage().GetContextInfo()
	case m.ContactsArrayMessage != nil:
		return m.GetContactsArrayMessage().GetContextInfo()
	}
	return pollOf(m).GetContextInfo()
}

// PhoneMedia is the file of a message, as the message refers to it.
type PhoneMedia struct {
	MimeType   string `json:"mimeType"`
	FileName   string `json:"fileName,omitempty"`
	Bytes      uint64 `json:"bytes"`
	Seconds    uint32 `json:"seconds,omitempty"`
	DirectPath string `json:"directPath"`

	kind whatsmeow.MediaType
	key  []byte
}

// mediaOf is the file of a message, or nil.
func mediaOf(m *waE2E.Message) *PhoneMedia {
	switch {
	case m.GetImageMessage() != nil:
		x := m.GetImageMessage()
		return &PhoneMedia{MimeType: x.GetMimetype(), Bytes: x.GetFileLength(), DirectPath: x.GetDirectPath(), kind: whatsmeow.MediaImage, key: x.GetMediaKey()}
	case m.GetVideoMessage() != nil:
		x := m.GetVideoMessage()
		return &PhoneMedia{MimeType: x.GetMimetype(), Bytes: x.GetFileLength(), Seconds: x.GetSeconds(), DirectPath: x.GetDirectPath(), kind: whatsmeow.MediaVideo, key: x.GetMediaKey()}
	case m.GetAudioMessage() != nil:
		x := m.GetAudioMessage()
		return &PhoneMedia{MimeType: x.GetMimetype(), Bytes: x.GetFileLength(), Seconds: x.GetSeconds(), DirectPath: x.GetDirectPath(), kind: whatsmeow.MediaAudio, key: x.GetMediaKey()}
	case m.GetDocumentMessage() != nil:
		x := m.GetDocumentMessage()
		return &PhoneMedia{MimeType: x.GetMimetype(), FileName: x.GetFileName(), Bytes: x.GetFileLength(), DirectPath: x.GetDirectPath(), kind: whatsmeow.MediaDocument, key: x.GetMediaKey()}
	case m.GetStickerMessage() != nil:
		x := m.GetStickerMessage()
		return &PhoneMedia{MimeType: x.GetMimetype(), Bytes: x.GetFileLength(), DirectPath: x.GetDirectPath(), kind: whatsmeow.MediaImage, key: x.GetMediaKey()}
	}
	return nil
}

// stanzaType is the type attribute of the stanza that carries a message.
func stanzaType(m *waE2E.Message) string {
	switch contentOf(m) {
	case "reaction":
		return "reaction"
	case "poll", "vote":
		return "poll"
	case "event":
		return "event"
	}
	if mediaType(m) != "" {
		return "media"
	}
	return "text"
}

// mediaType is the attribute of the ciphertext by which the server knows media.
func mediaType(m *waE2E.Message) string {
	inner, _ := unwrapped(m)
	switch kind := contentOf(inner); kind {
	case "image", "video", "audio", "document", "sticker":
		if inner.GetVideoMessage().GetGifPlayback() {
			return "gif"
		}
		return kind
	case "voice":
		return "ptt"
	case "contacts":
		if inner.ContactsArrayMessage != nil {
			return "contact_array"
		}
		return "vcard"
	}
	return ""
}

func withMediaType(enc node, m *waE2E.Message) node {
	if kind := mediaType(m); kind != "" {
		enc.Attrs = merged(enc.Attrs, attrs{"mediatype": kind})
	}
	return enc
}
