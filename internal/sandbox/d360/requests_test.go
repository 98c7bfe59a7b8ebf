package d360

import (
	"fmt"
	"strings"
)

// with is a valid message with one place changed: a path of names, the last of
// which gets the value, or is removed when the value is nil.
func with(message obj, value any, path ...string) obj {
	at := message
	for _, name := range path[:len(path)-1] {
		at = at[name].(obj)
	}
	if value == nil {
		delete(at, path[len(path)-1])
	} else {
		at[path[len(path)-1]] = value
	}
	return message
}

func chars(n int) string { return strings.Repeat("é", n) }

func interactive(kind string, action obj) obj {
	return base("interactive", obj{"type": kind, "body": obj{"text": "corpo"}, "action": action})
}

// rows is a list of sections with the given numbers of rows.
func sections(titled bool, rows ...int) []any {
	var out []any
	id := 0
	for s, n := range rows {
		section := obj{}
		if titled {
			section["title"] = fmt.Sprintf("Seção %d", s)
		}
		var list []any
		for range n {
			list = append(list, obj{"id": fmt.Sprintf("row-%d", id), "title": fmt.Sprintf("Linha %d", id), "description": "d"})
			id++
		}
		section["rows"] = list
		out = append(out, section)
	}
	return out
}

func listMessage(sections []any) obj {
	return interactive("list", obj{"button": "Ver", "sections": sections})
}

func rowWith(field string, value any) obj {
	all := sections(false, 1)
	all[0].(obj)["rows"].([]any)[0].(obj)[field] = value
	return listMessage(all)
}

func buttonWith(field string, value any) obj {
	m := buttons(1)
	m["action"].(obj)["buttons"].([]any)[0].(obj)["reply"].(obj)[field] = value
	return base("interactive", m)
}

func withHeader(header any) obj {
	return with(base("interactive", buttons(1)), header, "interactive", "header")
}

func productSections(items int) []any {
	var list []any
	for i := range items {
		list = append(list, obj{"product_retailer_id": fmt.Sprintf("sku-%d", i)})
	}
	return []any{obj{"title": "Produtos", "product_items": list}}
}

func productList(items int) obj {
	m := interactive("product_list", obj{"catalog_id": "1", "sections": productSections(items)})
	return with(m, obj{"type": "text", "text": "Catálogo"}, "interactive", "header")
}

func flowMessage() obj {
	return interactive("flow", obj{"name": "flow", "parameters": obj{"flow_message_version": "3", "flow_id": "1", "flow_cta": "Abrir"}})
}

func ctaMessage() obj {
	return interactive("cta_url", obj{"name": "cta_url", "parameters": obj{"display_text": "Abrir", "url": "https://example.com"}})
}

func card(index int) obj {
	return obj{
		"card_index": index, "type": "cta_url", "header": obj{"type": "image", "image": obj{"link": "https://example.com/a.png"}},
		"action": obj{"name": "cta_url", "parameters": obj{"display_text": "Ver", "url": "https://example.com"}},
	}
}

func carousel(n int) obj {
	var cards []any
	for i := range n {
		cards = append(cards, card(i))
	}
	return interactive("carousel", obj{"cards": cards})
}

func amount(v int) obj { return obj{"value": v, "offset": 100} }

func orderDetails() obj {
	return interactive("order_details", obj{"name": "review_and_pay", "parameters": obj{
		"reference_id": "pedido-1", "type": "digital-goods", "currency": "BRL", "total_amount": amount(500),
		"order": obj{"status": "pending", "subtotal": amount(500), "items": []any{
			obj{"name": "Item", "amount": amount(500), "quantity": 1, "retailer_id": "1"},
		}},
	}})
}

func orderStatus() obj {
	return interactive("order_status", obj{"name": "review_order", "parameters": obj{"reference_id": "pedido-1", "order": obj{"status": "shipped"}}})
}

func cardMessage() obj {
	return base("contacts", []any{obj{
		"name":   obj{"formatted_name": "João Silva", "first_name": "João", "last_name": "Silva"},
		"phones": []any{obj{"phone": testCustomer, "type": "WORK", "wa_id": testCustomer}},
	}})
}

func inCard(value any, path ...string) obj {
	m := cardMessage()
	with(m["contacts"].([]any)[0].(obj), value, path...)
	return m
}

func location() obj {
	return base("location", obj{"latitude": -22.9, "longitude": -43.1, "name": "Centro"})
}
