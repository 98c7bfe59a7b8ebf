package d360_test

import (
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

const (
	seedID = "wamid.HBgNNTUyMTk4ODg4Nzc3NxUCABIYFjNBMDJCMEE2RkY4QzRBOUNCNzAyRjAA"
	// digest is 32 bytes of value 1, in base64 and in hex.
	digest    = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
	digestHex = "0101010101010101010101010101010101010101010101010101010101010101"
)

var (
	seedTime = time.Unix(1659518400, 0)
	msgTime  = time.Unix(1760000000, 0)
	anna     = phoneAddress("4915100000001")
)

func phoneAddress(digits string) providers.Address {
	return providers.Address{Kind: providers.KindPhone, Value: digits}
}

func bsuid(id string) providers.Address {
	return providers.Address{Kind: providers.KindBSUID, Value: id}
}

func from(addresses ...providers.Address) providers.Party {
	return providers.Party{Addresses: addresses}
}

// envelope wraps a value's members as Meta does.
func envelope(members string) string {
	return field("messages", members)
}

func field(name, members string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"` + name +
		`","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"493000","phone_number_id":"PN1"},` + members + `}}]}]}`
}

// inMessage wraps the members of one message of a known sender.
func inMessage(members string) string {
	return envelope(`"messages":[{"from":"4915100000001","id":"wamid.A","timestamp":"1760000000",` + members + `}]`)
}

func received(c providers.Content) providers.MessageReceived {
	return providers.MessageReceived{ID: "wamid.A", From: from(anna), Timestamp: msgTime, Content: c}
}

func text(body string) providers.Content {
	return providers.Content{Type: providers.TypeText, Text: body}
}

func one(m providers.MessageReceived) []providers.InboundPayload {
	return []providers.InboundPayload{m}
}

func TestReceiveSeeds(t *testing.T) {
	t.Parallel()
	joao := phoneAddress("5521988887777")
	providertest.RunInbound(t, d360.New(d360.Options{}), []providertest.Inbound{
		{
			Label: "seed 5.2, a text in the flat shape",
			Body: `{"messages":[{"id":"` + seedID + `","from":"5521988887777","type":"text","timestamp":"1659518400",
				"text":{"body":"Olá, preciso de ajuda"}}],"contacts":[{"profile":{"name":"João Silva"},"wa_id":"5521988887777"}]}`,
			Want: one(providers.MessageReceived{
				ID: seedID, From: providers.Party{Addresses: []providers.Address{joao}, Name: "João Silva"},
				Timestamp: seedTime, Content: text("Olá, preciso de ajuda"),
			}),
		},
		{
			Label: "seed 4.2, a status in the flat shape",
			Body:  `{"statuses":[{"id":"` + seedID + `","status":"read","timestamp":"1659518400","recipient_id":"5521988887777"}]}`,
			Want: []providers.InboundPayload{providers.StatusChanged{
				ID: seedID, Status: providers.MessageRead, Timestamp: seedTime, Address: joao,
			}},
		},
	})
}

func TestReceiveKinds(t *testing.T) {
	t.Parallel()
	quoted := received(text("hi"))
	quoted.Quote = &providers.Quote{ID: "wamid.Q", Author: phoneAddress("4930000000")}
	providertest.RunInbound(t, d360.New(d360.Options{}), numbered([]providertest.Inbound{
		{
			Label: "text with a quote",
			Body:  inMessage(`"type":"text","text":{"body":"hi"},"context":{"from":"4930000000","id":"wamid.Q"}`),
			Want:  one(quoted),
		},
		{
			Label: "location as texts",
			Body:  inMessage(`"type":"location","location":{"latitude":"52.5","longitude":"13.4","name":"n","address":"a","url":"u"}`),
			Want: one(received(providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(52.5),
				Longitude: providers.Float(13.4), Name: "n", Address: "a", URL: "u"})),
		},
		{
			Label: "location at 0, 0",
			Body:  inMessage(`"type":"location","location":{"latitude":0,"longitude":0}`),
			Want:  one(received(providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(0), Longitude: providers.Float(0)})),
		},
		{
			Label: "contacts as they came",
			Body:  inMessage(`"type":"contacts","contacts":[{"name":{"formatted_name":"A B"},"phones":[{"phone":"+49 151 1"}],"origin":"contact_request"}]`),
			Want: one(received(providers.Content{Type: providers.TypeContacts,
				Contacts: providers.RawJSON(`[{"name":{"formatted_name":"A B"},"phones":[{"phone":"+49 151 1"}],"origin":"contact_request"}]`)})),
		},
		{
			Label: "no contacts at all",
			Body:  inMessage(`"type":"contacts","contacts":[]`),
			Want:  one(received(providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(`[]`)})),
		},
		{
			Label: "reaction",
			Body:  inMessage(`"type":"reaction","reaction":{"message_id":"wamid.Q","emoji":"\u2764"}`),
			Want:  one(received(providers.Content{Type: providers.TypeReaction, Target: "wamid.Q", Emoji: "❤"})),
		},
		{
			Label: "reaction taken back by an empty emoji",
			Body:  inMessage(`"type":"reaction","reaction":{"message_id":"wamid.Q","emoji":""}`),
			Want:  one(received(providers.Content{Type: providers.TypeReaction, Target: "wamid.Q"})),
		},
		{
			Label: "reaction taken back by no emoji",
			Body:  inMessage(`"type":"reaction","reaction":{"message_id":"wamid.Q"}`),
			Want:  one(received(providers.Content{Type: providers.TypeReaction, Target: "wamid.Q"})),
		},
		{
			Label: "order",
			Body: inMessage(`"type":"order","order":{"catalog_id":1,"text":"","product_items":[
				{"product_retailer_id":"s","quantity":"1","item_price":9.9,"currency":"EUR"}]}`),
			Want: one(received(providers.Content{Type: providers.TypeOrder, Order: &providers.Order{CatalogID: "1",
				Items: []providers.OrderItem{{ProductRetailerID: "s", Quantity: 1, ItemPrice: 9.9, Currency: "EUR"}}}})),
		},
		{
			Label: "a system message that moves nobody",
			Body:  inMessage(`"type":"system","system":{"type":"customer_identity_changed","body":"b","identity":"i"}`),
			Want:  one(received(providers.Content{Type: providers.TypeSystem, System: &providers.System{Type: "customer_identity_changed", Body: "b"}})),
		},
		{
			Label: "forwarded, from an ad, about a product",
			Body: inMessage(`"type":"text","text":{"body":"x"},"referral":{"source_id":"7","ctwa_clid":"c"},
				"context":{"forwarded":true,"frequently_forwarded":"true","referred_product":{"catalog_id":"5","product_retailer_id":"p"}}`),
			Want: one(received(providers.Content{Type: providers.TypeText, Text: "x", Forwarded: true, FrequentlyForwarded: true,
				Referral:        providers.RawJSON(`{"source_id":"7","ctwa_clid":"c"}`),
				ReferredProduct: &providers.ReferredProduct{CatalogID: "5", ProductRetailerID: "p"}})),
		},
	}))
}

func TestReceiveMedia(t *testing.T) {
	t.Parallel()
	const url = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=11&source=webhook&ext=1&hash=h"
	file := func(kind providers.ContentType, caption string, ref providers.MediaRef) providers.MessageReceived {
		m := received(providers.Content{Type: kind, Text: caption})
		m.Media = &ref
		return m
	}
	voice := file(providers.TypeAudio, "", providers.MediaRef{ID: "13", Mimetype: "audio/ogg; codecs=opus", SHA256: digestHex})
	voice.Content.Voice = providers.Bool(true)
	music := file(providers.TypeAudio, "", providers.MediaRef{ID: "13"})
	music.Content.Voice = providers.Bool(false)
	legacy := file(providers.TypeAudio, "", providers.MediaRef{ID: "13"})
	legacy.Content.Voice = providers.Bool(true)
	sticker := file(providers.TypeSticker, "", providers.MediaRef{ID: "14", Mimetype: "image/webp"})
	sticker.Content.Animated = providers.Bool(false)
	providertest.RunInbound(t, d360.New(d360.Options{}), numbered([]providertest.Inbound{
		{
			Label: "image with an address",
			Body:  inMessage(`"type":"image","image":{"id":"11","mime_type":"image/jpeg","sha256":"` + digest + `","caption":"c","url":"` + url + `"}`),
			Want:  one(file(providers.TypeImage, "c", providers.MediaRef{ID: "11", URL: url, Mimetype: "image/jpeg", SHA256: digestHex})),
		},
		{
			Label: "image without an id",
			Body:  inMessage(`"type":"image","image":{"mime_type":"image/jpeg","url":"` + url + `"}`),
			Want:  one(file(providers.TypeImage, "", providers.MediaRef{URL: url, Mimetype: "image/jpeg"})),
		},
		{
			Label: "video with a number as id and a digest that is none",
			Body:  inMessage(`"type":"video","video":{"id":12,"sha256":"b64="}`),
			Want:  one(file(providers.TypeVideo, "", providers.MediaRef{ID: "12"})),
		},
		{
			Label: "document",
			Body:  inMessage(`"type":"document","document":{"id":"12","mime_type":"application/pdf","sha256":"` + digestHex + `","filename":"a.pdf"}`),
			Want:  one(file(providers.TypeDocument, "", providers.MediaRef{ID: "12", Mimetype: "application/pdf", SHA256: digestHex, FileName: "a.pdf"})),
		},
		{
			Label: "voice note",
			Body:  inMessage(`"type":"audio","audio":{"id":"13","mime_type":"audio/ogg; codecs=opus","sha256":"` + digest + `","voice":true}`),
			Want:  one(voice),
		},
		{Label: "music", Body: inMessage(`"type":"audio","audio":{"id":"13"}`), Want: one(music)},
		{Label: "voice note of the legacy kind", Body: inMessage(`"type":"voice","voice":{"id":"13"}`), Want: one(legacy)},
		{
			Label: "sticker",
			Body:  inMessage(`"type":"sticker","sticker":{"id":"14","mime_type":"image/webp","animated":false}`),
			Want:  one(sticker),
		},
	}))
}

func TestReceiveInteractive(t *testing.T) {
	t.Parallel()
	answered := func(text string, r providers.Reply) []providers.InboundPayload {
		return one(received(providers.Content{Type: providers.TypeInteractive, Text: text, Reply: &r}))
	}
	quick := received(providers.Content{Type: providers.TypeInteractive, Text: "Yes", Reply: &providers.Reply{Type: "quick_reply", ID: "P", Title: "Yes"}})
	quick.Quote = &providers.Quote{ID: "wamid.T", Author: phoneAddress("4930000000")}
	providertest.RunInbound(t, d360.New(d360.Options{}), numbered([]providertest.Inbound{
		{
			Label: "quick reply to a template",
			Body:  inMessage(`"type":"button","context":{"from":"4930000000","id":"wamid.T"},"button":{"payload":"P","text":"Yes"}`),
			Want:  one(quick),
		},
		{
			Label: "button",
			Body:  inMessage(`"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"b1","title":"One"}}`),
			Want:  answered("One", providers.Reply{Type: "button_reply", ID: "b1", Title: "One"}),
		},
		{
			Label: "list",
			Body:  inMessage(`"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"r1","title":"Row","description":"d"}}`),
			Want:  answered("Row", providers.Reply{Type: "list_reply", ID: "r1", Title: "Row", Description: "d"}),
		},
		{
			Label: "form",
			Body:  inMessage(`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"flow_token\":\"t\"}"}}`),
			Want:  answered("Sent", providers.Reply{Type: "nfm_reply", Name: "flow", ResponseJSON: `{"flow_token":"t"}`}),
		},
		{
			Label: "form with nothing in it",
			Body:  inMessage(`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","response_json":null}}`),
			Want:  answered("", providers.Reply{Type: "nfm_reply", Name: "flow"}),
		},
		{
			Label: "form with garbage",
			Body:  inMessage(`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{oops"}}`),
			Want:  answered("", providers.Reply{Type: "nfm_reply", ResponseJSON: "{oops"}),
		},
		{
			Label: "call permission",
			Body:  inMessage(`"type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept"}}`),
			Want:  answered("", providers.Reply{Type: "call_permission_reply", Data: providers.RawJSON(`{"response":"accept"}`)}),
		},
		{
			Label: "a kind whose answer stands elsewhere",
			Body:  inMessage(`"type":"interactive","interactive":{"type":"payment_method","payment":1}`),
			Want:  answered("", providers.Reply{Type: "payment_method", Data: providers.RawJSON(`{"type":"payment_method","payment":1}`)}),
		},
		{
			Label: "empty, with the value's own error",
			Body: envelope(`"messages":[{"from":"4915100000001","id":"wamid.A","timestamp":"1760000000","type":"interactive","interactive":{}}],
				"errors":[{"code":131000,"title":"Something went wrong"}]`),
			Want: []providers.InboundPayload{
				received(providers.Content{Type: providers.TypeUnsupported, Kind: "interactive",
					Raw:    providers.RawJSON(`{"from":"4915100000001","id":"wamid.A","timestamp":"1760000000","type":"interactive","interactive":{}}`),
					Errors: providers.RawJSON(`[{"code":131000,"title":"Something went wrong"}]`)}),
				providers.ChannelNotice{Kind: "errors", Detail: "360dialog reported: Something went wrong (code 131000)",
					Raw: providers.RawJSON(`{"code":131000,"title":"Something went wrong"}`)},
			},
		},
	}))
}

// numbered expects the envelope's number on every case.
func numbered(cases []providertest.Inbound) []providertest.Inbound {
	for i := range cases {
		cases[i].Number = "PN1"
	}
	return cases
}

func TestReceiveStatuses(t *testing.T) {
	t.Parallel()
	ours, err := ids.Parse[ids.Message]("64cbbd9596429dbccd7841e5")
	if err != nil {
		t.Fatal(err)
	}
	status := func(members string) string {
		return envelope(`"statuses":[{"id":"wamid.O","timestamp":1760000000000,` + members + `}]`)
	}
	changed := func(s providers.MessageStatus) providers.StatusChanged {
		return providers.StatusChanged{ID: "wamid.O", Status: s, Timestamp: msgTime}
	}
	sent := changed(providers.MessageSent)
	sent.OurID, sent.Address = ours, anna
	toUser := changed(providers.MessageDelivered)
	toUser.Address = bsuid("US.13491208655302741918")
	inGroup := changed(providers.MessageRead)
	inGroup.Address = providers.Address{Kind: providers.KindGroup, Value: "G1"}
	failed := changed(providers.MessageFailed)
	failed.Error = &providers.MessageError{Code: "reply_window_closed", Title: "Re-engagement message",
		Detail: "More than 24 hours have passed", ProviderCode: "131047"}
	short := changed(providers.MessageFailed)
	short.Error = &providers.MessageError{Code: "recipient_unavailable", Title: "Cap", Detail: "Cap", ProviderCode: "131049"}
	mute := changed(providers.MessageFailed)
	mute.Error = &providers.MessageError{Code: "d360_internal_error", Detail: "360dialog reported the message as failed and gave no reason."}
	byOurs := providers.StatusChanged{OurID: ours, Status: providers.MessagePlayed}
	providertest.RunInbound(t, d360.New(d360.Options{}), numbered([]providertest.Inbound{
		{
			Label: "sent, with our id, price and conversation",
			Body: status(`"status":"sent","recipient_id":"4915100000001","biz_opaque_callback_data":"64cbbd9596429dbccd7841e5",
				"conversation":{"id":"c"},"pricing":{"billable":true,"pricing_model":"PMP"}`),
			Want: []providers.InboundPayload{sent},
		},
		{
			Label: "delivered to a user id, with another's callback data",
			Body:  status(`"status":"delivered","recipient_user_id":"US.13491208655302741918","biz_opaque_callback_data":"theirs"`),
			Want:  []providers.InboundPayload{toUser},
		},
		{
			Label: "read in a group",
			Body:  status(`"status":"read","recipient_type":"group","recipient_id":"G1","recipient_participant_id":"4915100000001"`),
			Want:  []providers.InboundPayload{inGroup},
		},
		{
			Label: "failed",
			Body: status(`"status":"failed","errors":[{"code":131047,"title":"Re-engagement message","message":"Re-engagement message",
				"error_data":{"details":"More than 24 hours have passed"},"href":"https://.."}]`),
			Want: []providers.InboundPayload{failed},
		},
		{
			Label: "failed with code and title only",
			Body:  status(`"status":"failed","errors":[{"code":"131049","title":"Cap"}]`),
			Want:  []providers.InboundPayload{short},
		},
		{Label: "failed without a reason", Body: status(`"status":"failed"`), Want: []providers.InboundPayload{mute}},
		{
			Label: "played, named by our id only",
			Body:  envelope(`"statuses":[{"status":"played","biz_opaque_callback_data":"64cbbd9596429dbccd7841e5"}]`),
			Want:  []providers.InboundPayload{byOurs},
		},
		{Label: "deleted is known and ignored", Body: status(`"status":"deleted"`)},
		{Label: "a call's status is no message's", Body: status(`"status":"delivered","type":"call"`)},
		{Label: "an unknown word", Body: status(`"status":"pondered"`), Problems: []string{`entry 0, change 0, status 0: status "pondered"`}},
		{Label: "nobody's status", Body: envelope(`"statuses":[{"status":"read"}]`), Problems: []string{"names no message"}},
	}))
}
