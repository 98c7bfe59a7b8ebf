package whatsapp

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp/memstore"
)

// away waits until the server has seen that a device is gone.
func (b *bench) away(p PhoneInfo) {
	b.t.Helper()
	b.until("the device is away", func() bool { return !one(b.s.Phone(p.Phone))(b).Devices[0].Connected })
}

func (b *bench) pending(p PhoneInfo, n int) {
	b.t.Helper()
	b.until("stanzas wait", func() bool { return one(b.s.Phone(p.Phone))(b).Devices[0].Pending == n })
}

func TestOfflineQueue(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	c.synced()
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "primeira"}))(b)
	c.message("primeira")
	b.pending(owner, 0)
	c.Disconnect()
	b.away(owner)
	for _, text := range []string{"a", "b", "c"} {
		one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: text}))(b)
	}
	b.must(b.s.Type(friend.Phone, owner.Phone, "composing")) // nobody keeps that
	b.pending(owner, 3)
	b.must(c.Connect())
	if p := c.online(); p.Messages != 3 || p.Total != 3 {
		t.Errorf("preview = %+v", p)
	}
	for _, text := range []string{"a", "b", "c"} {
		c.message(text)
	}
	b.pending(owner, 0)
}

func TestPhonesForgetTheOldest(t *testing.T) {
	t.Parallel()
	var stanzas atomic.Int32
	b := newBench(t, func(o *Options) {
		o.Limits.Messages, o.Limits.Stanzas = 3, 10
		o.OnStanza = func(StanzaEntry) { stanzas.Add(1) }
	})
	owner, friend := b.phone(), b.phone()
	var ids []string
	for _, text := range []string{"a", "b", "c", "d"} {
		ids = append(ids, one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: text}))(b))
		b.showsText(owner, text)
	}
	if list := one(b.s.Messages(owner.Phone, ""))(b); len(list) != 3 || list[0].Text != "b" {
		t.Errorf("messages = %+v", list)
	}
	if _, err := b.s.Write(owner.Phone, Draft{To: friend.Phone, Type: "reaction", Message: ids[0], Text: "?"}); err == nil {
		t.Error("somebody reacted to what their phone forgot")
	}
	b.link(owner).synced()
	if n := len(b.s.Stanzas()); n != 10 {
		t.Errorf("%d stanzas are kept", n)
	}
	if n := stanzas.Load(); n <= 10 {
		t.Errorf("only %d stanzas were told", n)
	}
}

func TestPendingIsBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.Limits.Pending = 3 })
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	c.synced()
	b.pending(owner, 0)
	c.Disconnect()
	b.away(owner)
	before := one(b.s.Phone(owner.Phone))(b).Devices[0].Lost
	for range 5 {
		one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "x"}))(b)
	}
	if d := one(b.s.Phone(owner.Phone))(b).Devices[0]; d.Pending != 3 || d.Lost != before+2 {
		t.Errorf("device = %+v", d)
	}
}

// What a client does not take is not acknowledged, and comes again.
func TestRefusedEventComesAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	var refused atomic.Int32
	c := b.link(owner, func(c *client) {
		c.EnableDecryptedEventBuffer, c.SynchronousAck = true, true
		c.AddEventHandlerWithSuccessStatus(func(e any) bool {
			m, ok := e.(*events.Message)
			return !ok || m.Message.GetConversation() != "importante" || refused.Add(1) > 1
		})
	})
	c.synced()
	b.pending(owner, 0)
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "importante"}))(b)
	c.message("importante")
	b.pending(owner, 1)
	c.ResetConnection()
	c.message("importante")
	b.pending(owner, 0)
	if n := refused.Load(); n != 2 {
		t.Errorf("the handler was asked %d times", n)
	}
}

func TestStreamErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	c.synced()
	for _, how := range []string{"", "503", "515"} {
		b.must(b.s.Cut(owner.Phone, 0, how))
		c.online()
		one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "depois de " + how}))(b)
		c.message("depois de " + how)
	}
	b.must(b.s.Cut(owner.Phone, c.device(), "replaced"))
	take[*events.StreamReplaced](c, "replaced", nil)
	b.away(owner)
	c.closed()
	if err := b.s.Cut(owner.Phone, 0, "503"); err == nil {
		t.Error("cut what is not connected")
	}
	if err := b.s.Cut(owner.Phone, 99, ""); err == nil {
		t.Error("cut a device that is not there")
	}
}

func TestSecondConnectionReplacesTheFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone()
	devices := memstore.New()
	first := b.linkDevice(devices.NewDevice(), owner)
	first.synced()
	second := b.client(devices.Device(*first.Store.ID))
	b.must(second.Connect())
	second.online()
	take[*events.StreamReplaced](first, "replaced", nil)
	if err := b.s.Cut(owner.Phone, 0, "nonsense"); err == nil {
		t.Error("a connection was cut by nonsense")
	}
}

func TestLogouts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone()
	devices := memstore.New()
	count := func(n int) {
		t.Helper()
		b.until("the devices", func() bool { return len(one(b.s.Phone(owner.Phone))(b).Devices) == n })
	}
	// By the client.
	c := b.linkFresh(devices, owner)
	b.must(c.Logout(b.ctx))
	count(0)
	if n := len(devices.Devices()); n != 0 {
		t.Errorf("%d devices are still kept", n)
	}
	// On the phone, while it is connected.
	c = b.linkFresh(devices, owner)
	b.must(b.s.Unlink(owner.Phone, 0))
	if e := take[*events.LoggedOut](c, "logged out", nil); e.OnConnect {
		t.Errorf("logged out = %+v", e)
	}
	count(0)
	// On the phone, while it is away.
	c = b.linkFresh(devices, owner)
	c.Disconnect()
	b.away(owner)
	b.must(b.s.Unlink(owner.Phone, c.device()))
	b.must(c.Connect())
	if e := take[*events.LoggedOut](c, "logged out", nil); !e.OnConnect || e.Reason != events.ConnectFailureLoggedOut {
		t.Errorf("logged out = %+v", e)
	}
	// Because the account is gone.
	c = b.linkFresh(devices, owner)
	b.must(b.s.RemovePhone(owner.Phone))
	take[*events.LoggedOut](c, "logged out", nil)
	if _, err := b.s.Phone(owner.Phone); err == nil {
		t.Error("a removed phone is still there")
	}
}

func TestBans(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone()
	c := b.linkFresh(memstore.New(), owner)
	b.must(b.s.Ban(owner.Phone, Ban{Reason: 104, Seconds: 3600}))
	if e := take[*events.TemporaryBan](c, "ban", nil); e.Code != events.TempBanSentTooManySameMessage || e.Expire < 59*time.Minute || e.Expire > 61*time.Minute {
		t.Errorf("ban = %+v", e)
	}
	if !one(b.s.Phone(owner.Phone))(b).Banned {
		t.Error("the phone does not say that it is banned")
	}
	c.Disconnect()
	b.must(b.s.Unban(owner.Phone))
	b.must(c.Connect())
	c.online()
	b.must(b.s.Ban(owner.Phone, Ban{}))
	if e := take[*events.LoggedOut](c, "banned", nil); int(e.Reason) != reasonBanned {
		t.Errorf("banned for good = %+v", e)
	}
	if err := b.s.Ban(owner.Phone, Ban{Seconds: -1}); err == nil {
		t.Error("banned for less than nothing")
	}
}

func TestColdContactsAreHeldBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, cold, warm := b.phone(), b.phone(), b.phone()
	c := b.link(owner)
	one(b.s.Write(warm.Phone, Draft{To: owner.Phone, Text: "oi"}))(b)
	c.message("oi")
	b.must(b.s.HoldBack(owner.Phone, 3600))
	if e := take[*events.NotifyAccountReachoutTimelock](c, "timelock", nil); !e.IsActive || time.Until(e.TimeEnforcementEnds.Time) < 59*time.Minute {
		t.Errorf("timelock = %+v", e)
	}
	_, err := c.SendMessage(b.ctx, pn(cold), &waE2E.Message{Conversation: proto.String("prazer")})
	if !errors.Is(err, whatsmeow.ErrServerReturnedError) || !strings.Contains(err.Error(), "463") {
		t.Errorf("a cold contact: %v", err)
	}
	c.say(pn(warm), "oi!")
	b.showsText(warm, "oi!")
	if info := one(b.s.Phone(owner.Phone))(b); info.HeldUntil == nil {
		t.Error("the phone does not say that it is held back")
	}
	b.must(b.s.HoldBack(owner.Phone, 0))
	take(c, "the end of it", func(e *events.NotifyAccountReachoutTimelock) bool { return !e.IsActive })
	c.say(pn(cold), "prazer")
	b.showsText(cold, "prazer")
	if err := b.s.HoldBack(owner.Phone, -1); err == nil {
		t.Error("held back for less than nothing")
	}
}

// A new life of the simulator with the same seed is trusted, but knows nobody.
func TestServerStartsAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone()
	c := b.linkFresh(memstore.New(), owner)
	b.must(b.s.Reset())
	take[*events.LoggedOut](c, "logged out", nil)
	if n := len(b.s.Phones()); n != 0 {
		t.Errorf("%d phones are left", n)
	}
	one(b.s.AddPhone(PhoneConfig{Phone: owner.Phone}))(b)
	b.link(owner).synced()
}

func TestResetKeepsThePhonesOfTheOptions(t *testing.T) {
	t.Parallel()
	s := New(Options{Phones: []PhoneConfig{{Phone: "5521900000001", Name: "Fixa"}}})
	t.Cleanup(s.Close)
	if _, err := s.AddPhone(PhoneConfig{Phone: "5521900000002"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	if list := s.Phones(); len(list) != 1 || list[0].Name != "Fixa" {
		t.Errorf("phones = %+v", list)
	}
	for name, bad := range map[string]PhoneConfig{
		"letters": {Phone: "55x1"}, "short": {Phone: "55"}, "zero": {Phone: "0552190000"}, "lid": {Phone: "5521900000003", LID: "x"},
		"mode": {Phone: "5521900000003", AutoReply: &AutoReply{Mode: "sing"}}, "script": {Phone: "5521900000003", AutoReply: &AutoReply{Mode: "script"}},
		"delay": {Phone: "5521900000003", AutoReply: &AutoReply{Mode: "echo", DelayMS: -1}},
	} {
		if _, err := s.AddPhone(bad); err == nil {
			t.Errorf("%s: it was added", name)
		}
	}
	full := New(Options{Limits: Limits{Phones: 1}, Phones: []PhoneConfig{{Phone: "5521900000001"}}})
	t.Cleanup(full.Close)
	if _, err := full.AddPhone(PhoneConfig{Phone: "5521900000002"}); err == nil {
		t.Error("more phones than fit")
	}
}

// Somebody loses their phone and registers the same number again: a new identity
// at the old addresses.
func TestNewPhoneSameNumber(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	c.synced()
	c.say(pn(friend), "antes")
	b.showsText(friend, "antes")
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "também"}))(b)
	c.message("também")
	b.must(b.s.RemovePhone(friend.Phone))
	if err := c.try(friend, "e agora?", 0); err == nil {
		t.Error("somebody who is gone got a message")
	}
	again := one(b.s.AddPhone(PhoneConfig{Phone: friend.Phone, LID: friend.LID, Name: friend.Name}))(b)
	c.say(pn(friend), "telefone novo?")
	b.showsText(again, "telefone novo?")
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "sim"}))(b)
	c.message("sim")
	// And the phones among each other.
	third := b.phone()
	one(b.s.Write(third.Phone, Draft{To: friend.Phone, Text: "oi"}))(b)
	b.showsText(again, "oi")
	one(b.s.Write(owner.Phone, Draft{To: friend.Phone, Text: "do celular"}))(b)
	b.showsText(again, "do celular")
}
