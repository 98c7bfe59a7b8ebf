package whatsappweb_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
)

var (
	seedTime = time.Unix(1659518400, 0)
	joao     = providers.Party{Addresses: []providers.Address{phone("5521988887777")}, Name: "João Silva"}
)

func phone(digits string) providers.Address {
	return providers.Address{Kind: providers.KindPhone, Value: digits}
}

func group(user string) providers.Address {
	return providers.Address{Kind: providers.KindGroup, Value: user}
}

// say is a message with an id and the members of its body.
func say(body string) string {
	return `{"type":"MESSAGE","id":"3A02","from":"5521988887777@c.us","fromUserName":"João Silva","timestamp":"1659518400","body":{` + body + `}}`
}

func said(c providers.Content, ref *providers.MediaRef) []providers.InboundPayload {
	return []providers.InboundPayload{providers.MessageReceived{ID: "3A02", From: joao, Timestamp: seedTime, Content: c, Media: ref}}
}

func TestReceiveBodies(t *testing.T) {
	t.Parallel()
	const url = "https://s3.amazonaws.com/bucket/a.jpg"
	file := func(mimetype, name string) *providers.MediaRef {
		return &providers.MediaRef{URL: url, Mimetype: mimetype, FileName: name, Foreign: true}
	}
	unsupported := func(kind, raw string) []providers.InboundPayload {
		return said(providers.Content{Type: providers.TypeUnsupported, Kind: kind, Raw: providers.RawJSON(raw)}, nil)
	}
	place := providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(-22.9), Longitude: providers.Float(-43.1), Name: "Rio"}
	reaction := providers.Content{Type: providers.TypeReaction, Target: "3A01", Emoji: "👍"}
	cards := providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(`[{"name":{"formatted_name":"A"}}]`)}
	providertest.RunInbound(t, whatsappweb.Receiver{}, []providertest.Inbound{
		{Label: "text", Body: say(`"type":"text","content":"Olá","unknown":1`), Want: said(providers.Content{Type: providers.TypeText, Text: "Olá"}, nil)},
		{Label: "text that is a number", Body: say(`"type":"text","content":42`), Want: said(providers.Content{Type: providers.TypeText, Text: "42"}, nil)},
		{Label: "no type", Body: say(`"content":"Olá"`), Want: said(providers.Content{Type: providers.TypeText, Text: "Olá"}, nil)},
		{
			Label: "image", Body: say(`"type":"image","mediaUri":"` + url + `","mimetype":"image/jpeg","caption":"c"`),
			Want: said(providers.Content{Type: providers.TypeImage, Text: "c"}, file("image/jpeg", "")),
		},
		{
			Label: "image with its address as content", Body: say(`"type":"IMAGE","content":"` + url + `"`),
			Want: said(providers.Content{Type: providers.TypeImage}, file("", "")),
		},
		{
			Label: "image with its caption as content", Body: say(`"type":"image","mediaUri":"` + url + `","content":"c"`),
			Want: said(providers.Content{Type: providers.TypeImage, Text: "c"}, file("", "")),
		},
		{
			Label: "voice note", Body: say(`"type":"audio","mediaUri":"` + url + `","voice":true`),
			Want: said(providers.Content{Type: providers.TypeAudio, Voice: providers.Bool(true)}, file("", "")),
		},
		{Label: "video", Body: say(`"type":"video","mediaUri":"` + url + `"`), Want: said(providers.Content{Type: providers.TypeVideo}, file("", ""))},
		{
			Label: "document", Body: say(`"type":"document","mediaUri":"` + url + `","fileName":"a.pdf","mimetype":"application/pdf"`),
			Want: said(providers.Content{Type: providers.TypeDocument}, file("application/pdf", "a.pdf")),
		},
		{
			Label: "sticker", Body: say(`"type":"sticker","mediaUri":"` + url + `"`),
			Want: said(providers.Content{Type: providers.TypeSticker, Animated: providers.Bool(false)}, file("", "")),
		},
		{
			Label: "a file without a type", Body: say(`"mediaUri":"` + url + `","mimetype":"video/mp4"`),
			Want: said(providers.Content{Type: providers.TypeVideo}, file("video/mp4", "")),
		},
		{Label: "location", Body: say(`"type":"location","latitude":"-22.9","longitude":-43.1,"name":"Rio"`), Want: said(place, nil)},
		{Label: "location as content", Body: say(`"type":"location","content":{"latitude":-22.9,"longitude":-43.1,"name":"Rio"}`), Want: said(place, nil)},
		{Label: "contacts", Body: say(`"type":"contacts","contacts":[{"name":{"formatted_name":"A"}}]`), Want: said(cards, nil)},
		{Label: "contacts as content", Body: say(`"type":"contacts","content":[{"name":{"formatted_name":"A"}}]`), Want: said(cards, nil)},
		{Label: "reaction", Body: say(`"type":"reaction","messageId":"3A01","emoji":"👍"`), Want: said(reaction, nil)},
		{Label: "reaction as content", Body: say(`"type":"reaction","messageId":"3A01","content":"👍"`), Want: said(reaction, nil)},
		{
			Label: "reaction taken back", Body: say(`"type":"reaction","messageId":"3A01","emoji":null`),
			Want: said(providers.Content{Type: providers.TypeReaction, Target: "3A01"}, nil),
		},
		{Label: "a kind of the future", Body: say(`"type":"poll","content":"x"`), Want: unsupported("poll", `{"type":"poll","content":"x"}`)},
		{Label: "image without an address", Body: say(`"type":"image"`), Want: unsupported("image", `{"type":"image"}`)},
		{Label: "half a place", Body: say(`"type":"location","latitude":1`), Want: unsupported("location", `{"type":"location","latitude":1}`)},
		{Label: "no place", Body: say(`"type":"location","latitude":"x"`), Want: unsupported("unreadable", `{"type":"location","latitude":"x"}`)},
		{Label: "text without content", Body: say(`"type":"text"`), Want: unsupported("text", `{"type":"text"}`)},
	})
}

func TestReceiveEvents(t *testing.T) {
	t.Parallel()
	status := func(s providers.MessageStatus) []providers.InboundPayload {
		return []providers.InboundPayload{providers.StatusChanged{ID: "3A02", Status: s, Timestamp: seedTime, Address: phone("5521988887777")}}
	}
	event := func(kind string) string {
		return `{"type":"` + kind + `","id":"3A02","eventId":"e1","clientNumber":"5521977776666","from":"5521988887777","to":"web5521977776666","timestamp":1659518400}`
	}
	synced := []providers.InboundPayload{providers.GroupSynced{Group: providers.Group{
		Address: group("120363025246125486"), Name: "Vendas", Participants: []providers.Address{phone("5521988887777"), {Kind: providers.KindLID, Value: "77"}},
	}}}
	const info = `"groupInfo":{"id":"120363025246125486@g.us","name":"Vendas","participants":["5521988887777:12@s.whatsapp.net","77@lid",{},"x"]}`
	table := []providertest.Inbound{
		{Label: "sent", Body: event("MESSAGE_SENT"), Want: status(providers.MessageSent)},
		{
			Label: "sent, with what it says", Body: `{"type":"MESSAGE_SENT","id":"3A02","from":"web5521977776666","to":"5521988887777","fromMe":true,"timestamp":1659518400,"body":{"type":"text","content":"oi"}}`,
			Want: []providers.InboundPayload{providers.MessageReceived{
				ID: "3A02", From: providers.Party{Addresses: []providers.Address{phone("5521988887777")}}, FromPhone: true, Timestamp: seedTime,
				Content: providers.Content{Type: providers.TypeText, Text: "oi"},
			}},
		},
		{
			Label: "sent to a group", Body: `{"type":"MESSAGE_SENT","id":"3A02","to":"120363025246125486-group","fromMe":true,"timestamp":1659518400,"groupInfo":{"id":"120363025246125486-group"},"body":{"type":"text","content":"oi"}}`,
			Want: []providers.InboundPayload{providers.MessageReceived{
				ID: "3A02", From: providers.Party{Addresses: []providers.Address{group("120363025246125486")}}, FromPhone: true, Timestamp: seedTime,
				Group: &providers.Group{Address: group("120363025246125486")}, Content: providers.Content{Type: providers.TypeText, Text: "oi"},
			}},
		},
		{
			Label: "sent to nobody", Body: `{"type":"MESSAGE_SENT","id":"3A02","from":"5521988887777","to":"x","fromMe":true,"timestamp":1659518400,"body":{"type":"text","content":"oi"}}`,
			Want: status(providers.MessageSent),
		},
		{Label: "delivered", Body: event("MESSAGE_DELIVERED"), Want: status(providers.MessageDelivered)},
		{Label: "read", Body: event("message_read"), Want: status(providers.MessageRead)},
		{Label: "played", Body: event("MESSAGE_PLAYED"), Want: status(providers.MessagePlayed)},
		{Label: "revoked", Body: event("MESSAGE_REVOKED"), Want: []providers.InboundPayload{providers.MessageRevoked{Target: "3A02", Timestamp: seedTime}}},
		{Label: "group update", Body: `{"type":"GROUP_UPDATE",` + info + `}`, Want: synced},
		{Label: "group join", Body: `{"type":"GROUP_JOIN",` + info + `}`, Want: synced},
		{Label: "a type of the future", Body: event("TELEPATHY"), Problems: []string{`"TELEPATHY" is unknown`}},
		{Label: "a status of nothing", Body: `{"type":"MESSAGE_READ"}`, Refused: true},
		{Label: "a message of nobody", Body: `{"type":"MESSAGE","body":{"content":"x"}}`, Refused: true},
		{Label: "a message from nowhere", Body: `{"type":"MESSAGE","from":"x@y","body":{"content":"x"}}`, Refused: true},
		{Label: "a message of a group as its sender", Body: `{"type":"MESSAGE","from":"1-group","body":{"content":"x"}}`, Refused: true},
		{Label: "a group's message without its group", Body: `{"type":"GROUP_MESSAGE","from":"5521988887777","body":{"content":"x"}}`, Refused: true},
		{Label: "no body", Body: `{"type":"MESSAGE","from":"5521988887777"}`, Refused: true},
		{Label: "no type", Body: `{"from":"5521988887777"}`, Refused: true},
		{Label: "a list", Body: `[]`, Refused: true},
		{Label: "not JSON", Body: `{`, Refused: true},
	}
	for _, kind := range []string{"MESSAGE_DELETED", "GROUP_UPDATE", "GROUP_LEAVE", "GROUP_PERMISSION", "QRCODE", "AUTHENTICATED", "LOGGED_IN",
		"CONNECTION_STATE", "CONNECTION_FAILURE", "DISCONNECTED", "BATTERY"} {
		body := `{"type":"` + kind + `","timestamp":1659518400,"battery":85}`
		table = append(table, providertest.Inbound{Label: kind, Body: body, Want: []providers.InboundPayload{
			providers.GatewayEvent{Type: kind, Timestamp: seedTime, Raw: providers.RawJSON(body)}}})
	}
	providertest.RunInbound(t, whatsappweb.Receiver{}, table)
}

const (
	seed12 = `{"type":"GROUP_MESSAGE","from":"5521988887777","fromUserName":"João Silva","to":"5521977776666-group",
		"body":{"content":"Olá pessoal!","type":"text"},"groupInfo":{"id":"5521977776666-group","name":"Grupo de Vendas",
		"participants":["5521988887777","5521955554444"]}}`
	seed51 = `{"type":"MESSAGE","from":"5521988887777","fromUserName":"João Silva","to":"web5521977776666",
		"body":{"content":"Olá, preciso de ajuda","type":"text"},"timestamp":1659518400}`
)

// receive reads a webhook that must hold one message.
func receive(t *testing.T, body string) providers.MessageReceived {
	t.Helper()
	got, err := whatsappweb.Receiver{}.Receive([]byte(body), providertest.ReceivedAt)
	if err != nil || len(got.Items) != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	m, ok := got.Items[0].Payload.(providers.MessageReceived)
	if !ok {
		t.Fatalf("got %T", got.Items[0].Payload)
	}
	return m
}

func TestReceiveSeeds(t *testing.T) {
	t.Parallel()
	m := receive(t, seed51)
	if m.DedupeKey == "" || m.DedupeWindow != 0 {
		t.Errorf("key %q, window %s", m.DedupeKey, m.DedupeWindow)
	}
	m.DedupeKey = ""
	want := providers.MessageReceived{From: joao, Timestamp: seedTime, Content: providers.Content{Type: providers.TypeText, Text: "Olá, preciso de ajuda"}}
	if diff := providertest.Diff(want, m); diff != "" {
		t.Errorf("seed 5.1:\n%s", diff)
	}
	m = receive(t, seed12)
	if m.DedupeKey == "" || m.DedupeWindow != 10*time.Second {
		t.Errorf("key %q, window %s", m.DedupeKey, m.DedupeWindow)
	}
	m.DedupeKey, m.DedupeWindow = "", 0
	want = providers.MessageReceived{From: joao, Content: providers.Content{Type: providers.TypeText, Text: "Olá pessoal!"},
		Group: &providers.Group{Address: group("5521977776666"), Name: "Grupo de Vendas",
			Participants: []providers.Address{phone("5521988887777"), phone("5521955554444")}}}
	if diff := providertest.Diff(want, m); diff != "" {
		t.Errorf("seed 1.2:\n%s", diff)
	}
}

// TestDedupeKeys: the same message has the same key in whatever spelling, and
// another message another.
func TestDedupeKeys(t *testing.T) {
	t.Parallel()
	key := receive(t, seed51).DedupeKey
	for label, body := range map[string]string{
		"spaces":           strings.ReplaceAll(seed51, "\n", " "),
		"the time as text": strings.Replace(seed51, "1659518400", `"1659518400"`, 1),
		"a number's jid":   strings.Replace(seed51, "5521988887777", "5521988887777@c.us", 1),
		"the ninth digit":  strings.Replace(seed51, "5521988887777", "552188887777", 1),
	} {
		if got := receive(t, body).DedupeKey; got != key {
			t.Errorf("%s makes another message", label)
		}
	}
	for label, body := range map[string]string{
		"another text":   strings.Replace(seed51, "ajuda", "socorro", 1),
		"another time":   strings.Replace(seed51, "1659518400", "1659518401", 1),
		"another sender": strings.Replace(seed51, "5521988887777", "5521988887778", 1),
		"another place":  strings.Replace(seed51, "web5521977776666", "5521977776666-group", 1),
	} {
		if got := receive(t, body).DedupeKey; got == key {
			t.Errorf("%s makes the same message", label)
		}
	}
	untimed := receive(t, seed12).DedupeKey
	if receive(t, seed12).DedupeKey != untimed || receive(t, seed12+" ").DedupeKey == untimed {
		t.Error("without a time, exactly the identical body is the same message")
	}
}

func TestReceiveQuoteAndAuthor(t *testing.T) {
	t.Parallel()
	m := receive(t, `{"type":"GROUP_MESSAGE","id":"1","from":"120363025246125486@g.us","author":"77@lid","body":"oi","quotedMessage":{"id":"3A01","message":"q"}}`)
	want := providers.MessageReceived{ID: "1", Group: &providers.Group{Address: group("120363025246125486")},
		From:    providers.Party{Addresses: []providers.Address{{Kind: providers.KindLID, Value: "77"}}},
		Content: providers.Content{Type: providers.TypeText, Text: "oi"}, Quote: &providers.Quote{ID: "3A01", Text: "q"}}
	if diff := providertest.Diff(want, m); diff != "" {
		t.Error(diff)
	}
}

func TestParseAddress(t *testing.T) {
	t.Parallel()
	lid := providers.Address{Kind: providers.KindLID, Value: "77"}
	for text, want := range map[string]providers.Address{
		"5521988887777":                  phone("5521988887777"),
		"+5521988887777":                 phone("5521988887777"),
		"web5521988887777":               phone("5521988887777"),
		"5521988887777@c.us":             phone("5521988887777"),
		"5521988887777:3@s.whatsapp.net": phone("5521988887777"),
		"77@lid":                         lid,
		"77:1@LID":                       lid,
		"5521977776666-group":            group("5521977776666"),
		"5521977776666-1623@g.us":        group("5521977776666-1623"),
		"5521977776666-1623-group":       group("5521977776666-1623"),
		"120363025246125486-group@g.us":  group("120363025246125486"),
		"":                               {},
		"-group":                         {},
		"@c.us":                          {},
		"status@broadcast":               {},
		"5521-988887777":                 {},
		"abc":                            {},
		strings.Repeat("1", 65):          {},
	} {
		if got := whatsappweb.ParseAddress(text); got != want {
			t.Errorf("%q is %+v, want %+v", text, got, want)
		}
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{seed12, seed51, `{}`, `[]`, say(`"type":"location","content":{"latitude":1}`), say(`"type":"contacts","contacts":[]`),
		`{"type":"GROUP_UPDATE","groupInfo":{"id":1,"participants":[1]}}`, `{"type":"MESSAGE_READ","id":1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := whatsappweb.Receiver{}.Receive(body, providertest.ReceivedAt)
		if err != nil {
			return
		}
		for _, item := range got.Items {
			m, ok := item.Payload.(providers.MessageReceived)
			if ok && (len(m.From.Addresses) != 1 || m.Content.Type == "" || (m.ID == "") == (m.DedupeKey == "")) {
				t.Fatalf("half a message: %+v", m)
			}
		}
	})
}
