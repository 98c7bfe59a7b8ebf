package d360

import (
	"encoding/base64"
	"fmt"
)

// object is the object of a type, as far as it can be filled from the short
// fields, and with a sample for the rest. It is nil for types that have none.
func (s *Server) object(n *number, in InboundMessage) (map[string]any, error) {
	switch in.Type {
	case "image", "video", "audio", "voice", "document", "sticker":
		return s.file(n, in)
	case "text":
		return map[string]any{"body": either(in.Text, "Olá!")}, nil
	case "reaction":
		out := map[string]any{"message_id": in.Quote}
		if in.Text != "" {
			out["emoji"] = in.Text
		}
		return out, nil
	case "edit":
		return map[string]any{
			"original_message_id": in.Quote,
			"message":             map[string]any{"type": "text", "text": map[string]any{"body": either(in.Text, "corrigido")}},
		}, nil
	case "revoke":
		return map[string]any{"original_message_id": in.Quote}, nil
	case "button":
		return map[string]any{"payload": either(in.Text, "Sim"), "text": either(in.Text, "Sim")}, nil
	}
	return sampleObject(in), nil
}

func either(text, fallback string) string {
	if text != "" {
		return text
	}
	return fallback
}

// sampleObject makes the objects that no short field describes.
func sampleObject(in InboundMessage) map[string]any {
	switch in.Type {
	case "location":
		return map[string]any{"latitude": -22.9068, "longitude": -43.1729, "name": either(in.Text, "Centro"), "address": "Rio de Janeiro"}
	case "contacts":
		return map[string]any{
			"name":   map[string]any{"formatted_name": either(in.Text, "Ana Souza"), "first_name": "Ana"},
			"phones": []any{map[string]any{"phone": "+55 21 98888-7777", "wa_id": "5521988887777", "type": "CELL"}},
		}
	case "interactive":
		return map[string]any{"type": "button_reply", "button_reply": map[string]any{"id": either(in.Text, "1"), "title": either(in.Text, "Sim")}}
	case "order":
		return map[string]any{"catalog_id": "1", "text": in.Text, "product_items": []any{
			map[string]any{"product_retailer_id": "sku-1", "quantity": 1, "item_price": 9.9, "currency": "BRL"},
		}}
	case "system":
		return map[string]any{"type": "customer_identity_changed", "body": either(in.Text, "User identity changed")}
	}
	return nil
}

// file takes or makes the bytes of a media message.
func (s *Server) file(n *number, in InboundMessage) (map[string]any, error) {
	f := InboundFile{}
	if in.Media != nil {
		f = *in.Media
	}
	if f.MimeType == "" {
		f.MimeType = sampleTypes[in.Type]
	}
	if f.Bytes < 0 || f.Bytes > limitDocument {
		return nil, fmt.Errorf("media.bytes is %d: must be between 0 and %d", f.Bytes, limitDocument)
	}
	salt := make([]byte, 16)
	s.ids.read(salt)
	content := sampleMedia(f.MimeType, salt, f.Bytes)
	if f.Base64 != "" {
		var err error
		if content, err = base64.StdEncoding.DecodeString(f.Base64); err != nil {
			return nil, fmt.Errorf("media.base64: %w", err)
		}
	}
	m := &media{id: s.ids.digits(15), number: n.PhoneNumberID, mimeType: f.MimeType, bytes: content, inbound: true, created: s.clock.Now()}
	s.media.put(m)
	out := s.media.inboundMedia(m, s.clock.Now(), s.settings.Load().Media.InlineURL)
	switch in.Type {
	case "voice":
		out["voice"] = true
	case "audio":
		out["voice"] = false
	case "sticker":
		out["animated"] = animated(content)
	case "document":
		if f.FileName == "" {
			f.FileName = "arquivo.pdf"
		}
		out["filename"] = f.FileName
	}
	if in.Text != "" && (in.Type == "image" || in.Type == "video" || in.Type == "document") {
		out["caption"] = in.Text
	}
	return out, nil
}
