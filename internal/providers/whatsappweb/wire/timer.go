package wire

import (
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

// ReadTimer reads after how many seconds the messages of a chat disappear, 0 for
// never, and when that was set, zero where it is not said: of what sets it, and of
// a message that is going to disappear. False: it says nothing of that; a message
// without a timer does not tell that there is none.
func ReadTimer(e *events.Message) (seconds uint32, setAt time.Time, told bool) {
	if e == nil || isNoMessage(e.Info) {
		return 0, time.Time{}, false
	}
	raw := e.Message
	if raw == nil {
		raw = e.RawMessage
	}
	b := unwrap(raw)
	if p := b.message.GetProtocolMessage(); p.GetType() == waE2E.ProtocolMessage_EPHEMERAL_SETTING && p.Type != nil {
		return p.GetEphemeralExpiration(), unixTime(p.GetEphemeralSettingTimestamp()), true
	}
	info := contextOf(b.message, kindOf(b.message))
	return info.GetExpiration(), unixTime(info.GetEphemeralSettingTimestamp()), info.GetExpiration() > 0
}

// Disappear marks a message as one that disappears after so many seconds, as the
// chat has it that it goes to; setAt is when that was set, zero where it is not
// known. Kinds that stand for no message of their own stay as they are.
func Disappear(m *waE2E.Message, seconds uint32, setAt time.Time) {
	if inner := m.GetDocumentWithCaptionMessage().GetMessage(); inner != nil {
		m = inner
	}
	info := contextOf(m, kindOf(m))
	if info == nil {
		info = &waE2E.ContextInfo{}
		place(m, info)
	}
	info.Expiration = proto.Uint32(seconds)
	if !setAt.IsZero() {
		info.EphemeralSettingTimestamp = proto.Int64(setAt.Unix())
	}
}

// unixTime keeps zero zero.
func unixTime(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
