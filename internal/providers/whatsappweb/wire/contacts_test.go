package wire_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// readCards reads vCards, each with the name that WhatsApp shows.
func readCards(t testing.TB, shown string, texts ...string) providers.Content {
	t.Helper()
	e := fromJoao(t, `{}`)
	e.Message = &waE2E.Message{ContactsArrayMessage: &waE2E.ContactsArrayMessage{}}
	for _, text := range texts {
		m := &waE2E.ContactMessage{DisplayName: proto.String(shown), Vcard: proto.String(text)}
		e.Message.ContactsArrayMessage.Contacts = append(e.Message.ContactsArrayMessage.Contacts, m)
	}
	got := wire.ReadMessage(e)
	if len(got) != 1 {
		t.Fatalf("%d payloads", len(got))
	}
	return got[0].(providers.MessageReceived).Content
}

func vcardOf(fields ...string) string {
	return "BEGIN:VCARD\nVERSION:3.0\n" + strings.Join(fields, "\n") + "\nEND:VCARD"
}

func TestReadCards(t *testing.T) {
	t.Parallel()
	for label, c := range map[string]struct{ shown, text, want string }{
		"as phones write it": {"João Silva", "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Silva;João;;;\r\nFN:João Silva\r\nitem1.TEL;waid=5521988887777:+55 21 98888-7777\r\nitem1.X-ABLabel:Celular\r\nEND:VCARD\r\n",
			`[{"name":{"formatted_name":"João Silva","first_name":"João","last_name":"Silva"},"phones":[{"phone":"+55 21 98888-7777","type":"Celular","wa_id":"5521988887777"}]}]`},
		"with everything": {"", vcardOf("N:Silva;João;Maria;Dr.;Jr.", "FN:Dr. João", "BDAY:1980-02-29", "ORG:Padaria;Vendas", "TITLE:Gerente",
			"TEL;type=CELL;type=VOICE;waid=5521988887777:+5521988887777", "TEL;TYPE=work,voice:tel:+5521955554444", "EMAIL;type=INTERNET:mailto:a@example.com", "EMAIL;type=HOME:b@example.com",
			"URL;type=WORK:https://example.com/?a=b;c", "ADR;type=HOME:;Apto 2;Rua A\\, 1;Rio;RJ;20000-000;Brasil"),
			`[{"name":{"formatted_name":"Dr. João","first_name":"João","middle_name":"Maria","last_name":"Silva","prefix":"Dr.","suffix":"Jr."},"birthday":"1980-02-29",` +
				`"org":{"company":"Padaria","department":"Vendas","title":"Gerente"},` +
				`"phones":[{"phone":"+5521988887777","type":"CELL","wa_id":"5521988887777"},{"phone":"+5521955554444","type":"WORK"}],` +
				`"emails":[{"email":"a@example.com"},{"email":"b@example.com","type":"HOME"}],"urls":[{"url":"https://example.com/?a=b;c","type":"WORK"}],` +
				`"addresses":[{"street":"Rua A, 1, Apto 2","city":"Rio","state":"RJ","zip":"20000-000","country":"Brasil","type":"HOME"}]}]`},
		"shown by its name's parts":   {"", vcardOf("N:Silva;João;;;"), `[{"name":{"formatted_name":"João Silva","first_name":"João","last_name":"Silva"}}]`},
		"shown by what WhatsApp says": {"Jô", vcardOf("N:;;;;", "TEL:1"), `[{"name":{"formatted_name":"Jô"},"phones":[{"phone":"1"}]}]`},
		"a business":                  {"", vcardOf("X-WA-BIZ-NAME:Padaria", "TEL;waid=5521988887777:"), `[{"name":{"formatted_name":"Padaria"},"phones":[{"wa_id":"5521988887777"}]}]`},
		"Apple's labels":              {"", vcardOf("FN:A", "item2.URL:https://example.com", "item2.X-ABLabel:_$!<HomePage>!$_"), `[{"name":{"formatted_name":"A"},"urls":[{"url":"https://example.com","type":"HomePage"}]}]`},
		"a birthday in one piece":     {"", vcardOf("FN:A", "BDAY:19800229T000000Z"), `[{"name":{"formatted_name":"A"},"birthday":"1980-02-29"}]`},
		"a birthday without a year":   {"", vcardOf("FN:A", "BDAY:--0229"), `[{"name":{"formatted_name":"A"}}]`},
		"semicolons and commas":       {"", vcardOf(`N:Silva\;Souza;João\, o bom;;;`, `FN:A\;B\, C`), `[{"name":{"formatted_name":"A;B, C","first_name":"João, o bom","last_name":"Silva;Souza"}}]`},
		"a picture inside":            {"", vcardOf("FN:A", "PHOTO;ENCODING=b:AAAA\n AAAA", "TEL:1"), `[{"name":{"formatted_name":"A"},"phones":[{"phone":"1"}]}]`},
		"with folded lines":           {"", "BEGIN:VCARD\r\nFN:Jo\r\n ão\n\t Silva\r\nTEL:+55\r\n\t21\r\nEND:VCARD", `[{"name":{"formatted_name":"João Silva"},"phones":[{"phone":"+5521"}]}]`},
		"labels of groups":            {"", vcardOf("FN:A", "Item1.TEL:1", "item1.X-ABLabel:Casa", "item2.TEL;type=CELL:2", "item2.X-ABLabel:", "TEL:3", "X-ABLabel:x"), `[{"name":{"formatted_name":"A"},"phones":[{"phone":"1","type":"Casa"},{"phone":"2","type":"CELL"},{"phone":"3"}]}]`},
		"broken off":                  {"", "BEGIN:VCARD\nFN:A\nTEL:1\n", `[{"name":{"formatted_name":"A"},"phones":[{"phone":"1"}]}]`},
		"a field that is none":        {"", vcardOf("FN:A", "TEL;type", "=;", "EMAIL:"), `[{"name":{"formatted_name":"A"}}]`},
		"HTML stays as it is":         {"", vcardOf("FN:A & <B>"), `[{"name":{"formatted_name":"A & <B>"}}]`},
		"no vCard at all":             {"João", "", `[{"name":{"formatted_name":"João"}}]`},
	} {
		got := readCards(t, c.shown, c.text)
		if got.Type != providers.TypeContacts || string(got.Contacts) != c.want {
			t.Errorf("%s:\n got %s %s\nwant %s", label, got.Type, got.Contacts, c.want)
		}
	}
}

func TestReadSeveralCards(t *testing.T) {
	t.Parallel()
	got := readCards(t, "", vcardOf("FN:A"), "", vcardOf("FN:B"))
	if want := `[{"name":{"formatted_name":"A"}},{"name":{"formatted_name":"B"}}]`; string(got.Contacts) != want {
		t.Errorf("got %s, want %s", got.Contacts, want)
	}
	if empty := readCards(t, "", "", "x"); empty.Type != providers.TypeUnsupported || empty.Kind != "contactsArrayMessage" {
		t.Errorf("cards that say nothing became %+v", empty)
	}
	one := wire.ReadMessage(fromJoao(t, `{"contactMessage":{"displayName":"A"}}`))[0].(providers.MessageReceived).Content
	if want := `[{"name":{"formatted_name":"A"}}]`; string(one.Contacts) != want {
		t.Errorf("got %s, want %s", one.Contacts, want)
	}
}

// seedCard is the card of the platform's own example.
const seedCard = `{"name":{"first_name":"João","last_name":"Silva","formatted_name":"João Silva"},"phones":[{"phone":"5521988887777","type":"WORK","wa_id":"5521988887777"}]}`

func TestComposeCards(t *testing.T) {
	t.Parallel()
	for label, c := range map[string]struct {
		card string
		want []string
	}{
		"the seed's": {seedCard, []string{"FN:João Silva", "N:Silva;João;;;", "TEL;type=WORK;waid=5521988887777:5521988887777"}},
		"with everything": {`{"name":{"formatted_name":"Dr. João","first_name":"João","middle_name":"Maria","last_name":"Silva","prefix":"Dr.","suffix":"Jr."},"birthday":"1980-02-29",
			"org":{"company":"Padaria","department":"Vendas","title":"Gerente"},"phones":[{"phone":"+55 21 98888-7777"},{"wa_id":"5521955554444","type":"cell"}],
			"emails":[{"email":"a@example.com","type":"HOME"}],"urls":[{"url":"https://example.com","type":"WORK"}],
			"addresses":[{"street":"Rua A, 1","city":"Rio","state":"RJ","zip":"20000-000","country":"Brasil","country_code":"br","type":"HOME"},{"country_code":"br"}]}`,
			[]string{"ADR;type=HOME:;;Rua A\\, 1;Rio;RJ;20000-000;Brasil", "ADR:;;;;;;br", "BDAY:1980-02-29", "EMAIL;type=HOME:a@example.com", "FN:Dr. João", "N:Silva;João;Maria;Dr.;Jr.",
				"ORG:Padaria;Vendas", "TEL:+55 21 98888-7777", "TEL;type=CELL;waid=5521955554444:+5521955554444", "TITLE:Gerente", "URL;type=WORK:https://example.com"}},
		"with a shown name only":     {`{"name":{"formatted_name":"Suporte"}}`, []string{"FN:Suporte", "N:;Suporte;;;"}},
		"with empty things":          {`{"name":{"formatted_name":"A","last_name":"B"},"org":{},"phones":[{"type":"WORK"}],"emails":[{}],"urls":[{}],"addresses":[{"type":"HOME"}]}`, []string{"FN:A", "N:B;;;;"}},
		"with a line break in it":    {`{"name":{"formatted_name":"A\r\nTEL:1\rEND:VCARD","last_name":"B;C"}}`, []string{`FN:A\nTEL:1\nEND:VCARD`, "N:B\\,C;;;;"}},
		"with a parameter in a type": {`{"name":{"formatted_name":"A","last_name":"B"},"phones":[{"phone":"1","type":"WORK;x=y:2\n"}]}`, []string{"FN:A", "N:B;;;;", "TEL;type=WORKXY2:1"}},
	} {
		m, err := wire.Compose(toJoao(providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(`[` + c.card + `]`)}), nil, ourPhone)
		if err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		want := "BEGIN:VCARD\r\nVERSION:3.0\r\n" + strings.Join(c.want, "\r\n") + "\r\nEND:VCARD\r\n"
		if got := m.GetContactMessage().GetVcard(); got != want {
			t.Errorf("%s:\n got %q\nwant %q", label, got, want)
		}
	}
}

func TestComposeSeveralCards(t *testing.T) {
	t.Parallel()
	m, err := wire.Compose(toJoao(providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(`[` + seedCard + `,{"name":{"formatted_name":"Maria"}}]`)}), nil, ourPhone)
	if err != nil {
		t.Fatal(err)
	}
	all := m.GetContactsArrayMessage()
	if all.GetDisplayName() != "João Silva +1" || len(all.GetContacts()) != 2 || all.GetContacts()[1].GetDisplayName() != "Maria" {
		t.Errorf("got %v", all)
	}
}

func FuzzReadCard(f *testing.F) {
	f.Add("João", vcardOf("FN:A", "N:Silva;João;;;", "item1.TEL;waid=1:+1", "item1.X-ABLabel:Casa", "ADR:;;a;b;c;d;e", "BDAY:1980-02-29", "ORG:a;b"))
	f.Add("", "BEGIN:VCARD\nTEL;type=\"a\":1\n")
	f.Add("\xff", "BEGIN:VCARD\nFN:\xff\\;\\\\;\nEND:VCARD")
	f.Fuzz(func(t *testing.T, shown, text string) {
		c := readCards(t, shown, text)
		if c.Type == providers.TypeUnsupported {
			return
		}
		var list []json.RawMessage
		if err := json.Unmarshal(c.Contacts, &list); err != nil || len(list) != 1 || !utf8.Valid(c.Contacts) {
			t.Fatalf("%d cards, %v: %q", len(list), err, c.Contacts)
		}
		m, err := wire.Compose(providers.Outbound{To: joao[0], Content: c}, nil, types.EmptyJID)
		if err != nil {
			if !strings.Contains(err.Error(), "formatted_name") {
				t.Fatalf("%s cannot be sent on: %v", c.Contacts, err)
			}
			return
		}
		if n := strings.Count(m.GetContactMessage().GetVcard(), "\r\nEND:VCARD\r\n"); n != 1 {
			t.Errorf("the card ends %d times: %q", n, m.GetContactMessage().GetVcard())
		}
	})
}
