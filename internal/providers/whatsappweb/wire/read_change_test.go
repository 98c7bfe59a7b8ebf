package wire_test

import (
	"testing"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

func TestReadQuotes(t *testing.T) {
	t.Parallel()
	quoted := func(participant, inner string) string {
		return `{"extendedTextMessage":{"text":"r","contextInfo":{"stanzaID":"3EB0Q","participant":"` + participant + `","quotedMessage":` + inner + `}}}`
	}
	horario := `{"conversation":"Qual o horário?"}`
	maria := providers.Address{Kind: providers.KindPhone, Value: "5521955554444"}
	for label, c := range map[string]struct {
		event *events.Message
		own   []types.JID
		want  providers.Quote
	}{
		"of ours":                        {fromJoao(t, quoted("5521977776666@s.whatsapp.net", horario)), ours, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Mine: true}},
		"of ours, by LID":                {fromJoao(t, quoted("100000000000001@lid", horario)), nil, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Mine: true}},
		"of ours, known by the other":    {fromJoao(t, quoted("5521977776666@s.whatsapp.net", horario)), nil, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Mine: true}},
		"of theirs":                      {fromJoao(t, quoted("5521988887777:3@s.whatsapp.net", horario)), ours, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Author: joao[0]}},
		"of theirs, by LID":              {fromJoao(t, quoted("200000000000002@lid", horario)), ours, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Author: joao[1]}},
		"of nobody":                      {fromJoao(t, quoted("", horario)), ours, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?"}},
		"of who cannot be read":          {fromJoao(t, quoted("a:b@lid", horario)), ours, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?"}},
		"of ours in a group":             {inGroup(fromJoao(t, quoted("100000000000001@lid", horario))), ours, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Mine: true}},
		"of ours in a group, unknown":    {inGroup(fromJoao(t, quoted("100000000000001@lid", horario))), nil, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Author: wire.AddressOf(ourLID)}},
		"of another in a group":          {inGroup(fromJoao(t, quoted("5521955554444@s.whatsapp.net", horario))), ours, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Author: maria}},
		"of ours, by us":                 {byUs(fromJoao(t, quoted("5521977776666@s.whatsapp.net", horario))), nil, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Mine: true}},
		"of theirs, by us":               {byUs(fromJoao(t, quoted("5521988887777@s.whatsapp.net", horario))), nil, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Author: joao[0]}},
		"of a kind of name nobody knows": {onlyPhone(fromJoao(t, quoted("100000000000001@lid", horario))), nil, providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Author: wire.AddressOf(ourLID)}},
		"of a caption":                   {fromJoao(t, quoted("", `{"imageMessage":{"caption":"foto",`+file()+`}}`)), ours, providers.Quote{ID: "3EB0Q", Text: "foto"}},
		"of a picture":                   {fromJoao(t, quoted("", `{"imageMessage":{`+file()+`}}`)), ours, providers.Quote{ID: "3EB0Q"}},
		"of a place":                     {fromJoao(t, quoted("", `{"locationMessage":{"degreesLatitude":1,"degreesLongitude":2,"name":"Loja"}}`)), ours, providers.Quote{ID: "3EB0Q", Text: "Loja"}},
		"of a choice":                    {fromJoao(t, quoted("", `{"buttonsResponseMessage":{"selectedDisplayText":"Sim"}}`)), ours, providers.Quote{ID: "3EB0Q", Text: "Sim"}},
		"of nothing":                     {fromJoao(t, quoted("", `{}`)), ours, providers.Quote{ID: "3EB0Q"}},
	} {
		got := wire.ReadMessage(c.event, c.own...)
		if len(got) != 1 {
			t.Errorf("%s: %d payloads", label, len(got))
			continue
		}
		if diff := providertest.Diff(&c.want, got[0].(providers.MessageReceived).Quote); diff != "" {
			t.Errorf("%s:\n%s", label, diff)
		}
	}
}

func onlyPhone(e *events.Message) *events.Message {
	e.Info.Sender, e.Info.SenderAlt = joaoPhone, types.EmptyJID
	return e
}

func adminRevoke(e *events.Message) *events.Message {
	e.Info.Edit = types.EditAttributeAdminRevoke
	return e
}

// doer is who an event is by: nobody to be looked at where it was the number's
// own phone.
func doer(e *events.Message) providers.By {
	if e.Info.IsFromMe {
		return providers.By{}
	}
	by := providers.By{Addresses: joao}
	if e.Info.IsGroup {
		by.Group = wire.AddressOf(e.Info.Chat)
	}
	return by
}

// ownChat is where an event of the number's own phone happened.
func ownChat(e *events.Message) []providers.Address {
	switch {
	case !e.Info.IsFromMe:
		return nil
	case e.Info.IsGroup:
		return []providers.Address{wire.AddressOf(e.Info.Chat)}
	default:
		return joao
	}
}

func TestReadRevokes(t *testing.T) {
	t.Parallel()
	revoke := func(key string) string {
		return `{"protocolMessage":{"type":"REVOKE","key":{"remoteJID":"x@g.us","ID":"3EB0T",` + key + `}}}`
	}
	own, others := `"fromMe":true`, `"fromMe":false,"participant":"5521955554444@s.whatsapp.net"`
	mine := `"fromMe":false,"participant":"100000000000001@lid"`
	for label, c := range map[string]struct {
		event *events.Message
		ours  bool
	}{
		"their own":                      {fromJoao(t, revoke(own)), false},
		"our own":                        {byUs(fromJoao(t, revoke(own))), true},
		"our own in a group":             {byUs(inGroup(fromJoao(t, revoke(own)))), true},
		"another's, by us as admin":      {byUs(inGroup(adminRevoke(fromJoao(t, revoke(others))))), false},
		"another's, by an admin":         {inGroup(adminRevoke(fromJoao(t, revoke(others)))), false},
		"ours, by an admin":              {inGroup(adminRevoke(fromJoao(t, revoke(mine)))), true},
		"ours, by who is no admin":       {inGroup(fromJoao(t, revoke(mine))), false},
		"ours, claimed in a direct chat": {adminRevoke(fromJoao(t, revoke(mine))), false},
	} {
		want := []providers.InboundPayload{providers.MessageRevoked{Target: "3EB0T", FromPhone: c.ours, By: doer(c.event), Chat: ownChat(c.event), Timestamp: sentAt}}
		if diff := providertest.Diff(want, wire.ReadMessage(c.event, ours...)); diff != "" {
			t.Errorf("%s:\n%s", label, diff)
		}
	}
}

func TestReadEdits(t *testing.T) {
	t.Parallel()
	edit := func(inner string) string {
		return `{"editedMessage":{"message":{"protocolMessage":{"type":"MESSAGE_EDIT","key":{"fromMe":true,"ID":"3EB0T"},"timestampMS":"1","editedMessage":` + inner + `}}}}`
	}
	edited := func(c providers.Content, fromPhone bool) []providers.InboundPayload {
		one := providers.MessageEdited{ID: "3EB0A1", Target: "3EB0T", FromPhone: fromPhone, Timestamp: sentAt, Content: c}
		if fromPhone {
			one.Chat = joao
		} else {
			one.By = providers.By{Addresses: joao}
		}
		return []providers.InboundPayload{one}
	}
	for label, c := range map[string]struct {
		event *events.Message
		want  []providers.InboundPayload
	}{
		"a text":          {fromJoao(t, edit(`{"conversation":"novo"}`)), edited(textContent("novo"), false)},
		"a text of ours":  {byUs(fromJoao(t, edit(`{"conversation":"novo"}`))), edited(textContent("novo"), true)},
		"without wrapper": {fromJoao(t, `{"protocolMessage":{"type":"MESSAGE_EDIT","key":{"ID":"3EB0T"},"editedMessage":{"extendedTextMessage":{"text":"novo"}}}}`), edited(textContent("novo"), false)},
		"a caption": {fromJoao(t, edit(`{"imageMessage":{"caption":"nova",`+file()+`}}`)),
			edited(providers.Content{Type: providers.TypeImage, Text: "nova"}, false)},
		"a document's caption": {fromJoao(t, edit(`{"documentWithCaptionMessage":{"message":{"documentMessage":{"fileName":"a","caption":"nova",`+file()+`}}}}`)),
			edited(providers.Content{Type: providers.TypeDocument, Text: "nova"}, false)},
		"a caption without its file": {fromJoao(t, edit(`{"imageMessage":{"caption":"nova"}}`)),
			edited(providers.Content{Type: providers.TypeImage, Text: "nova"}, false)},
		"a film's caption without its file": {fromJoao(t, edit(`{"videoMessage":{"caption":"nova"}}`)),
			edited(providers.Content{Type: providers.TypeVideo, Text: "nova"}, false)},
		"a document's caption without its file": {fromJoao(t, edit(`{"documentWithCaptionMessage":{"message":{"documentMessage":{"caption":"nova"}}}}`)),
			edited(providers.Content{Type: providers.TypeDocument, Text: "nova"}, false)},
		"a caption that was taken away": {byUs(fromJoao(t, edit(`{"imageMessage":{}}`))),
			edited(providers.Content{Type: providers.TypeImage}, true)},
		"a sound without its file": {fromJoao(t, edit(`{"audioMessage":{}}`)),
			received(unsupportedContent("protocolMessage", `{"protocolMessage":{"key":{"fromMe":true,"ID":"3EB0T"},"type":"MESSAGE_EDIT","editedMessage":{"audioMessage":{}},"timestampMS":"1"}}`))},
		"a forwarded text": {fromJoao(t, edit(`{"extendedTextMessage":{"text":"novo","contextInfo":{"isForwarded":true}}}`)),
			edited(providers.Content{Type: providers.TypeText, Text: "novo", Forwarded: true}, false)},
		"into what nobody can read": {fromJoao(t, edit(`{"placeholderMessage":{}}`)),
			received(unsupportedContent("protocolMessage", `{"protocolMessage":{"key":{"fromMe":true,"ID":"3EB0T"},"type":"MESSAGE_EDIT","editedMessage":{"placeholderMessage":{}},"timestampMS":"1"}}`))},
		"into nothing": {fromJoao(t, `{"protocolMessage":{"type":"MESSAGE_EDIT","key":{"ID":"3EB0T"}}}`),
			received(unsupportedContent("protocolMessage", `{"protocolMessage":{"key":{"ID":"3EB0T"},"type":"MESSAGE_EDIT"}}`))},
	} {
		if diff := providertest.Diff(c.want, wire.ReadMessage(c.event, ours...)); diff != "" {
			t.Errorf("%s:\n%s", label, diff)
		}
	}
}

func TestReadReceipts(t *testing.T) {
	t.Parallel()
	joaoRead := types.MessageSource{Chat: joaoLID, Sender: onDevice(joaoLID, 2), SenderAlt: joaoPhone}
	inTheGroup := types.MessageSource{Chat: groupJID, Sender: joaoLID, SenderAlt: joaoPhone, IsGroup: true}
	ourOther := types.MessageSource{Chat: joaoLID, Sender: ourLID, IsFromMe: true}
	changed := func(status providers.MessageStatus, address providers.Address, list ...string) []providers.InboundPayload {
		var payloads []providers.InboundPayload
		for _, id := range list {
			payloads = append(payloads, providers.StatusChanged{ID: providersID(id), Status: status, Timestamp: sentAt, Address: address})
		}
		return payloads
	}
	group := providers.Address{Kind: providers.KindGroup, Value: "120363000000000001"}
	for label, c := range map[string]struct {
		source types.MessageSource
		kind   types.ReceiptType
		list   []string
		want   []providers.InboundPayload
	}{
		"delivered":          {joaoRead, types.ReceiptTypeDelivered, []string{"A"}, changed(providers.MessageDelivered, joao[0], "A")},
		"several read":       {joaoRead, types.ReceiptTypeRead, []string{"B", "", "A"}, changed(providers.MessageRead, joao[0], "B", "A")},
		"played":             {joaoRead, types.ReceiptTypePlayed, []string{"A"}, changed(providers.MessagePlayed, joao[0], "A")},
		"by LID only":        {types.MessageSource{Chat: joaoLID, Sender: joaoLID}, types.ReceiptTypeRead, []string{"A"}, changed(providers.MessageRead, joao[1], "A")},
		"in a group":         {inTheGroup, types.ReceiptTypeRead, []string{"A"}, changed(providers.MessageRead, group, "A")},
		"by our own device":  {ourOther, types.ReceiptTypeRead, []string{"A"}, nil},
		"read-self":          {joaoRead, types.ReceiptTypeReadSelf, []string{"A"}, nil},
		"played-self":        {joaoRead, types.ReceiptTypePlayedSelf, []string{"A"}, nil},
		"sender":             {joaoRead, types.ReceiptTypeSender, []string{"A"}, nil},
		"inactive":           {joaoRead, types.ReceiptTypeInactive, []string{"A"}, nil},
		"retry":              {joaoRead, types.ReceiptTypeRetry, []string{"A"}, nil},
		"server-error":       {joaoRead, types.ReceiptTypeServerError, []string{"A"}, nil},
		"of a peer message":  {joaoRead, types.ReceiptTypePeerMsg, []string{"A"}, nil},
		"of history":         {joaoRead, types.ReceiptTypeHistorySync, []string{"A"}, nil},
		"of a kind to come":  {joaoRead, "enjoyed", []string{"A"}, nil},
		"of a status":        {types.MessageSource{Chat: types.StatusBroadcastJID, Sender: joaoLID}, types.ReceiptTypeRead, []string{"A"}, nil},
		"of a newsletter":    {types.MessageSource{Chat: types.NewJID("1", types.NewsletterServer)}, types.ReceiptTypeRead, []string{"A"}, nil},
		"of another network": {types.MessageSource{Chat: types.NewJID("1", types.InteropServer)}, types.ReceiptTypeRead, []string{"A"}, changed(providers.MessageRead, providers.Address{}, "A")},
	} {
		got := wire.ReadReceipt(&events.Receipt{MessageSource: c.source, MessageIDs: c.list, Timestamp: sentAt, Type: c.kind})
		if diff := providertest.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", label, diff)
		}
	}
	if got := wire.ReadReceipt(nil); got != nil {
		t.Errorf("no receipt: %+v", got)
	}
}

func TestReadGroup(t *testing.T) {
	t.Parallel()
	got := wire.ReadGroup(&types.GroupInfo{
		JID: groupJID, GroupName: types.GroupName{Name: "Grupo de Vendas"},
		Participants: []types.GroupParticipant{
			{JID: joaoLID, PhoneNumber: joaoPhone, LID: joaoLID},
			{JID: mariaPhone},
			{JID: joaoPhone},
			{JID: ourLID, LID: ourLID},
			{JID: types.NewJID("9", types.InteropServer)},
			{JID: types.NewJID("5521944443333", types.DefaultUserServer), Error: 403},
		},
	})
	want := providers.GroupSynced{Group: providers.Group{
		Address: providers.Address{Kind: providers.KindGroup, Value: "120363000000000001"}, Name: "Grupo de Vendas",
		Participants: []providers.Address{joao[0], wire.AddressOf(mariaPhone), wire.AddressOf(ourLID)},
	}}
	if diff := providertest.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := providertest.Diff(providers.GroupSynced{}, wire.ReadGroup(nil)); diff != "" {
		t.Error(diff)
	}
	if got := wire.ReadGroup(&types.GroupInfo{JID: groupJID}); got.Group.Participants != nil {
		t.Errorf("untold participants became %v", got.Group.Participants)
	}
}
