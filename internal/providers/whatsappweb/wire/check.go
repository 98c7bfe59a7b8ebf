package wire

import (
	"slices"
	"strings"
	"unicode/utf8"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers"
)

// Check refuses what a linked device cannot send: kinds without an entry in
// limits, and what is over its entry. It asks nobody, so that whether a number
// is on WhatsApp stays open. An error is a *providers.SendError with Sent No.
func Check(out providers.Outbound, limits map[providers.ContentType]providers.Limit) error {
	c := out.Content
	limit, listed := limits[c.Type]
	composes := composers[c.Type] != nil || c.Type.IsMedia()
	switch {
	case !listed || !composes:
		return incapable(string(c.Type), "messages of this type cannot be sent.")
	case JIDOf(out.To).IsEmpty():
		return refuse(providers.ReasonInvalidNumber, "", "WhatsApp cannot write to an address of kind %q: it needs a phone number, a LID or a group.", out.To.Kind)
	case limit.IndividualOnly && out.To.Kind == providers.KindGroup:
		return incapable("groups", "messages of this type cannot be sent to a group.")
	case c.Type.IsMedia():
		return checkMedia(c, out.Media, limit)
	}
	_, err := composers[c.Type](out)
	if err != nil {
		return err
	}
	if c.Type == providers.TypeText {
		return checkLength("The text", c.Text, limit.MaxText)
	}
	return nil
}

// checkLength counts characters: Unicode code points. A limit of 0 is none.
func checkLength(what, text string, limit int) error {
	if n := utf8.RuneCountInString(text); limit > 0 && n > limit {
		return invalid("text", "%s has %d characters; WhatsApp takes %d.", what, n, limit)
	}
	return nil
}

// checkMedia checks a file's type and size and the text beside it.
func checkMedia(c providers.Content, m *providers.OutboundMedia, limit providers.Limit) error {
	if limit.NoCaption && c.Text != "" {
		return invalid("text", "WhatsApp shows no text beside a message of type %s.", c.Type)
	}
	if err := checkLength("The caption", c.Text, limit.MaxCaption); err != nil {
		return err
	}
	if m == nil {
		return invalid("mediaUri", "A message of type %s needs a file.", c.Type)
	}
	mimetype, _, _ := strings.Cut(m.Mimetype, ";")
	mimetype = strings.ToLower(strings.TrimSpace(mimetype))
	if len(limit.Mimetypes) > 0 && !slices.Contains(limit.Mimetypes, mimetype) {
		return refuse(providers.ReasonMediaTypeUnsupported, "mediaUri", "WhatsApp takes no file of type %s as %s; it takes %s.",
			mimetype, c.Type, strings.Join(limit.Mimetypes, ", "))
	}
	if limit.MaxBytes > 0 && m.Size > limit.MaxBytes {
		return refuse(providers.ReasonMediaTooLarge, "mediaUri", "The file has %d bytes; WhatsApp takes %d of type %s.", m.Size, limit.MaxBytes, c.Type)
	}
	return nil
}

// composer makes the message of a kind that has no file. An error is a
// *providers.SendError that names the field at fault.
type composer func(providers.Outbound) (*waE2E.Message, error)

// composers has a row for every kind without a file that can be sent.
var composers = map[providers.ContentType]composer{
	providers.TypeText:     composeText,
	providers.TypeLocation: composeLocation,
	providers.TypeContacts: composeContacts,
	providers.TypeReaction: composeReaction,
}

// orNil leaves a field unset where there is nothing to say.
func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return proto.String(text)
}
