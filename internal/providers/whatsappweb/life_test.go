package whatsappweb

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// fresh is a paired channel in its second life: what begins at a first login is
// over, so that the client does not meet a log-out in the middle of it.
func (w *world) fresh(owner whatsapp.PhoneInfo, change ...func(*providers.Channel)) *link {
	w.Helper()
	first := w.pair(owner)
	w.must(first.Close(w.Context()))
	l := w.reopen(w.adapter, first.channel.ID, owner, 2, newSink(), change...)
	l.waitOpen()
	l.settled()
	return l
}

// lost waits until the connection is seen to be gone, then until it is back.
func (l *link) backAfter(cut func()) {
	l.w.Helper()
	l.mu.Lock()
	changed := l.changed
	l.mu.Unlock()
	cut()
	select {
	case <-changed:
	case <-time.After(patience):
		l.w.Fatal("it was not noticed")
	}
	l.reconnected()
}

// Whatever way the connection is lost, it comes back, and nobody hears of it.
func TestLostConnections(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Debounce = patience })
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	for _, how := range []string{"", "503", "515", "516", "replaced"} {
		l.backAfter(func() { w.must(w.s.Cut(owner.Phone, 0, how)) })
		id := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "depois de " + how})
		l.message(id)
	}
	if n := count(l.sink, func(c providers.ConnectionChanged) bool { return c.State.Status == connecting }); n > 1 {
		t.Errorf("%d lost connections were reported", n)
	}
}

// A connection that stays lost is reported after a while, and so is its return.
func TestAConnectionStaysLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.pair(w.person())
	l.reported(open)
	w.fault(whatsapp.Rule{Fault: whatsapp.Fault{Kind: "refuse_socket"}})
	w.must(w.s.Cut(l.owner.Phone, 0, ""))
	told(l, "the loss", func(c providers.ConnectionChanged) bool { return c.State.Status == connecting && c.State.Detail != "" })
	w.must(w.s.SetFaults(nil))
	l.waitOpen()
	lost := false
	told(l, "the return", func(c providers.ConnectionChanged) bool {
		lost = lost || c.State.Status == connecting && c.State.Detail != ""
		return lost && c.State.Status == open
	})
}

// A refused login is tried again where WhatsApp is only busy.
func TestWhatsAppIsBusy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.pair(w.person())
	busy := w.fault(whatsapp.Rule{Times: 2, Fault: whatsapp.Fault{Kind: "refuse_login", Code: 503}})
	l.backAfter(func() { w.must(w.s.Cut(l.owner.Phone, 0, "")) })
	w.hits(busy, 2)
}

// What ends a connection for good, with what the operator reads and when it is of
// use to open it again.
func TestEndings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end      func(*link)
		status   providers.Status
		again    time.Duration // at least
		says     string
		unlinked bool
	}{
		"unlinked on the phone": {func(l *link) { l.w.must(l.w.s.Unlink(l.owner.Phone, 0)) }, providers.StatusLoggedOut, 0, "/connect", true},
		"banned for an hour": {func(l *link) { l.w.must(l.w.s.Ban(l.owner.Phone, whatsapp.Ban{Reason: 104, Seconds: 3600})) },
			providers.StatusBanned, time.Hour, "reason 104", false},
		"banned for good": {func(l *link) { l.w.must(l.w.s.Ban(l.owner.Phone, whatsapp.Ban{})) }, providers.StatusBanned, 0, "review", true},
		"outdated":        {refusedLogin(405), providers.StatusOutdated, time.Hour, "Upgrade", false},
		"moved":           {refusedLogin(403), providers.StatusLoggedOut, 0, "another phone", true},
		"bad agent":       {refusedLogin(409), providers.StatusFailed, time.Minute, "reason 409", false},
		"no token":        {refusedLogin(414), providers.StatusFailed, time.Minute, "reason 414", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			l := w.fresh(w.person())
			c.end(l)
			end := l.ended()
			if end.State.Status != c.status || end.Again < c.again || (c.again == 0) != (end.Again == 0) || !strings.Contains(end.State.Detail, c.says) {
				t.Errorf("ended %+v", end)
			}
			if got := l.State(); got != end.State {
				t.Errorf("state %+v", got)
			}
			if got := l.reported(c.status); got.State != end.State || got.Paired.IsZero() != c.unlinked {
				t.Errorf("reported %+v", got)
			}
			if e := l.refusedAs(l.text(phoneOf(l.owner), "oi")); e.Sent != providers.No || e.Retryable {
				t.Errorf("a send: %+v", e)
			}
			again := w.reopen(w.adapter, l.channel.ID, l.owner, 3, newSink())
			if paired := !again.self().IsEmpty(); paired == c.unlinked {
				t.Errorf("the device is still there: %t", paired)
			}
		})
	}
}

// The client deletes a device that WhatsApp refuses. It is gone then, and its
// fields are as they were: other goroutines of the client may be reading them.
func TestADeletedDeviceIsNotChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.fresh(w.person())
	device := l.client.Store
	before := *device
	if err := device.Delete(w.Context()); !errors.Is(err, errFieldsStay) {
		t.Errorf("deleted: %v", err)
	}
	if !reflect.DeepEqual(*device, before) {
		t.Errorf("the device was changed: %+v", device)
	}
	if _, err := device.Sessions.HasSession(w.Context(), "nobody:1"); !errors.Is(err, store.ErrDeviceDeleted) {
		t.Errorf("its rows are still read: %v", err)
	}
}

// refusedLogin cuts the connection and has the next login refused.
func refusedLogin(code int) func(*link) {
	return func(l *link) {
		l.w.fault(whatsapp.Rule{Fault: whatsapp.Fault{Kind: "refuse_login", Code: code}})
		l.w.must(l.w.s.Cut(l.owner.Phone, 0, ""))
	}
}

// A copy of the keys that is in use elsewhere is fought for a while, then told.
func TestSomebodyElseHasTheKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.fresh(w.person())
	for n := range mostEvictions {
		if n < mostEvictions-1 {
			l.backAfter(func() { w.must(w.s.Cut(l.owner.Phone, 0, "replaced")) })
			continue
		}
		w.must(w.s.Cut(l.owner.Phone, 0, "replaced"))
	}
	if end := l.ended(); end.State.Status != providers.StatusFailed || end.Again != 0 || !strings.Contains(end.State.Detail, "copy") {
		t.Errorf("ended %+v", end)
	}
	if info := one(w.s.Phone(l.owner.Phone))(w); len(info.Devices) != 1 {
		t.Errorf("the device was unlinked: %+v", info.Devices)
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.fresh(w.person())
	w.must(l.Logout(t.Context()))
	if end := l.Ending(); end.State.Status != providers.StatusLoggedOut || end.Again != 0 {
		t.Errorf("ended %+v", end)
	}
	if got := l.reported(providers.StatusLoggedOut); !got.Paired.IsZero() {
		t.Errorf("reported %+v", got)
	}
	if info := one(w.s.Phone(l.owner.Phone))(w); len(info.Devices) != 0 {
		t.Errorf("still linked: %+v", info.Devices)
	}
	if err := l.Logout(t.Context()); err != nil {
		t.Errorf("again: %v", err)
	}
	again := w.reopen(w.adapter, l.channel.ID, l.owner, 3, newSink())
	w.must(w.s.Scan(l.owner.Phone, again.code()))
	again.waitOpen()
}

// A pairing is given up by logging out.
func TestLogoutWhilePairing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.open(w.person())
	l.code()
	w.must(l.Logout(t.Context()))
	if end := l.Ending(); end.State.Status != providers.StatusLoggedOut {
		t.Errorf("ended %+v", end)
	}
}

// A device that is not connected cannot be unlinked from here.
func TestLogoutWithoutAConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.fresh(w.person())
	w.fault(whatsapp.Rule{Fault: whatsapp.Fault{Kind: "refuse_socket"}})
	l.mu.Lock()
	changed := l.changed
	l.mu.Unlock()
	w.must(w.s.Cut(l.owner.Phone, 0, ""))
	<-changed
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := l.Logout(ctx); err == nil || !strings.Contains(err.Error(), "on the phone") {
		t.Errorf("logged out: %v", err)
	}
}

// Another owner opens the device: what is left here stops by itself, tells
// nothing, and loses nothing.
func TestAnotherOwnerTakesOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.fresh(owner)
	other := w.options
	other.Devices = w.store()
	next := w.reopen(New(other), l.channel.ID, owner, 3, newSink())
	end := l.ended()
	if end.State.Status != providers.StatusClosed || end.Again <= 0 {
		t.Errorf("ended %+v", end)
	}
	if n := count(l.sink, func(c providers.ConnectionChanged) bool { return c.State.Status == providers.StatusClosed }); n != 0 {
		t.Error("the former owner told that the channel is closed")
	}
	if e := l.refusedAs(l.text(phoneOf(friend), "do antigo")); e.Sent != providers.No || !e.Retryable || e.Reason != providers.ReasonUnavailable {
		t.Errorf("a send of the former owner: %+v", e)
	}
	next.waitOpen()
	id := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "ao novo dono"})
	next.message(id)
	next.send(next.text(phoneOf(friend), "do novo dono"))
	w.showsText(friend, "do novo dono")
}

// A message that comes in while the device is another's is not acknowledged, and
// not asked for again: it goes to the owner.
func TestFencedInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.fresh(owner)
	// Only the store is opened: the connection here lives until it writes.
	other := w.options
	other.Devices = w.store()
	holding, err := other.Devices.Open(t.Context(), l.channel.ID, fence(3))
	w.must(err)
	id := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "para quem?"})
	if end := l.ended(); end.State.Status != providers.StatusClosed || end.Again <= 0 {
		t.Errorf("ended %+v", end)
	}
	w.must(holding.Close(t.Context()))
	if l.stanza("receipt", `"retry"`) {
		t.Error("the message was asked for again")
	}
	next := w.reopen(New(other), l.channel.ID, owner, 4, newSink())
	if m := next.message(id); m.Content.Text != "para quem?" {
		t.Errorf("got %+v", m)
	}
}

// A lease that was not renewed ends the connection, even when nothing is written.
func TestTheLeaseRunsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Silence = 900 * time.Millisecond })
	l := w.pair(w.person())
	l.lease.lost.Store(true)
	if end := l.ended(); end.State.Status != providers.StatusClosed || end.Again <= 0 {
		t.Errorf("ended %+v", end)
	}
}

// A connection lives no longer than what it was opened under, whatever it is at:
// it connects no more, tells nothing, and can be closed all the same.
func TestWhatItWasOpenedUnderEnds(t *testing.T) {
	t.Parallel()
	for name, busy := range map[string]bool{"connected": false, "connecting": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			first := w.pair(w.person())
			w.must(first.Close(t.Context()))
			under, end := context.WithCancel(t.Context())
			defer end()
			l := &link{w: w, sink: newSink(), lease: &lease{fence: 2}, owner: first.owner}
			l.channel = l.lease.channel(first.channel.ID, l.owner.Phone)
			if busy {
				w.fault(whatsapp.Rule{Fault: whatsapp.Fault{Kind: "refuse_socket"}})
			}
			l.Conn = one(w.adapter.Open(under, l.channel, l.sink))(w).(*Conn)
			t.Cleanup(l.close)
			if busy {
				told(l, "that it cannot connect", func(c providers.ConnectionChanged) bool { return c.State.Detail == detailUnreachable })
			} else {
				l.waitOpen()
			}
			end()
			if e := l.ended(); e.State.Status != providers.StatusClosed || e.Again <= 0 || e.State.Detail != detailLetGo {
				t.Errorf("ended %+v", e)
			}
			if n := count(l.sink, func(c providers.ConnectionChanged) bool { return c.State.Status == providers.StatusClosed }); n != 0 {
				t.Error("it told that the channel is closed")
			}
			for range 2 {
				w.must(l.Close(context.WithoutCancel(t.Context())))
			}
			w.must(w.s.SetFaults(nil))
			w.until("the device is away", func() bool { return !one(w.s.Phone(l.owner.Phone))(w).Devices[0].Active })
		})
	}
}

// Pings that nobody answers: the connection is made anew, long before the client
// would.
func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Silence = 1500 * time.Millisecond })
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	silent := w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Fault: whatsapp.Fault{Kind: "drop_pings"}})
	l.backAfter(func() { w.hits(silent, 1) })
	w.must(w.s.SetFaults(nil))
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"}))
}

// Pings that are answered, and nothing else: after a while it is made anew, and
// what was held back comes.
func TestConnectedButDeaf(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Deafness, o.Silence = 3*time.Second, 9*time.Second })
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Fault: whatsapp.Fault{Kind: "deaf"}})
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "surdo?"}))
}

// A login that is never answered is given up.
func TestTheLoginHangs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.LoginLimit, o.Silence = 500*time.Millisecond, 4500*time.Millisecond })
	l := w.pair(w.person())
	slow := w.fault(whatsapp.Rule{Match: whatsapp.Match{Type: "passive"}, Times: 1, Fault: whatsapp.Fault{Kind: "iq_silent"}})
	l.backAfter(func() { w.must(w.s.Cut(l.owner.Phone, 0, "")) })
	w.hits(slow, 1)
}

// Nothing at all is heard from a login: it is given up long before one that is
// only slow.
func TestTheLoginIsSilent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Silence = 1500 * time.Millisecond })
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Times: 2, Fault: whatsapp.Fault{Kind: "drop_pings"}})
	mute := w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone, Type: "passive"}, Times: 1, Fault: whatsapp.Fault{Kind: "iq_silent"}})
	w.must(w.s.Cut(owner.Phone, 0, ""))
	w.hits(mute, 1)
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"}))
}

// What a contact's device could not decrypt, it asks for again; that is answered
// from the store, though the message was sent in an earlier life.
func TestRetryAfterARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	sender, reader := w.pair(owner), w.pair(friend)
	w.must(reader.Close(t.Context()))
	off := true // the friend's phone could tell its device else
	one(w.s.PatchPhone(friend.Phone, whatsapp.PhonePatch{Off: &off}))(w)
	broken := w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: friend.Phone}, Times: 1, Fault: whatsapp.Fault{Kind: "bad_mac"}})
	id := sender.send(sender.text(phoneOf(friend), "guardada")).ID
	w.hits(broken, 1)
	w.must(sender.Close(t.Context()))
	again := w.reopen(w.adapter, reader.channel.ID, friend, 2, newSink())
	w.until("it is asked for again", func() bool { return again.stanza("receipt", "retry") })
	w.reopen(w.adapter, sender.channel.ID, owner, 2, newSink())
	if m := again.message(id); m.Content.Text != "guardada" {
		t.Errorf("got %+v", m)
	}
}

func TestCapabilitiesWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.open(w.person())
	to := phoneOf(w.person())
	sample := func(to providers.Address, content providers.Content, media *providers.OutboundMedia) *providers.Outbound {
		return &providers.Outbound{ID: ids.New[ids.Message](), To: to, Content: content, Media: media}
	}
	interactive := func(kind string) *providers.Outbound {
		return sample(to, providers.Content{Type: providers.TypeInteractive, Interactive: providers.RawJSON(`{"type":"` + kind + `"}`)}, nil)
	}
	providertest.RunCapabilities(t, w.adapter, l, providertest.Samples{
		Text:     sample(to, providers.Content{Type: providers.TypeText, Text: "oi"}, nil),
		Image:    sample(to, providers.Content{Type: providers.TypeImage}, file("image/png", "a.png", []byte("a"))),
		Audio:    sample(to, providers.Content{Type: providers.TypeAudio}, file("audio/mpeg", "a.mp3", []byte("a"))),
		Video:    sample(to, providers.Content{Type: providers.TypeVideo}, file("video/mp4", "a.mp4", []byte("a"))),
		Document: sample(to, providers.Content{Type: providers.TypeDocument}, file("application/pdf", "a.pdf", []byte("a"))),
		Sticker:  sample(to, providers.Content{Type: providers.TypeSticker}, file("image/webp", "a.webp", []byte("a"))),
		Group:    sample(providers.Address{Kind: providers.KindGroup, Value: "120363000000000001"}, providers.Content{Type: providers.TypeText, Text: "oi"}, nil),
		Template: sample(to, providers.Content{Type: providers.TypeTemplate, Name: "oi", Language: "pt_BR"}, nil),
		Buttons:  interactive("button"), List: interactive("list"),
		Contacts: sample(to, providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(`[{"name":{"formatted_name":"Ana"},"phones":[{"phone":"+5521980009999"}]}]`)}, nil),
	})
}

// ours are the goroutines that run code of this package or of the client, apart
// from tests.
func ours() int {
	buf := make([]byte, 8<<20)
	n := 0
	for _, stack := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if (strings.Contains(stack, "providers/whatsappweb.(*") || strings.Contains(stack, "mau.fi/whatsmeow.(*")) && !strings.Contains(stack, "testing.tRunner") {
			n++
		}
	}
	return n
}

// It does not run beside other tests: it counts goroutines.
func TestNothingIsLeftRunning(t *testing.T) {
	before := ours()
	t.Run("world", func(t *testing.T) {
		w := newWorld(t)
		owner, friend := w.person(), w.person()
		l := w.fresh(owner, func(ch *providers.Channel) { ch.MarkReadOnProcess, ch.SendPresence = true, true })
		unpaired := w.open(w.person())
		unpaired.code()
		m := l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "image"}))
		l.MarkProcessed(m)
		if _, err := l.fetch(*m.Media); err != nil {
			t.Error(err)
		}
		l.send(l.text(phoneOf(friend), "oi"))
		l.backAfter(func() { w.must(w.s.Cut(owner.Phone, 0, "")) })
		if ours() <= before {
			t.Error("nothing runs: this test sees nothing")
		}
	})
	deadline := time.After(patience)
	for ours() > before {
		select {
		case <-deadline:
			buf := make([]byte, 1<<20)
			t.Fatalf("%d goroutines run, %d did before:\n%s", ours(), before, buf[:runtime.Stack(buf, true)])
		default:
			runtime.Gosched()
		}
	}
}
