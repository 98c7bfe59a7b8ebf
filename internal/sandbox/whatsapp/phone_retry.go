package whatsapp

import (
	"encoding/binary"
	"fmt"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// maxRetries is how often a phone asks for one message again.
const maxRetries = 4

// askAgain sends the retry receipt of a message that could not be decrypted, with
// new keys from which the sender may begin a session afresh.
func (p *phone) askAgain(in incoming, n node, enc node) {
	var tried int
	if counted := strAttr(&enc, "count"); counted != "" {
		_, _ = fmt.Sscan(counted, &tried)
	}
	if tried >= maxRetries {
		return
	}
	about := attrs{"id": in.id, "to": in.author, "type": "retry"}
	if in.chat.Server == types.GroupServer || in.chat.Server == types.BroadcastServer {
		about["to"], about["participant"] = in.chat, in.author
	} else if in.own {
		about["recipient"] = in.chat
	}
	children := []node{
		{Tag: "retry", Attrs: attrs{"count": tried + 1, "id": in.id, "t": n.Attrs["t"], "v": 1}},
		{Tag: "registration", Content: binary.BigEndian.AppendUint32(nil, p.store.RegistrationID)},
	}
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	if b := p.srv.takeBundle(p.self); b.oneTime != nil {
		children = append(children, node{Tag: "keys", Content: []node{
			{Tag: "type", Content: []byte{5}}, {Tag: "identity", Content: b.identity}, b.oneTime.node("key"), b.signed.node("skey"),
		}})
	}
	p.srv.routeReceipt(p.self, &node{Tag: "receipt", Attrs: about, Content: children})
}

// sendAgain answers the retry receipt of a device.
func (p *phone) sendAgain(n node) {
	retry := n.GetChildByTag("retry")
	id := strAttr(&retry, "id")
	asking := jidAttr(&n, "from")
	if asking.Server == types.GroupServer || asking.Server == types.BroadcastServer {
		asking = jidAttr(&n, "participant")
	}
	p.srv.mu.Lock()
	d := p.srv.device(asking)
	p.srv.mu.Unlock()
	if d == nil {
		return
	}
	p.crypto.Lock()
	defer p.crypto.Unlock()
	if b, there := bundleIn(n); there {
		if err := p.begin(d, b); err != nil {
			p.srv.log.Debug("a phone cannot begin a session afresh", "error", err, "phone", p.account.number)
			return
		}
	}
	if err := p.repeat(id, d, asking, strAttr(&retry, "count")); err != nil {
		p.srv.log.Debug("a phone cannot send a message again", "error", err, "message_id", id)
	}
}

// repeat finds what was sent under an id, to people or among own devices, and
// sends it again to one device. The caller holds p.crypto.
func (p *phone) repeat(id string, to *device, address types.JID, count string) error {
	for _, l := range p.sent.all() {
		if l.id == id {
			return p.resend(l, to, address, count)
		}
	}
	for _, m := range p.peerSent.all() {
		if m.id == id && m.to == to {
			return p.sendPeer(m)
		}
	}
	return fmt.Errorf("%w: phone %s no longer has message %s", control.ErrNotFound, p.account.number, id)
}

// bundleIn reads the keys that a retry receipt may bring.
func bundleIn(n node) (bundle, bool) {
	keys, there := n.GetOptionalChildByTag("keys")
	if !there {
		return bundle{}, false
	}
	b := bundle{registration: content(n.GetChildByTag("registration")), identity: content(keys.GetChildByTag("identity")), signed: parsePreKey(keys.GetChildByTag("skey"))}
	if one, there := keys.GetOptionalChildByTag("key"); there {
		k := parsePreKey(one)
		b.oneTime = &k
	}
	return b, true
}

// resend encrypts a message for one device alone. The caller holds p.crypto.
func (p *phone) resend(l letter, to *device, address types.JID, count string) error {
	m := l.msg
	about := attrs{"to": address, "id": l.id, "type": stanzaType(m)}
	if l.edit != "" {
		about["edit"] = l.edit
	}
	switch {
	case l.to.Server == types.GroupServer || l.to.Server == types.BroadcastServer:
		_, distribution, err := p.groupSeal(l.to, nil)
		if err != nil {
			return err
		}
		m = proto.Clone(m).(*waE2E.Message)
		m.SenderKeyDistributionMessage = distribution
		about["to"], about["participant"] = l.to, address
	case to.account == p.account:
		m = &waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{DestinationJID: proto.String(l.to.String()), Message: m}}
		about["recipient"] = l.to
	}
	plain, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	enc, err := p.encrypt(to, plain)
	if err != nil {
		return err
	}
	enc.Attrs["count"] = count
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	p.srv.route(p.self, &node{Tag: "message", Attrs: about, Content: []node{enc}})
	return nil
}
