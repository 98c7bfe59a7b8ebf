package wire_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

func toJoao(c providers.Content) providers.Outbound {
	return providers.Outbound{To: joao[0], Content: c}
}

func toGroup(c providers.Content) providers.Outbound {
	return providers.Outbound{To: providers.Address{Kind: providers.KindGroup, Value: groupJID.User}, Content: c}
}

func quoting(out providers.Outbound, q providers.Quote) providers.Outbound {
	out.Quote = &q
	return out
}

// upload is the file of these tests; what it shows differs by kind.
func upload(change func(*wire.Upload)) *wire.Upload {
	f := &wire.Upload{UploadResponse: whatsmeow.UploadResponse{
		URL: "https://mmg.whatsapp.net/v/t62/1?ccb=1", DirectPath: "/v/t62/1?ccb=1",
		MediaKey: bytes32(1), FileEncSHA256: bytes32(2), FileSHA256: bytes32(3), FileLength: 7,
	}}
	change(f)
	return f
}

func voice(is bool) providers.Content {
	return providers.Content{Type: providers.TypeAudio, Voice: providers.Bool(is)}
}

func TestCompose(t *testing.T) {
	t.Parallel()
	quote := providers.Quote{ID: "3EB0Q", Text: "Qual o horário?", Author: joao[1]}
	info := `"contextInfo":{"stanzaID":"3EB0Q","participant":"200000000000002@lid","quotedMessage":{"conversation":"Qual o horário?"}}`
	image := upload(func(f *wire.Upload) { f.Mimetype, f.Width, f.Height, f.Thumbnail = "image/jpeg", 640, 480, []byte{1} })
	film := upload(func(f *wire.Upload) {
		f.Mimetype, f.Width, f.Height, f.Seconds, f.Thumbnail = "video/mp4", 640, 480, 9, []byte{1}
	})
	opus := upload(func(f *wire.Upload) { f.Mimetype, f.Voice, f.Seconds, f.Waveform = "audio/ogg", true, 3, []byte{9} })
	pdf := upload(func(f *wire.Upload) {
		f.Mimetype, f.FileName, f.Pages, f.Thumbnail, f.ThumbWidth, f.ThumbHeight = "application/pdf", "nota.pdf", 2, []byte{1}, 70, 100
	})
	document := `"mimetype":"application/pdf","title":"nota.pdf","fileName":"nota.pdf","pageCount":2,"JPEGThumbnail":"AQ==","thumbnailWidth":70,"thumbnailHeight":100,` + file()
	for label, c := range map[string]struct {
		out  providers.Outbound
		file *wire.Upload
		want string
	}{
		"text":                {toJoao(textContent("*Atendente Maria*:\nOlá")), nil, `{"conversation":"*Atendente Maria*:\nOlá"}`},
		"text that answers":   {quoting(toJoao(textContent("Às 8h")), quote), nil, `{"extendedTextMessage":{"text":"Às 8h",` + info + `}}`},
		"image":               {toJoao(providers.Content{Type: providers.TypeImage, Text: "Confira"}), image, `{"imageMessage":{"mimetype":"image/jpeg","caption":"Confira","width":640,"height":480,"JPEGThumbnail":"AQ==",` + file() + `}}`},
		"image that answers":  {quoting(toJoao(providers.Content{Type: providers.TypeImage}), quote), image, `{"imageMessage":{"mimetype":"image/jpeg","width":640,"height":480,"JPEGThumbnail":"AQ==",` + info + `,` + file() + `}}`},
		"bare image":          {toJoao(providers.Content{Type: providers.TypeImage}), upload(func(*wire.Upload) {}), `{"imageMessage":{` + file() + `}}`},
		"video":               {quoting(toJoao(providers.Content{Type: providers.TypeVideo, Text: "Veja"}), quote), film, `{"videoMessage":{"mimetype":"video/mp4","caption":"Veja","width":640,"height":480,"seconds":9,"JPEGThumbnail":"AQ==",` + info + `,` + file() + `}}`},
		"voice note":          {quoting(toJoao(voice(true)), quote), opus, `{"audioMessage":{"mimetype":"audio/ogg; codecs=opus","seconds":3,"PTT":true,"waveform":"CQ==",` + info + `,` + file() + `}}`},
		"audio in Opus":       {toJoao(voice(false)), opus, `{"audioMessage":{"mimetype":"audio/ogg; codecs=opus","seconds":3,"PTT":false,` + file() + `}}`},
		"audio":               {toJoao(providers.Content{Type: providers.TypeAudio}), upload(func(f *wire.Upload) { f.Mimetype = "audio/mpeg" }), `{"audioMessage":{"mimetype":"audio/mpeg","PTT":false,` + file() + `}}`},
		"document":            {quoting(toJoao(providers.Content{Type: providers.TypeDocument}), quote), pdf, `{"documentMessage":{` + document + `,` + info + `}}`},
		"document, captioned": {quoting(toJoao(providers.Content{Type: providers.TypeDocument, Text: "Segue"}), quote), pdf, `{"documentWithCaptionMessage":{"message":{"documentMessage":{"caption":"Segue",` + document + `,` + info + `}}}}`},
		"sticker": {quoting(toJoao(providers.Content{Type: providers.TypeSticker}), quote), upload(func(f *wire.Upload) { f.Mimetype, f.Width, f.Height, f.Animated = "image/webp", 512, 512, true }),
			`{"stickerMessage":{"mimetype":"image/webp","width":512,"height":512,"isAnimated":true,` + info + `,` + file() + `}}`},
		"location": {quoting(toJoao(providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(0), Longitude: providers.Float(-43), Name: "Loja", Address: "Rua A", URL: "https://example.com"}), quote), nil,
			`{"locationMessage":{"degreesLatitude":0,"degreesLongitude":-43,"name":"Loja","address":"Rua A","URL":"https://example.com",` + info + `}}`},
		"bare location":               {toJoao(providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(1), Longitude: providers.Float(2)}), nil, `{"locationMessage":{"degreesLatitude":1,"degreesLongitude":2}}`},
		"quote of ours":               {quoting(toJoao(textContent("a")), providers.Quote{ID: "3EB0Q", Mine: true}), nil, `{"extendedTextMessage":{"text":"a","contextInfo":{"stanzaID":"3EB0Q","participant":"5521977776666@s.whatsapp.net","quotedMessage":{"conversation":""}}}}`},
		"quote of unknown":            {quoting(toJoao(textContent("a")), providers.Quote{ID: "3EB0Q"}), nil, `{"extendedTextMessage":{"text":"a","contextInfo":{"stanzaID":"3EB0Q","participant":"5521988887777@s.whatsapp.net","quotedMessage":{"conversation":""}}}}`},
		"quote of unknown in a group": {quoting(toGroup(textContent("a")), providers.Quote{ID: "3EB0Q", Text: "b"}), nil, `{"extendedTextMessage":{"text":"a","contextInfo":{"stanzaID":"3EB0Q","quotedMessage":{"conversation":"b"}}}}`},
	} {
		got, err := wire.Compose(c.out, c.file, onDevice(ourPhone, 7))
		if err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		if !proto.Equal(message(t, c.want), got) {
			t.Errorf("%s:\n got %s\nwant %s", label, protojson.Format(got), protojson.Format(message(t, c.want)))
		}
	}
}

func TestComposeQuotesWithCards(t *testing.T) {
	t.Parallel()
	for _, list := range []string{`[` + seedCard + `]`, `[` + seedCard + `,` + seedCard + `]`} {
		m, err := wire.Compose(quoting(toJoao(providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(list)}), providers.Quote{ID: "3EB0Q"}), nil, ourPhone)
		if err != nil {
			t.Fatal(err)
		}
		if one, all := m.GetContactMessage().GetContextInfo(), m.GetContactsArrayMessage().GetContextInfo(); one.GetStanzaID()+all.GetStanzaID() != "3EB0Q" {
			t.Errorf("the quote is lost: %v", m)
		}
	}
}

func TestComposeReactions(t *testing.T) {
	t.Parallel()
	reaction := providers.Content{Type: providers.TypeReaction, Target: "3EB0T", Emoji: "👍"}
	mine, by, taken := reaction, reaction, reaction
	mine.TargetMine = true
	by.TargetAuthor = joao[1]
	taken.Emoji = ""
	for label, c := range map[string]struct {
		out  providers.Outbound
		want string
	}{
		"to theirs":             {toJoao(by), `{"key":{"remoteJID":"5521988887777@s.whatsapp.net","fromMe":false,"ID":"3EB0T"},"text":"👍"}`},
		"to ours":               {toJoao(mine), `{"key":{"remoteJID":"5521988887777@s.whatsapp.net","fromMe":true,"ID":"3EB0T"},"text":"👍"}`},
		"taken back":            {toJoao(taken), `{"key":{"remoteJID":"5521988887777@s.whatsapp.net","fromMe":false,"ID":"3EB0T"},"text":""}`},
		"in a group":            {toGroup(by), `{"key":{"remoteJID":"120363000000000001@g.us","fromMe":false,"ID":"3EB0T","participant":"200000000000002@lid"},"text":"👍"}`},
		"to ours in a group":    {toGroup(mine), `{"key":{"remoteJID":"120363000000000001@g.us","fromMe":true,"ID":"3EB0T"},"text":"👍"}`},
		"to unknown in a group": {toGroup(reaction), `{"key":{"remoteJID":"120363000000000001@g.us","fromMe":false,"ID":"3EB0T"},"text":"👍"}`},
		"with a quote beside":   {quoting(toJoao(by), providers.Quote{ID: "X"}), `{"key":{"remoteJID":"5521988887777@s.whatsapp.net","fromMe":false,"ID":"3EB0T"},"text":"👍"}`},
	} {
		before := time.Now().UnixMilli()
		got, err := wire.Compose(c.out, nil, ourPhone)
		if err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		if at := got.GetReactionMessage().GetSenderTimestampMS(); at < before || at > time.Now().UnixMilli() {
			t.Errorf("%s: its time is %d", label, at)
		}
		got.ReactionMessage.SenderTimestampMS = nil
		if want := message(t, `{"reactionMessage":`+c.want+`}`); !proto.Equal(want, got) {
			t.Errorf("%s:\n got %s\nwant %s", label, protojson.Format(got), protojson.Format(want))
		}
	}
}

func TestComposeRefuses(t *testing.T) {
	t.Parallel()
	mp3 := upload(func(f *wire.Upload) { f.Mimetype = "audio/mpeg" })
	for label, c := range map[string]struct {
		content providers.Content
		file    *wire.Upload
		reason  providers.Reason
		field   string
	}{
		"a template":        {providers.Content{Type: providers.TypeTemplate}, nil, providers.ReasonCapabilityUnsupported, ""},
		"an interactive":    {providers.Content{Type: providers.TypeInteractive}, nil, providers.ReasonCapabilityUnsupported, ""},
		"an order":          {providers.Content{Type: providers.TypeOrder}, nil, providers.ReasonCapabilityUnsupported, ""},
		"no type":           {providers.Content{}, nil, providers.ReasonCapabilityUnsupported, ""},
		"an empty text":     {textContent(""), nil, providers.ReasonInvalidMessage, "text"},
		"no file":           {providers.Content{Type: providers.TypeImage}, nil, providers.ReasonInvalidMessage, "mediaUri"},
		"an MP3 as voice":   {voice(true), mp3, providers.ReasonMediaTypeUnsupported, "asVoice"},
		"reaction to none":  {providers.Content{Type: providers.TypeReaction}, nil, providers.ReasonInvalidMessage, "reaction.messageId"},
		"cards of no shape": {providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(`{}`)}, nil, providers.ReasonInvalidMessage, "interactive.contacts"},
	} {
		m, err := wire.Compose(toJoao(c.content), c.file, ourPhone)
		var send *providers.SendError
		if m != nil || !errors.As(err, &send) {
			t.Errorf("%s: %v, %v", label, m, err)
			continue
		}
		if send.Reason != c.reason || send.Field != c.field || send.Sent != providers.No || send.Retryable || send.Detail == "" {
			t.Errorf("%s: %+v", label, send)
		}
	}
}

// limits are of the kind that package whatsappweb has, small enough to reach.
var limits = map[providers.ContentType]providers.Limit{
	providers.TypeText:     {MaxText: 4},
	providers.TypeImage:    {MaxCaption: 3, MaxBytes: 10},
	providers.TypeVideo:    {},
	providers.TypeAudio:    {NoCaption: true, MaxBytes: 10},
	providers.TypeSticker:  {NoCaption: true, Mimetypes: []string{"image/webp"}, IndividualOnly: true},
	providers.TypeLocation: {},
	providers.TypeContacts: {},
	providers.TypeReaction: {},
	providers.TypeTemplate: {},
}

func TestCheck(t *testing.T) {
	t.Parallel()
	with := func(out providers.Outbound, mimetype string, size int64) providers.Outbound {
		out.Media = &providers.OutboundMedia{Mimetype: mimetype, Size: size}
		return out
	}
	to := func(kind providers.AddressKind, value string) providers.Outbound {
		return providers.Outbound{To: providers.Address{Kind: kind, Value: value}, Content: textContent("oi")}
	}
	place := func(lat, lng *float64) providers.Outbound {
		return toJoao(providers.Content{Type: providers.TypeLocation, Latitude: lat, Longitude: lng})
	}
	cards := func(text string) providers.Outbound {
		return toJoao(providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(text)})
	}
	image := providers.Content{Type: providers.TypeImage}
	captioned := func(kind providers.ContentType, text string) providers.Outbound {
		return with(toJoao(providers.Content{Type: kind, Text: text}), "image/webp", 1)
	}
	one, far, none := providers.Float(1), providers.Float(181), (*float64)(nil)
	const fine = providers.Reason(-1)
	for label, c := range map[string]struct {
		out    providers.Outbound
		reason providers.Reason
		field  string
	}{
		"text":                       {toJoao(textContent("ação")), fine, ""},
		"long text":                  {toJoao(textContent("ações")), providers.ReasonInvalidMessage, "text"},
		"no text":                    {toJoao(textContent("")), providers.ReasonInvalidMessage, "text"},
		"to a LID":                   {to(providers.KindLID, "2"), fine, ""},
		"to a group":                 {to(providers.KindGroup, "1"), fine, ""},
		"to a business-scoped id":    {to(providers.KindBSUID, "BR.1"), providers.ReasonInvalidNumber, ""},
		"to nobody":                  {to("", ""), providers.ReasonInvalidNumber, ""},
		"image":                      {with(toJoao(image), "image/jpeg", 10), fine, ""},
		"image with a caption":       {captioned(providers.TypeImage, "até"), fine, ""},
		"image with a long caption":  {captioned(providers.TypeImage, "além"), providers.ReasonInvalidMessage, "text"},
		"large image":                {with(toJoao(image), "image/jpeg", 11), providers.ReasonMediaTooLarge, "mediaUri"},
		"image without a file":       {toJoao(image), providers.ReasonInvalidMessage, "mediaUri"},
		"large video":                {with(toJoao(providers.Content{Type: providers.TypeVideo}), "video/mp4", 1<<40), fine, ""},
		"audio with a text":          {captioned(providers.TypeAudio, "a"), providers.ReasonInvalidMessage, "text"},
		"sticker":                    {captioned(providers.TypeSticker, ""), fine, ""},
		"sticker of a noted type":    {with(toJoao(providers.Content{Type: providers.TypeSticker}), "Image/WebP; q=1", 1), fine, ""},
		"sticker of a wrong type":    {with(toJoao(providers.Content{Type: providers.TypeSticker}), "image/png", 1), providers.ReasonMediaTypeUnsupported, "mediaUri"},
		"sticker in a group":         {with(toGroup(providers.Content{Type: providers.TypeSticker}), "image/webp", 1), providers.ReasonCapabilityUnsupported, ""},
		"document, not listed":       {with(toJoao(providers.Content{Type: providers.TypeDocument}), "a/b", 1), providers.ReasonCapabilityUnsupported, ""},
		"template, though listed":    {toJoao(providers.Content{Type: providers.TypeTemplate}), providers.ReasonCapabilityUnsupported, ""},
		"interactive":                {toJoao(providers.Content{Type: providers.TypeInteractive}), providers.ReasonCapabilityUnsupported, ""},
		"location":                   {place(one, one), fine, ""},
		"location without latitude":  {place(none, one), providers.ReasonInvalidMessage, "location.latitude"},
		"location far north":         {place(far, one), providers.ReasonInvalidMessage, "location.latitude"},
		"location without longitude": {place(one, none), providers.ReasonInvalidMessage, "location.longitude"},
		"location far east":          {place(one, far), providers.ReasonInvalidMessage, "location.longitude"},
		"cards":                      {cards(`[` + seedCard + `]`), fine, ""},
		"no cards":                   {cards(`[]`), providers.ReasonInvalidMessage, "interactive.contacts"},
		"cards without a name":       {cards(`[` + seedCard + `,{"name":{"formatted_name":" "}}]`), providers.ReasonInvalidMessage, "interactive.contacts"},
		"cards that are none":        {cards(`"x"`), providers.ReasonInvalidMessage, "interactive.contacts"},
		"reaction":                   {toJoao(providers.Content{Type: providers.TypeReaction, Target: "X"}), fine, ""},
		"reaction to nothing":        {toJoao(providers.Content{Type: providers.TypeReaction}), providers.ReasonInvalidMessage, "reaction.messageId"},
	} {
		err := wire.Check(c.out, limits)
		if c.reason == fine {
			if err != nil {
				t.Errorf("%s is refused: %v", label, err)
			}
			continue
		}
		var send *providers.SendError
		if !errors.As(err, &send) {
			t.Errorf("%s: %v", label, err)
		} else if send.Reason != c.reason || send.Field != c.field || send.Sent != providers.No || !strings.HasSuffix(send.Detail, ".") {
			t.Errorf("%s: %+v", label, send)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	media := func(change func(*wire.Upload)) *wire.Upload { return upload(change) }
	for label, c := range map[string]struct {
		content providers.Content
		file    *wire.Upload
		quote   *providers.Quote
		ref     *providers.MediaRef
	}{
		"text":       {textContent("Olá"), nil, nil, nil},
		"an answer":  {textContent("Às 8h"), nil, &providers.Quote{ID: "3EB0Q", Text: "Qual?", Author: joao[1]}, nil},
		"image":      {providers.Content{Type: providers.TypeImage, Text: "a"}, media(func(f *wire.Upload) { f.Mimetype = "image/png" }), nil, fileRef("image", "image/png", "")},
		"video":      {providers.Content{Type: providers.TypeVideo}, media(func(f *wire.Upload) { f.Mimetype = "video/mp4" }), nil, fileRef("video", "video/mp4", "")},
		"voice note": {voice(true), media(func(f *wire.Upload) { f.Voice = true }), nil, fileRef("audio", "audio/ogg; codecs=opus", "")},
		"document":   {providers.Content{Type: providers.TypeDocument, Text: "a"}, media(func(f *wire.Upload) { f.FileName = "b.pdf" }), nil, fileRef("document", "", "b.pdf")},
		"sticker":    {providers.Content{Type: providers.TypeSticker, Animated: providers.Bool(true)}, media(func(f *wire.Upload) { f.Animated = true }), nil, fileRef("image", "", "")},
		"location":   {providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(0), Longitude: providers.Float(-43), Name: "Loja", Address: "Rua A"}, nil, nil, nil},
		"a card": {providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(`[{"name":{"formatted_name":"Dr. João Silva","first_name":"João","middle_name":"M","last_name":"Silva","prefix":"Dr.","suffix":"Jr."},` +
			`"birthday":"1980-02-29","org":{"company":"Padaria, Ltda.","department":"Vendas","title":"Gerente"},"phones":[{"phone":"+55 21 98888-7777","type":"WORK","wa_id":"5521988887777"}],` +
			`"emails":[{"email":"a@example.com","type":"HOME"}],"urls":[{"url":"https://example.com/?a=b,c","type":"WORK"}],` +
			`"addresses":[{"street":"Rua A, 1","city":"Rio","state":"RJ","zip":"2","country":"Brasil","type":"HOME"}]}]`)}, nil, nil, nil},
		"cards":    {providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(`[{"name":{"formatted_name":"A","first_name":"A"}},{"name":{"formatted_name":"B C","first_name":"B","last_name":"C"}}]`)}, nil, nil, nil},
		"reaction": {providers.Content{Type: providers.TypeReaction, Target: "3EB0T", Emoji: "👍"}, nil, nil, nil},
	} {
		out := toJoao(c.content)
		out.Quote = c.quote
		m, err := wire.Compose(out, c.file, ourPhone)
		if err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		e := fromJoao(t, `{}`)
		e.RawMessage = m
		want := received(c.content, withMedia(c.ref), func(r *providers.MessageReceived) { r.Quote = c.quote })
		if diff := diffPayloads(want, e.UnwrapRaw()); diff != "" {
			t.Errorf("%s:\n%s", label, diff)
		}
	}
}
