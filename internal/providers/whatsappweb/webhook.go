package whatsappweb

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// maxID is longer than any message id of WhatsApp's.
const maxID = 512

var (
	errNoType   = errors.New("`type` is missing")
	errNoSender = errors.New("`from` is missing or no number, @c.us, @s.whatsapp.net, @lid or group address")
	errNoGroup  = errors.New("a group's message names no group, neither in `groupInfo.id` nor in `to`")
	errNoTarget = errors.New("neither `messageId` nor `id` names the message")
	errNoBody   = errors.New("`body` is missing or no object")
)

// Receiver reads the webhook of WhatsApp gateways. Its zero value is ready.
type Receiver struct{}

var _ providers.WebhookReceiver = Receiver{}

// reader turns one event into payloads; raw is the whole body.
type reader func(e event, raw []byte) (providers.InboundPayload, error)

// readers has a row for every type of event there is, in the words of the
// gateway.
var readers = map[string]reader{
	"MESSAGE":            readMessage,
	"GROUP_MESSAGE":      readMessage,
	"ATTACHMENT":         readMessage,
	"MESSAGE_SENT":       readSent,
	"MESSAGE_DELIVERED":  statusReader(providers.MessageDelivered),
	"MESSAGE_READ":       statusReader(providers.MessageRead),
	"MESSAGE_PLAYED":     statusReader(providers.MessagePlayed),
	"MESSAGE_REVOKED":    readRevoke,
	"MESSAGE_DELETED":    readGateway,
	"GROUP_UPDATE":       readGroup,
	"GROUP_JOIN":         readGroup,
	"GROUP_LEAVE":        readGateway,
	"GROUP_PERMISSION":   readGateway,
	"QRCODE":             readGateway,
	"AUTHENTICATED":      readGateway,
	"LOGGED_IN":          readGateway,
	"CONNECTION_STATE":   readGateway,
	"CONNECTION_FAILURE": readGateway,
	"DISCONNECTED":       readGateway,
	"BATTERY":            readGateway,
}

// Receive reads one event. Unknown fields are ignored; an event of an unknown
// type is a problem, not an error, so that its sender does not repeat it.
func (Receiver) Receive(body []byte, _ time.Time) (providers.Received, error) {
	var e event
	if err := tolerant.Unmarshal(body, &e); err != nil {
		return providers.Received{}, fmt.Errorf("WhatsApp Web webhook: %w", err)
	}
	if e.Type == "" {
		return providers.Received{}, fmt.Errorf("WhatsApp Web webhook: %w", errNoType)
	}
	kind := strings.ToUpper(string(e.Type))
	read, known := readers[kind]
	if !known {
		return providers.Received{Problems: []error{fmt.Errorf("event type %.60q is unknown and was passed over", kind)}}, nil
	}
	payload, err := read(e, body)
	if err != nil {
		return providers.Received{}, fmt.Errorf("WhatsApp Web webhook of type %s: %w", kind, err)
	}
	return providers.Received{Items: []providers.Routed{{Payload: payload}}}, nil
}

// readGateway keeps an event that has no place in a conversation.
func readGateway(e event, raw []byte) (providers.InboundPayload, error) {
	return providers.GatewayEvent{
		Type:      strings.ToUpper(string(e.Type)),
		Timestamp: e.Timestamp.Time(),
		Raw:       tolerant.Keep(raw),
	}, nil
}

func statusReader(status providers.MessageStatus) reader {
	return func(e event, _ []byte) (providers.InboundPayload, error) {
		target, err := e.target()
		return providers.StatusChanged{ID: target, Status: status, Timestamp: e.Timestamp.Time(), Address: ParseAddress(string(e.From))}, err
	}
}

func readRevoke(e event, _ []byte) (providers.InboundPayload, error) {
	target, err := e.target()
	return providers.MessageRevoked{Target: target, FromPhone: bool(e.FromMe), Timestamp: e.Timestamp.Time()}, err
}

// target is the message that an event is about.
func (e event) target() (ids.ProviderMessage, error) {
	id := tolerant.First(e.MessageID, e.ID)
	if id == "" || len(id) > maxID {
		return "", errNoTarget
	}
	return ids.ProviderMessage(id), nil
}

// readGroup reads a group's present state; an event that tells none is kept as
// it came.
func readGroup(e event, raw []byte) (providers.InboundPayload, error) {
	group := e.group()
	if group == nil {
		return readGateway(e, raw)
	}
	return providers.GroupSynced{Group: *group}, nil
}

// group is the group that an event is of: by its description, or by the suffix
// of an address; nil: none.
func (e event) group() *providers.Group {
	info := e.Group.Value
	address := ParseAddress(string(info.ID))
	if address.Kind == providers.KindPhone {
		address.Kind = providers.KindGroup // a group's description needs no suffix
	}
	for _, other := range []tolerant.Label{e.To, e.From} {
		if address.IsZero() {
			if a := ParseAddress(string(other)); a.Kind == providers.KindGroup {
				address = a
			}
		}
	}
	if address.IsZero() {
		return nil
	}
	group := &providers.Group{Address: address, Name: string(info.Name)}
	if info.Participants.Present {
		group.Participants = []providers.Address{}
	}
	for _, p := range info.Participants.Items {
		if a := ParseAddress(string(p.Value)); !a.IsZero() && a.Kind != providers.KindGroup {
			group.Participants = append(group.Participants, a)
		}
	}
	return group
}
