package wire

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/emersion/go-vcard"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers"
)

const fieldContacts = "interactive.contacts"

// composeContacts writes cards of the Cloud API's shape as vCards.
func composeContacts(out providers.Outbound) (*waE2E.Message, error) {
	var cards []card
	if err := json.Unmarshal(out.Content.Contacts, &cards); err != nil {
		return nil, invalid(fieldContacts, "The contacts are not of the Cloud API's shape: a list of objects with a `name`.")
	}
	if len(cards) == 0 {
		return nil, invalid(fieldContacts, "At least one contact is needed.")
	}
	messages := make([]*waE2E.ContactMessage, 0, len(cards))
	for i, c := range cards {
		if strings.TrimSpace(c.Name.Formatted) == "" {
			return nil, invalid(fieldContacts, "Contact %d needs a name.formatted_name.", i)
		}
		text, err := c.vcard()
		if err != nil {
			return nil, invalid(fieldContacts, "Contact %d cannot be written as a vCard: %v.", i, err)
		}
		messages = append(messages, &waE2E.ContactMessage{DisplayName: proto.String(c.Name.Formatted), Vcard: proto.String(text)})
	}
	if len(messages) == 1 {
		return &waE2E.Message{ContactMessage: messages[0]}, nil
	}
	return &waE2E.Message{ContactsArrayMessage: &waE2E.ContactsArrayMessage{
		DisplayName: proto.String(fmt.Sprintf("%s +%d", cards[0].Name.Formatted, len(cards)-1)),
		Contacts:    messages,
	}}, nil
}

// vcard writes a card as a vCard 3.0, the version that phones write. A phone
// with a `waid` opens a chat when it is touched.
func (c card) vcard() (string, error) {
	v := vcard.Card{}
	v.SetValue(vcard.FieldVersion, "3.0")
	v.SetValue(vcard.FieldFormattedName, line(c.Name.Formatted))
	n := c.Name
	v.SetValue(vcard.FieldName, parts(n.Last, cmp.Or(n.First, n.whole()), n.Middle, n.Prefix, n.Suffix))
	if c.Org != nil {
		set(v, vcard.FieldOrganization, parts(c.Org.Company, c.Org.Department))
		set(v, vcard.FieldTitle, line(c.Org.Title))
	}
	set(v, vcard.FieldBirthday, birthday(c.Birthday))
	for _, p := range c.Phones {
		f := &vcard.Field{Value: line(cmp.Or(p.Phone, plus(p.WaID))), Params: typed(p.Type)}
		if id := digits(p.WaID); id != "" {
			f.Params.Set("waid", id)
		}
		add(v, vcard.FieldTelephone, f)
	}
	for _, e := range c.Emails {
		add(v, vcard.FieldEmail, &vcard.Field{Value: line(e.Email), Params: typed(e.Type)})
	}
	for _, u := range c.URLs {
		add(v, vcard.FieldURL, &vcard.Field{Value: line(u.URL), Params: typed(u.Type)})
	}
	for _, a := range c.Addresses {
		value := parts("", "", a.Street, a.City, a.State, a.Zip, cmp.Or(a.Country, a.CountryCode))
		add(v, vcard.FieldAddress, &vcard.Field{Value: value, Params: typed(a.Type)})
	}
	var text strings.Builder
	if err := vcard.NewEncoder(&text).Encode(v); err != nil {
		return "", err
	}
	return text.String(), nil
}

// whole is the shown name where the parts are not told: phones take a card's
// name from its parts.
func (n cardName) whole() string {
	if n.Last != "" {
		return ""
	}
	return n.Formatted
}

// set writes a field that says something.
func set(v vcard.Card, key, value string) {
	if strings.Trim(value, ";") != "" {
		v.SetValue(key, value)
	}
}

func add(v vcard.Card, key string, f *vcard.Field) {
	if strings.Trim(f.Value, ";") != "" {
		v.Add(key, f)
	}
}

// typed gives the parameters of a kind of phone or address. The writer quotes
// nothing, so only letters, digits and hyphens may pass.
func typed(kind string) vcard.Params {
	params := vcard.Params{}
	word := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-':
			return r
		default:
			return -1
		}
	}, kind)
	if word != "" {
		params.Set("type", strings.ToUpper(word))
	}
	return params
}

// parts joins the parts of a value. A semicolon inside a part would begin the
// next one, and the writer cannot mark it, so it becomes a comma.
func parts(list ...string) string {
	for i, part := range list {
		list[i] = strings.ReplaceAll(line(part), ";", ",")
	}
	return strings.Join(list, ";")
}

// line keeps a carriage return from ending a line of the card: the writer
// marks line feeds only.
func line(text string) string {
	text = strings.ReplaceAll(clean(text), "\r\n", "\n")
	return strings.TrimSpace(strings.ReplaceAll(text, "\r", "\n"))
}

func plus(number string) string {
	if d := digits(number); d != "" {
		return "+" + d
	}
	return ""
}
