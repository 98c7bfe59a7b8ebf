package wire

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/cirrus/omnichannel/internal/providers"
)

// maxDepth is how deep a message is kept as JSON. Quotes within quotes may go
// on for thousands of levels, which readers of JSON refuse.
const maxDepth = 32

// rawOf is a message as JSON, less all that opens a file, proves a secret or
// draws a thumbnail: bytes of any kind, tokens, and what devices say to each
// other beside it. What lies deeper than maxDepth is left out.
func rawOf(m *waE2E.Message) providers.RawJSON {
	if m == nil {
		return providers.RawJSON("{}")
	}
	bare, _ := proto.Clone(m).(*waE2E.Message)
	strip(bare.ProtoReflect(), maxDepth)
	text, err := protojson.MarshalOptions{AllowPartial: true}.Marshal(bare)
	if err != nil {
		return providers.RawJSON("{}")
	}
	// The library varies its spaces on purpose.
	var compact bytes.Buffer
	if json.Compact(&compact, text) != nil {
		return providers.RawJSON("{}")
	}
	return compact.Bytes()
}

// secretFields are the secrets that are not of type bytes.
var secretFields = map[protoreflect.Name]bool{"messageContextInfo": true, "token": true}

// strip clears the secrets of a message and of all within it, and whatever is
// more than depth levels down.
func strip(m protoreflect.Message, depth int) {
	m.Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		tooDeep := depth == 0 && field.Message() != nil
		if tooDeep || field.Kind() == protoreflect.BytesKind || secretFields[field.Name()] {
			m.Clear(field)
			return true
		}
		eachMessage(field, v, func(inner protoreflect.Message) { strip(inner, depth-1) })
		return true
	})
}

// eachMessage visits the messages that a field holds.
func eachMessage(field protoreflect.FieldDescriptor, v protoreflect.Value, visit func(protoreflect.Message)) {
	if field.Message() == nil || field.IsMap() {
		return
	}
	if !field.IsList() {
		visit(v.Message())
		return
	}
	for i := range v.List().Len() {
		visit(v.List().Get(i).Message())
	}
}

// repaired gives the message with every text in it valid: WhatsApp does not
// check, and JSON cannot hold anything else. The message itself is left alone.
func repaired(m *waE2E.Message) *waE2E.Message {
	if m == nil || isReadable(m.ProtoReflect()) {
		return m
	}
	fixed, _ := proto.Clone(m).(*waE2E.Message)
	repair(fixed.ProtoReflect())
	return fixed
}

func isReadable(m protoreflect.Message) bool {
	readable := true
	m.Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if field.Kind() == protoreflect.StringKind {
			readable = readable && validText(field, v)
		}
		eachMessage(field, v, func(inner protoreflect.Message) { readable = readable && isReadable(inner) })
		return readable
	})
	return readable
}

func validText(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
	if !field.IsList() {
		return utf8.ValidString(v.String())
	}
	for i := range v.List().Len() {
		if !utf8.ValidString(v.List().Get(i).String()) {
			return false
		}
	}
	return true
}

func repair(m protoreflect.Message) {
	m.Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case field.Kind() == protoreflect.StringKind && field.IsList():
			for i := range v.List().Len() {
				v.List().Set(i, protoreflect.ValueOfString(clean(v.List().Get(i).String())))
			}
		case field.Kind() == protoreflect.StringKind:
			m.Set(field, protoreflect.ValueOfString(clean(v.String())))
		default:
			eachMessage(field, v, repair)
		}
		return true
	})
}

// jsonOf writes JSON as people read it, without escapes for HTML. Only values
// that JSON can hold come here; any other gives none.
func jsonOf(v any) providers.RawJSON {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(v) != nil {
		return nil
	}
	return bytes.TrimSpace(text.Bytes())
}
