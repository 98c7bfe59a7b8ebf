package providertest

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"image/png"
	"io"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// kind is one kind of message, and what a phone shows of it.
type kind struct {
	name    string
	carried bool // the capabilities list it
	content providers.Content
	media   *providers.OutboundMedia
	shown   Shown // but for its ID
}

const (
	contacts = `[{"name":{"formatted_name":"Ana Souza","first_name":"Ana","last_name":"Souza"},"phones":[{"phone":"+5521980009999","type":"CELL","wa_id":"5521980009999"}]},
		{"name":{"formatted_name":"Bia","first_name":"Bia"},"phones":[{"phone":"+5521980008888","type":"WORK"}]}]`
	contact = `[{"name":{"formatted_name":"Davi","first_name":"Davi"},"phones":[{"phone":"+5521980007777"}]}]`
	buttons = `{"type":"button","body":{"text":"Qual?"},"action":{"buttons":[
		{"type":"reply","reply":{"id":"sim","title":"Sim"}},{"type":"reply","reply":{"id":"nao","title":"Não"}}]}}`
	list = `{"type":"list","body":{"text":"Qual setor?"},"action":{"button":"Abrir","sections":[
		{"title":"Loja","rows":[{"id":"vendas","title":"Vendas"}]},{"title":"Outros","rows":[{"id":"rh","title":"RH"}]}]}}`
)

// kinds has every kind of message that there is.
func (r sending) kinds() []kind {
	c := r.Adapter.Capabilities()
	_, places := c.Limits[providers.TypeLocation]
	_, orders := c.Limits[providers.TypeOrder]
	text := func(text string) Shown { return Shown{Type: providers.TypeText, Text: text} }
	asking := func(raw, body string, choices ...string) (providers.Content, Shown) {
		return providers.Content{Type: providers.TypeInteractive, Interactive: providers.RawJSON(raw)},
			Shown{Type: providers.TypeInteractive, Text: body, Choices: choices}
	}
	buttons, shownButtons := asking(buttons, "Qual?", "sim", "nao")
	list, shownList := asking(list, "Qual setor?", "vendas", "rh")
	template := providers.Content{Type: providers.TypeTemplate, Name: "ola", Language: "pt_BR"}
	if r.Template != nil {
		template = *r.Template
	}
	return append(r.files(c), []kind{
		{name: "text", carried: c.Text, content: providers.Content{Type: providers.TypeText, Text: "*Maria*:\nOlá 👋, \"tudo\" <bem>?"}, shown: text("*Maria*:\nOlá 👋, \"tudo\" <bem>?")},
		{name: "text with a link", carried: c.Text, content: providers.Content{Type: providers.TypeText, Text: "veja https://example.com/a?b=c&d"}, shown: text("veja https://example.com/a?b=c&d")},
		{name: "location", carried: places,
			content: providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(-22.5), Longitude: providers.Float(0), Name: "Loja", Address: "Rua A, 1"},
			shown:   Shown{Type: providers.TypeLocation, Place: &Place{Latitude: -22.5, Name: "Loja", Address: "Rua A, 1"}}},
		{name: "contacts", carried: c.StructuredContacts, content: providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(contacts)},
			shown: Shown{Type: providers.TypeContacts, Cards: []Card{{Name: "Ana Souza", Phones: []string{"5521980009999"}}, {Name: "Bia", Phones: []string{"5521980008888"}}}}},
		{name: "contact", carried: c.StructuredContacts, content: providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(contact)},
			shown: Shown{Type: providers.TypeContacts, Cards: []Card{{Name: "Davi", Phones: []string{"5521980007777"}}}}},
		{name: "buttons", carried: c.Buttons, content: buttons, shown: shownButtons},
		{name: "list", carried: c.Lists, content: list, shown: shownList},
		{name: "template", carried: c.Template, content: template, shown: Shown{Type: providers.TypeTemplate, Text: r.TemplateText}},
		{name: "order", carried: orders, content: providers.Content{Type: providers.TypeOrder, Order: &providers.Order{CatalogID: "1"}}},
		{name: "system", content: providers.Content{Type: providers.TypeSystem, System: &providers.System{Type: "x"}}},
		{name: "unsupported", content: providers.Content{Type: providers.TypeUnsupported, Kind: "x"}},
		{name: "none at all"},
	}...)
}

// files are the kinds that have one. Their bytes are as much of each type as
// looks at it find.
func (r sending) files(c providers.Capabilities) []kind {
	file := func(name string, carried bool, content providers.Content, mimetype, fileName string, bytes []byte) kind {
		shown := Shown{Type: content.Type, Text: content.Text, Voice: content.Voice != nil && *content.Voice, File: &File{Mimetype: mimetype, Bytes: bytes}}
		if content.Type == providers.TypeDocument {
			shown.File.Name = fileName
		}
		return kind{name: name, carried: carried, content: content, media: stored(mimetype, fileName, bytes), shown: shown}
	}
	pdf := []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	return []kind{
		file("image", c.Media, providers.Content{Type: providers.TypeImage}, "image/png", "foto.png", picture(8)),
		file("image with a caption", c.Media, providers.Content{Type: providers.TypeImage, Text: "Confira"}, "image/png", "foto.png", picture(9)),
		file("video", c.Media, providers.Content{Type: providers.TypeVideo, Text: "Veja"}, "video/mp4", "v.mp4", []byte("\x00\x00\x00\x14ftypisom\x00\x00\x02\x00isom\x00\x00\x00\x08free")),
		file("audio", c.Media, providers.Content{Type: providers.TypeAudio, Voice: providers.Bool(false)}, "audio/mpeg", "a.mp3", []byte("ID3\x04\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x00a song")),
		file("voice note", c.Media, providers.Content{Type: providers.TypeAudio, Voice: providers.Bool(true)}, "audio/ogg", "v.ogg", opus()),
		file("document", c.Document, providers.Content{Type: providers.TypeDocument}, "application/pdf", `ação "1".pdf`, pdf),
		file("document with a caption", c.Document, providers.Content{Type: providers.TypeDocument, Text: "Segue"}, "application/pdf", "nota.pdf", append(pdf, '\n')),
		file("sticker", c.Sticker, providers.Content{Type: providers.TypeSticker}, "image/webp", "s.webp",
			[]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0e\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")),
	}
}

// stored is a file of our store.
func stored(mimetype, name string, content []byte) *providers.OutboundMedia {
	return &providers.OutboundMedia{
		ID: ids.New[ids.Media](), Mimetype: mimetype, FileName: name, Size: int64(len(content)),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}
}

func picture(width int) []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewRGBA(image.Rect(0, 0, width, 8))); err != nil {
		panic(err) // into memory
	}
	return out.Bytes()
}

// opus is the first page of Opus in Ogg.
func opus() []byte {
	page, err := base64.StdEncoding.DecodeString("T2dnUwACAAAAAAAAAAABAAAAAAAAAAAAAAABE09wdXNIZWFkAQE4AYC7AAAAAAA=")
	if err != nil {
		panic(err) // a constant
	}
	return page
}
