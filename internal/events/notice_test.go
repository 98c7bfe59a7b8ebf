package events

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
)

// A notice is one object with its head first; what it says is gone when its
// person is, or once it was erased, and a code is shown while it counts.
func TestANoticeAsItIsSent(t *testing.T) {
	t.Parallel()
	at := time.Unix(1659518400, 0)
	channel, contact := ids.New[ids.Channel](), ids.New[ids.Contact]()
	there := Subjects{Contacts: map[ids.Contact]any{contact: struct{}{}}, Codes: map[ids.Channel]string{channel: "2@wB1"}}
	say := func(n Notice) Row {
		t.Helper()
		n.Account, n.Channel, n.Receiver, n.Number, n.At = ids.NewAccount(), channel, ids.New[ids.PlatformConfig](), "5521977776666", at
		row, err := NewNotice(n, at)
		if err != nil {
			t.Fatal(err)
		}
		return row
	}
	gone := say(Notice{Type: NumberMessage, ID: "3EB0A", Contact: contact, Said: map[string]string{"from": "a"}})
	forgotten := say(Notice{Type: NumberMessage, ID: "3EB0A", Said: map[string]string{"from": "a"}})
	forgotten.Facts = forgotten.Facts[:2]
	for label, c := range map[string]struct {
		row  Row
		in   Subjects
		want map[string]any
	}{
		"said":           {say(Notice{Type: NumberMessage, ID: "3EB0A", Contact: contact, Said: map[string]string{"from": "a"}}), there, map[string]any{"id": "3EB0A", "from": "a"}},
		"nothing said":   {say(Notice{Type: NumberLoggedIn}), there, map[string]any{}},
		"a code":         {say(Notice{Type: NumberQRCode, Said: map[string]int{"expiresAt": 7}}), there, map[string]any{"expiresAt": 7.0, "qr": "2@wB1"}},
		"a code of old":  {say(Notice{Type: NumberQRCode}), Subjects{}, map[string]any{"qr": nil}},
		"person is gone": {gone, Subjects{}, map[string]any{"erased": true}},
		"was erased":     {forgotten, there, map[string]any{"erased": true}},
	} {
		body, err := c.row.body(c.in)
		var got map[string]any
		if err == nil {
			err = json.Unmarshal(body, &got)
		}
		if err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		want := map[string]any{"id": wireID(c.row.ID), "eventId": wireID(c.row.ID), "type": string(c.row.Type), "timestamp": 1659518400.0, "clientNumber": "5521977776666"}
		for name, value := range c.want {
			want[name] = value
		}
		if !jsonEqual(got, want) {
			t.Errorf("%s: %s, want %v", label, body, want)
		}
	}
}

func jsonEqual(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// A notice is kept as long as other events, to be replayed, unless its channel
// keeps nothing or it is of a code to scan; it is found by whom it names.
func TestANoticeIsKeptUnlessItIsFleeting(t *testing.T) {
	t.Parallel()
	now, contact := time.Unix(1659518400, 0), ids.New[ids.Contact]()
	for label, c := range map[string]struct {
		notice Notice
		until  time.Time
		names  []string
	}{
		"usually":         {Notice{Type: NumberMessage, Names: []string{"phone:b", "phone:a", "phone:b"}}, time.Time{}, []string{"phone:a", "phone:b"}},
		"of a contact":    {Notice{Type: NumberMessage, Names: []string{"phone:a"}, Contact: contact}, time.Time{}, []string{"contact:" + contact.String(), "phone:a"}},
		"of a gateway":    {Notice{Type: NumberMessage, Fleeting: true}, now.Add(KeptInGateway), nil},
		"of a code":       {Notice{Type: NumberQRCode}, now.Add(KeptInGateway), nil},
		"of a connection": {Notice{Type: NumberLoggedIn}, time.Time{}, nil},
	} {
		row, err := NewNotice(c.notice, now)
		if err != nil || !row.ExpiresAt.Equal(c.until) || row.fleeting() == c.until.IsZero() || !slices.Equal(row.Names, c.names) {
			t.Errorf("%s: until %s, names %v, %v", label, row.ExpiresAt, row.Names, err)
		}
	}
}

// Notices keep their order by the line that they name, and else by the contact or
// the channel.
func TestNoticesKeepTheirLine(t *testing.T) {
	t.Parallel()
	channel, contact := ids.New[ids.Channel](), ids.New[ids.Contact]()
	key := func(n Notice) string {
		n.Channel, n.Type = channel, NumberMessage
		row, err := NewNotice(n, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return row.key().Hex()
	}
	first, again, other := key(Notice{Line: "a"}), key(Notice{Line: "a"}), key(Notice{Line: "b"})
	if first != again || first == other {
		t.Error("a line is not one")
	}
	if key(Notice{Contact: contact}) != contact.String() || key(Notice{}) != channel.String() {
		t.Error("without a line it is neither the contact's nor the channel's")
	}
}
