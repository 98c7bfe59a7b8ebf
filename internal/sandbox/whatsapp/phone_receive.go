package whatsapp

import (
	"errors"
	"strconv"
	"time"

	"go.mau.fi/libsignal/signalerror"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// incoming is a message stanza as a phone reads its envelope.
type incoming struct {
	id     string
	chat   types.JID
	author types.JID // the device that sent it
	from   *device
	own    bool      // from another device of the own account
	sent   time.Time // as the server told it, in whole seconds; zero: it did not
	edit   string
}

func (p *phone) envelope(n *node) (incoming, bool) {
	from := jidAttr(n, "from")
	in := incoming{id: strAttr(n, "id"), chat: from.ToNonAD(), author: from, edit: strAttr(n, "edit")}
	if t, err := strconv.ParseInt(strAttr(n, "t"), 10, 64); err == nil {
		in.sent = time.Unix(t, 0)
	}
	if from.Server == types.GroupServer || from.Server == types.BroadcastServer {
		in.author = jidAttr(n, "participant")
	}
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	if in.from = p.srv.device(in.author); in.from == nil {
		return in, false
	}
	in.own = in.from.account == p.account
	if chat := jidAttr(n, "recipient"); in.own && !chat.IsEmpty() {
		in.chat = chat
	}
	return in, true
}

// at is when a message is said to be of: all devices must agree on the second.
func (in incoming) at(now time.Time) time.Time {
	if last := in.sent.Add(time.Second - time.Nanosecond); !in.sent.IsZero() && now.After(last) {
		return last
	}
	return now
}

// receive decrypts a message, shows it, and sends the receipts; what it cannot
// decrypt it asks for again.
func (p *phone) receive(n node) {
	in, known := p.envelope(&n)
	if !known {
		return
	}
	for _, enc := range n.GetChildrenByTag("enc") {
		m, err := p.open(in, enc)
		if errors.Is(err, signalerror.ErrOldCounter) {
			continue // it came before: a client repeats what was not acknowledged
		}
		if err != nil {
			p.srv.log.Debug("a phone cannot decrypt a message", "error", err, "message_id", in.id, "phone", p.account.number)
			p.askAgain(in, n, enc)
			return
		}
		if m != nil {
			p.show(in, m)
		}
	}
	p.acknowledge(in)
}

// open decrypts one ciphertext; nil is one that only carried a key.
func (p *phone) open(in incoming, enc node) (*waE2E.Message, error) {
	p.crypto.Lock()
	defer p.crypto.Unlock()
	plain, err := p.decrypt(in.from, in.chat, enc)
	if err != nil {
		return nil, err
	}
	m := &waE2E.Message{}
	if err = proto.Unmarshal(plain, m); err != nil {
		return nil, err
	}
	if told := m.GetSenderKeyDistributionMessage(); told != nil {
		if err = p.learnSenderKey(in.from, in.chat, told); err != nil {
			return nil, err
		}
		m.SenderKeyDistributionMessage = nil
		if contentOf(m) == "" {
			return nil, nil
		}
	}
	if sent := m.GetDeviceSentMessage(); sent != nil {
		inner := sent.GetMessage()
		if inner.GetMessageContextInfo() == nil && inner != nil {
			inner.MessageContextInfo = m.GetMessageContextInfo()
		}
		m = inner
	}
	return m, nil
}

// show lets the message be seen, unless it is one of the protocol.
func (p *phone) show(in incoming, m *waE2E.Message) {
	if in.own && p.serveDevice(in, m.GetProtocolMessage()) {
		return
	}
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	r := p.apply(arrival{id: in.id, chat: in.chat, sender: in.from.account, address: in.author.ToNonAD(), at: in.at(p.srv.now()), msg: m})
	if r == nil || r.mine {
		return
	}
	if p.config.AutoRead {
		p.srv.start(func() { _, _ = p.srv.Read(p.account.number, r.chat, r.id) })
	}
	p.replyByItself(r)
}

// acknowledge sends the receipt that a message arrived.
func (p *phone) acknowledge(in incoming) {
	about := attrs{"id": in.id, "to": in.author}
	if in.chat.Server == types.GroupServer || in.chat.Server == types.BroadcastServer {
		about["to"], about["participant"] = in.chat, in.author
	}
	if in.own {
		about["type"] = "sender"
	}
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	if p.srv.Settings().Receipts.Delivered {
		p.srv.routeReceipt(p.self, &node{Tag: "receipt", Attrs: about})
	}
}

// replyByItself plans an automatic reply. The caller holds s.mu.
func (p *phone) replyByItself(r *record) {
	how := p.config.AutoReply
	if how == nil || r.group() || r.chat == storyChat || r.sender.phone.config.AutoReply != nil {
		return
	}
	reply := how.Prefix + textOf(r.msg)
	if how.Mode == "script" {
		if p.replied >= len(how.Replies) {
			return
		}
		reply = how.Replies[p.replied]
		p.replied++
	}
	if reply == "" {
		return
	}
	to := r.chat
	if how.DelayMS > 0 {
		p.srv.chatState(p.self, r.chatJID, node{Tag: "composing"})
	}
	p.srv.after(time.Duration(how.DelayMS)*time.Millisecond, func() {
		if _, err := p.srv.Write(p.account.number, Draft{To: to, Text: reply}); err != nil {
			p.srv.log.Warn("a phone could not reply by itself", "error", err, "phone", p.account.number)
		}
	})
}
