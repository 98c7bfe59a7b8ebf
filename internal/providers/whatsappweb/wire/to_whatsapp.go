package wire

import (
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers"
)

// Upload is a file that lies on WhatsApp's media hosts, and what phones show
// of it before they have it. What is not known stays zero.
type Upload struct {
	whatsmeow.UploadResponse
	Mimetype string
	FileName string // of documents
	// Width and Height are pixels, as the file is to be shown.
	Width, Height int
	Seconds       int // of a sound or film
	Pages         int // of a document
	// Thumbnail is a small JPEG, of ThumbWidth by ThumbHeight pixels.
	Thumbnail               []byte
	ThumbWidth, ThumbHeight int
	Waveform                []byte // of a voice note: 64 values from 0 to 100
	Voice                   bool   // the file is Ogg with Opus, as voice notes must be
	Animated                bool   // a sticker moves
}

// Compose makes the message that WhatsApp is to carry. file is the uploaded
// file, nil for kinds without one. own is the channel's own number as the chat
// knows it: the author of our own messages where they are quoted. An error is
// a *providers.SendError with Sent No; what Check lets through gives none as
// long as the file is there and a voice note's is one.
//
// whatsmeow adds the secrets that go beside a message. The clock is read for
// reactions only: phones let the later of two count.
func Compose(out providers.Outbound, file *Upload, own types.JID) (*waE2E.Message, error) {
	kind := out.Content.Type
	var (
		m   *waE2E.Message
		err error
	)
	switch {
	case kind.IsMedia():
		m, err = composeMedia(out.Content, file)
	case composers[kind] != nil:
		m, err = composers[kind](out)
	default:
		return nil, incapable(string(kind), "messages of this type cannot be sent.")
	}
	if err != nil {
		return nil, err
	}
	// A reaction names its target itself.
	if out.Quote != nil && kind != providers.TypeReaction {
		place(m, answer(out, own))
	}
	if caption := m.GetDocumentMessage().GetCaption(); caption != "" {
		m = &waE2E.Message{DocumentWithCaptionMessage: &waE2E.FutureProofMessage{Message: m}}
	}
	return m, nil
}

func composeText(out providers.Outbound) (*waE2E.Message, error) {
	if out.Content.Text == "" {
		return nil, invalid("text", "A text message needs a text.")
	}
	return &waE2E.Message{Conversation: proto.String(out.Content.Text)}, nil
}

func composeLocation(out providers.Outbound) (*waE2E.Message, error) {
	c := out.Content
	switch {
	case c.Latitude == nil || !isPlace(*c.Latitude, 0):
		return nil, invalid("location.latitude", "The latitude must be between -90 and 90 degrees.")
	case c.Longitude == nil || !isPlace(0, *c.Longitude):
		return nil, invalid("location.longitude", "The longitude must be between -180 and 180 degrees.")
	}
	return &waE2E.Message{LocationMessage: &waE2E.LocationMessage{
		DegreesLatitude: c.Latitude, DegreesLongitude: c.Longitude, Name: orNil(c.Name), Address: orNil(c.Address), URL: orNil(c.URL),
	}}, nil
}

// composeReaction names the target as its chat knows it. In a group WhatsApp
// finds the message of somebody else by its author too.
func composeReaction(out providers.Outbound) (*waE2E.Message, error) {
	c := out.Content
	if c.Target == "" {
		return nil, invalid("reaction.messageId", "A reaction needs the message that it is for.")
	}
	key := &waCommon.MessageKey{
		RemoteJID: proto.String(JIDOf(out.To).String()),
		FromMe:    proto.Bool(c.TargetMine),
		ID:        proto.String(string(c.Target)),
	}
	if out.To.Kind == providers.KindGroup {
		key.Participant = orNil(JIDOf(c.TargetAuthor).String())
	}
	return &waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{
		Key: key, Text: proto.String(c.Emoji), SenderTimestampMS: proto.Int64(time.Now().UnixMilli()),
	}}, nil
}

// answer says which message is answered, and by whom it was written: in a chat
// of two an unknown author is the other one.
func answer(out providers.Outbound, own types.JID) *waE2E.ContextInfo {
	author := JIDOf(out.Quote.Author)
	switch {
	case out.Quote.Mine:
		author = own.ToNonAD()
	case author.IsEmpty() && out.To.Kind != providers.KindGroup:
		author = JIDOf(out.To)
	}
	return &waE2E.ContextInfo{
		StanzaID:      proto.String(string(out.Quote.ID)),
		Participant:   orNil(author.String()),
		QuotedMessage: &waE2E.Message{Conversation: proto.String(out.Quote.Text)},
	}
}

// place hangs on a message what it says about its place. A bare text has no room
// for that and becomes an extended one.
func place(m *waE2E.Message, info *waE2E.ContextInfo) {
	switch {
	case m.Conversation != nil:
		m.ExtendedTextMessage = &waE2E.ExtendedTextMessage{Text: m.Conversation, ContextInfo: info}
		m.Conversation = nil
	case m.ImageMessage != nil:
		m.ImageMessage.ContextInfo = info
	case m.VideoMessage != nil:
		m.VideoMessage.ContextInfo = info
	case m.AudioMessage != nil:
		m.AudioMessage.ContextInfo = info
	case m.DocumentMessage != nil:
		m.DocumentMessage.ContextInfo = info
	case m.StickerMessage != nil:
		m.StickerMessage.ContextInfo = info
	case m.LocationMessage != nil:
		m.LocationMessage.ContextInfo = info
	case m.ContactMessage != nil:
		m.ContactMessage.ContextInfo = info
	case m.ContactsArrayMessage != nil:
		m.ContactsArrayMessage.ContextInfo = info
	}
}
