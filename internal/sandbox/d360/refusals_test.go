package d360

import (
	"fmt"
	"strings"
	"testing"
)

// row is a request that the real service refuses, and how.
type row struct {
	name string
	code int
	body any
	// before prepares the sandbox; it may change the body.
	before func(b *bench, body obj)
}

// accepted are requests that must pass, so that a refusal next to them means
// what it says: each limit is met exactly here and exceeded by one below.
func accepted() map[string]any {
	button := func(b obj) obj { return b }
	return map[string]any{
		"text of 4096":            textMessage(chars(4096)),
		"text with preview":       with(textMessage("x"), true, "text", "preview_url"),
		"callback of 512":         with(textMessage("x"), chars(512), "biz_opaque_callback_data"),
		"caption of 1024":         base("image", obj{"link": "https://example.com/a.png", "caption": chars(1024)}),
		"document":                base("document", obj{"link": "https://example.com/a.pdf", "filename": "a.pdf", "caption": "c"}),
		"audio":                   base("audio", obj{"link": "https://example.com/a.mp3"}),
		"location":                location(),
		"contacts":                cardMessage(),
		"3 buttons":               base("interactive", buttons(3)),
		"button title of 20":      button(buttonWith("title", chars(20))),
		"button id of 256":        buttonWith("id", chars(256)),
		"body of 1024":            with(base("interactive", buttons(1)), chars(1024), "interactive", "body", "text"),
		"header of 60":            withHeader(obj{"type": "text", "text": chars(60)}),
		"image header":            withHeader(obj{"type": "image", "image": obj{"link": "https://example.com/a.png"}}),
		"document header":         withHeader(obj{"type": "document", "document": obj{"link": "https://example.com/a.pdf", "filename": "a.pdf"}}),
		"footer of 60":            with(base("interactive", buttons(1)), obj{"text": chars(60)}, "interactive", "footer"),
		"10 rows":                 listMessage(sections(false, 10)),
		"10 rows in 10":           listMessage(sections(true, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)),
		"list button of 20":       with(listMessage(sections(false, 1)), chars(20), "interactive", "action", "button"),
		"row id of 200":           rowWith("id", chars(200)),
		"row title of 24":         rowWith("title", chars(24)),
		"row description of 72":   rowWith("description", chars(72)),
		"section title of 24":     func() obj { s := sections(true, 1); s[0].(obj)["title"] = chars(24); return listMessage(s) }(),
		"30 products":             productList(30),
		"flow":                    flowMessage(),
		"flow by name":            with(with(flowMessage(), nil, "interactive", "action", "parameters", "flow_id"), "f", "interactive", "action", "parameters", "flow_name"),
		"cta_url":                 ctaMessage(),
		"product":                 interactive("product", obj{"catalog_id": "1", "product_retailer_id": "s"}),
		"catalog":                 interactive("catalog_message", obj{"name": "catalog_message", "parameters": obj{"thumbnail_product_retailer_id": "s"}}),
		"location request":        interactive("location_request_message", obj{"name": "send_location"}),
		"call permission":         interactive("call_permission_request", obj{"name": "call_permission_request"}),
		"contact request":         interactive("request_contact_info", obj{"name": "request_contact_info"}),
		"order details":           orderDetails(),
		"order status":            orderStatus(),
		"carousel of 10":          carousel(10),
		"language policy":         base("template", obj{"name": "ola_mundo", "language": obj{"code": "en", "policy": "deterministic"}}),
		"coordinates at the edge": with(with(location(), -90, "location", "latitude"), 180, "location", "longitude"),
	}
}

func TestLimitsAreMet(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Throttles = ThrottleSettings{} })
	b.open()
	for name, body := range accepted() {
		if a := b.call("POST", "/messages", body); a.status != 200 {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
}

// limitRows exceed one limit each, or break one rule of the shape.
func limitRows() []row {
	act := []string{"interactive", "action", "parameters"}
	in := func(path ...string) []string { return append(append([]string{}, act...), path...) }
	text := func() obj { return textMessage("x") }
	media := func(kind string, more obj) obj {
		payload := obj{"link": "https://example.com/a"}
		for name, v := range more {
			payload[name] = v
		}
		return base(kind, payload)
	}
	return []row{
		{name: "not an object", code: 100, body: []byte(`[]`)},
		{name: "not JSON", code: 100, body: []byte(`{"messaging_product"`)},
		{name: "two JSON values", code: 100, body: []byte(`{} {}`)},
		{name: "no messaging_product", code: 131008, body: with(text(), nil, "messaging_product")},
		{name: "other messaging_product", code: 131009, body: with(text(), "messenger", "messaging_product")},
		{name: "no recipient_type", code: 131008, body: with(text(), nil, "recipient_type")},
		{name: "other recipient_type", code: 131009, body: with(text(), "person", "recipient_type")},
		{name: "no to", code: 131008, body: with(text(), nil, "to")},
		{name: "empty to", code: 131008, body: with(text(), "", "to")},
		{name: "to is a number", code: 100, body: with(text(), 5521988887777, "to")},
		{name: "to is no phone", code: 131009, body: with(text(), "+joão", "to")},
		{name: "to is a user id", code: 131009, body: with(text(), "BR.123", "to")},
		{name: "to is the sender", code: 131021, body: with(text(), testPhone, "to")},
		{name: "to and recipient", code: 131009, body: with(text(), "BR.123", "recipient")},
		{name: "recipient is a phone", code: 131009, body: with(with(text(), nil, "to"), "+5521988887777", "recipient")},
		{name: "unknown user id", code: 131026, body: with(with(text(), nil, "to"), "BR.123", "recipient")},
		{name: "no type", code: 131008, body: with(text(), nil, "type")},
		{name: "unknown type", code: 131051, body: with(text(), "poll", "type")},
		{name: "no object of the type", code: 131008, body: with(text(), nil, "text")},
		{name: "object of another type", code: 100, body: with(text(), obj{"link": "https://example.com"}, "image")},
		{name: "unknown field", code: 100, body: with(text(), "x", "extra")},
		{name: "unknown field inside", code: 100, body: with(text(), "x", "text", "extra")},
		{name: "text is a string", code: 100, body: with(text(), "x", "text")},
		{name: "body is a number", code: 100, body: with(text(), 1, "text", "body")},
		{name: "no body", code: 131008, body: with(text(), nil, "text", "body")},
		{name: "empty body", code: 131008, body: with(text(), " ", "text", "body")},
		{name: "text of 4097", code: 131009, body: textMessage(chars(4097))},
		{name: "preview_url is a string", code: 100, body: with(text(), "true", "text", "preview_url")},
		{name: "callback of 513", code: 131009, body: with(text(), chars(513), "biz_opaque_callback_data")},
		{name: "context without id", code: 131008, body: with(text(), obj{}, "context")},
		{name: "context is no wamid", code: 131009, body: with(text(), obj{"message_id": "64cb"}, "context")},
		{name: "context with more", code: 100, body: with(text(), obj{"message_id": "wamid.QQ==", "from": "1"}, "context")},

		{name: "image of neither", code: 131008, body: base("image", obj{"caption": "c"})},
		{name: "image of both", code: 131009, body: media("image", obj{"id": "1"})},
		{name: "caption of 1025", code: 131009, body: media("image", obj{"caption": chars(1025)})},
		{name: "video caption of 1025", code: 131009, body: media("video", obj{"caption": chars(1025)})},
		{name: "document caption of 1025", code: 131009, body: media("document", obj{"caption": chars(1025)})},
		{name: "audio with caption", code: 100, body: media("audio", obj{"caption": "c"})},
		{name: "sticker with caption", code: 100, body: media("sticker", obj{"caption": "c"})},
		{name: "image with filename", code: 100, body: media("image", obj{"filename": "a.png"})},
		{name: "link is no URL", code: 131009, body: base("image", obj{"link": "a.png"})},
		{name: "link is ftp", code: 131009, body: base("image", obj{"link": "ftp://example.com/a.png"})},
		{name: "unknown media id", code: 131009, body: base("image", obj{"id": "123"})},

		{name: "latitude as text", code: 100, body: with(location(), "-22.9", "location", "latitude")},
		{name: "no longitude", code: 131008, body: with(location(), nil, "location", "longitude")},
		{name: "latitude of 91", code: 131009, body: with(location(), 91, "location", "latitude")},
		{name: "longitude of 181", code: 131009, body: with(location(), 181, "location", "longitude")},

		{name: "contacts as object", code: 100, body: base("contacts", obj{})},
		{name: "no contacts", code: 131009, body: base("contacts", []any{})},
		{name: "no name", code: 131008, body: inCard(nil, "name")},
		{name: "no formatted_name", code: 131008, body: inCard(nil, "name", "formatted_name")},
		{name: "only formatted_name", code: 131008, body: inCard(obj{"formatted_name": "A"}, "name")},
		{name: "phones as object", code: 100, body: inCard(obj{}, "phones")},
		{name: "unknown part of a contact", code: 100, body: inCard("x", "nickname")},

		{name: "reaction without target", code: 131008, body: base("reaction", obj{"emoji": "👍"})},
		{name: "reaction without emoji", code: 131008, body: base("reaction", obj{"message_id": "wamid.QQ=="})},
		{name: "reaction to no wamid", code: 131009, body: base("reaction", obj{"message_id": "1", "emoji": "👍"})},
		{name: "reaction of letters", code: 131009, body: base("reaction", obj{"message_id": "wamid.QQ==", "emoji": "ok"})},
		{name: "reaction with context", code: 131009, body: with(base("reaction", obj{"message_id": "wamid.QQ==", "emoji": "👍"}), obj{"message_id": "wamid.QQ=="}, "context")},

		{name: "unknown interactive", code: 131009, body: interactive("poll", obj{})},
		{name: "no action", code: 131008, body: base("interactive", obj{"type": "button", "body": obj{"text": "x"}})},
		{name: "no interactive body", code: 131008, body: with(base("interactive", buttons(1)), nil, "interactive", "body")},
		{name: "interactive body of 1025", code: 131009, body: with(base("interactive", buttons(1)), chars(1025), "interactive", "body", "text")},
		{name: "header of 61", code: 131009, body: withHeader(obj{"type": "text", "text": chars(61)})},
		{name: "header of no type", code: 131008, body: withHeader(obj{"text": "x"})},
		{name: "header of another type", code: 131009, body: withHeader(obj{"type": "sticker", "sticker": obj{"id": "1"}})},
		{name: "list with image header", code: 131009, body: with(listMessage(sections(false, 1)), obj{"type": "image", "image": obj{"link": "https://example.com/a.png"}}, "interactive", "header")},
		{name: "footer of 61", code: 131009, body: with(base("interactive", buttons(1)), obj{"text": chars(61)}, "interactive", "footer")},
		{name: "no buttons", code: 131009, body: base("interactive", buttons(0))},
		{name: "4 buttons", code: 131009, body: base("interactive", buttons(4))},
		{name: "button title of 21", code: 131009, body: buttonWith("title", chars(21))},
		{name: "button id of 257", code: 131009, body: buttonWith("id", chars(257))},
		{name: "button without title", code: 131008, body: buttonWith("title", "")},
		{name: "repeated button", code: 131009, body: func() obj {
			m := buttons(2)
			m["action"].(obj)["buttons"].([]any)[1].(obj)["reply"].(obj)["id"] = "id-0"
			return base("interactive", m)
		}()},
		{name: "11 rows in one section", code: 131009, body: listMessage(sections(false, 11))},
		{name: "11 rows in all", code: 131009, body: listMessage(sections(true, 6, 5))},
		{name: "11 sections", code: 131009, body: listMessage(sections(true, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1))},
		{name: "sections without title", code: 131008, body: listMessage(sections(false, 1, 1))},
		{name: "section without rows", code: 131009, body: listMessage([]any{obj{"title": "s", "rows": []any{}}})},
		{name: "section title of 25", code: 131009, body: func() obj {
			s := sections(true, 1)
			s[0].(obj)["title"] = chars(25)
			return listMessage(s)
		}()},
		{name: "list without button", code: 131008, body: with(listMessage(sections(false, 1)), nil, "interactive", "action", "button")},
		{name: "list button of 21", code: 131009, body: with(listMessage(sections(false, 1)), chars(21), "interactive", "action", "button")},
		{name: "row id of 201", code: 131009, body: rowWith("id", chars(201))},
		{name: "row title of 25", code: 131009, body: rowWith("title", chars(25))},
		{name: "row description of 73", code: 131009, body: rowWith("description", chars(73))},
		{name: "row without title", code: 131008, body: rowWith("title", "")},
		{name: "repeated row", code: 131009, body: func() obj {
			s := sections(false, 2)
			s[0].(obj)["rows"].([]any)[1].(obj)["id"] = "row-0"
			return listMessage(s)
		}()},

		{name: "31 products", code: 131009, body: productList(31)},
		{name: "product list without header", code: 131008, body: with(productList(1), nil, "interactive", "header")},
		{name: "product with header", code: 100, body: with(interactive("product", obj{"catalog_id": "1", "product_retailer_id": "s"}), obj{"type": "text", "text": "x"}, "interactive", "header")},
		{name: "product without id", code: 131008, body: interactive("product", obj{"catalog_id": "1"})},
		{name: "catalog of another name", code: 131009, body: interactive("catalog_message", obj{"name": "catalog"})},
		{name: "cta without url", code: 131008, body: with(ctaMessage(), nil, in("url")...)},
		{name: "cta url is no URL", code: 131009, body: with(ctaMessage(), "example", in("url")...)},
		{name: "cta text of 21", code: 131009, body: with(ctaMessage(), chars(21), in("display_text")...)},
		{name: "flow version 2", code: 131009, body: with(flowMessage(), "2", in("flow_message_version")...)},
		{name: "flow version as number", code: 100, body: with(flowMessage(), 3, in("flow_message_version")...)},
		{name: "flow of id and name", code: 131009, body: with(flowMessage(), "f", in("flow_name")...)},
		{name: "flow of neither", code: 131008, body: with(flowMessage(), nil, in("flow_id")...)},
		{name: "flow without cta", code: 131008, body: with(flowMessage(), nil, in("flow_cta")...)},
		{name: "flow without screen", code: 131008, body: with(flowMessage(), obj{}, in("flow_action_payload")...)},
		{name: "location request by another name", code: 131009, body: interactive("location_request_message", obj{"name": "x"})},
		{name: "call permission without name", code: 131008, body: interactive("call_permission_request", obj{})},
		{name: "contact request without name", code: 131008, body: interactive("request_contact_info", obj{})},
		{name: "order without total", code: 131008, body: with(orderDetails(), nil, in("total_amount")...)},
		{name: "order without items", code: 131009, body: with(orderDetails(), []any{}, in("order", "items")...)},
		{name: "order status unknown", code: 131009, body: with(orderStatus(), "lost", in("order", "status")...)},
		{name: "carousel of 1", code: 131009, body: carousel(1)},
		{name: "carousel of 11", code: 131009, body: carousel(11)},
		{name: "carousel out of order", code: 131009, body: interactive("carousel", obj{"cards": []any{card(1), card(0)}})},

		{name: "mark read: no id", code: 131008, body: obj{"messaging_product": "whatsapp", "status": "read"}},
		{name: "mark read: other status", code: 131009, body: obj{"messaging_product": "whatsapp", "status": "delivered", "message_id": "wamid.QQ=="}},
		{name: "mark read: no wamid", code: 131009, body: obj{"messaging_product": "whatsapp", "status": "read", "message_id": "1"}},
		{name: "mark read: unknown id", code: 131009, body: obj{"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.QQ=="}},
		{name: "typing of audio", code: 131009, body: obj{"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.QQ==", "typing_indicator": obj{"type": "audio"}}},
	}
}

// templateRows are what templates are refused for.
func templateRows() []row {
	ok := func() obj { return templateMessage("contato_cliente", "pt_BR", bodyParams("a", "b")) }
	params := func(p ...any) obj {
		return templateMessage("contato_cliente", "pt_BR", obj{"type": "body", "parameters": p})
	}
	url := func(components ...any) obj {
		return templateMessage("rastreio_url", "pt_BR", append([]any{bodyParams("1")}, components...)...)
	}
	button := func(kind string, index any, p ...any) obj {
		return obj{"type": "button", "sub_type": kind, "index": index, "parameters": append([]any{}, p...)}
	}
	return []row{
		{name: "unknown template", code: 132001, body: templateMessage("nada", "pt_BR")},
		{name: "unknown language", code: 132001, body: templateMessage("contato_cliente", "en", bodyParams("a", "b"))},
		{name: "no language", code: 131008, body: with(ok(), nil, "template", "language")},
		{name: "language as text", code: 100, body: with(ok(), "pt_BR", "template", "language")},
		{name: "no variables", code: 132000, body: templateMessage("contato_cliente", "pt_BR")},
		{name: "one variable", code: 132000, body: templateMessage("contato_cliente", "pt_BR", bodyParams("a"))},
		{name: "three variables", code: 132000, body: templateMessage("contato_cliente", "pt_BR", bodyParams("a", "b", "c"))},
		{name: "empty variable", code: 131008, body: templateMessage("contato_cliente", "pt_BR", bodyParams("a", ""))},
		{name: "variable with a line break", code: 132007, body: templateMessage("contato_cliente", "pt_BR", bodyParams("a", "b\nc"))},
		{name: "variable with 5 spaces", code: 132007, body: templateMessage("contato_cliente", "pt_BR", bodyParams("a", "b     c"))},
		{name: "too long when filled", code: 132005, body: templateMessage("contato_cliente", "pt_BR", bodyParams("a", chars(1020)))},
		{name: "malformed currency", code: 132008, body: params(textParams("a")[0], obj{"type": "currency", "currency": obj{"fallback_value": "R$ 1"}})},
		{name: "media in the body", code: 132012, body: params(textParams("a")[0], obj{"type": "image", "image": obj{"link": "https://example.com/a.png"}})},
		{name: "unknown parameter type", code: 131009, body: params(obj{"type": "emoji"})},
		{name: "no image header", code: 132012, body: templateMessage("promocao_imagem", "pt_BR", bodyParams("a"))},
		{name: "text in an image header", code: 132012, body: templateMessage("promocao_imagem", "pt_BR", obj{"type": "header", "parameters": textParams("x")}, bodyParams("a"))},
		{name: "header where there is none", code: 132012, body: templateMessage("contato_cliente", "pt_BR", obj{"type": "header", "parameters": textParams("x")}, bodyParams("a", "b"))},
		{name: "url button without parameter", code: 131008, body: url()},
		{name: "url button without value", code: 131008, body: url(button("url", 0))},
		{name: "url button with a payload", code: 132012, body: url(button("url", 0, obj{"type": "payload", "payload": "p"}))},
		{name: "button of another type", code: 132012, body: url(button("quick_reply", 0, obj{"type": "payload", "payload": "p"}))},
		{name: "button that is not there", code: 132000, body: url(button("url", 3, textParams("1")[0]))},
		{name: "button without index", code: 131008, body: url(obj{"type": "button", "sub_type": "url"})},
		{name: "button index of letters", code: 131009, body: url(button("url", "um", textParams("1")[0]))},
		{name: "button of unknown sub_type", code: 131009, body: url(button("call", 0))},
		{name: "unknown component", code: 131009, body: templateMessage("contato_cliente", "pt_BR", obj{"type": "footer"})},
		{name: "no coupon", code: 131008, body: templateMessage("cupom_desconto", "pt_BR", bodyParams("a"))},
		{name: "coupon of 16", code: 131009, body: templateMessage("cupom_desconto", "pt_BR", bodyParams("a"), button("copy_code", 0, obj{"type": "coupon_code", "coupon_code": chars(16)}))},
		{name: "named without a name", code: 132012, body: templateMessage("aviso_nomeado", "pt_BR",
			obj{"type": "header", "parameters": []any{obj{"type": "text", "text": "9", "parameter_name": "pedido"}}}, bodyParams("a", "b"))},
		{name: "paused", code: 132015, body: templateMessage("campanha_pausada", "pt_BR")},
		{name: "disabled", code: 132016, body: templateMessage("aviso_desativado", "pt_BR")},
		{name: "not approved yet", code: 132001, body: templateMessage("nova", "pt_BR"), before: func(b *bench, _ obj) {
			b.want(200, "POST", "/message_templates", obj{"name": "nova", "language": "pt_BR", "category": "UTILITY", "components": []any{obj{"type": "BODY", "text": "x"}}})
		}},
	}
}

// stateRows are refused because of what the sandbox was told.
func stateRows() []row {
	customer := func(c CustomerConfig) func(*bench, obj) {
		return func(b *bench, _ obj) {
			c.WaID = testCustomer
			if _, err := b.s.PutCustomer(c); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	refuses := func(code int, category string) func(*bench, obj) {
		return customer(CustomerConfig{Refusal: &CustomerRefusal{Code: code, Sync: true, Category: category}})
	}
	blocked := func(code int) func(*bench, obj) {
		return func(b *bench, _ obj) {
			state := "BLOCKED"
			if _, err := b.s.PatchNumber("", NumberPatch{Health: &state, HealthCode: &code}); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	promo := templateMessage("cupom_desconto", "pt_BR", bodyParams("a"),
		obj{"type": "button", "sub_type": "copy_code", "index": 0, "parameters": []any{obj{"type": "coupon_code", "coupon_code": "X"}}})
	hidden := customer(CustomerConfig{UserID: "BR.777", Identity: "hidden"})
	code := templateMessage("codigo_acesso", "pt_BR", bodyParams("1"),
		obj{"type": "button", "sub_type": "url", "index": 0, "parameters": textParams("1")})
	return []row{
		{name: "number locked", code: 131031, body: textMessage("x"), before: blocked(0)},
		{name: "number unpaid", code: 131042, body: textMessage("x"), before: blocked(131042)},
		{name: "marketing cap", code: 131049, body: promo, before: refuses(131049, "MARKETING")},
		{name: "opted out", code: 131050, body: promo, before: refuses(131050, "MARKETING")},
		{name: "experiment", code: 130472, body: promo, before: refuses(130472, "")},
		{name: "other identity", code: 137000, body: with(textMessage("x"), "old", "recipient_identity_key_hash"), before: customer(CustomerConfig{IdentityHash: "new"})},
		{name: "code to a user id", code: 131062, body: with(with(code, nil, "to"), "BR.777", "recipient"), before: hidden},
		{name: "interactive in a group", code: 131051, body: with(with(base("interactive", buttons(1)), "group", "recipient_type"), "g", "to")},
		{name: "unknown group", code: 131009, body: with(with(textMessage("x"), "group", "recipient_type"), "g", "to")},
		{name: "window closed", code: 131047, body: textMessage("x"), before: func(b *bench, _ obj) {
			s := b.s.Settings()
			s.Window = "sync"
			if err := b.s.Configure(s); err != nil {
				b.t.Fatal(err)
			}
			if err := b.s.SetWindow("", testCustomer, false); err != nil {
				b.t.Fatal(err)
			}
		}},
		{name: "user ids not taken", code: 131008, body: with(with(textMessage("x"), nil, "to"), "BR.777", "recipient"), before: func(b *bench, _ obj) {
			s := b.s.Settings()
			s.Recipients.AcceptUserIDs = false
			if err := b.s.Configure(s); err != nil {
				b.t.Fatal(err)
			}
		}},
		{name: "media of another number", code: 131009, body: base("image", obj{}), before: func(b *bench, body obj) {
			other, err := b.s.AddNumber(NumberConfig{DisplayPhoneNumber: "+5521955550000"})
			if err != nil {
				b.t.Fatal(err)
			}
			b.key = other.APIKey
			body["image"].(obj)["id"] = b.upload("image/png")
			b.key = testKey
		}},
		{name: "pair limit", code: 131056, body: textMessage("x"), before: func(b *bench, _ obj) {
			for range 45 {
				b.send(textMessage("x"))
			}
		}},
		{name: "throughput", code: 130429, body: textMessage("x"), before: func(b *bench, _ obj) {
			s := b.s.Settings()
			s.Throttles.PairBurst = 0
			if err := b.s.Configure(s); err != nil {
				b.t.Fatal(err)
			}
			for range 80 {
				b.send(textMessage("x"))
			}
		}},
	}
}

// Every wrong request is refused with its code, in Meta's shape, with the status
// of the table, and leaves no message behind.
func TestRefusals(t *testing.T) {
	for _, r := range append(append(limitRows(), templateRows()...), stateRows()...) {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.open()
			body, _ := r.body.(obj)
			if r.before != nil {
				r.before(b, body)
			}
			before := len(b.s.CustomerMessages(testCustomer))
			a := b.call("POST", "/messages", r.body)
			if a.status != refusals[r.code].status {
				t.Fatalf("status %d, want %d: %s", a.status, refusals[r.code].status, a.raw)
			}
			e := get[obj](t, a.body, "error")
			if e["code"] != float64(r.code) || e["type"] != "OAuthException" || !strings.HasPrefix(e["message"].(string), fmt.Sprintf("(#%d) ", r.code)) {
				t.Errorf("error = %v, want code %d", e, r.code)
			}
			if get[string](t, e, "error_data", "messaging_product") != "whatsapp" || get[string](t, e, "error_data", "details") == "" {
				t.Errorf("error_data = %v", e["error_data"])
			}
			if after := len(b.s.CustomerMessages(testCustomer)); after != before {
				t.Errorf("the phone shows %d messages more", after-before)
			}
		})
	}
}

// What is wrong with a file is found out after the answer: the message fails.
func TestMediaFailLate(t *testing.T) {
	big := append(sampleMedia("image/webp", []byte("0123456789abcdef"), 0), make([]byte, limitStaticSticker)...)
	for name, c := range map[string]struct {
		kind, mimeType string
		content        []byte
	}{
		"png as audio":       {"audio", "image/png", nil},
		"pdf as image":       {"image", "application/pdf", nil},
		"mp3 as video":       {"video", "audio/mpeg", nil},
		"png as sticker":     {"sticker", "image/png", nil},
		"text called png":    {"image", "image/png", []byte("not a picture")},
		"picture called mp3": {"audio", "audio/mpeg", sampleMedia("image/png", []byte("0123456789abcdef"), 0)},
		"ogg without opus":   {"audio", "audio/ogg", []byte("OggS and more")},
		"stereo opus":        {"audio", "audio/ogg", []byte(strings.Replace(string(sampleOgg([]byte("salt"))), "OpusHead\x01\x01", "OpusHead\x01\x02", 1))},
		"large sticker":      {"sticker", "image/webp", big},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, quick)
			b.open()
			content := c.content
			if content == nil {
				content = sampleMedia(c.mimeType, []byte("0123456789abcdef"), 0)
			}
			b.send(base(c.kind, obj{"id": b.uploadBytes(c.mimeType, content)}))
			status := b.nextStatus()
			if status["status"] != "failed" || get[float64](t, status, "errors", 0, "code") != 131053 {
				t.Errorf("status = %v", status)
			}
		})
	}
}

func TestSamplesAreWhatTheySay(t *testing.T) {
	b := newBench(t, quick)
	b.open()
	for kind, mimeType := range map[string]string{
		"image": "image/jpeg", "video": "video/mp4", "audio": "audio/aac", "document": "application/pdf", "sticker": "image/webp",
	} {
		b.send(base(kind, obj{"id": b.upload(mimeType)}))
		for {
			status := b.nextStatus()
			if status["status"] == "failed" {
				t.Errorf("%s: %v", kind, status)
			}
			if status["status"] == "failed" || status["status"] == "read" || status["status"] == "played" {
				break
			}
		}
	}
}
