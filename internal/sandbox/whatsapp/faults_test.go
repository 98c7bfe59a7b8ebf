package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp/memstore"
)

// pair is the two people of most fault tests, with the owner's device.
func (b *bench) pair() (owner, friend PhoneInfo, c *client) {
	b.t.Helper()
	owner, friend = b.phone(), b.phone()
	c = b.link(owner)
	c.synced()
	c.say(pn(friend), "antes")
	b.showsText(friend, "antes")
	return owner, friend, c
}

func once(p PhoneInfo, f Fault) Rule { return Rule{Match: Match{Phone: p.Phone}, Times: 1, Fault: f} }

// try sends with the client's own patience cut short.
func (c *client) try(to PhoneInfo, text string, timeout time.Duration) error {
	_, err := c.SendMessage(c.b.ctx, pn(to), &waE2E.Message{Conversation: &text}, whatsmeow.SendRequestExtra{Timeout: timeout})
	return err
}

func (b *bench) showsNot(p PhoneInfo, text string) {
	b.t.Helper()
	for _, m := range one(b.s.Messages(p.Phone, ""))(b) {
		if m.Text == text {
			b.t.Errorf("phone %s shows %q", p.Phone, text)
		}
	}
}

func TestSendsThatFail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend, c := b.pair()
	for _, code := range []int{463, 479, 500} {
		b.fault(Rule{Match: Match{Phone: owner.Phone, Peer: friend.Phone, Type: "text"}, Times: 1, Fault: Fault{Kind: "ack_error", Code: code}})
		err := c.try(friend, "recusada", 0)
		if !errors.Is(err, whatsmeow.ErrServerReturnedError) || !strings.HasSuffix(err.Error(), fmt.Sprint(code)) {
			t.Errorf("%d: %v", code, err)
		}
	}
	b.fault(once(owner, Fault{Kind: "lost_send"}))
	b.must(c.try(friend, "perdida", 0))
	b.fault(once(owner, Fault{Kind: "lost_unacked"}))
	if err := c.try(friend, "sumida", 50*time.Millisecond); !errors.Is(err, whatsmeow.ErrMessageTimedOut) {
		t.Errorf("lost without a word: %v", err)
	}
	b.fault(once(owner, Fault{Kind: "no_ack"}))
	if err := c.try(friend, "sem resposta", 50*time.Millisecond); !errors.Is(err, whatsmeow.ErrMessageTimedOut) {
		t.Errorf("without an answer: %v", err)
	}
	b.showsText(friend, "sem resposta")
	b.fault(once(owner, Fault{Kind: "slow_ack", DelayMS: 30}))
	b.must(c.try(friend, "devagar", 0))
	b.showsText(friend, "devagar")
	for _, text := range []string{"recusada", "perdida", "sumida"} {
		b.showsNot(friend, text)
	}
}

func TestTimelockFault(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend, c := b.pair()
	b.fault(once(owner, Fault{Kind: "reachout_timelock", Seconds: 600}))
	if err := c.try(friend, "x", 0); err == nil || !strings.Contains(err.Error(), "463") {
		t.Errorf("held back: %v", err)
	}
	take(c, "timelock", func(e *events.NotifyAccountReachoutTimelock) bool { return e.IsActive })
}

// The client sends again what the cut left open; nobody sees it twice.
func TestCutsAroundASend(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	// It would reconnect by itself, but with a data race of its own when a send
	// waits for that too.
	c := b.link(owner, func(c *client) { c.DisableLoginAutoReconnect, c.EnableAutoReconnect = false, false })
	c.synced()
	c.trusts(friend) // two that wait for a connection race in the library, too
	for _, kind := range []string{"cut_before", "cut_after"} {
		b.fault(once(owner, Fault{Kind: kind}))
		id, err := messageID(), make(chan error, 1)
		go func() {
			_, failed := c.SendMessage(b.ctx, pn(friend), &waE2E.Message{Conversation: &kind}, whatsmeow.SendRequestExtra{ID: id})
			err <- failed
		}()
		take[*events.Disconnected](c, "disconnected", nil)
		b.must(c.Connect())
		b.must(<-err)
		b.showsText(friend, kind)
	}
	c.say(pn(friend), "fim")
	b.showsText(friend, "fim")
	if n := len(one(b.s.Messages(friend.Phone, ""))(b)); n != 3 {
		t.Errorf("the phone shows %d messages, not 3", n)
	}
}

// trusts lets the client have given somebody the token that lets him write: it asks
// for nothing beside its messages then.
func (c *client) trusts(who PhoneInfo) {
	c.b.t.Helper()
	given := store.PrivacyToken{Token: []byte("trusted"), Timestamp: time.Now(), SenderTimestamp: time.Now()}
	for _, given.User = range []types.JID{pn(who), lid(who)} {
		c.b.must(c.Store.PrivacyTokens.PutPrivacyTokens(c.b.ctx, given))
	}
}

func TestConnectionFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend, c := b.pair()
	cut := b.fault(Rule{Match: Match{Phone: owner.Phone, Type: "chatstate"}, Skip: 2, Times: 1, Fault: Fault{Kind: "cut_stanza"}})
	for range 3 {
		b.must(c.SendChatPresence(b.ctx, pn(friend), types.ChatPresenceComposing, ""))
	}
	b.hits(cut, 1)
	take[*events.Disconnected](c, "disconnected", nil)
	c.online()

	b.fault(Rule{Match: Match{Phone: owner.Phone}, Times: 2, Fault: Fault{Kind: "drop_pings"}})
	for range 3 { // no pings: they use nothing up
		b.must(c.SendChatPresence(b.ctx, pn(friend), types.ChatPresenceComposing, ""))
	}
	take[*events.KeepAliveTimeout](c, "no answer to a ping", nil)
	b.must(b.s.SetFaults(nil))
	take[*events.KeepAliveRestored](c, "an answer again", nil)

	slow := b.fault(Rule{Match: Match{Phone: owner.Phone, Type: "message"}, Fault: Fault{Kind: "slow", DelayMS: 20}})
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "sem pressa"}))(b)
	c.message("sem pressa")
	b.hits(slow, 1)
	b.must(b.s.SetFaults(nil))

	deaf := b.fault(Rule{Match: Match{Phone: owner.Phone, Type: "message"}, Fault: Fault{Kind: "deaf"}})
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "alguém aí?"}))(b)
	b.hits(deaf, 1)
	b.pending(owner, 1)
	if d := one(b.s.Phone(owner.Phone))(b).Devices[0]; !d.Active {
		t.Error("a deaf device must look connected")
	}
	b.must(b.s.Cut(owner.Phone, 0, "")) // the next connection hears what waited
	c.message("alguém aí?")
}

func TestLoginFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone()
	c := b.linkFresh(memstore.New(), owner)
	socket := b.fault(Rule{Times: 1, Fault: Fault{Kind: "refuse_socket", Status: 502}})
	c.Disconnect()
	if err := c.Connect(); err == nil {
		t.Error("the websocket opened")
	}
	b.hits(socket, 1)
	c.Disconnect()
	b.fault(once(owner, Fault{Kind: "refuse_login", Code: 405}))
	b.must(c.Connect())
	take[*events.ClientOutdated](c, "outdated", nil)
	c.Disconnect()
	b.fault(once(owner, Fault{Kind: "refuse_login", Code: 402}))
	b.must(c.Connect())
	if e := take[*events.TemporaryBan](c, "ban", nil); e.Code != 101 || e.Expire != time.Hour {
		t.Errorf("ban = %+v", e)
	}
	c.Disconnect()
	later := b.fault(once(owner, Fault{Kind: "refuse_login"})) // 503: it tries again by itself
	b.must(c.Connect())
	b.hits(later, 1)
	c.online()
	b.fault(once(owner, Fault{Kind: "refuse_login", Code: 401}))
	b.must(b.s.Cut(owner.Phone, 0, ""))
	if e := take[*events.LoggedOut](c, "logged out", nil); !e.OnConnect {
		t.Errorf("logged out = %+v", e)
	}
}

func TestQueryFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend, c := b.pair()
	b.fault(Rule{Match: Match{Phone: owner.Phone, Type: "w:profile:picture"}, Times: 1, Fault: Fault{Kind: "iq_error", Code: 429}})
	if _, err := c.GetProfilePictureInfo(b.ctx, pn(friend), nil); !errors.Is(err, whatsmeow.ErrIQRateOverLimit) {
		t.Errorf("refused: %v", err)
	}
	silent := b.fault(Rule{Match: Match{Phone: owner.Phone, Type: "w:profile:picture"}, Times: 1, Fault: Fault{Kind: "iq_silent"}})
	ctx, cancel := context.WithCancel(b.ctx)
	answered := make(chan error, 1)
	go func() {
		_, err := c.GetProfilePictureInfo(ctx, pn(friend), nil)
		answered <- err
	}()
	b.hits(silent, 1)
	cancel()
	if err := <-answered; !errors.Is(err, context.Canceled) {
		t.Errorf("not answered: %v", err)
	}
}

func TestDeliveryFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend, c := b.pair()
	write := func(text string) string {
		t.Helper()
		return one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: text}))(b)
	}
	write("primeiro")
	c.message("primeiro")

	b.fault(once(owner, Fault{Kind: "bad_mac"}))
	id := write("ilegível")
	if u := take[*events.UndecryptableMessage](c, "undecryptable", nil); u.Info.ID != id {
		t.Errorf("undecryptable = %+v", u.Info)
	}
	if m := c.message("ilegível"); m.RetryCount != 1 {
		t.Errorf("it came at try %d", m.RetryCount)
	}
	b.fault(Rule{Match: Match{Phone: owner.Phone}, Times: 2, Fault: Fault{Kind: "bad_mac"}}) // the second retry brings new keys
	write("duas vezes ilegível")
	if m := c.message("duas vezes ilegível"); m.RetryCount != 2 {
		t.Errorf("it came at try %d", m.RetryCount)
	}

	b.fault(once(owner, Fault{Kind: "duplicate"}))
	write("em dobro")
	c.message("em dobro")
	b.fault(once(owner, Fault{Kind: "reorder"}))
	write("segundo a chegar")
	write("primeiro a chegar")
	first := take(c, "either", func(m *events.Message) bool { return strings.HasSuffix(m.Message.GetConversation(), "a chegar") })
	if first.Message.GetConversation() != "primeiro a chegar" {
		t.Errorf("first came %q", first.Message.GetConversation())
	}
	c.message("segundo a chegar")
	if n := told(c, textIs("em dobro")); n != 0 {
		t.Error("what came twice was told twice")
	}

	b.fault(once(owner, Fault{Kind: "unavailable"}))
	id = write("só no celular")
	take(c, "unavailable", func(u *events.UndecryptableMessage) bool { return u.IsUnavailable && u.Info.ID == id })
	if m := c.message("só no celular"); m.UnavailableRequestID == "" || m.Info.ID != id {
		t.Errorf("from the phone = %+v", m.Info)
	}

	b.fault(once(owner, Fault{Kind: "view_once"}))
	secret := one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "image", Text: "uma vez", ViewOnce: true}))(b)
	take(c, "view once", func(u *events.UndecryptableMessage) bool {
		return u.UnavailableType == events.UnavailableTypeViewOnce && u.Info.ID == secret
	})
	write("depois da vista única")
	c.message("depois da vista única")
	if n := told(c, func(m *events.Message) bool { return m.Info.ID == secret }); n != 0 {
		t.Error("the phone gave away what was to be seen once")
	}

	b.fault(once(owner, Fault{Kind: "lose_message"}))
	write("perdida")
	write("depois da perdida")
	c.message("depois da perdida")
	if n := told(c, textIs("perdida")); n != 0 {
		t.Error("what was lost came")
	}
	b.showsText(owner, "perdida") // the phone has it: only the device lost it
}

func TestHeldMessageComesAtTheNextLogin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend, c := b.pair()
	held := b.fault(once(owner, Fault{Kind: "reorder"}))
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "guardada"}))(b)
	b.hits(held, 1)
	b.must(b.s.Cut(owner.Phone, 0, ""))
	c.message("guardada")
}

func TestReceiptFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend, c := b.pair()
	rule := b.fault(Rule{Match: Match{Phone: owner.Phone}, Times: 1, Fault: Fault{Kind: "swallow_receipts"}})
	first := c.say(pn(friend), "sem recibo")
	b.hits(rule, 1)
	second := c.say(pn(friend), "com recibo")
	c.receipt(second, types.ReceiptTypeDelivered)
	if n := told(c, func(r *events.Receipt) bool { return r.MessageIDs[0] == first }); n != 0 {
		t.Error("a swallowed receipt came")
	}
	settings := b.s.Settings()
	settings.Receipts.Delivered = false
	b.must(b.s.Configure(settings))
	third := c.say(pn(friend), "ninguém confirma")
	b.showsText(friend, "ninguém confirma")
	b.ticks(owner, third, "sent")
}

// A client that lost the sender key of a member asks for it.
func TestLostSenderKey(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"lid", "pn"} {
		b := newBench(t, withGroups(mode))
		owner, friend, c := b.pair()
		g := one(b.s.CreateGroup(friend.Phone, GroupDraft{Subject: "Chaves", Members: []string{owner.Phone}}))(b)
		take[*events.JoinedGroup](c, "joined", nil)
		b.fault(Rule{Match: Match{Phone: owner.Phone, Peer: g.ID}, Times: 1, Fault: Fault{Kind: "no_sender_key"}})
		one(b.s.Write(friend.Phone, Draft{To: g.ID, Text: "sem chave"}))(b)
		take[*events.UndecryptableMessage](c, "undecryptable", nil)
		c.message("sem chave")
		// And the other way round, between two devices.
		other := b.link(friend)
		group := types.NewJID(g.ID, types.GroupServer)
		b.fault(Rule{Match: Match{Phone: friend.Phone, Peer: g.ID}, Times: 1, Fault: Fault{Kind: "no_sender_key"}})
		c.say(group, "de novo sem chave")
		take[*events.UndecryptableMessage](other, "undecryptable", nil)
		other.message("de novo sem chave")
	}
}

// A client whose memory is from yesterday sends what phones cannot decrypt; they
// ask again and it sends anew.
func TestPhoneAsksAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	devices := memstore.New()
	c := b.linkDevice(devices.NewDevice(), owner)
	c.synced()
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "oi"}))(b)
	c.message("oi")
	b.s.mu.Lock()
	address := signalAddress(b.s.accounts[friend.Phone].phone.self)
	p, d := b.s.accounts[friend.Phone].phone, b.s.accounts[owner.Phone].devices[uint16(c.device())]
	b.s.mu.Unlock()
	// The friend's phone forgets its session with the device, which does not know.
	c.say(pn(friend), "um")
	b.showsText(friend, "um")
	p.crypto.Lock()
	b.must(p.store.Sessions.DeleteSession(b.ctx, signalAddress(d).String()))
	p.crypto.Unlock()
	id := c.say(pn(friend), "dois")
	b.showsText(friend, "dois")
	if n := told(c, func(r *events.Receipt) bool { return r.Type == types.ReceiptTypeRetry && r.MessageIDs[0] == id }); n != 1 {
		t.Errorf("the phone asked %d times", n)
	}
	if has, err := c.Store.Sessions.HasSession(b.ctx, address.String()); !has || err != nil {
		t.Errorf("the client has no session: %v", err)
	}
	// The same in a group, and for its own phone.
	g := one(c.CreateGroup(b.ctx, whatsmeow.ReqCreateGroup{Name: "G", Participants: []types.JID{pn(friend)}}))(b)
	c.say(g.JID, "no grupo")
	b.showsText(friend, "no grupo")
	p.crypto.Lock()
	b.must(p.store.Sessions.DeleteSession(b.ctx, signalAddress(d).String()))
	b.must(p.store.SenderKeys.PutSenderKey(b.ctx, g.JID.String(), signalAddress(d).String(), nil))
	p.crypto.Unlock()
	c.say(g.JID, "no grupo, de novo")
	b.showsText(friend, "no grupo, de novo")
}

func TestMediaFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend, c := b.pair()
	file := bytes.Repeat([]byte("foto"), 1000)
	b.fault(Rule{Match: Match{Phone: owner.Phone, Type: "image"}, Times: 1, Fault: Fault{Kind: "upload_refused", Status: 413}})
	if _, err := c.Upload(b.ctx, file, whatsmeow.MediaImage); err == nil || !strings.Contains(err.Error(), "413") {
		t.Errorf("refused: %v", err)
	}
	b.fault(once(owner, Fault{Kind: "upload_slow", DelayMS: 20}))
	one(c.Upload(b.ctx, file, whatsmeow.MediaImage))(b)
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "image", Media: &Media{Bytes: file}}))(b)
	m := take(c, "image", func(m *events.Message) bool { return m.Message.GetImageMessage() != nil })
	for _, kind := range []string{"media_corrupt", "media_truncated"} {
		b.must(b.s.SetFaults([]Rule{{Match: Match{Phone: friend.Phone}, Fault: Fault{Kind: kind}}}))
		if _, err := c.Download(b.ctx, m.Message.GetImageMessage()); err == nil {
			t.Errorf("%s: it was downloaded", kind)
		}
	}
	b.must(b.s.SetFaults(nil))
	if got := one(c.Download(b.ctx, m.Message.GetImageMessage()))(b); !bytes.Equal(got, file) {
		t.Error("the file is still not itself")
	}
}

// A rule means the same person by either way of writing a Brazilian number.
func TestRulesByNumber(t *testing.T) {
	t.Parallel()
	e := event{phone: "552187654321", device: 1, peer: []string{"5521976543210", "100"}, typ: "text"}
	for name, c := range map[string]struct {
		m    Match
		want bool
	}{
		"all": {Match{}, true}, "as registered": {Match{Phone: "552187654321"}, true}, "with the ninth digit": {Match{Phone: "+55 21 98765-4321"}, true},
		"somebody else": {Match{Phone: "5521900000000"}, false}, "device": {Match{Device: 2}, false}, "peer without it": {Match{Peer: "552176543210"}, true},
		"peer by hidden address": {Match{Peer: "100"}, true}, "another peer": {Match{Peer: "101"}, false}, "type": {Match{Type: "media"}, false},
	} {
		if c.m.covers(e) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}

func TestRulesAreChecked(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	t.Cleanup(s.Close)
	for name, r := range map[string]Rule{
		"kind": {Fault: Fault{Kind: "earthquake"}}, "times": {Times: -1, Fault: Fault{Kind: "slow"}}, "code": {Fault: Fault{Kind: "ack_error", Code: 7}},
		"status": {Fault: Fault{Kind: "media_gone", Status: 200}}, "delay": {Fault: Fault{Kind: "slow", DelayMS: -1}},
	} {
		if _, err := s.AddFault(r); err == nil {
			t.Errorf("%s: it was added", name)
		}
		if err := s.SetFaults([]Rule{r}); err == nil {
			t.Errorf("%s: it was set", name)
		}
	}
	r, err := s.AddFault(Rule{Fault: Fault{Kind: "slow"}})
	if err != nil || !s.RemoveFault(r.ID) || s.RemoveFault(r.ID) {
		t.Errorf("rule %q was not added and removed once: %v", r.ID, err)
	}
}

// Every kind of fault is provoked somewhere in these tests; a new one must be too.
func TestEveryKindHasATest(t *testing.T) {
	t.Parallel()
	source := sources(t)
	for kind := range moments {
		if strings.Count(source, `"`+kind+`"`) == 0 {
			t.Errorf("no test provokes %q", kind)
		}
	}
}
