package whatsapp

import (
	"slices"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
)

// storyChat is the key of the chat that holds everybody's status updates.
const storyChat = "status"

// record is a message as one phone remembers it. Server.mu guards it.
type record struct {
	id      string
	chat    string    // key of the chat
	chatJID types.JID // as it was addressed
	sender  *account
	address types.JID // of the sender, as it was addressed
	mine    bool
	at      time.Time
	msg     *waE2E.Message // without its wrappings
	secret  []byte         // by which votes are encrypted
	once    bool           // may be viewed once
	status  map[string]int // how far it came with each recipient, for own messages
	read    bool           // by the owner, for messages of others
	played  bool
	emojis  map[string]string   // reactions, by phone
	votes   map[string][]string // chosen options of a poll, by phone
	edited  bool
	revoked bool
	starred bool
	// stub is what happened, where this is no message but a line that tells of it:
	// that somebody came, that somebody called; 0: it is a message.
	stub waWeb.WebMessageInfo_StubType
}

func (r *record) group() bool { return r.chatJID.Server == types.GroupServer }

// How far an own message came with one recipient.
const (
	sent = iota
	delivered
	read
	played
)

var statusNames = []string{"sent", "delivered", "read", "played"}

// chat is what a phone shows of a conversation besides its messages.
type chat struct {
	key        string
	jid        types.JID
	archived   bool
	pinned     bool
	mutedUntil time.Time // far in the future for good
	unread     int
	markedAs   bool // unread, by hand
	clearedAt  time.Time
	deleted    bool
	expiration uint32 // of messages, in seconds
	// expirationAt is when that was set, in Unix seconds; 0 where nobody said.
	expirationAt int64
	typing       map[string]string
	lastMessage  time.Time
}

// key is the name of a chat on a phone: the number of the other person, the id
// of the group, or storyChat. Both addresses of a person give the same. The
// caller holds s.mu.
func (p *phone) key(j types.JID) string {
	if j.Server == types.BroadcastServer {
		return storyChat
	}
	if a := p.srv.account(j.ToNonAD()); a != nil {
		return a.number
	}
	return j.User
}

// chat finds a chat, or begins it. The caller holds s.mu.
func (p *phone) chat(j types.JID) *chat {
	key := p.key(j)
	c := p.chats[key]
	if c == nil {
		c = &chat{key: key, jid: j.ToNonAD(), typing: map[string]string{}}
		p.chats[key] = c
	}
	return c
}

// find gives a message, or nil. The caller holds s.mu.
func (p *phone) find(chatKey, id string) *record { return p.byID[chatKey+"|"+id] }

// anywhere finds a message in whatever chat. The caller holds s.mu.
func (p *phone) anywhere(id string) *record {
	for _, r := range p.messages.all() {
		if r.id == id {
			return r
		}
	}
	return nil
}

// keep remembers a message, and forgets the oldest when there are too many. The
// caller holds s.mu.
func (p *phone) keep(r *record) {
	p.byID[r.chat+"|"+r.id] = r
	if old, pushed := p.messages.add(r); pushed {
		if key := old.chat + "|" + old.id; p.byID[key] == old {
			delete(p.byID, key)
		}
	}
}

// note keeps a line about what somebody did in a chat that is there. The phone
// tells of it in histories only. The caller holds s.mu.
func (p *phone) note(j types.JID, by *account, what waWeb.WebMessageInfo_StubType) {
	c := p.chats[p.key(j)]
	if c == nil {
		return
	}
	p.keep(&record{
		id: messageID(), chat: c.key, chatJID: c.jid, sender: by, address: by.in(p.srv.spaceOf(c.jid)), mine: by == p.account, at: p.srv.now(),
		msg: &waE2E.Message{}, stub: what, read: true, played: true, emojis: map[string]string{}, votes: map[string][]string{},
	})
}

// forgetMessages removes those for which gone holds. The caller holds s.mu.
func (p *phone) forgetMessages(gone func(*record) bool) {
	kept := slices.DeleteFunc(p.messages.all(), gone)
	p.messages.clear()
	clear(p.byID)
	for _, r := range kept {
		p.keep(r)
	}
}

// recipients are those whose receipts a message waits for. The caller holds s.mu.
func (p *phone) recipients(chat types.JID) map[string]int {
	out := map[string]int{}
	if g := p.srv.groups[chat.User]; g != nil && chat.Server == types.GroupServer {
		for _, m := range g.members {
			if m.account != p.account {
				out[m.account.number] = sent
			}
		}
		return out
	}
	if a := p.srv.account(chat); a != nil && a != p.account {
		out[a.number] = sent
	}
	return out
}

// statusName is the tick that the phone shows: the least of all recipients'.
func (r *record) statusName() string {
	if !r.mine {
		switch {
		case r.played:
			return "played"
		case r.read:
			return "read"
		}
		return "received"
	}
	if len(r.status) == 0 {
		return statusNames[sent]
	}
	least := played
	for _, s := range r.status {
		least = min(least, s)
	}
	return statusNames[least]
}

// takeReceipt moves the ticks of own messages, marks what other own devices read,
// and sends again what could not be decrypted.
func (p *phone) takeReceipt(n node) {
	kind := strAttr(&n, "type")
	switch kind {
	case "retry":
		p.sendAgain(n)
		return
	case "server-error":
		p.uploadAgain(n)
		return
	}
	ids := []string{strAttr(&n, "id")}
	list := n.GetChildByTag("list")
	for _, item := range list.GetChildren() {
		ids = append(ids, strAttr(&item, "id"))
	}
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	from, who := jidAttr(&n, "from"), jidAttr(&n, "from")
	if from.Server == types.GroupServer || from.Server == types.BroadcastServer {
		who = jidAttr(&n, "participant")
	}
	reader := p.srv.account(who.ToNonAD())
	if reader == nil {
		return
	}
	if reader == p.account {
		chat := from
		if r := jidAttr(&n, "recipient"); !r.IsEmpty() && from.Server != types.GroupServer {
			chat = r
		}
		p.readElsewhere(p.key(chat), ids, kind)
		return
	}
	progress, known := map[string]int{"": delivered, "read": read, "played": played}[kind]
	if !known {
		return
	}
	for _, id := range ids {
		if r := p.find(p.key(from), id); r != nil && r.mine {
			r.status[reader.number] = max(r.status[reader.number], progress)
		}
	}
}

// readElsewhere marks what the owner read on another device: those messages and
// all before them. The caller holds s.mu.
func (p *phone) readElsewhere(key string, ids []string, kind string) {
	if kind != "read" && kind != "read-self" && kind != "played" {
		return
	}
	for _, id := range ids {
		if r := p.find(key, id); r != nil {
			r.played = r.played || kind == "played"
			p.markRead(key, r.at)
		}
	}
}

// markRead marks every message of a chat up to a time. The caller holds s.mu.
func (p *phone) markRead(key string, until time.Time) {
	unread := 0
	for _, r := range p.messages.all() {
		if r.chat != key || r.mine {
			continue
		}
		if !r.at.After(until) {
			r.read = true
		}
		if !r.read {
			unread++
		}
	}
	if c := p.chats[key]; c != nil {
		c.unread, c.markedAs = unread, false
	}
}
