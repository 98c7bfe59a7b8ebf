package wire_test

import (
	"encoding/base64"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// The people of these tests: we, a contact, another member of a group.
var (
	ourPhone   = types.NewJID("5521977776666", types.DefaultUserServer)
	ourLID     = types.NewJID("100000000000001", types.HiddenUserServer)
	joaoPhone  = types.NewJID("5521988887777", types.DefaultUserServer)
	joaoLID    = types.NewJID("200000000000002", types.HiddenUserServer)
	mariaPhone = types.NewJID("5521955554444", types.DefaultUserServer)
	groupJID   = types.NewJID("120363000000000001", types.GroupServer)

	sentAt = time.Unix(1659518400, 0)

	joao = []providers.Address{{Kind: providers.KindPhone, Value: "5521988887777"}, {Kind: providers.KindLID, Value: "200000000000002"}}
	ours = []types.JID{ourPhone, ourLID}
)

// key32 is 32 bytes in base64, as keys and digests have.
func key32(fill byte) string {
	raw := make([]byte, 32)
	for i := range raw {
		raw[i] = fill
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// file is the part of a message that names its file.
func file() string {
	return `"URL":"https://mmg.whatsapp.net/v/t62/1?ccb=1","directPath":"/v/t62/1?ccb=1","mediaKey":"` + key32(1) +
		`","fileEncSHA256":"` + key32(2) + `","fileSHA256":"` + key32(3) + `","fileLength":"7"`
}

// sum is the digest in file, in hex.
const sum = "0303030303030303030303030303030303030303030303030303030303030303"

// fileRef is the reference to file in a direct chat.
func fileRef(kind, mimetype, name string) *providers.MediaRef {
	return &providers.MediaRef{
		ID: `{"t":"` + kind + `","p":"/v/t62/1?ccb=1","k":"` + key32(1) + `","e":"` + key32(2) + `","s":"` + key32(3) +
			`","n":7,"m":"3EB0A1","c":"200000000000002@lid"}`,
		Mimetype: mimetype, FileName: name, SHA256: sum,
	}
}

func message(t testing.TB, text string) *waE2E.Message {
	t.Helper()
	m := &waE2E.Message{}
	if err := protojson.Unmarshal([]byte(text), m); err != nil {
		t.Fatalf("the fixture is no message: %v\n%s", err, text)
	}
	return m
}

// fromJoao is a message that the contact wrote to us, as whatsmeow tells it.
func fromJoao(t testing.TB, text string) *events.Message {
	t.Helper()
	e := &events.Message{RawMessage: message(t, text), Info: types.MessageInfo{
		MessageSource: types.MessageSource{Chat: joaoLID, Sender: onDevice(joaoLID, 3), SenderAlt: onDevice(joaoPhone, 3), AddressingMode: types.AddressingModeLID},
		ID:            "3EB0A1", PushName: "João Silva", Timestamp: sentAt, Type: "text",
	}}
	return e.UnwrapRaw()
}

// inGroup moves a message into the group.
func inGroup(e *events.Message) *events.Message {
	e.Info.Chat, e.Info.IsGroup = groupJID, true
	return e
}

// byUs makes a message one that was typed on our phone.
func byUs(e *events.Message) *events.Message {
	e.Info.IsFromMe, e.Info.Sender, e.Info.SenderAlt = true, ourPhone, types.EmptyJID
	if !e.Info.IsGroup {
		e.Info.RecipientAlt = joaoPhone
	}
	e.Info.PushName = "Loja"
	return e
}

func onDevice(jid types.JID, device uint16) types.JID {
	jid.Device = device
	return jid
}

// received is what the contact said.
func received(c providers.Content, changes ...func(*providers.MessageReceived)) []providers.InboundPayload {
	m := providers.MessageReceived{
		ID: "3EB0A1", From: providers.Party{Addresses: joao, Name: "João Silva", As: joao[1]}, Timestamp: sentAt, Content: c,
	}
	for _, change := range changes {
		change(&m)
	}
	return []providers.InboundPayload{m}
}

func withMedia(ref *providers.MediaRef) func(*providers.MessageReceived) {
	return func(m *providers.MessageReceived) { m.Media = ref }
}

func withQuote(q providers.Quote) func(*providers.MessageReceived) {
	return func(m *providers.MessageReceived) { m.Quote = &q }
}

func textContent(text string) providers.Content {
	return providers.Content{Type: providers.TypeText, Text: text}
}

func unsupportedContent(kind, raw string) providers.Content {
	return providers.Content{Type: providers.TypeUnsupported, Kind: kind, Raw: providers.RawJSON(raw)}
}

func providersID(text string) ids.ProviderMessage { return ids.ProviderMessage(text) }

func diffPayloads(want []providers.InboundPayload, e *events.Message) string {
	return providertest.Diff(want, wire.ReadMessage(e, ours...))
}
