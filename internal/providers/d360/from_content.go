package d360

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

var (
	errUnknownKind = errors.New("a message of a kind that is not known")
	errEmptyKind   = errors.New("a message without the body that its type promises")
)

// contentReader reads the body of one kind of message. An error makes the
// message unsupported.
type contentReader func(jsontext.Value) (providers.Content, *providers.MediaRef, error)

// contentReaders has a row for every kind of message there is; the kinds that
// stand for "we cannot show you this" are left out, since they are unsupported.
var contentReaders = map[string]contentReader{
	"text":        readText,
	"image":       mediaReader(providers.TypeImage),
	"video":       mediaReader(providers.TypeVideo),
	"document":    mediaReader(providers.TypeDocument),
	"audio":       mediaReader(providers.TypeAudio),
	"voice":       readVoice,
	"sticker":     mediaReader(providers.TypeSticker),
	"location":    readLocation,
	"contacts":    readContacts,
	"reaction":    readReaction,
	"button":      readButton,
	"interactive": readInteractive,
	"order":       readOrder,
	"system":      readSystem,
}

// decode reads a kind's body; absent and null are errors.
func decode[T any](raw jsontext.Value) (T, error) {
	var body T
	if len(raw) == 0 || raw.Kind() == 'n' {
		return body, errEmptyKind
	}
	err := tolerant.Unmarshal(raw, &body)
	return body, err
}

func readText(raw jsontext.Value) (providers.Content, *providers.MediaRef, error) {
	body, err := decode[textBody](raw)
	return providers.Content{Type: providers.TypeText, Text: string(body.Body)}, nil, err
}

func mediaReader(kind providers.ContentType) contentReader {
	return func(raw jsontext.Value) (providers.Content, *providers.MediaRef, error) {
		body, err := decode[mediaBody](raw)
		if err != nil {
			return providers.Content{}, nil, err
		}
		c := providers.Content{Type: kind, Text: string(body.Caption)}
		switch kind {
		case providers.TypeAudio:
			c.Voice = providers.Bool(bool(body.Voice))
		case providers.TypeSticker:
			c.Animated = providers.Bool(bool(body.Animated))
		}
		return c, &providers.MediaRef{
			ID:       string(body.ID),
			URL:      string(tolerant.First(body.URL, body.Link)),
			Mimetype: string(body.MimeType),
			FileName: string(body.FileName),
			SHA256:   hexDigest(string(body.SHA256)),
		}, nil
	}
}

// readVoice reads the legacy kind of a voice note.
func readVoice(raw jsontext.Value) (providers.Content, *providers.MediaRef, error) {
	c, ref, err := mediaReader(providers.TypeAudio)(raw)
	c.Voice = providers.Bool(true)
	return c, ref, err
}

// hexDigest turns a digest in base64 (or in hex already) into hex; anything
// else is none.
func hexDigest(text string) string {
	if raw, err := hex.DecodeString(text); err == nil && len(raw) == 32 {
		return strings.ToLower(text)
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if raw, err := encoding.DecodeString(text); err == nil && len(raw) == 32 {
			return hex.EncodeToString(raw)
		}
	}
	return ""
}

func readLocation(raw jsontext.Value) (providers.Content, *providers.MediaRef, error) {
	body, err := decode[locationBody](raw)
	if err == nil && !(body.Latitude.Set && body.Longitude.Set) {
		err = errEmptyKind
	}
	return providers.Content{
		Type:      providers.TypeLocation,
		Latitude:  providers.Float(body.Latitude.Value),
		Longitude: providers.Float(body.Longitude.Value),
		Name:      string(body.Name),
		Address:   string(body.Address),
		URL:       string(body.URL),
	}, nil, err
}

// readContacts keeps the cards as they came: their fields are Meta's.
func readContacts(raw jsontext.Value) (providers.Content, *providers.MediaRef, error) {
	if raw.Kind() != '[' {
		return providers.Content{}, nil, errEmptyKind
	}
	return providers.Content{Type: providers.TypeContacts, Contacts: tolerant.Keep(raw)}, nil, nil
}

func readReaction(raw jsontext.Value) (providers.Content, *providers.MediaRef, error) {
	body, err := decode[reactionBody](raw)
	if err == nil && (body.MessageID == "" || len(body.MessageID) > maxID) {
		err = errEmptyKind
	}
	return providers.Content{
		Type:   providers.TypeReaction,
		Target: ids.ProviderMessage(body.MessageID),
		Emoji:  string(body.Emoji),
	}, nil, err
}

func readOrder(raw jsontext.Value) (providers.Content, *providers.MediaRef, error) {
	body, err := decode[orderBody](raw)
	order := &providers.Order{CatalogID: string(body.CatalogID), Items: make([]providers.OrderItem, 0, len(body.Items))}
	for _, item := range body.Items {
		order.Items = append(order.Items, providers.OrderItem{
			ProductRetailerID: string(item.ProductRetailerID),
			Quantity:          item.Quantity.Value,
			ItemPrice:         item.ItemPrice.Value,
			Currency:          string(item.Currency),
		})
	}
	return providers.Content{Type: providers.TypeOrder, Text: string(body.Text), Order: order}, nil, err
}

func readSystem(raw jsontext.Value) (providers.Content, *providers.MediaRef, error) {
	body, err := decode[systemBody](raw)
	system := &providers.System{Type: string(body.Type), Body: string(body.Body)}
	if _, moves := movingSystems[system.Type]; moves {
		system.NewIdentifier = string(tolerant.First(body.NewWaID, body.WaID, body.UserID))
	}
	return providers.Content{Type: providers.TypeSystem, System: system}, nil, err
}
