package events

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
)

// The types that the webhook of one number hears. BATTERY is among those that it
// may ask for, and never arises: a phone with linked devices does not tell.
const (
	NumberMessage           Type = "MESSAGE"
	NumberGroupMessage      Type = "GROUP_MESSAGE"
	NumberAttachment        Type = "ATTACHMENT"
	NumberMessageSent       Type = "MESSAGE_SENT"
	NumberMessageDelivered  Type = "MESSAGE_DELIVERED"
	NumberMessageRead       Type = "MESSAGE_READ"
	NumberMessagePlayed     Type = "MESSAGE_PLAYED"
	NumberMessageRevoked    Type = "MESSAGE_REVOKED"
	NumberMessageDeleted    Type = "MESSAGE_DELETED"
	NumberGroupUpdate       Type = "GROUP_UPDATE"
	NumberGroupJoin         Type = "GROUP_JOIN"
	NumberGroupLeave        Type = "GROUP_LEAVE"
	NumberGroupPermission   Type = "GROUP_PERMISSION"
	NumberQRCode            Type = "QRCODE"
	NumberAuthenticated     Type = "AUTHENTICATED"
	NumberLoggedIn          Type = "LOGGED_IN"
	NumberConnectionState   Type = "CONNECTION_STATE"
	NumberConnectionFailure Type = "CONNECTION_FAILURE"
	NumberDisconnected      Type = "DISCONNECTED"

	numberBattery Type = "BATTERY"
)

// NumberTypes lists every type that arises for the webhook of one number, in a
// fixed order.
func NumberTypes() []Type {
	return []Type{
		NumberMessage, NumberGroupMessage, NumberAttachment, NumberMessageSent, NumberMessageDelivered, NumberMessageRead, NumberMessagePlayed,
		NumberMessageRevoked, NumberMessageDeleted, NumberGroupUpdate, NumberGroupJoin, NumberGroupLeave, NumberGroupPermission, NumberQRCode,
		NumberAuthenticated, NumberLoggedIn, NumberConnectionState, NumberConnectionFailure, NumberDisconnected,
	}
}

// Notice is an event for the webhook of one number. Its row holds all that is
// said, in the form of the number's webhook and not in that of platforms, byte for
// byte as it is sent, also when it is replayed; the stream leaves it out.
type Notice struct {
	Account  ids.Account
	Channel  ids.Channel
	Receiver ids.PlatformConfig // the config that is the number's webhook
	Number   string             // the channel's
	Type     Type
	ID       ids.ProviderMessage // of the message; empty: the event's own
	At       time.Time           // when it happened; zero: now
	Said     any                 // becomes a JSON object, whose members follow
	// Contact is who it is about, where they are kept: when they are erased, so
	// is what the notice says.
	Contact ids.Contact
	// Names are the keys of all whom the notice names.
	Names []string
	// Line names what the notice keeps its order in, such as a chat; empty: the
	// contact, else the channel.
	Line string
	// Fleeting: what it says is forgotten once it is delivered, or after
	// KeptInGateway. A code to scan always is: it links a device.
	Fleeting bool
}

// noticeKind marks the rows of notices.
const noticeKind = "number"

// noticeHead is what every notice begins with.
type noticeHead struct {
	ID        string `json:"id"`
	Event     string `json:"eventId"`
	Type      Type   `json:"type"`
	Timestamp int64  `json:"timestamp"` // Unix seconds
	Number    string `json:"clientNumber"`
	Erased    bool   `json:"erased,omitempty"`
}

// NewNotice makes the row of a notice.
func NewNotice(n Notice, now time.Time) (Row, error) {
	row := New(n.Account, n.Type, now)
	if n.At.IsZero() {
		n.At = now
	}
	head := noticeHead{ID: string(n.ID), Event: wireID(row.ID), Type: n.Type, Timestamp: n.At.Unix(), Number: n.Number}
	if head.ID == "" {
		head.ID = head.Event
	}
	body, err := merged(head, n.Said)
	if err != nil {
		return Row{}, fmt.Errorf("write a notice of type %s: %w", n.Type, err)
	}
	row.Channel, row.Contact, row.Platforms = n.Channel, n.Contact, []ids.PlatformConfig{n.Receiver}
	if n.Fleeting || n.Type == NumberQRCode {
		row.ExpiresAt = now.Add(KeptInGateway)
	}
	names := slices.Clone(n.Names)
	if !n.Contact.IsZero() { // found by it, too, should it lose a name meanwhile
		names = append(names, contactName(n.Contact))
	}
	row.Names = slices.Compact(slices.Sorted(slices.Values(names)))
	row.Facts = bson.D{{Key: "kind", Value: noticeKind}, {Key: "number", Value: n.Number}, {Key: "body", Value: string(body)}}
	if n.Line != "" {
		sum := sha256.Sum256([]byte(n.Channel.String() + "\x00" + n.Line))
		row.Line = bson.ObjectID(sum[:12])
	}
	return row, nil
}

// contactName is the name by which notices about a contact are found.
func contactName(id ids.Contact) string { return "contact:" + id.String() }

// merged writes two values that become JSON objects as one.
func merged(head, rest any) ([]byte, error) {
	first, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	second, err := json.Marshal(rest)
	if err != nil {
		return nil, err
	}
	if len(second) <= len("{}") || second[0] != '{' {
		return first, nil
	}
	return append(append(first[:len(first)-1], ','), second[1:]...), nil
}

// isNotice tells whether the row is one.
func (r *Row) isNotice() bool { return r.fact("kind") == noticeKind }

// fact gives a text among the row's facts; empty when there is none.
func (r *Row) fact(name string) string {
	for _, fact := range r.Facts {
		if fact.Key == name {
			text, _ := fact.Value.(string)
			return text
		}
	}
	return ""
}

// notice gives a notice as it is sent. Of somebody who was erased only that is
// left; a code to scan is shown as long as it counts.
func (r *Row) notice(subjects Subjects) ([]byte, error) {
	body := r.fact("body")
	switch {
	case body == "", r.ofNobody(subjects):
		id := wireID(r.ID)
		return json.Marshal(noticeHead{ID: id, Event: id, Type: r.Type, Timestamp: r.CreatedAt.Unix(), Number: r.fact("number"), Erased: true})
	case r.Type != NumberQRCode:
		return []byte(body), nil
	}
	code := struct {
		QR *string `json:"qr"`
	}{}
	if text := subjects.Codes[r.Channel]; text != "" {
		code.QR = &text
	}
	return merged(json.RawMessage(body), code)
}

// ofNobody tells whether the contact whom the row is about was erased.
func (r *Row) ofNobody(subjects Subjects) bool {
	_, there := subjects.Contacts[r.Contact]
	return !r.Contact.IsZero() && !there
}

// dropUnwanted forgets what notices say that nobody is to get: the number's
// webhook was ended, or changed, since they were written.
func (o *owner) dropUnwanted(ctx context.Context, rows []Row, offers []offered) error {
	wanted := make(map[ids.EventBatch]struct{}, len(offers))
	for i := range offers {
		wanted[offers[i].Batch] = struct{}{}
	}
	var unwanted []ids.EventBatch
	for i := range rows {
		if _, is := wanted[rows[i].Batch]; !is && rows[i].isNotice() {
			unwanted = append(unwanted, rows[i].Batch)
		}
	}
	if len(unwanted) == 0 {
		return nil
	}
	_, err := o.room.events.UpdateMany(ctx, eventsOf(o.account, unwanted), bson.D{{Key: "$set", Value: bson.D{{Key: "events.0.gone", Value: true}}}, forgotten})
	return err
}
