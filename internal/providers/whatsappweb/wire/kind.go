package wire

import (
	"fmt"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/cirrus/omnichannel/internal/providers"
)

// The kinds of messages whose content is not to be had.
const (
	kindViewOnce   = "view_once"
	kindUnreadable = "unreadable"
)

// besideKinds stand beside a message and are none themselves.
var besideKinds = map[protoreflect.Name]bool{
	"messageContextInfo":                         true,
	"senderKeyDistributionMessage":               true,
	"fastRatchetKeySenderKeyDistributionMessage": true,
}

// silentKinds say nothing that belongs in a conversation: the frame of an
// album (its pictures come by themselves), pins, settings, and keys.
var silentKinds = map[string]bool{
	"albumMessage":                true,
	"pinInChatMessage":            true,
	"keepInChatMessage":           true,
	"stickerSyncRmrMessage":       true,
	"messageHistoryBundle":        true,
	"messageHistoryNotice":        true,
	"limitSharingMessage":         true,
	"acp2SettingMessage":          true,
	"groupRootKeyShare":           true,
	"rootSecretDistributeMessage": true,
	"call":                        true,
}

// ownNames are the kinds whose field's name would say little to people.
var ownNames = map[string]string{"pollUpdateMessage": "poll_vote"}

// kindOf names what a message is: the name of the field that it fills, the
// first one with a reader where there are several; "field_<n>" for a kind
// younger than our copy of WhatsApp's definitions, empty for none.
func kindOf(m *waE2E.Message) string {
	if m == nil {
		return ""
	}
	var first string
	message := m.ProtoReflect()
	fields := message.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if besideKinds[field.Name()] || !message.Has(field) {
			continue
		}
		kind := string(field.Name())
		if _, ok := readers[kind]; ok || kind == "protocolMessage" {
			return kind
		}
		if first == "" {
			first = kind
		}
	}
	if first != "" {
		return first
	}
	if number, _, n := protowire.ConsumeTag(message.GetUnknown()); n > 0 {
		return fmt.Sprintf("field_%d", number)
	}
	return ""
}

// contextOf is what a message of this kind says about its place; nil is
// nothing. Kinds without such a field have none.
func contextOf(m *waE2E.Message, kind string) *waE2E.ContextInfo {
	if m == nil {
		return nil
	}
	message := m.ProtoReflect()
	field := message.Descriptor().Fields().ByName(protoreflect.Name(kind))
	if field == nil || field.Kind() != protoreflect.MessageKind || !message.Has(field) {
		return nil
	}
	inner := message.Get(field).Message()
	place := inner.Descriptor().Fields().ByName("contextInfo")
	if place == nil || !inner.Has(place) {
		return nil
	}
	info, _ := inner.Get(place).Message().Interface().(*waE2E.ContextInfo)
	return info
}

// unsupported keeps a message that has no reader, with the name of its kind
// and as JSON.
func unsupported(m *waE2E.Message, kind string) said {
	name := kind
	if own, ok := ownNames[kind]; ok {
		name = own
	}
	return said{content: providers.Content{Type: providers.TypeUnsupported, Kind: name, Raw: rawOf(m)}}
}
