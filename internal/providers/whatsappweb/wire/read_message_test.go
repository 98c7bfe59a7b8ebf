package wire_test

import (
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waVnameCert"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

func TestReadWhatHasNoReader(t *testing.T) {
	t.Parallel()
	runReads(t, []readCase{
		{"a vote", `{"pollUpdateMessage":{"pollCreationMessageKey":{"ID":"3EB0P"},"vote":{"encPayload":"AAAA","encIV":"AAAA"},"senderTimestampMS":"5"}}`,
			received(unsupportedContent("poll_vote", `{"pollUpdateMessage":{"pollCreationMessageKey":{"ID":"3EB0P"},"vote":{},"senderTimestampMS":"5"}}`))},
		{"a sticker pack", `{"stickerPackMessage":{"name":"Gatos","mediaKey":"AAAA","trayIconFileName":"t"},"messageContextInfo":{"messageSecret":"AAAA"}}`,
			received(unsupportedContent("stickerPackMessage", `{"stickerPackMessage":{"name":"Gatos","trayIconFileName":"t"}}`))},
		{"a payment", `{"sendPaymentMessage":{"noteMessage":{"extendedTextMessage":{"text":"almoço","mediaKey":"AAAA"}}}}`,
			received(unsupportedContent("sendPaymentMessage", `{"sendPaymentMessage":{"noteMessage":{"extendedTextMessage":{"text":"almoço"}}}}`))},
		{"what linked devices may not see", `{"placeholderMessage":{"type":"MASK_LINKED_DEVICES"}}`, received(unsupportedContent("placeholderMessage", `{"placeholderMessage":{"type":"MASK_LINKED_DEVICES"}}`))},
		{"a cart that says nothing", `{"orderMessage":{"orderID":"1","token":"secret"}}`, received(unsupportedContent("orderMessage", `{"orderMessage":{"orderID":"1"}}`))},
		{"an empty text", `{"conversation":""}`, received(unsupportedContent("conversation", `{"conversation":""}`))},
		{"a payment that answers", `{"requestPaymentMessage":{"noteMessage":{}}}`, received(unsupportedContent("requestPaymentMessage", `{"requestPaymentMessage":{"noteMessage":{}}}`))},
		{"a quoted sticker pack", `{"stickerPackMessage":{"contextInfo":{"stanzaID":"3EB0Q","participant":"5521988887777@s.whatsapp.net","isForwarded":true}}}`,
			received(providers.Content{Type: providers.TypeUnsupported, Kind: "stickerPackMessage", Forwarded: true,
				Raw: providers.RawJSON(`{"stickerPackMessage":{"contextInfo":{"stanzaID":"3EB0Q","participant":"5521988887777@s.whatsapp.net","isForwarded":true}}}`)},
				withQuote(providers.Quote{ID: "3EB0Q", Author: joao[0]}))},
	})
}

func TestReadKindsOfTheFuture(t *testing.T) {
	t.Parallel()
	e := fromJoao(t, `{}`)
	e.RawMessage.ProtoReflect().SetUnknown([]byte{0xfa, 0x3e, 0x01, 0x41}) // field 1007, one byte
	e.UnwrapRaw()
	want := received(unsupportedContent("field_1007", `{}`))
	if diff := providertest.Diff(want, wire.ReadMessage(e, ours...)); diff != "" {
		t.Error(diff)
	}
}

func TestReadViewOnce(t *testing.T) {
	t.Parallel()
	once := func(kind string) []providers.InboundPayload {
		return received(unsupportedContent("view_once", `{"`+kind+`":{"viewOnce":true}}`))
	}
	image := `{"imageMessage":{"caption":"segredo","JPEGThumbnail":"AAAA","viewOnce":true,` + file() + `}}`
	runReads(t, []readCase{
		{"first form", `{"viewOnceMessage":{"message":` + image + `}}`, once("imageMessage")},
		{"second form", `{"viewOnceMessageV2":{"message":{"videoMessage":{` + file() + `}}}}`, once("videoMessage")},
		{"third form", `{"viewOnceMessageV2Extension":{"message":{"audioMessage":{"PTT":true,` + file() + `}}}}`, once("audioMessage")},
		{"in a disappearing chat", `{"ephemeralMessage":{"message":{"viewOnceMessageV2":{"message":` + image + `}}}}`, once("imageMessage")},
		{"wrapped the other way round", `{"viewOnceMessageV2":{"message":{"ephemeralMessage":{"message":{"ptvMessage":{` + file() + `}}}}}}`, once("ptvMessage")},
		{"marked without a wrapper", image, once("imageMessage")},
		{"film marked without a wrapper", `{"videoMessage":{"viewOnce":true,` + file() + `}}`, once("videoMessage")},
		{"round film marked without a wrapper", `{"ptvMessage":{"viewOnce":true,` + file() + `}}`, once("ptvMessage")},
		{"sound marked without a wrapper", `{"audioMessage":{"viewOnce":true,` + file() + `}}`, once("audioMessage")},
		{"text marked without a wrapper", `{"extendedTextMessage":{"text":"segredo","viewOnce":true}}`, once("extendedTextMessage")},
		{"of a kind that we do not know", `{"viewOnceMessageV2":{"message":{"stickerPackMessage":{"name":"segredo"}}}}`, once("stickerPackMessage")},
		{"quoted", `{"extendedTextMessage":{"text":"vi","contextInfo":{"stanzaID":"3EB0Q","participant":"5521977776666@s.whatsapp.net","quotedMessage":{"viewOnceMessageV2":{"message":` + image + `}}}}}`,
			received(textContent("vi"), withQuote(providers.Quote{ID: "3EB0Q", Mine: true}))},
	})
	t.Run("known by whatsmeow only", func(t *testing.T) {
		t.Parallel()
		e := fromJoao(t, `{"imageMessage":{`+file()+`}}`)
		e.IsViewOnce = true
		if diff := providertest.Diff(once("imageMessage"), wire.ReadMessage(e)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestReadUnavailable(t *testing.T) {
	t.Parallel()
	info := fromJoao(t, `{}`).Info
	status := info
	status.Chat = types.StatusBroadcastJID
	nobody := info
	nobody.Sender, nobody.SenderAlt = types.NewJID("1", types.InteropServer), types.EmptyJID
	for label, c := range map[string]struct {
		event *events.UndecryptableMessage
		want  []providers.InboundPayload
	}{
		"view once":   {&events.UndecryptableMessage{Info: info, IsUnavailable: true, UnavailableType: events.UnavailableTypeViewOnce}, received(unsupportedContent("view_once", `{"unavailable":"view_once"}`))},
		"yet to come": {&events.UndecryptableMessage{Info: info, IsUnavailable: true}, nil},
		"undecrypted": {&events.UndecryptableMessage{Info: info, UnavailableType: events.UnavailableTypeViewOnce}, nil},
		"a status":    {&events.UndecryptableMessage{Info: status, IsUnavailable: true, UnavailableType: events.UnavailableTypeViewOnce}, nil},
		"by nobody":   {&events.UndecryptableMessage{Info: nobody, IsUnavailable: true, UnavailableType: events.UnavailableTypeViewOnce}, nil},
		"nothing":     {nil, nil},
	} {
		if diff := providertest.Diff(c.want, wire.ReadUnavailable(c.event)); diff != "" {
			t.Errorf("%s:\n%s", label, diff)
		}
	}
}

func TestReadUnreadable(t *testing.T) {
	t.Parallel()
	info := fromJoao(t, `{}`).Info
	status, nobody := info, info
	status.Chat = types.StatusBroadcastJID
	nobody.Sender, nobody.SenderAlt = types.NewJID("1", types.InteropServer), types.EmptyJID
	for label, c := range map[string]struct {
		info types.MessageInfo
		want []providers.InboundPayload
	}{
		"a message": {info, received(unsupportedContent("unreadable", `{"unreadable":true}`))},
		"a status":  {status, nil},
		"by nobody": {nobody, nil},
	} {
		if diff := providertest.Diff(c.want, wire.ReadUnreadable(c.info)); diff != "" {
			t.Errorf("%s:\n%s", label, diff)
		}
	}
}

func TestReadNothing(t *testing.T) {
	t.Parallel()
	for label, text := range map[string]string{
		"a key":                    `{"senderKeyDistributionMessage":{"groupID":"1@g.us"}}`,
		"nothing at all":           `{}`,
		"a secret beside nothing":  `{"messageContextInfo":{"messageSecret":"AAAA"}}`,
		"the frame of an album":    `{"albumMessage":{"expectedImageCount":2}}`,
		"a pin":                    `{"pinInChatMessage":{"key":{"ID":"X"},"type":"PIN_FOR_ALL"}}`,
		"a kept message":           `{"keepInChatMessage":{"key":{"ID":"X"}}}`,
		"a timer":                  `{"protocolMessage":{"type":"EPHEMERAL_SETTING","ephemeralExpiration":86400}}`,
		"a setting":                `{"limitSharingMessage":{"message":{"protocolMessage":{"type":"LIMIT_SHARING"}}}}`,
		"history":                  `{"protocolMessage":{"type":"HISTORY_SYNC_NOTIFICATION","key":{"ID":"X"}}}`,
		"a deletion of nothing":    `{"protocolMessage":{"type":"REVOKE"}}`,
		"a deletion without type":  `{"protocolMessage":{"key":{"ID":"X"}}}`,
		"a picture again, in HD":   `{"associatedChildMessage":{"message":{"imageMessage":{` + file() + `}}},"messageContextInfo":{"messageAssociation":{"associationType":"HD_IMAGE_DUAL_UPLOAD"}}}`,
		"a photo again, in motion": `{"associatedChildMessage":{"message":{"videoMessage":{` + file() + `},"messageContextInfo":{"messageAssociation":{"associationType":"MOTION_PHOTO"}}}}}`,
		"a call's key":             `{"call":{"callKey":"AAAA"}}`,
	} {
		if got := wire.ReadMessage(fromJoao(t, text), ours...); len(got) != 0 {
			t.Errorf("%s: %+v", label, got)
		}
	}
	if got := wire.ReadMessage(nil); got != nil {
		t.Errorf("no event: %+v", got)
	}
}

func TestReadNobodysMessages(t *testing.T) {
	t.Parallel()
	for label, change := range map[string]func(*types.MessageInfo){
		"of our own devices":     func(i *types.MessageInfo) { i.Category = "peer" },
		"without an id":          func(i *types.MessageInfo) { i.ID = "" },
		"a status":               func(i *types.MessageInfo) { i.Chat, i.IsGroup = types.StatusBroadcastJID, true },
		"a newsletter":           func(i *types.MessageInfo) { i.Chat = types.NewJID("1", types.NewsletterServer) },
		"a newsletter's status":  func(i *types.MessageInfo) { i.IsNewsletterStatus = true },
		"our own broadcast list": func(i *types.MessageInfo) { i.Chat, i.IsFromMe = types.NewJID("1", types.BroadcastServer), true },
		"a bot":                  func(i *types.MessageInfo) { i.Sender = types.MetaAIJID },
		"to a bot":               func(i *types.MessageInfo) { i.Chat, i.IsFromMe = types.NewMetaAIJID, true },
		"WhatsApp's own news":    func(i *types.MessageInfo) { i.Sender, i.Chat = types.PSAJID, types.PSAJID },
		"of another network": func(i *types.MessageInfo) {
			i.Sender, i.SenderAlt = types.NewJID("1", types.InteropServer), types.EmptyJID
		},
		"a note to oneself":        func(i *types.MessageInfo) { i.IsFromMe, i.Chat, i.Sender = true, ourPhone, onDevice(ourPhone, 1) },
		"a note to oneself, mixed": func(i *types.MessageInfo) { i.IsFromMe, i.Chat, i.Sender = true, ourLID, onDevice(ourPhone, 1) },
	} {
		e := fromJoao(t, `{"conversation":"oi"}`)
		change(&e.Info)
		if got := wire.ReadMessage(e, ours...); len(got) != 0 {
			t.Errorf("%s: %+v", label, got)
		}
	}
}

func TestReadWhoWroteToWhom(t *testing.T) {
	t.Parallel()
	group := &providers.Group{Address: providers.Address{Kind: providers.KindGroup, Value: "120363000000000001"}}
	for label, c := range map[string]struct {
		change func(*events.Message)
		want   func(*providers.MessageReceived)
	}{
		"by LID only":    {func(e *events.Message) { e.Info.SenderAlt = types.EmptyJID }, func(m *providers.MessageReceived) { m.From.Addresses = joao[1:] }},
		"by phone only":  {func(e *events.Message) { e.Info.Sender, e.Info.SenderAlt = joaoPhone, types.EmptyJID }, func(m *providers.MessageReceived) { m.From.Addresses, m.From.As = joao[:1], joao[0] }},
		"by phone first": {func(e *events.Message) { e.Info.Sender, e.Info.SenderAlt = joaoPhone, joaoLID }, func(m *providers.MessageReceived) { m.From.As = joao[0] }},
		"on a hosted number": {func(e *events.Message) {
			e.Info.Sender, e.Info.SenderAlt = types.NewJID(joaoLID.User, types.HostedLIDServer), types.NewJID(joaoPhone.User, types.HostedServer)
		}, func(*providers.MessageReceived) {}},
		"without a name": {func(e *events.Message) { e.Info.PushName = "-" }, func(m *providers.MessageReceived) { m.From.Name = "" }},
		"a business": {func(e *events.Message) {
			e.Info.PushName = ""
			e.Info.VerifiedName = &types.VerifiedName{Details: &waVnameCert.VerifiedNameCertificate_Details{VerifiedName: proto.String("Padaria")}}
		}, func(m *providers.MessageReceived) { m.From.Name = "Padaria" }},
		"a business with a name": {func(e *events.Message) {
			e.Info.VerifiedName = &types.VerifiedName{Details: &waVnameCert.VerifiedNameCertificate_Details{VerifiedName: proto.String("Padaria")}}
		}, func(*providers.MessageReceived) {}},
		"a broken name":         {func(e *events.Message) { e.Info.PushName = "Jo\xffo" }, func(m *providers.MessageReceived) { m.From.Name = "Jo\uFFFDo" }},
		"in a group":            {func(e *events.Message) { inGroup(e) }, func(m *providers.MessageReceived) { m.Group = group }},
		"over a broadcast list": {func(e *events.Message) { e.Info.Chat, e.Info.IsGroup = types.NewJID("1", types.BroadcastServer), true }, func(*providers.MessageReceived) {}},
		"typed on our phone":    {func(e *events.Message) { byUs(e) }, func(m *providers.MessageReceived) { m.FromPhone, m.From = true, providers.Party{Addresses: joao} }},
		"typed on our phone to a LID": {func(e *events.Message) { byUs(e).Info.RecipientAlt = types.EmptyJID }, func(m *providers.MessageReceived) {
			m.FromPhone, m.From = true, providers.Party{Addresses: joao[1:]}
		}},
		"typed on our phone in a group": {func(e *events.Message) { byUs(inGroup(e)) }, func(m *providers.MessageReceived) {
			m.FromPhone, m.Group, m.From = true, group, providers.Party{Addresses: []providers.Address{group.Address}}
		}},
		"without a time":               {func(e *events.Message) { e.Info.Timestamp = time.Unix(0, 0) }, func(m *providers.MessageReceived) { m.Timestamp = time.Time{} }},
		"told in the raw message only": {func(e *events.Message) { e.Message = nil }, func(*providers.MessageReceived) {}},
		"a device's echo": {func(e *events.Message) {
			e.RawMessage = &waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{Message: e.Message}}
			e.Message = e.RawMessage
			byUs(e)
		}, func(m *providers.MessageReceived) { m.FromPhone, m.From = true, providers.Party{Addresses: joao} }},
	} {
		e := fromJoao(t, `{"conversation":"oi"}`)
		c.change(e)
		if diff := providertest.Diff(received(textContent("oi"), c.want), wire.ReadMessage(e, ours...)); diff != "" {
			t.Errorf("%s:\n%s", label, diff)
		}
	}
}

func TestReadRepairsTexts(t *testing.T) {
	t.Parallel()
	e := fromJoao(t, `{}`)
	e.Message = &waE2E.Message{
		PollCreationMessageV3: &waE2E.PollCreationMessage{
			Name: proto.String("a\xff"), Options: []*waE2E.PollCreationMessage_Option{{OptionName: proto.String("b\xff")}},
			ContextInfo: &waE2E.ContextInfo{MentionedJID: []string{"c\xff"}},
		},
	}
	want := received(textContent("a\uFFFD\n- b\uFFFD"))
	if diff := providertest.Diff(want, wire.ReadMessage(e)); diff != "" {
		t.Error(diff)
	}
	if got := e.Message.GetPollCreationMessageV3().GetName(); got != "a\xff" {
		t.Errorf("the event itself was changed: %q", got)
	}
	e.Message = &waE2E.Message{StickerPackMessage: &waE2E.StickerPackMessage{Name: proto.String("x"), ContextInfo: &waE2E.ContextInfo{MentionedJID: []string{"ok", "c\xff"}}}}
	want = received(unsupportedContent("stickerPackMessage", `{"stickerPackMessage":{"name":"x","contextInfo":{"mentionedJID":["ok","c`+"\uFFFD"+`"]}}}`))
	if diff := providertest.Diff(want, wire.ReadMessage(e)); diff != "" {
		t.Error(diff)
	}
}

func TestRawNeverHoldsSecrets(t *testing.T) {
	t.Parallel()
	text := `{"stickerPackMessage":{"name":"Gatos",` + file() + `,"thumbnailSHA256":"` + key32(9) + `","contextInfo":{"stanzaID":"X","ephemeralSharedSecret":"` + key32(8) +
		`","quotedMessage":{"imageMessage":{"caption":"c",` + file() + `},"messageContextInfo":{"messageSecret":"` + key32(7) + `"}}}},"messageContextInfo":{"messageSecret":"` + key32(7) + `"}}`
	text = strings.ReplaceAll(text, `"URL":"https://mmg.whatsapp.net/v/t62/1?ccb=1",`, "")
	text = strings.Replace(text, `"fileLength":"7"`, `"fileLength":"8"`, 1)
	got := wire.ReadMessage(fromJoao(t, text))
	if len(got) != 1 {
		t.Fatalf("%d payloads", len(got))
	}
	raw := string(got[0].(providers.MessageReceived).Content.Raw)
	for _, secret := range []string{key32(1), key32(2), key32(3), key32(7), key32(8), key32(9), "messageSecret"} {
		if strings.Contains(raw, secret) {
			t.Errorf("%s stands in %s", secret, raw)
		}
	}
	if !strings.Contains(raw, `"name":"Gatos"`) || !strings.Contains(raw, `"caption":"c"`) {
		t.Errorf("more was left out than the secrets: %s", raw)
	}
}

func TestRawIsNeverDeep(t *testing.T) {
	t.Parallel()
	deep := &waE2E.Message{Conversation: proto.String("innermost")}
	for range 2000 {
		deep = &waE2E.Message{StickerPackMessage: &waE2E.StickerPackMessage{Name: proto.String("n"), ContextInfo: &waE2E.ContextInfo{QuotedMessage: deep}}}
	}
	e := fromJoao(t, `{}`)
	e.Message = deep
	raw := string(wire.ReadMessage(e)[0].(providers.MessageReceived).Content.Raw)
	if levels := strings.Count(raw, "{"); levels < 20 || levels > 40 {
		t.Errorf("%d levels are kept: %s", levels, raw)
	}
}
