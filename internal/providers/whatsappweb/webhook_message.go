package whatsappweb

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// untimedWindow is how long the identical body is the same message where it
// has neither an id nor a time.
const untimedWindow = 10 * time.Second

// readMessage reads a message of a person or in a group.
func readMessage(e event, raw []byte) (providers.InboundPayload, error) {
	group := e.group()
	if group == nil && strings.EqualFold(string(e.Type), "GROUP_MESSAGE") {
		return nil, errNoGroup
	}
	sender := ParseAddress(string(e.From))
	if sender.Kind == providers.KindGroup {
		sender = ParseAddress(string(e.Author))
	}
	if sender.IsZero() || sender.Kind == providers.KindGroup {
		return nil, errNoSender
	}
	m, err := e.said()
	if err != nil {
		return nil, err
	}
	m.From, m.Group = providers.Party{Addresses: []providers.Address{sender}, Name: string(e.FromUserName)}, group
	if e.ID != "" && len(e.ID) <= maxID {
		m.ID = ids.ProviderMessage(e.ID)
		return m, nil
	}
	m.DedupeKey, m.DedupeWindow = dedupe(m, raw)
	return m, nil
}

// said reads a message but for who wrote it to whom.
func (e event) said() (providers.MessageReceived, error) {
	body, err := e.body()
	if err != nil {
		return providers.MessageReceived{}, err
	}
	m := providers.MessageReceived{Timestamp: e.Timestamp.Time(), Quote: quote(e.Quoted.Value, body.Quoted.Value)}
	m.Content, m.Media = body.read(e.Body)
	return m, nil
}

// readSent reads that the gateway's number sent a message: where it tells what
// the message says and to whom, the message itself.
func readSent(e event, raw []byte) (providers.InboundPayload, error) {
	group, to := e.group(), ParseAddress(string(e.To))
	if group != nil {
		to = group.Address
	}
	if !bool(e.FromMe) || e.Body.Kind() != '{' || to.IsZero() || e.ID == "" || len(e.ID) > maxID {
		return statusReader(providers.MessageSent)(e, raw)
	}
	m, err := e.said()
	if err != nil {
		return nil, err
	}
	m.ID, m.FromPhone, m.Group, m.From = ids.ProviderMessage(e.ID), true, group, providers.Party{Addresses: []providers.Address{to}}
	return m, nil
}

// body reads what a message says; a bare text is a text.
func (e event) body() (messageBody, error) {
	switch e.Body.Kind() {
	case '"':
		return messageBody{Type: "text", Content: e.Body}, nil
	case '{':
		var body messageBody
		if err := tolerant.Unmarshal(e.Body, &body); err == nil {
			return body, nil
		}
		// A number that is none costs the message its shape, not its place.
		return messageBody{Type: "unreadable"}, nil
	default:
		return messageBody{}, errNoBody
	}
}

func quote(candidates ...quotedMessage) *providers.Quote {
	for _, q := range candidates {
		if q.ID != "" && len(q.ID) <= maxID {
			return &providers.Quote{ID: ids.ProviderMessage(q.ID), Text: string(q.Message)}
		}
	}
	return nil
}

// dedupe tells a message without an id from others: by who, when and what; or,
// where no time is told, by the whole body for a little while.
func dedupe(m providers.MessageReceived, raw []byte) (key string, window time.Duration) {
	hash := sha256.New()
	if m.Timestamp.IsZero() {
		hash.Write(raw)
		return "body:" + hex.EncodeToString(hash.Sum(nil)), untimedWindow
	}
	place := ""
	if m.Group != nil {
		place = m.Group.Address.Key()
	}
	var media providers.MediaRef
	if m.Media != nil {
		media = *m.Media
	}
	// The content is made of strings, numbers and JSON that was read before, so
	// it cannot fail to be written.
	content, _ := json.Marshal(m.Content)
	fmt.Fprintf(hash, "%q %q %d %q %q %+q", m.From.Addresses[0].Key(), place, m.Timestamp.UnixMilli(), m.Content.Type, content,
		[]string{media.URL, media.FileName, media.Mimetype})
	return "said:" + hex.EncodeToString(hash.Sum(nil)), 0
}

// read turns a body into content. What has no reader, or not what its type
// needs, is unsupported, with the body as it came.
func (b messageBody) read(raw jsontext.Value) (providers.Content, *providers.MediaRef) {
	kind := providers.ContentType(strings.ToLower(string(b.Type)))
	if kind == "" {
		kind = b.guess()
	}
	var content providers.Content
	var media *providers.MediaRef
	ok := false
	switch {
	case kind == providers.TypeText:
		content.Text, ok = b.text()
	case kind.IsMedia():
		content, media, ok = b.media(kind)
	case kind == providers.TypeLocation:
		content, ok = b.location()
	case kind == providers.TypeContacts:
		content, ok = b.contacts()
	case kind == providers.TypeReaction:
		content, ok = b.reaction()
	}
	if !ok {
		return providers.Content{Type: providers.TypeUnsupported, Kind: clip(string(b.Type)), Raw: tolerant.Keep(raw)}, nil
	}
	content.Type = kind
	content.Forwarded = bool(b.Forwarded)
	return content, media
}

// clip keeps a foreign name short.
func clip(text string) string {
	if len(text) > 60 {
		return strings.ToValidUTF8(text[:60], "") + "…"
	}
	return text
}

// families are the kinds of message that show files of a type.
var families = map[string]providers.ContentType{
	"image": providers.TypeImage,
	"video": providers.TypeVideo,
	"audio": providers.TypeAudio,
}

// guess is the kind of a body that does not say it.
func (b messageBody) guess() providers.ContentType {
	if b.MediaURI == "" {
		return providers.TypeText
	}
	family, _, _ := strings.Cut(strings.ToLower(string(b.Mimetype)), "/")
	if kind, ok := families[family]; ok {
		return kind
	}
	return providers.TypeDocument
}

// text is the content as text; false: it is none.
func (b messageBody) text() (string, bool) {
	var text tolerant.Scalar
	if len(b.Content) == 0 || b.Content.Kind() == 'n' {
		return "", false
	}
	err := tolerant.Unmarshal(b.Content, &text)
	return string(text), err == nil
}

// media reads a file's address. A gateway that has no mediaUri writes it as the
// content; beside a mediaUri the content is a caption.
func (b messageBody) media(kind providers.ContentType) (providers.Content, *providers.MediaRef, bool) {
	address, caption := string(b.MediaURI), string(b.Caption)
	text, _ := b.text()
	switch {
	case address == "" && isURL(text):
		address = text
	case caption == "":
		caption = text
	}
	content := providers.Content{Text: caption}
	switch kind {
	case providers.TypeAudio:
		content.Voice = providers.Bool(bool(b.Voice))
	case providers.TypeSticker:
		content.Animated = providers.Bool(bool(b.Animated))
	}
	return content, &providers.MediaRef{
		URL: address, Mimetype: string(b.Mimetype), FileName: string(b.FileName), Foreign: true,
	}, address != ""
}

func isURL(text string) bool {
	return strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")
}

func (b messageBody) location() (providers.Content, bool) {
	at := b.place
	if b.Content.Kind() == '{' && tolerant.Unmarshal(b.Content, &at) != nil {
		return providers.Content{}, false
	}
	return providers.Content{
		Latitude:  providers.Float(at.Latitude.Value),
		Longitude: providers.Float(at.Longitude.Value),
		Name:      string(at.Name),
		Address:   string(at.Address),
		URL:       string(at.URL),
	}, at.Latitude.Set && at.Longitude.Set
}

func (b messageBody) contacts() (providers.Content, bool) {
	for _, cards := range []jsontext.Value{b.Contacts, b.Content} {
		if cards.Kind() == '[' {
			return providers.Content{Contacts: tolerant.Keep(cards)}, true
		}
	}
	return providers.Content{}, false
}

// reaction reads an emoji, as such or as the content; none takes it back.
func (b messageBody) reaction() (providers.Content, bool) {
	emoji := string(b.Emoji)
	if emoji == "" {
		emoji, _ = b.text()
	}
	return providers.Content{Target: ids.ProviderMessage(b.MessageID), Emoji: emoji}, b.MessageID != "" && len(b.MessageID) <= maxID
}
