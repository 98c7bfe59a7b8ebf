package wire_test

import (
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

type readCase struct {
	label string
	text  string // the message, as protobuf's JSON
	want  []providers.InboundPayload
}

func runReads(t *testing.T, cases []readCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			if diff := providertest.Diff(c.want, wire.ReadMessage(fromJoao(t, c.text), ours...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadTexts(t *testing.T) {
	t.Parallel()
	runReads(t, []readCase{
		{"text", `{"conversation":"Olá, preciso de ajuda"}`, received(textContent("Olá, preciso de ajuda"))},
		{"text with a preview", `{"extendedTextMessage":{"text":"veja https://example.com","title":"Exemplo","JPEGThumbnail":"AAAA"}}`, received(textContent("veja https://example.com"))},
		{"text in a disappearing chat", `{"ephemeralMessage":{"message":{"extendedTextMessage":{"text":"some","contextInfo":{"expiration":86400}}}}}`, received(textContent("some"))},
		{"text beside a group's key", `{"senderKeyDistributionMessage":{"groupID":"1@g.us"},"conversation":"oi"}`, received(textContent("oi"))},
		{"text that was mentioned", `{"groupMentionedMessage":{"message":{"conversation":"@grupo"}}}`, received(textContent("@grupo"))},
		{"forwarded", `{"extendedTextMessage":{"text":"a","contextInfo":{"isForwarded":true,"forwardingScore":4}}}`,
			received(providers.Content{Type: providers.TypeText, Text: "a", Forwarded: true})},
		{"forwarded many times", `{"extendedTextMessage":{"text":"a","contextInfo":{"isForwarded":true,"forwardingScore":5}}}`,
			received(providers.Content{Type: providers.TypeText, Text: "a", Forwarded: true, FrequentlyForwarded: true})},
		{"from an advertisement", `{"extendedTextMessage":{"text":"quero","contextInfo":{"externalAdReply":{"title":"Promo","body":"Só hoje","mediaType":"IMAGE",
			"originalImageURL":"https://example.com/i.jpg","thumbnailURL":"https://example.com/t.jpg","sourceType":"ad","sourceID":"120","sourceURL":"https://fb.me/x",
			"ctwaClid":"clid","greetingMessageBody":"Oi & bem-vindo","thumbnail":"AAAA"}}}}`,
			received(providers.Content{Type: providers.TypeText, Text: "quero", Referral: providers.RawJSON(`{"source_url":"https://fb.me/x","source_type":"ad","source_id":"120",` +
				`"headline":"Promo","body":"Só hoje","media_type":"image","image_url":"https://example.com/i.jpg","thumbnail_url":"https://example.com/t.jpg",` +
				`"ctwa_clid":"clid","welcome_message":{"text":"Oi & bem-vindo"}}`)})},
		{"from a film's advertisement", `{"extendedTextMessage":{"text":"quero","contextInfo":{"externalAdReply":{"mediaType":"VIDEO","mediaURL":"https://example.com/v","sourceID":"9"}}}}`,
			received(providers.Content{Type: providers.TypeText, Text: "quero", Referral: providers.RawJSON(`{"source_id":"9","media_type":"video","video_url":"https://example.com/v"}`)})},
		{"a link's preview is no advertisement", `{"extendedTextMessage":{"text":"a","contextInfo":{"externalAdReply":{"title":"Site","sourceURL":"https://example.com"}}}}`, received(textContent("a"))},
		{"poll", `{"pollCreationMessageV3":{"name":"Qual?","options":[{"optionName":"A"},{"optionName":"B"}],"selectableOptionsCount":1},"messageContextInfo":{"messageSecret":"AAAA"}}`,
			received(textContent("Qual?\n- A\n- B"))},
		{"poll of the first generation", `{"pollCreationMessage":{"name":"Qual?","options":[{"optionName":"A"}]}}`, received(textContent("Qual?\n- A"))},
		{"poll in a wrapper", `{"pollCreationMessageV4":{"message":{"pollCreationMessageV6":{"name":"Quiz","options":[{"optionName":"A"}]}}}}`, received(textContent("Quiz\n- A"))},
		{"event", `{"eventMessage":{"name":"Reunião","description":"Trazer café","location":{"name":"Loja","address":"Rua A"},"joinLink":"https://call.whatsapp.com/x","startTime":"1659518400","endTime":"1659522000"}}`,
			received(textContent("Reunião\n2022-08-03 09:20 UTC – 2022-08-03 10:20 UTC\nLoja, Rua A\nTrazer café\nhttps://call.whatsapp.com/x"))},
		{"canceled event", `{"eventMessage":{"name":"Reunião","isCanceled":true}}`, received(textContent("Reunião (canceled)"))},
		{"invitation to a group", `{"groupInviteMessage":{"groupJID":"1@g.us","inviteCode":"AbC","groupName":"Vendas","caption":"Entre"}}`,
			received(textContent("Vendas\nEntre\nhttps://chat.whatsapp.com/AbC"))},
		{"product", `{"productMessage":{"product":{"productID":"77","retailerID":"SKU1","title":"Café","description":"500 g","currencyCode":"BRL","priceAmount1000":"25900","URL":"https://example.com/c"},"businessOwnerJID":"5521977776666@s.whatsapp.net","body":"Tem?"}}`,
			received(providers.Content{Type: providers.TypeText, Text: "Café\nBRL 25.90\n500 g\nhttps://example.com/c\nTem?",
				ReferredProduct: &providers.ReferredProduct{CatalogID: "5521977776666", ProductRetailerID: "SKU1"}})},
		{"cart", `{"orderMessage":{"orderID":"1","token":"secret","itemCount":2,"orderTitle":"Café e mais","message":"Para hoje","totalAmount1000":"51800","totalCurrencyCode":"BRL"}}`,
			received(textContent("Café e mais, × 2, BRL 51.80\nPara hoje"))},
		{"a NUL", `{"conversation":"\u0000ok"}`, received(textContent("\u0000ok"))},
	})
}

func TestReadFiles(t *testing.T) {
	t.Parallel()
	animated := func(moves bool) providers.Content {
		return providers.Content{Type: providers.TypeSticker, Animated: providers.Bool(moves)}
	}
	runReads(t, []readCase{
		{"image", `{"imageMessage":{"mimetype":"image/jpeg","caption":"Confira","JPEGThumbnail":"AAAA",` + file() + `}}`,
			received(providers.Content{Type: providers.TypeImage, Text: "Confira"}, withMedia(fileRef("image", "image/jpeg", "")))},
		{"video", `{"videoMessage":{"mimetype":"video/mp4","seconds":9,` + file() + `}}`,
			received(providers.Content{Type: providers.TypeVideo}, withMedia(fileRef("video", "video/mp4", "")))},
		{"gif", `{"videoMessage":{"mimetype":"video/mp4","gifPlayback":true,` + file() + `}}`,
			received(providers.Content{Type: providers.TypeVideo}, withMedia(fileRef("video", "video/mp4", "")))},
		{"round video", `{"ptvMessage":{"mimetype":"video/mp4",` + file() + `}}`,
			received(providers.Content{Type: providers.TypeVideo}, withMedia(fileRef("video", "video/mp4", "")))},
		{"audio", `{"audioMessage":{"mimetype":"audio/mpeg",` + file() + `}}`,
			received(providers.Content{Type: providers.TypeAudio, Voice: providers.Bool(false)}, withMedia(fileRef("audio", "audio/mpeg", "")))},
		{"voice note", `{"audioMessage":{"mimetype":"audio/ogg; codecs=opus","PTT":true,` + file() + `}}`,
			received(providers.Content{Type: providers.TypeAudio, Voice: providers.Bool(true)}, withMedia(fileRef("audio", "audio/ogg; codecs=opus", "")))},
		{"document", `{"documentMessage":{"mimetype":"application/pdf","fileName":"nota.pdf","title":"nota",` + file() + `}}`,
			received(providers.Content{Type: providers.TypeDocument}, withMedia(fileRef("document", "application/pdf", "nota.pdf")))},
		{"document with a title only", `{"documentMessage":{"mimetype":"application/pdf","title":"nota.pdf",` + file() + `}}`,
			received(providers.Content{Type: providers.TypeDocument}, withMedia(fileRef("document", "application/pdf", "nota.pdf")))},
		{"document with a caption", `{"documentWithCaptionMessage":{"message":{"documentMessage":{"mimetype":"application/pdf","fileName":"nota.pdf","caption":"Segue",` + file() + `}}}}`,
			received(providers.Content{Type: providers.TypeDocument, Text: "Segue"}, withMedia(fileRef("document", "application/pdf", "nota.pdf")))},
		{"document captioned with its own name", `{"documentWithCaptionMessage":{"message":{"documentMessage":{"fileName":"nota.pdf","caption":"nota.pdf",` + file() + `}}}}`,
			received(providers.Content{Type: providers.TypeDocument}, withMedia(fileRef("document", "", "nota.pdf")))},
		{"document with a caption that disappears", `{"ephemeralMessage":{"message":{"documentWithCaptionMessage":{"message":{"documentMessage":{"fileName":"a","caption":"b",` + file() + `}}}}}}`,
			received(providers.Content{Type: providers.TypeDocument, Text: "b"}, withMedia(fileRef("document", "", "a")))},
		{"sticker", `{"stickerMessage":{"mimetype":"image/webp",` + file() + `}}`, received(animated(false), withMedia(fileRef("image", "image/webp", "")))},
		{"animated sticker", `{"stickerMessage":{"mimetype":"image/webp","isAnimated":true,` + file() + `}}`, received(animated(true), withMedia(fileRef("image", "image/webp", "")))},
		{"lottie sticker", `{"lottieStickerMessage":{"message":{"stickerMessage":{"mimetype":"application/was",` + file() + `}}}}`,
			received(animated(true), withMedia(fileRef("image", "application/was", "")))},
		{"a part of an album", `{"imageMessage":{` + file() + `},"messageContextInfo":{"messageAssociation":{"associationType":"MEDIA_ALBUM","parentMessageKey":{"ID":"X"}}}}`,
			received(providers.Content{Type: providers.TypeImage}, withMedia(fileRef("image", "", "")))},
		{"a part of an album in a wrapper", `{"associatedChildMessage":{"message":{"imageMessage":{` + file() + `}}},"messageContextInfo":{"messageAssociation":{"associationType":"MEDIA_ALBUM"}}}`,
			received(providers.Content{Type: providers.TypeImage}, withMedia(fileRef("image", "", "")))},
		{"a picture that has a form in HD", `{"imageMessage":{` + file() + `},"messageContextInfo":{"messageAssociation":{"associationType":"HD_IMAGE_DUAL_UPLOAD"}}}`,
			received(providers.Content{Type: providers.TypeImage}, withMedia(fileRef("image", "", "")))},
		{"a business's picture with buttons", `{"buttonsMessage":{"imageMessage":{"mimetype":"image/png",` + file() + `},"contentText":"Escolha","buttons":[{"buttonText":{"displayText":"Sim"}}]}}`,
			received(providers.Content{Type: providers.TypeImage, Text: "Escolha\n- Sim"}, withMedia(fileRef("image", "image/png", "")))},
		{"a file that nobody can open", `{"imageMessage":{"caption":"a","directPath":"/x?y"}}`,
			received(unsupportedContent("imageMessage", `{"imageMessage":{"caption":"a","directPath":"/x?y"}}`))},
	})
}

func TestReadPlacesReactionsCalls(t *testing.T) {
	t.Parallel()
	place := providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(-22.9), Longitude: providers.Float(0), Name: "Loja", Address: "Rua A", URL: "https://example.com"}
	runReads(t, []readCase{
		{"location", `{"locationMessage":{"degreesLatitude":-22.9,"degreesLongitude":0,"name":"Loja","address":"Rua A","URL":"https://example.com"}}`, received(place)},
		{"location with a comment", `{"locationMessage":{"degreesLatitude":1,"degreesLongitude":2,"comment":"aqui"}}`,
			received(providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(1), Longitude: providers.Float(2), Name: "aqui"})},
		{"live location", `{"liveLocationMessage":{"degreesLatitude":1,"degreesLongitude":2,"caption":"indo"}}`,
			received(providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(1), Longitude: providers.Float(2), Name: "indo"})},
		{"location without degrees", `{"locationMessage":{"name":"Loja"}}`, received(unsupportedContent("locationMessage", `{"locationMessage":{"name":"Loja"}}`))},
		{"location off the map", `{"liveLocationMessage":{"degreesLatitude":"NaN","degreesLongitude":2}}`,
			received(unsupportedContent("liveLocationMessage", `{"liveLocationMessage":{"degreesLatitude":"NaN","degreesLongitude":2}}`))},
		{"reaction", `{"reactionMessage":{"key":{"remoteJID":"1@lid","fromMe":false,"ID":"3EB0T"},"text":"👍","senderTimestampMS":"1"}}`,
			received(providers.Content{Type: providers.TypeReaction, Target: "3EB0T", Emoji: "👍"})},
		{"reaction taken back", `{"reactionMessage":{"key":{"ID":"3EB0T"},"text":""}}`, received(providers.Content{Type: providers.TypeReaction, Target: "3EB0T"})},
		{"reaction to nothing", `{"reactionMessage":{"text":"👍"}}`, received(unsupportedContent("reactionMessage", `{"reactionMessage":{"text":"👍"}}`))},
		{"missed call", `{"callLogMesssage":{"isVideo":true,"callOutcome":"MISSED"}}`,
			received(providers.Content{Type: providers.TypeSystem, System: &providers.System{Type: "call_log", Body: "video call, missed"}})},
		{"call", `{"callLogMesssage":{"callOutcome":"CONNECTED","durationSecs":"65"}}`,
			received(providers.Content{Type: providers.TypeSystem, System: &providers.System{Type: "call_log", Body: "voice call, connected, 65 seconds"}})},
	})
}

func TestReadInteractive(t *testing.T) {
	t.Parallel()
	chosen := func(text string, r providers.Reply) []providers.InboundPayload {
		return received(providers.Content{Type: providers.TypeInteractive, Text: text, Reply: &r})
	}
	runReads(t, []readCase{
		{"button", `{"buttonsResponseMessage":{"selectedButtonID":"op1","selectedDisplayText":"Opção 1"}}`, chosen("Opção 1", providers.Reply{Type: "button_reply", ID: "op1", Title: "Opção 1"})},
		{"row", `{"listResponseMessage":{"title":"Vendas","description":"Falar","singleSelectReply":{"selectedRowID":"v"}}}`,
			chosen("Vendas", providers.Reply{Type: "list_reply", ID: "v", Title: "Vendas", Description: "Falar"})},
		{"quick reply", `{"templateButtonReplyMessage":{"selectedID":"p","selectedDisplayText":"Quero"}}`, chosen("Quero", providers.Reply{Type: "quick_reply", ID: "p", Title: "Quero"})},
		{"native button", `{"interactiveResponseMessage":{"body":{"text":"Sim"},"nativeFlowResponseMessage":{"name":"quick_reply","paramsJSON":"{\"id\":\"s\"}"}}}`,
			chosen("Sim", providers.Reply{Type: "button_reply", ID: "s", Title: "Sim"})},
		{"native button with broken parameters", `{"interactiveResponseMessage":{"body":{"text":"Sim"},"nativeFlowResponseMessage":{"name":"quick_reply","paramsJSON":"{"}}}`,
			chosen("Sim", providers.Reply{Type: "button_reply", Title: "Sim"})},
		{"form", `{"interactiveResponseMessage":{"body":{"text":"Enviado"},"nativeFlowResponseMessage":{"name":"flow","paramsJSON":"{\"a\":1}"}}}`,
			chosen("Enviado", providers.Reply{Type: "nfm_reply", Name: "flow", ResponseJSON: `{"a":1}`})},
		{"an answer that is only a text", `{"interactiveResponseMessage":{"body":{"text":"Oi"}}}`, received(textContent("Oi"))},
		{"a business's buttons", `{"viewOnceMessage":{"message":{"buttonsMessage":{"text":"Olá","contentText":"Escolha","footerText":"Loja","buttons":[{"buttonText":{"displayText":"A"}},{"buttonText":{"displayText":"B"}}]}}}}`,
			received(textContent("Olá\nEscolha\nLoja\n- A\n- B"))},
		{"a business's list", `{"listMessage":{"title":"Menu","description":"Escolha","sections":[{"title":"S","rows":[{"title":"A","description":"um"},{"title":"B"}]}]}}`,
			received(textContent("Menu\nEscolha\n- A: um\n- B"))},
		{"a business's template", `{"templateMessage":{"hydratedTemplate":{"hydratedTitleText":"Pedido","hydratedContentText":"Saiu","hydratedFooterText":"Loja","hydratedButtons":[
			{"quickReplyButton":{"displayText":"Ok","ID":"1"}},{"urlButton":{"displayText":"Ver","URL":"https://example.com"}},{"callButton":{"displayText":"Ligar","phoneNumber":"+5521977776666"}}]}}}`,
			received(textContent("Pedido\nSaiu\nLoja\n- Ok\n- Ver: https://example.com\n- Ligar: +5521977776666"))},
		{"a template of the second form", `{"templateMessage":{"hydratedFourRowTemplate":{"hydratedContentText":"Saiu"}}}`, received(textContent("Saiu"))},
		{"a template of the third form", `{"templateMessage":{"interactiveMessageTemplate":{"body":{"text":"Saiu"}}}}`, received(textContent("Saiu"))},
		{"the oldest template", `{"highlyStructuredMessage":{"hydratedHsm":{"hydratedTemplate":{"hydratedContentText":"Saiu"}}}}`, received(textContent("Saiu"))},
		{"a template without a text", `{"highlyStructuredMessage":{"elementName":"x"}}`, received(unsupportedContent("highlyStructuredMessage", `{"highlyStructuredMessage":{"elementName":"x"}}`))},
		{"a native flow", `{"viewOnceMessageV2":{"message":{"interactiveMessage":{"header":{"title":"T","subtitle":"S"},"body":{"text":"B"},"footer":{"text":"F"},
			"nativeFlowMessage":{"buttons":[{"name":"cta_url","buttonParamsJSON":"{\"display_text\":\"Abrir\",\"url\":\"https://example.com\"}"},{"name":"x","buttonParamsJSON":"no"}]}}}}}`,
			received(textContent("T\nS\nB\nF\n- Abrir: https://example.com"))},
		{"a carousel", `{"interactiveMessage":{"body":{"text":"Ofertas"},"carouselMessage":{"cards":[{"header":{"title":"Um"},"body":{"text":"1"}},{"body":{"text":"2"}}]}}}`,
			received(textContent("Ofertas\n- Um: 1\n- 2"))},
		{"a film with a list of buttons", `{"interactiveMessage":{"header":{"videoMessage":{"mimetype":"video/mp4",` + file() + `}},"body":{"text":"Veja"}}}`,
			received(providers.Content{Type: providers.TypeVideo, Text: "Veja"}, withMedia(fileRef("video", "video/mp4", "")))},
		{"a template with a document", `{"templateMessage":{"hydratedTemplate":{"documentMessage":{"fileName":"b.pdf",` + file() + `},"hydratedContentText":"Boleto"}}}`,
			received(providers.Content{Type: providers.TypeDocument, Text: "Boleto"}, withMedia(fileRef("document", "", "b.pdf")))},
	})
}
