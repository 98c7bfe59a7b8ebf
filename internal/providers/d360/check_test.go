package d360_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

// checked is one message and the field that is at fault; no reason: it may go.
type checked struct {
	label  string
	out    providers.Outbound
	reason providers.Reason
	field  string
}

func (c checked) run(t *testing.T, conn providers.Conn) {
	t.Run(c.label, func(t *testing.T) {
		t.Parallel()
		var want *providers.SendError
		if c.reason != providers.ReasonUnknown {
			want = &providers.SendError{Reason: c.reason, Field: c.field}
		}
		providertest.CompareError(t, want, conn.Check(context.Background(), c.out))
	})
}

func sized(kind providers.ContentType, mimetype string, size int64, caption string) providers.Outbound {
	out := outbound(providers.Content{Type: kind, Text: caption})
	out.Media = &providers.OutboundMedia{Mimetype: mimetype, Size: size}
	return out
}

func to(a providers.Address) providers.Outbound {
	out := outbound(text("x"))
	out.To = a
	return out
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const bad, large, odd = providers.ReasonInvalidMessage, providers.ReasonMediaTooLarge, providers.ReasonMediaTypeUnsupported
	place := func(lat, lng *float64) providers.Outbound {
		return outbound(providers.Content{Type: providers.TypeLocation, Latitude: lat, Longitude: lng})
	}
	cards := func(raw string) providers.Outbound {
		return outbound(providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(raw)})
	}
	conn := openWith(t, d360.Options{Client: providertest.LoopbackOnly()})
	for _, c := range []checked{
		{label: "text of 4096 characters", out: outbound(text(strings.Repeat("ü", 4096)))},
		{label: "text of 4097 characters", out: outbound(text(strings.Repeat("u", 4097))), reason: bad, field: "text"},
		{label: "no text", out: outbound(text("")), reason: bad, field: "text"},
		{label: "a group", out: to(providers.Address{Kind: providers.KindGroup, Value: "1"}), reason: providers.ReasonCapabilityUnsupported},
		{label: "a linked id", out: to(providers.Address{Kind: providers.KindLID, Value: "1"}), reason: providers.ReasonInvalidNumber},
		{label: "no number", out: to(phoneAddress("12x4567")), reason: providers.ReasonInvalidNumber},
		{label: "half a number", out: to(phoneAddress("123456")), reason: providers.ReasonInvalidNumber},
		{label: "a user id", out: to(bsuid(userID))},
		{label: "an empty user id", out: to(bsuid("")), reason: providers.ReasonInvalidNumber},
		{label: "a system message", out: outbound(providers.Content{Type: providers.TypeSystem}), reason: providers.ReasonCapabilityUnsupported},

		{label: "image", out: sized(providers.TypeImage, "image/jpeg", 5<<20, strings.Repeat("c", 1024))},
		{label: "image with a long caption", out: sized(providers.TypeImage, "image/jpeg", 1, strings.Repeat("c", 1025)), reason: bad, field: "text"},
		{label: "large image", out: sized(providers.TypeImage, "image/png", 5<<20+1, ""), reason: large, field: "mediaUri"},
		{label: "gif", out: sized(providers.TypeImage, "image/gif", 1, ""), reason: odd, field: "mediaUri"},
		{label: "image without a file", out: outbound(providers.Content{Type: providers.TypeImage}), reason: bad, field: "mediaUri"},
		{label: "video", out: sized(providers.TypeVideo, "video/3gpp", 16<<20, "")},
		{label: "large video", out: sized(providers.TypeVideo, "video/mp4", 16<<20+1, ""), reason: large, field: "mediaUri"},
		{label: "mkv", out: sized(providers.TypeVideo, "video/x-matroska", 1, ""), reason: odd, field: "mediaUri"},
		{label: "opus", out: sized(providers.TypeAudio, "Audio/Ogg; codecs=opus", 1, "")},
		{label: "m4a under another name", out: sized(providers.TypeAudio, "audio/x-m4a", 1, "")},
		{label: "wav", out: sized(providers.TypeAudio, "audio/wav", 1, ""), reason: odd, field: "mediaUri"},
		{label: "audio with a text", out: sized(providers.TypeAudio, "audio/mpeg", 1, "x"), reason: bad, field: "text"},
		{label: "any document", out: sized(providers.TypeDocument, "application/x-thing", 100<<20, "c")},
		{label: "large document", out: sized(providers.TypeDocument, "application/pdf", 100<<20+1, ""), reason: large, field: "mediaUri"},
		{label: "sticker with a text", out: sized(providers.TypeSticker, "image/webp", 1, "x"), reason: bad, field: "text"},
		{label: "sticker that is a picture", out: sized(providers.TypeSticker, "image/png", 1, ""), reason: odd, field: "mediaUri"},

		{label: "place", out: place(providers.Float(-90), providers.Float(180))},
		{label: "beyond the pole", out: place(providers.Float(90.1), providers.Float(0)), reason: bad, field: "location.latitude"},
		{label: "beyond the date line", out: place(providers.Float(0), providers.Float(-180.1)), reason: bad, field: "location.longitude"},
		{label: "half a place", out: place(providers.Float(0), nil), reason: bad, field: "location.longitude"},
		{label: "contacts", out: cards(`[{"name":{"formatted_name":"A","first_name":"A"}}]`)},
		{label: "no contacts", out: cards(`[]`), reason: bad, field: "interactive.contacts"},
		{label: "a contact without a name", out: cards(`[{"phones":[]}]`), reason: bad, field: "interactive.contacts"},
		{label: "contacts of a wrong shape", out: cards(`{}`), reason: bad, field: "interactive.contacts"},
		{label: "reaction", out: outbound(providers.Content{Type: providers.TypeReaction, Target: "wamid.Q"})},
		{label: "reaction to nothing", out: outbound(providers.Content{Type: providers.TypeReaction, Emoji: "x"}), reason: bad, field: "reaction.messageId"},
	} {
		c.run(t, conn)
	}
}

// TestCheckStickers: an animated sticker may be larger; where nobody says that
// it is, its bytes do.
func TestCheckStickers(t *testing.T) {
	t.Parallel()
	header := func(flags byte) string {
		return "RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + string(flags) + "more"
	}
	sticker := func(size int64, animated *bool, content string) providers.Outbound {
		out := outbound(providers.Content{Type: providers.TypeSticker, Animated: animated})
		out.Media = &providers.OutboundMedia{ID: ids.New[ids.Media](), Mimetype: "image/webp", Size: size,
			Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
		return out
	}
	const large = providers.ReasonMediaTooLarge
	conn := openWith(t, d360.Options{Client: providertest.LoopbackOnly()})
	for _, c := range []checked{
		{label: "100 KiB", out: sticker(100<<10, nil, "")},
		{label: "larger and still", out: sticker(100<<10+1, nil, header(0x10)), reason: large, field: "mediaUri"},
		{label: "larger and animated", out: sticker(500<<10, nil, header(0x12))},
		{label: "larger and said to be still", out: sticker(200<<10, providers.Bool(false), header(0x02)), reason: large, field: "mediaUri"},
		{label: "larger and said to be animated", out: sticker(200<<10, providers.Bool(true), "")},
		{label: "too large for any", out: sticker(500<<10+1, providers.Bool(true), header(0x02)), reason: large, field: "mediaUri"},
	} {
		c.run(t, conn)
	}
}

// list makes a list message of sections with so many rows each.
func list(rows ...int) string {
	var sections []string
	id := 0
	for i, n := range rows {
		var made []string
		for range n {
			id++
			made = append(made, fmt.Sprintf(`{"id":"r%d","title":"t"}`, id))
		}
		sections = append(sections, fmt.Sprintf(`{"title":"s%d","rows":[%s]}`, i, strings.Join(made, ",")))
	}
	return `"type":"list","body":{"text":"b"},"action":{"button":"open","sections":[` + strings.Join(sections, ",") + `]}`
}

func buttons(n int) string {
	var made []string
	for i := range n {
		made = append(made, fmt.Sprintf(`{"type":"reply","reply":{"id":"b%d","title":"t%s"}}`, i, strings.Repeat("+", i)))
	}
	return `"type":"button","body":{"text":"b"},"action":{"buttons":[` + strings.Join(made, ",") + `]}`
}

func TestCheckInteractive(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("é", n) }
	button := buttons(1)
	swap := func(in, old, replacement string) string { return strings.Replace(in, old, replacement, 1) }
	cta := `"type":"cta_url","body":{"text":"b"},"action":{"name":"cta_url","parameters":{"display_text":"d","url":"https://x"}}`
	flow := `"type":"flow","body":{"text":"b"},"action":{"name":"flow","parameters":{"flow_id":"1","flow_cta":"go"}}`
	product := `"type":"product","action":{"catalog_id":"1","product_retailer_id":"p"}`
	products := func(n int) string {
		return `"type":"product_list","header":{"type":"text","text":"h"},"body":{"text":"b"},"action":{"catalog_id":"1","sections":[{"title":"s","product_items":[` +
			strings.TrimSuffix(strings.Repeat(`{"product_retailer_id":"p"},`, n), ",") + `]}]}`
	}
	const sections, row = "interactive.action.sections", "interactive.action.sections.0.rows.0"
	conn := openWith(t, d360.Options{Client: providertest.LoopbackOnly()})
	for _, c := range []struct{ label, members, field string }{
		{"three buttons", buttons(3), ""},
		{"four buttons", buttons(4), "interactive.action.buttons"},
		{"no buttons", buttons(0), "interactive.action.buttons"},
		{"a title of 20", swap(button, `"t"`, `"`+long(20)+`"`), ""},
		{"a title of 21", swap(button, `"t"`, `"`+long(21)+`"`), "interactive.action.buttons.0.reply.title"},
		{"an id of 257", swap(button, `b0`, long(257)), "interactive.action.buttons.0.reply.id"},
		{"two buttons of one id", swap(buttons(2), "b1", "b0"), "interactive.action.buttons.1.reply.id"},
		{"two buttons of one title", swap(buttons(2), "t+", "t"), "interactive.action.buttons.1.reply.title"},
		{"a button without a title", swap(button, `"t"`, `""`), "interactive.action.buttons.0.reply"},
		{"a button of another type", swap(button, `"reply",`, `"url",`), "interactive.action.buttons.0.type"},
		{"no body", swap(button, `"body":{"text":"b"},`, ``), "interactive.body.text"},
		{"a body of 1025", swap(button, `"b"`, `"`+long(1025)+`"`), "interactive.body.text"},
		{"a footer of 60", button + `,"footer":{"text":"` + long(60) + `"}`, ""},
		{"a footer of 61", button + `,"footer":{"text":"` + long(61) + `"}`, "interactive.footer.text"},
		{"a header of 61", button + `,"header":{"type":"text","text":"` + long(61) + `"}`, "interactive.header.text"},
		{"an image as header", button + `,"header":{"type":"image","image":{"id":"1"}}`, ""},
		{"an image header without its image", button + `,"header":{"type":"image"}`, "interactive.header.image"},
		{"a list under an image", list(1) + `,"header":{"type":"image","image":{"id":"1"}}`, "interactive.header.type"},
		{"ten rows", list(5, 5), ""},
		{"eleven rows", list(5, 6), sections},
		{"eleven sections", list(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), sections},
		{"no sections", list(), sections},
		{"an empty section", list(1, 0), "interactive.action.sections.1.rows"},
		{"one section without a title", swap(list(1), "s0", ""), ""},
		{"two sections, one without a title", swap(list(1, 1), "s0", ""), "interactive.action.sections.0.title"},
		{"a section title of 25", swap(list(1), "s0", long(25)), "interactive.action.sections.0.title"},
		{"a row title of 24", swap(list(1), `"t"`, `"`+long(24)+`"`), ""},
		{"a row title of 25", swap(list(1), `"t"`, `"`+long(25)+`"`), row + ".title"},
		{"a row id of 201", swap(list(1), `r1`, long(201)), row + ".id"},
		{"a row text of 73", swap(list(1), `"t"`, `"t","description":"`+long(73)+`"`), row + ".description"},
		{"two rows of one id", swap(list(2), "r2", "r1"), "interactive.action.sections.0.rows.1.id"},
		{"a row without a title", swap(list(1), `"t"`, `""`), row},
		{"a list button of 21", swap(list(1), `open`, long(21)), "interactive.action.button"},
		{"a list without a button", swap(list(1), `open`, ``), "interactive.action.button"},
		{"link", cta, ""},
		{"link without an address", swap(cta, "https://x", ""), "interactive.action.parameters"},
		{"link with a long text", swap(cta, `"d"`, `"`+long(21)+`"`), "interactive.action.parameters.display_text"},
		{"flow", flow, ""},
		{"flow of no name", swap(flow, `"flow_id":"1",`, ``), "interactive.action.parameters"},
		{"flow of two names", swap(flow, `"flow_id"`, `"flow_name":"f","flow_id"`), "interactive.action.parameters"},
		{"product without a body", product, ""},
		{"product of no catalogue", swap(product, `"catalog_id":"1",`, ``), "interactive.action"},
		{"thirty products", products(30), ""},
		{"thirty-one products", products(31), sections},
		{"no products", products(0), sections},
		{"products of no catalogue", swap(products(1), `"catalog_id":"1",`, ``), "interactive.action.catalog_id"},
		{"catalogue", `"type":"catalog_message","body":{"text":"b"},"action":{"name":"catalog_message"}`, ""},
		{"request for a place", `"type":"location_request_message","body":{"text":"b"},"action":{"name":"send_location"}`, ""},
		{"request for the contact", `"type":"request_contact_info","body":{"text":"b"},"action":{"name":"x"}`, ""},
		{"permission to call", `"type":"call_permission_request","action":{"name":"call_permission_request"}`, ""},
		{"no action", `"type":"button","body":{"text":"b"}`, "interactive.action"},
		{"a type of the future", `"type":"hologram","body":{"text":"b"},"action":{}`, "interactive.type"},
		{"a wrong shape", `"type":"button","body":"b"`, "interactive"},
	} {
		reason := providers.ReasonUnknown
		if c.field != "" {
			reason = providers.ReasonInvalidMessage
		}
		checked{c.label, outbound(providers.Content{Type: providers.TypeInteractive, Interactive: providers.RawJSON("{" + c.members + "}")}), reason, c.field}.run(t, conn)
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	sample := func(out providers.Outbound) *providers.Outbound { return &out }
	interactive := func(members string) *providers.Outbound {
		return sample(outbound(providers.Content{Type: providers.TypeInteractive, Interactive: providers.RawJSON("{" + members + "}")}))
	}
	script := providertest.NewScript(t, []providertest.Exchange{listing(`{"name":"hello","language":"pt_BR","status":"APPROVED","components":[]}`)})
	conn := open(t, script.Client, script.URL)
	providertest.RunCapabilities(t, d360.New(d360.Options{}), conn, providertest.Samples{
		Text:     sample(outbound(text("x"))),
		Image:    sample(sized(providers.TypeImage, "image/png", 1, "")),
		Audio:    sample(sized(providers.TypeAudio, "audio/ogg", 1, "")),
		Video:    sample(sized(providers.TypeVideo, "video/mp4", 1, "")),
		Document: sample(sized(providers.TypeDocument, "application/pdf", 1, "")),
		Sticker:  sample(sized(providers.TypeSticker, "image/webp", 1, "")),
		Group:    sample(to(providers.Address{Kind: providers.KindGroup, Value: "1"})),
		Template: sample(outbound(providers.Content{Type: providers.TypeTemplate, Name: "hello", Language: "pt_BR"})),
		Buttons:  interactive(buttons(1)),
		List:     interactive(list(1)),
		Contacts: sample(outbound(providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(`[{"name":{"formatted_name":"A"}}]`)})),
	})
	script.Finish()
}
