package d360

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// request writes the body of a send. mediaID is the file's id at 360dialog,
// empty when the message has no file.
func request(out providers.Outbound, mediaID string) (sendRequest, error) {
	r := sendRequest{
		MessagingProduct: "whatsapp",
		RecipientType:    "individual",
		Type:             string(out.Content.Type),
	}
	if !out.ID.IsZero() {
		r.CallbackData = out.ID.String()
	}
	switch out.To.Kind {
	case providers.KindPhone:
		r.To = phone.E164(out.To.Value)
	case providers.KindBSUID:
		r.Recipient = out.To.Value
	default:
		return r, unreachable(out.To.Kind)
	}
	// A reaction names its target itself.
	if out.Quote != nil && out.Content.Type != providers.TypeReaction {
		r.Context = &sendContext{MessageID: string(out.Quote.ID)}
	}
	return r, r.fill(out, mediaID)
}

// unreachable refuses the kinds of address that the Cloud API has no place for.
func unreachable(kind providers.AddressKind) *providers.SendError {
	if kind == providers.KindGroup {
		return incapable("groups", "a message cannot be sent to a group.")
	}
	return refuse(providers.ReasonInvalidNumber, "", "360dialog cannot write to an address of kind %q: it needs a phone number or a business-scoped user id.", kind)
}

// fill sets the member of the message's kind.
func (r *sendRequest) fill(out providers.Outbound, mediaID string) error {
	c := out.Content
	switch c.Type {
	case providers.TypeText:
		r.Text = &sendText{Body: c.Text, PreviewURL: hasLink(c.Text)}
	case providers.TypeImage:
		r.Image = &sendMedia{ID: mediaID, Caption: c.Text}
	case providers.TypeVideo:
		r.Video = &sendMedia{ID: mediaID, Caption: c.Text}
	case providers.TypeDocument:
		r.Document = &sendMedia{ID: mediaID, Caption: c.Text}
		if out.Media != nil {
			r.Document.FileName = out.Media.FileName
		}
	case providers.TypeAudio:
		r.Audio = &sendMedia{ID: mediaID}
	case providers.TypeSticker:
		r.Sticker = &sendMedia{ID: mediaID}
	case providers.TypeLocation:
		r.Location = &sendLocation{Latitude: deref(c.Latitude), Longitude: deref(c.Longitude), Name: c.Name, Address: c.Address}
	case providers.TypeContacts:
		r.Contacts = jsontext.Value(c.Contacts)
	case providers.TypeReaction:
		r.Reaction = &sendReaction{MessageID: string(c.Target), Emoji: c.Emoji}
	case providers.TypeInteractive:
		r.Interactive = jsontext.Value(c.Interactive)
	case providers.TypeTemplate:
		return r.template(out, mediaID)
	default:
		return incapable(string(c.Type), "messages of this type cannot be sent.")
	}
	return nil
}

// template writes a template. A file that came beside the components is its
// header.
func (r *sendRequest) template(out providers.Outbound, mediaID string) error {
	components, err := readComponents(out.Content.Components)
	if err != nil {
		return err
	}
	r.Template = &sendTemplate{Name: out.Content.Name, Language: sendLanguage{Code: out.Content.Language}}
	if mediaID != "" {
		header, err := headerComponent(out.Media, mediaID)
		if err != nil {
			return err
		}
		r.Template.Components = append(r.Template.Components, header)
	}
	for _, c := range components {
		r.Template.Components = append(r.Template.Components, c.raw)
	}
	return nil
}

// headerComponent is a template's header that shows a file.
func headerComponent(m *providers.OutboundMedia, mediaID string) (jsontext.Value, error) {
	kind := headerKind(m.Mimetype)
	file := map[string]string{"id": mediaID}
	if kind == "document" && m.FileName != "" {
		file["filename"] = m.FileName
	}
	text, err := json.Marshal(map[string]any{
		"type":       "header",
		"parameters": []any{map[string]any{"type": kind, kind: file}},
	}, json.Deterministic(true), tolerant.Options)
	if err != nil {
		return nil, invalid("headerMediaUri", "The header cannot be written as JSON: %v.", err)
	}
	return text, nil
}

// headerKind is which kind of header shows a file of this type.
func headerKind(mimetype string) string {
	switch family, _, _ := strings.Cut(mimetype, "/"); family {
	case "image", "video":
		return family
	default:
		return "document"
	}
}

// hasLink tells whether WhatsApp would find a link to preview.
func hasLink(text string) bool {
	lower := strings.ToLower(text)
	return strings.Contains(lower, "https://") || strings.Contains(lower, "http://")
}

func deref(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}
