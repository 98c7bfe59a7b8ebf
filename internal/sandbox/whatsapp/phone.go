package whatsapp

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
	waLog "go.mau.fi/whatsmeow/util/log"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp/memstore"
)

// keysAtATime is how many one-time keys a phone makes when it has none left.
const keysAtATime = 10

// phone is device 0 of an account: a real Signal endpoint that decrypts what it
// gets, remembers it, and shows it.
type phone struct {
	srv     *Server
	account *account
	self    *device // what the directory has of it
	mailbox *mailbox
	store   *store.Device
	syncer  *appstate.Processor

	// crypto guards the sessions in store. It is taken before Server.mu, never
	// while that is held.
	crypto   sync.Mutex
	sent     *ring[letter] // for devices that ask again
	peerSent *ring[peerMessage]

	// state guards the app state, in the same order.
	state    sync.Mutex
	stateKey []byte
	seeded   bool

	// Server.mu guards the rest.
	config      PhoneConfig
	messages    *ring[*record]
	byID        map[string]*record // by chat and id
	chats       map[string]*chat
	contacts    map[string]string // names in the address book, by phone
	calls       map[string]string // that ring here: id to caller
	codePairing *codePairing
	shownCode   string
	replied     int // how far the script of replies is
}

// newPhone makes the phone of a new account, which nobody else has yet.
func newPhone(s *Server, a *account, config PhoneConfig) *phone {
	d := memstore.New().NewDevice()
	d.IdentityKey = a.identity
	d.SignedPreKey = a.identity.CreateSignedPreKey(1)
	pn := a.pn()
	d.ID, d.LID = &pn, a.lidJID()
	d.Container.(*memstore.Container).Attach(d)
	p := &phone{
		srv: s, account: a, store: d, syncer: appstate.NewProcessor(d, waLog.Noop), config: config,
		sent: newRing[letter](128), peerSent: newRing[peerMessage](64),
		messages: newRing[*record](s.limits.Messages),
		byID:     map[string]*record{}, chats: map[string]*chat{}, contacts: map[string]string{}, calls: map[string]string{},
	}
	p.mailbox = &mailbox{start: s.start, handle: p.handle, off: config.Off}
	p.self = &device{
		account: a, registration: binary.BigEndian.AppendUint32(nil, d.RegistrationID), identity: a.identity.Pub[:],
		signedKey: publicHalf(d.SignedPreKey), linkedAt: s.now(),
	}
	a.devices[0] = p.self
	a.phone = p
	return p
}

func publicHalf(k *keys.PreKey) preKey {
	out := preKey{id: be24(k.KeyID), public: k.Pub[:]}
	if k.Signature != nil {
		out.signature = k.Signature[:]
	}
	return out
}

func be24(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v)[1:] }

// moreKeys makes one-time keys. It needs no lock of the phone: the store has its
// own.
func (p *phone) moreKeys() []preKey {
	ctx := context.Background()
	made, err := p.store.PreKeys.GetOrGenPreKeys(ctx, keysAtATime)
	if err != nil || len(made) == 0 {
		return nil
	}
	out := make([]preKey, 0, len(made))
	for _, k := range made {
		out = append(out, publicHalf(k))
	}
	if err := p.store.PreKeys.MarkPreKeysAsUploaded(ctx, made[len(made)-1].KeyID); err != nil {
		return nil
	}
	return out
}

// handle takes a stanza out of the mailbox.
func (p *phone) handle(n node) {
	switch n.Tag {
	case "message":
		p.receive(n)
	case "receipt":
		p.takeReceipt(n)
	case "chatstate":
		p.takeChatState(n)
	case "notification":
		if strAttr(&n, "type") == "server_sync" {
			for _, c := range n.GetChildrenByTag("collection") {
				p.pull(strAttr(&c, "name"))
			}
		}
	}
	p.srv.news.ring()
}

// takeChatState shows that somebody types, until a message comes or they stop.
func (p *phone) takeChatState(n node) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	from, who := jidAttr(&n, "from"), jidAttr(&n, "from")
	if from.Server == types.GroupServer {
		who = jidAttr(&n, "participant")
	}
	c, other := p.chat(from), p.srv.account(who)
	if c == nil || other == nil {
		return
	}
	state := firstChild(&n)
	switch {
	case state.Tag != "composing":
		delete(c.typing, other.number)
	case strAttr(&state, "media") == "audio":
		c.typing[other.number] = "recording"
	default:
		c.typing[other.number] = "composing"
	}
}

// peerMessage is one from a phone to a device of its own account.
type peerMessage struct {
	id    string
	to    *device
	plain []byte
}

func noPhone(ref string) error { return fmt.Errorf("%w: no phone %q", control.ErrNotFound, ref) }
