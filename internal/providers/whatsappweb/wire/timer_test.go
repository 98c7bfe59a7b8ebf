package wire_test

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

func TestReadTimer(t *testing.T) {
	t.Parallel()
	const context = `"contextInfo":{"expiration":86400,"ephemeralSettingTimestamp":"1700000000"}`
	setAt := time.Unix(1_700_000_000, 0)
	aStatus := fromJoao(t, `{"extendedTextMessage":{"text":"oi",`+context+`}}`)
	aStatus.Info.Chat = types.StatusBroadcastJID
	for label, c := range map[string]struct {
		e       *events.Message
		seconds uint32
		setAt   time.Time
		told    bool
	}{
		"set":              {fromJoao(t, `{"protocolMessage":{"type":"EPHEMERAL_SETTING","ephemeralExpiration":604800,"ephemeralSettingTimestamp":"1700000000"}}`), 604800, setAt, true},
		"set by us":        {byUs(fromJoao(t, `{"protocolMessage":{"type":"EPHEMERAL_SETTING","ephemeralExpiration":90}}`)), 90, time.Time{}, true},
		"ended":            {fromJoao(t, `{"protocolMessage":{"type":"EPHEMERAL_SETTING","ephemeralExpiration":0}}`), 0, time.Time{}, true},
		"a text":           {fromJoao(t, `{"extendedTextMessage":{"text":"oi",`+context+`}}`), 86400, setAt, true},
		"wrapped":          {fromJoao(t, `{"ephemeralMessage":{"message":{"imageMessage":{"caption":"a",`+context+`}}}}`), 86400, setAt, true},
		"without a timer":  {fromJoao(t, `{"conversation":"oi"}`), 0, time.Time{}, false},
		"with none":        {fromJoao(t, `{"extendedTextMessage":{"text":"oi","contextInfo":{"expiration":0}}}`), 0, time.Time{}, false},
		"a deletion":       {fromJoao(t, `{"protocolMessage":{"type":"REVOKE","key":{"ID":"1"}}}`), 0, time.Time{}, false},
		"of no known type": {fromJoao(t, `{"protocolMessage":{}}`), 0, time.Time{}, false},
		"a status":         {aStatus, 0, time.Time{}, false},
		"nothing":          {nil, 0, time.Time{}, false},
		"empty":            {&events.Message{Info: fromJoao(t, `{}`).Info}, 0, time.Time{}, false},
	} {
		seconds, at, told := wire.ReadTimer(c.e)
		if told != c.told || told && seconds != c.seconds || told && !at.Equal(c.setAt) {
			t.Errorf("%s: %d s, set %s, told %t", label, seconds, at, told)
		}
	}
}

func TestDisappear(t *testing.T) {
	t.Parallel()
	const expires = `"contextInfo":{"expiration":86400,"ephemeralSettingTimestamp":"1700000000"`
	for label, c := range map[string]struct{ before, after string }{
		"a text":     {`{"conversation":"oi"}`, `{"extendedTextMessage":{"text":"oi",` + expires + `}}}`},
		"an answer":  {`{"extendedTextMessage":{"text":"oi","contextInfo":{"stanzaID":"1"}}}`, `{"extendedTextMessage":{"text":"oi",` + expires + `,"stanzaID":"1"}}}`},
		"a picture":  {`{"imageMessage":{}}`, `{"imageMessage":{` + expires + `}}}`},
		"a document": {`{"documentWithCaptionMessage":{"message":{"documentMessage":{"caption":"a"}}}}`, `{"documentWithCaptionMessage":{"message":{"documentMessage":{"caption":"a",` + expires + `}}}}}`},
		"a reaction": {`{"reactionMessage":{"text":"👍"}}`, `{"reactionMessage":{"text":"👍"}}`},
	} {
		m := message(t, c.before)
		wire.Disappear(m, 86400, time.Unix(1_700_000_000, 0))
		if want := message(t, c.after); !proto.Equal(m, want) {
			t.Errorf("%s:\n%v\nwant\n%v", label, m, want)
		}
	}
	undated := &waE2E.Message{Conversation: proto.String("oi")}
	wire.Disappear(undated, 90, time.Time{})
	if info := undated.GetExtendedTextMessage().GetContextInfo(); info.GetExpiration() != 90 || info.EphemeralSettingTimestamp != nil {
		t.Errorf("undated: %v", info)
	}
}
