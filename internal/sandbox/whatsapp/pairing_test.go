package whatsapp

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp/memstore"
)

func TestPairByQR(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone(func(c *PhoneConfig) { c.Business = &Business{Name: "Padaria"}; c.Platform = "smba" })
	devices := memstore.New()
	c := b.linkDevice(devices.NewDevice(), owner)
	if c.Store.GetJID().User != owner.Phone || c.Store.LID.User != owner.LID || c.Store.Platform != "smba" || c.Store.BusinessName != "Padaria" {
		t.Errorf("linked as %s %s on %s, business %q", c.Store.ID, c.Store.LID, c.Store.Platform, c.Store.BusinessName)
	}
	c.synced()
	if c.Store.PushName != owner.Name {
		t.Errorf("the client calls itself %q, not %q", c.Store.PushName, owner.Name)
	}
	info := one(b.s.Phone(owner.Phone))(b)
	if len(info.Devices) != 1 || !info.Devices[0].Active || info.Devices[0].Name == "" || info.Devices[0].OneTimeKeys == 0 {
		t.Errorf("devices = %+v", info.Devices)
	}

	// The same device after a restart of the client's process.
	id := *c.Store.ID
	c.Disconnect()
	again := b.client(devices.Device(id))
	b.must(again.Connect())
	again.online()
	friend := b.phone()
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "voltou?"}))(b)
	again.message("voltou?")
}

func TestScanRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone()
	c := b.client(memstore.New().NewDevice())
	b.must(c.Connect())
	code := take[*events.QR](c, "codes", nil).Codes[0]
	if len(strings.Split(code, ",")) != 5 {
		t.Fatalf("code = %q", code)
	}
	parts := strings.Split(code, ",")
	parts[2] = base64.StdEncoding.EncodeToString(make([]byte, 32))
	for name, bad := range map[string]string{"empty": "", "unknown": "a" + code[strings.Index(code, "#")+1:], "not a key": "1,2,3,4", "keys of another": strings.Join(parts, ",")} {
		if err := b.s.Scan(owner.Phone, bad); err == nil {
			t.Errorf("%s: it was scanned", name)
		}
	}
	if err := b.s.Scan("5521900000000", code); err == nil {
		t.Error("nobody scanned it")
	}
	if _, err := b.s.ScanAny(code); err == nil {
		t.Error("no phone scans by itself")
	}
	scan := true
	one(b.s.PatchPhone(owner.Phone, PhonePatch{AutoScan: &scan}))(b)
	if number := one(b.s.ScanAny(code))(b); number != owner.Phone {
		t.Errorf("scanned by %s", number)
	}
	take[*events.PairSuccess](c, "pair success", nil)
	c.online()
}

func TestPairByCode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone()
	if err := b.s.EnterCode(b.ctx, owner.Phone, "AAAA-AAAA"); err == nil {
		t.Error("a code that nobody waits for")
	}
	c := b.client(memstore.New().NewDevice())
	b.must(c.Connect())
	take[*events.QR](c, "codes", nil)
	ask := func() string {
		return one(c.PairPhone(b.ctx, owner.Phone, true, whatsmeow.PairClientChrome, "Chrome (Linux)"))(b)
	}
	ask()
	if err := b.s.EnterCode(b.ctx, owner.Phone, "AAAA-AAAA"); err == nil {
		t.Error("a wrong code was accepted")
	}
	b.must(b.s.EnterCode(b.ctx, owner.Phone, strings.ToLower(ask())))
	take[*events.PairSuccess](c, "pair success", nil)
	c.online()
	if _, err := c.PairPhone(b.ctx, "+55 21 90000-0000", true, whatsmeow.PairClientChrome, "Chrome (Linux)"); err == nil {
		t.Error("a code for a phone that is not there")
	}
}

func TestPairByCodeIsGivenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone()
	c := b.client(memstore.New().NewDevice())
	b.must(c.Connect())
	take[*events.QR](c, "codes", nil)
	code := one(c.PairPhone(b.ctx, owner.Phone, true, whatsmeow.PairClientChrome, "Chrome (Linux)"))(b)
	c.Disconnect()
	b.until("the client is gone", func() bool {
		b.s.mu.Lock()
		defer b.s.mu.Unlock()
		return len(b.s.conns) == 0
	})
	if err := b.s.EnterCode(b.ctx, owner.Phone, code); err == nil {
		t.Error("paired with a client that is gone")
	}
}

func TestPairByPasskey(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone(func(c *PhoneConfig) { c.Passkey = true })
	c := b.client(memstore.New().NewDevice())
	b.must(c.Connect())
	b.must(b.s.Scan(owner.Phone, take[*events.QR](c, "codes", nil).Codes[0]))
	asked := take[*events.PairPasskeyRequest](c, "passkey request", nil)
	other := b.phone(func(c *PhoneConfig) { c.Passkey = true })
	wrong := one(b.s.AnswerPasskey(other.Phone, *asked.PublicKey))(b)
	if err := c.SendPasskeyResponse(b.ctx, wrong); err == nil {
		t.Error("somebody else's passkey was accepted")
	}
	b.must(c.SendPasskeyResponse(b.ctx, one(b.s.AnswerPasskey(owner.Phone, *asked.PublicKey))(b)))
	shown := take[*events.PairPasskeyConfirmation](c, "confirmation", nil)
	if phone := one(b.s.Phone(owner.Phone))(b); phone.PasskeyCode != shown.Code || !shown.SkipHandoffUX {
		t.Errorf("the phone shows %q, the client %q", phone.PasskeyCode, shown.Code)
	}
	b.must(c.SendPasskeyConfirmation(b.ctx))
	take[*events.PairSuccess](c, "pair success", nil)
	c.online()
	if _, err := b.s.AnswerPasskey(b.phone().Phone, *asked.PublicKey); err == nil {
		t.Error("a phone without a passkey answered")
	}
}

func TestSecondDevice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	first := b.linkFresh(memstore.New(), owner)
	first.say(pn(friend), "antes") // the list of devices is known now
	second := b.link(owner)
	first.say(pn(friend), "do primeiro")
	if m := second.message("do primeiro"); !m.Info.IsFromMe || !belongs(m.Info.Chat, friend) {
		t.Errorf("the other device got %+v", m.Info)
	}
	id := one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "aos dois"}))(b)
	m := first.message("aos dois")
	second.message("aos dois")
	b.must(first.MarkRead(b.ctx, []string{id}, m.Info.Timestamp, m.Info.Chat, m.Info.Sender))
	take(second, "read elsewhere", func(r *events.Receipt) bool { return r.IsFromMe && r.Type == "read" && r.MessageIDs[0] == id })
	b.must(b.s.Unlink(owner.Phone, first.device()))
	take[*events.LoggedOut](first, "logged out", nil)
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "só ao segundo"}))(b)
	second.message("só ao segundo")
}

func TestHistory(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { s := DefaultSettings(); s.History.Messages = 3; o.Settings = &s })
	owner, friend := b.phone(), b.phone()
	var ids []string
	for _, text := range []string{"um", "dois", "três", "quatro", "cinco"} {
		ids = append(ids, one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: text}))(b))
		b.showsText(owner, text)
	}
	b.must(b.s.SaveContact(owner.Phone, friend.Phone, "Ana Lima"))
	yes := true
	one(b.s.PatchChat(owner.Phone, friend.Phone, ChatPatch{Archived: &yes, Muted: &yes}))(b)
	c := b.link(owner)
	boot := take(c, "history", func(h *events.HistorySync) bool {
		return h.Data.GetSyncType() == waHistorySync.HistorySync_INITIAL_BOOTSTRAP
	})
	talk := boot.Data.GetConversations()[0]
	if talk.GetID() != lid(friend).String() || len(talk.GetMessages()) != 3 || talk.GetName() != "Ana Lima" || !talk.GetArchived() || talk.GetUnreadCount() != 5 {
		t.Errorf("history = %v", talk)
	}
	newest := one(c.ParseWebMessage(lid(friend), talk.GetMessages()[0].GetMessage()))(b)
	if newest.Message.GetConversation() != "cinco" || newest.Info.PushName != friend.Name {
		t.Errorf("newest = %+v", newest)
	}
	take(c, "names", func(h *events.HistorySync) bool { return h.Data.GetSyncType() == waHistorySync.HistorySync_PUSH_NAME })
	c.synced()
	if info := one(c.Store.Contacts.GetContact(b.ctx, pn(friend)))(b); info.FullName != "Ana Lima" || info.FirstName != "Ana" {
		t.Errorf("contact = %+v", info)
	}

	oldest := one(c.ParseWebMessage(lid(friend), talk.GetMessages()[2].GetMessage()))(b)
	if oldest.Info.ID != ids[2] {
		t.Fatalf("oldest = %s, want %s", oldest.Info.ID, ids[2])
	}
	_, err := c.SendPeerMessage(b.ctx, c.BuildHistorySyncRequest(&oldest.Info, 5))
	b.must(err)
	more := take(c, "older history", func(h *events.HistorySync) bool { return h.Data.GetSyncType() == waHistorySync.HistorySync_ON_DEMAND })
	if older := more.Data.GetConversations()[0]; len(older.GetMessages()) != 2 || !older.GetEndOfHistoryTransfer() {
		t.Errorf("older = %v", older)
	}
}

func TestPhoneThatIsOffSaysNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	off, on := true, false
	one(b.s.PatchPhone(friend.Phone, PhonePatch{Off: &off}))(b)
	id := c.say(pn(friend), "alô?")
	b.ticks(owner, id, "sent")
	if n := len(one(b.s.Messages(friend.Phone, ""))(b)); n != 0 {
		t.Errorf("a phone that is off shows %d messages", n)
	}
	one(b.s.PatchPhone(friend.Phone, PhonePatch{Off: &on}))(b)
	b.showsText(friend, "alô?")
	c.receipt(id, "")
}

func TestClosedServerEndsWaits(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	ended := make(chan error, 1)
	asked := make(chan bool, 1)
	go func() {
		ended <- s.Wait(context.Background(), func() bool {
			select {
			case asked <- true:
			default:
			}
			return false
		})
	}()
	<-asked
	s.Close()
	s.Close()
	if err := <-ended; err == nil {
		t.Error("a closed server said that it happened")
	}
}

// Who keeps a list of somebody's devices is told when it changes.
func TestContactLinksADevice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	c.say(pn(friend), "antes") // now the client keeps the friend's list
	b.showsText(friend, "antes")
	theirs := b.linkFresh(memstore.New(), friend)
	b.quiet(owner, c)
	c.say(pn(friend), "nos dois")
	if m := theirs.message("nos dois"); m.Info.IsFromMe || !belongs(m.Info.Sender, owner) {
		t.Errorf("the new device got %+v", m.Info)
	}
	b.must(b.s.Unlink(friend.Phone, 0))
	take[*events.LoggedOut](theirs, "logged out", nil)
	b.quiet(owner, c)
	c.say(pn(friend), "só no celular")
	b.showsText(friend, "só no celular")
}
