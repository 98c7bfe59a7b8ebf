package wire

import (
	"cmp"

	"go.mau.fi/whatsmeow/proto/waE2E"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// said is what a message says.
type said struct {
	content  providers.Content
	file     fileMessage // nil without a file
	fileName string
	quote    *providers.Quote
}

// reader reads one kind of message. False: it says nothing that can be read,
// and is kept as unsupported.
type reader func(body) (said, bool)

// readers has a row for every kind that has a meaning to us.
var readers = map[string]reader{
	"conversation":               readConversation,
	"extendedTextMessage":        readExtendedText,
	"imageMessage":               readImage,
	"videoMessage":               readVideo,
	"ptvMessage":                 readPTV,
	"audioMessage":               readAudio,
	"documentMessage":            readDocument,
	"stickerMessage":             readSticker,
	"locationMessage":            readLocation,
	"liveLocationMessage":        readLiveLocation,
	"contactMessage":             readContact,
	"contactsArrayMessage":       readContacts,
	"reactionMessage":            readReaction,
	"pollCreationMessage":        pollReader((*waE2E.Message).GetPollCreationMessage),
	"pollCreationMessageV2":      pollReader((*waE2E.Message).GetPollCreationMessageV2),
	"pollCreationMessageV3":      pollReader((*waE2E.Message).GetPollCreationMessageV3),
	"pollCreationMessageV5":      pollReader((*waE2E.Message).GetPollCreationMessageV5),
	"pollCreationMessageV6":      pollReader((*waE2E.Message).GetPollCreationMessageV6),
	"buttonsResponseMessage":     readButtonsResponse,
	"listResponseMessage":        readListResponse,
	"templateButtonReplyMessage": readTemplateReply,
	"interactiveResponseMessage": readInteractiveResponse,
	"buttonsMessage":             readButtons,
	"listMessage":                readList,
	"templateMessage":            readTemplate,
	"highlyStructuredMessage":    readStructured,
	"interactiveMessage":         readInteractive,
	"productMessage":             readProduct,
	"orderMessage":               readOrder,
	"eventMessage":               readEvent,
	"groupInviteMessage":         readGroupInvite,
	"callLogMesssage":            readCallLog,
}

// read reads a message of a kind. What is to be seen once, has no reader or
// cannot be read is unsupported.
func read(b body, kind string) said {
	if b.isSecret(kind) {
		return seenOnce(kind)
	}
	if reads, ok := readers[kind]; ok {
		if s, ok := reads(b); ok {
			return s
		}
	}
	return unsupported(b.message, kind)
}

func text(words string) (said, bool) {
	return said{content: providers.Content{Type: providers.TypeText, Text: words}}, words != ""
}

func readConversation(b body) (said, bool) { return text(b.message.GetConversation()) }

func readExtendedText(b body) (said, bool) { return text(b.message.GetExtendedTextMessage().GetText()) }

func readLocation(b body) (said, bool) {
	m := b.message.GetLocationMessage()
	return said{content: providers.Content{
		Type:      providers.TypeLocation,
		Latitude:  providers.Float(m.GetDegreesLatitude()),
		Longitude: providers.Float(m.GetDegreesLongitude()),
		Name:      cmp.Or(m.GetName(), m.GetComment()),
		Address:   m.GetAddress(),
		URL:       m.GetURL(),
	}}, m.DegreesLatitude != nil && m.DegreesLongitude != nil && isPlace(*m.DegreesLatitude, *m.DegreesLongitude)
}

// readLiveLocation keeps where the contact was when sharing began.
func readLiveLocation(b body) (said, bool) {
	m := b.message.GetLiveLocationMessage()
	return said{content: providers.Content{
		Type:      providers.TypeLocation,
		Latitude:  providers.Float(m.GetDegreesLatitude()),
		Longitude: providers.Float(m.GetDegreesLongitude()),
		Name:      m.GetCaption(),
	}}, m.DegreesLatitude != nil && m.DegreesLongitude != nil && isPlace(*m.DegreesLatitude, *m.DegreesLongitude)
}

// isPlace tells whether two numbers are degrees; not-a-number is none.
func isPlace(latitude, longitude float64) bool {
	return latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180
}

func readReaction(b body) (said, bool) {
	m := b.message.GetReactionMessage()
	target := ids.ProviderMessage(m.GetKey().GetID())
	return said{content: providers.Content{Type: providers.TypeReaction, Target: target, Emoji: m.GetText()}}, target != ""
}
