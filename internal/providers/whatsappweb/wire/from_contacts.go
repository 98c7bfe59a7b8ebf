package wire

import (
	"cmp"
	"slices"
	"strings"

	"github.com/emersion/go-vcard"
	"go.mau.fi/whatsmeow/proto/waE2E"

	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	waidParam  = "WAID"      // the WhatsApp number behind a phone
	labelField = "X-ABLABEL" // a group's own word for its kind
	bizName    = "X-WA-BIZ-NAME"
)

// unfold joins the lines that a card's writer broke.
var unfold = strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "")

func readContact(b body) (said, bool) {
	return cards([]*waE2E.ContactMessage{b.message.GetContactMessage()})
}

func readContacts(b body) (said, bool) {
	return cards(b.message.GetContactsArrayMessage().GetContacts())
}

// cards reads contact cards; a list of nothing but empty ones says nothing.
func cards(messages []*waE2E.ContactMessage) (said, bool) {
	list := make([]card, 0, len(messages))
	for _, m := range messages {
		if c := readCard(m.GetVcard(), m.GetDisplayName()); c.Name.Formatted != "" || len(c.Phones) > 0 {
			list = append(list, c)
		}
	}
	return said{content: providers.Content{Type: providers.TypeContacts, Contacts: jsonOf(list)}}, len(list) > 0
}

// readCard reads a vCard; shown is the name that WhatsApp shows for it. Of a
// broken card it keeps what stands before the break.
func readCard(text, shown string) card {
	// The decoder joins folded lines in quadratic time.
	v, _ := vcard.NewDecoder(strings.NewReader(unfold.Replace(text))).Decode()
	kinds := labels(v)
	c := card{
		Name:     readName(v, shown),
		Birthday: birthday(v.Value(vcard.FieldBirthday)),
		Org:      readOrg(v),
	}
	for _, f := range v[vcard.FieldTelephone] {
		phone := cardPhone{Phone: uri(f, "tel:"), Type: kinds.typeOf(f), WaID: digits(f.Params.Get(waidParam))}
		if phone.Phone != "" || phone.WaID != "" {
			c.Phones = append(c.Phones, phone)
		}
	}
	for _, f := range v[vcard.FieldEmail] {
		if email := uri(f, "mailto:"); email != "" {
			c.Emails = append(c.Emails, cardEmail{Email: email, Type: kinds.typeOf(f)})
		}
	}
	for _, f := range v[vcard.FieldURL] {
		if where := plain(f.Value); where != "" {
			c.URLs = append(c.URLs, cardURL{URL: where, Type: kinds.typeOf(f)})
		}
	}
	for _, f := range v[vcard.FieldAddress] {
		if a, ok := readAddress(f); ok {
			a.Type = kinds.typeOf(f)
			c.Addresses = append(c.Addresses, a)
		}
	}
	return c
}

func readName(v vcard.Card, shown string) cardName {
	parts := components(v.Value(vcard.FieldName), 5)
	n := cardName{Last: parts[0], First: parts[1], Middle: parts[2], Prefix: parts[3], Suffix: parts[4]}
	whole := strings.Join(strings.Fields(strings.Join([]string{n.Prefix, n.First, n.Middle, n.Last, n.Suffix}, " ")), " ")
	n.Formatted = cmp.Or(plain(v.Value(vcard.FieldFormattedName)), plain(shown), whole, plain(v.Value(bizName)))
	return n
}

func readOrg(v vcard.Card) *cardOrg {
	parts := components(v.Value(vcard.FieldOrganization), 2)
	org := cardOrg{Company: parts[0], Department: parts[1], Title: plain(v.Value(vcard.FieldTitle))}
	if org == (cardOrg{}) {
		return nil
	}
	return &org
}

func readAddress(f *vcard.Field) (cardAddress, bool) {
	parts := components(f.Value, 7)
	// A post-office box and an apartment are part of the street to the Cloud API.
	street := strings.Join(slices.DeleteFunc([]string{parts[2], parts[1], parts[0]}, func(s string) bool { return s == "" }), ", ")
	a := cardAddress{Street: street, City: parts[3], State: parts[4], Zip: parts[5], Country: parts[6]}
	return a, a != cardAddress{}
}

// noTypes are TYPE parameters that say nothing about whose phone it is.
var noTypes = []string{"voice", "pref", "internet", "text"}

// labelled are the labels that the owner of a phone gave its groups of fields.
type labelled map[string]string

func labels(v vcard.Card) labelled {
	l := labelled{}
	for _, f := range v[labelField] {
		// Apple writes its own words as _$!<Mobile>!$_.
		l[strings.ToLower(f.Group)] = plain(strings.TrimSuffix(strings.TrimPrefix(f.Value, "_$!<"), ">!$_"))
	}
	return l
}

// typeOf is what kind of phone or address a field is: its owner's label, or
// its TYPE in capitals.
func (l labelled) typeOf(f *vcard.Field) string {
	if label := l[strings.ToLower(f.Group)]; f.Group != "" && label != "" {
		return label
	}
	for _, kind := range f.Params.Types() {
		if kind = plain(kind); kind != "" && !slices.Contains(noTypes, kind) {
			return strings.ToUpper(kind)
		}
	}
	return ""
}

// uri is a field's value without the scheme that newer cards write before it.
func uri(f *vcard.Field, scheme string) string {
	value := plain(f.Value)
	if len(value) >= len(scheme) && strings.EqualFold(value[:len(scheme)], scheme) {
		return value[len(scheme):]
	}
	return value
}

// components reads a value that has several parts, n of them.
func components(value string, n int) []string {
	parts := make([]string, 0, n)
	var part strings.Builder
	for i := 0; i < len(value); i++ {
		switch {
		case value[i] == '\\' && i+1 < len(value) && value[i+1] == ';':
			i++
			part.WriteByte(';')
		case value[i] == ';':
			parts = append(parts, plain(part.String()))
			part.Reset()
		default:
			part.WriteByte(value[i])
		}
	}
	parts = append(parts, plain(part.String()))
	for len(parts) < n {
		parts = append(parts, "")
	}
	return parts
}

// plain is a text value: trimmed, with the semicolons that stand for themselves.
func plain(value string) string {
	return strings.TrimSpace(clean(strings.ReplaceAll(value, `\;`, ";")))
}

// birthday reads a date in the forms that cards use; anything else is none.
func birthday(value string) string {
	value, _, _ = strings.Cut(strings.TrimSpace(value), "T")
	if d := digits(value); len(d) == 8 && (len(value) == 8 || len(value) == 10) {
		return d[:4] + "-" + d[4:6] + "-" + d[6:]
	}
	return ""
}

// digits keeps the digits of a text.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}
