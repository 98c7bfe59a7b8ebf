package d360

import (
	"context"
	"unicode/utf8"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// Check tells whether 360dialog would refuse the message, as far as that is
// known here: limits, required fields, files, templates. Whatever is not
// certain is left to the provider.
func (c *Conn) Check(ctx context.Context, out providers.Outbound) error {
	if err := checkAddress(out.To); err != nil {
		return err
	}
	check, ok := checks[out.Content.Type]
	if !ok {
		return incapable(string(out.Content.Type), "messages of this type cannot be sent.")
	}
	if err := check(ctx, out); err != nil {
		return err
	}
	if out.Content.Type == providers.TypeTemplate {
		return c.checkTemplate(ctx, out)
	}
	return nil
}

// checks has a row for every kind that can be sent. A check gives back nil or
// a *providers.SendError.
var checks = map[providers.ContentType]func(context.Context, providers.Outbound) error{
	providers.TypeText:        checkText,
	providers.TypeImage:       checkMedia,
	providers.TypeVideo:       checkMedia,
	providers.TypeDocument:    checkMedia,
	providers.TypeAudio:       checkMedia,
	providers.TypeSticker:     checkMedia,
	providers.TypeLocation:    checkLocation,
	providers.TypeContacts:    checkContacts,
	providers.TypeReaction:    checkReaction,
	providers.TypeInteractive: checkInteractive,
	providers.TypeTemplate:    checkTemplateShape,
}

func checkAddress(to providers.Address) error {
	switch to.Kind {
	case providers.KindPhone:
		if !isDigits(to.Value) || len(to.Value) < 7 || len(to.Value) > 15 {
			return refuse(providers.ReasonInvalidNumber, "", "The recipient's number must have 7 to 15 digits with its country code.")
		}
		return nil
	case providers.KindBSUID:
		if to.Value == "" {
			return refuse(providers.ReasonInvalidNumber, "", "The recipient's user id is empty.")
		}
		return nil
	default:
		return unreachable(to.Kind)
	}
}

func checkText(_ context.Context, out providers.Outbound) error {
	if out.Content.Text == "" {
		return invalid("text", "A text message needs a text.")
	}
	return checkLength("text", "The text", out.Content.Text, capabilities.Limits[providers.TypeText].MaxText)
}

// checkLength counts characters as Meta does: Unicode code points.
func checkLength(field, what, text string, limit int) error {
	if n := utf8.RuneCountInString(text); n > limit {
		return invalid(field, "%s has %d characters; WhatsApp takes %d.", what, n, limit)
	}
	return nil
}

func checkLocation(_ context.Context, out providers.Outbound) error {
	lat, lng := out.Content.Latitude, out.Content.Longitude
	switch {
	case lat == nil || *lat < -90 || *lat > 90:
		return invalid("location.latitude", "The latitude must be between -90 and 90 degrees.")
	case lng == nil || *lng < -180 || *lng > 180:
		return invalid("location.longitude", "The longitude must be between -180 and 180 degrees.")
	}
	return nil
}

func checkContacts(_ context.Context, out providers.Outbound) error {
	var cards []struct {
		Name struct {
			Formatted string `json:"formatted_name"`
		} `json:"name"`
	}
	if err := tolerant.Unmarshal(out.Content.Contacts, &cards); err != nil {
		return invalid("interactive.contacts", "The contacts are not of the Cloud API's shape: a list of objects with a `name`.")
	}
	if len(cards) == 0 {
		return invalid("interactive.contacts", "At least one contact is needed.")
	}
	for i, card := range cards {
		if card.Name.Formatted == "" {
			return invalid("interactive.contacts", "Contact %d needs a name.formatted_name.", i)
		}
	}
	return nil
}

func checkReaction(_ context.Context, out providers.Outbound) error {
	if out.Content.Target == "" {
		return invalid("reaction.messageId", "A reaction needs the message that it is for.")
	}
	return nil
}
