package whatsappweb

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// chat is the owner's chat with a friend, as the phone shows it.
func (l *link) chat(friend whatsapp.PhoneInfo) whatsapp.PhoneChat {
	c, err := l.w.s.Chat(l.owner.Phone, friend.Phone)
	if err != nil {
		return whatsapp.PhoneChat{}
	}
	return c
}

// chatting is a linked phone to which a friend has written.
func chatting(t *testing.T) (w *world, owner, friend whatsapp.PhoneInfo, l *link) {
	t.Helper()
	w = newWorld(t)
	owner, friend = w.person(), w.person()
	l = w.pair(owner)
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"}))
	return w, owner, friend, l
}

// does is an action on the chat with a friend, which must work.
func (l *link) does(friend whatsapp.PhoneInfo, action ChatAction) {
	l.w.Helper()
	l.w.must(l.ChangeChat(l.w.Context(), ChatChange{Chat: phoneOf(friend), Action: action}))
}

// archived waits until the owner's phone shows the chat so.
func (l *link) archived(friend whatsapp.PhoneInfo, is bool) {
	l.w.Helper()
	l.w.until("the phone's archive", func() bool { return l.chat(friend).Archived == is })
}

func TestChangesOfOneCollectionGoTogether(t *testing.T) {
	t.Parallel()
	gone, end := context.WithCancel(t.Context())
	end()
	given := make(chan error, 1)
	one, two := types.NewJID("1", types.HiddenUserServer), types.NewJID("2", types.HiddenUserServer)
	wish := func(ctx context.Context, done chan<- error, patch appstate.PatchInfo) stateChange {
		return stateChange{ctx: ctx, patch: patch, done: done}
	}
	ctx := t.Context()
	all := batched([]stateChange{
		wish(ctx, nil, appstate.BuildPin(one, true)), wish(ctx, nil, appstate.BuildMute(one, true, 0)), wish(ctx, nil, appstate.BuildPin(two, true)),
		wish(gone, given, appstate.BuildPin(two, false)), wish(ctx, nil, appstate.BuildPin(one, false)),
	})
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Errorf("who waits no more is told %v", err)
	}
	if len(all) != 2 || all[0].patch.Type != appstate.WAPatchRegularLow || len(all[0].waiting) != 3 || len(all[1].waiting) != 1 {
		t.Fatalf("%d batches", len(all))
	}
	var pins []string
	for _, m := range all[0].patch.Mutations {
		pins = append(pins, m.Index[1])
		if m.Value.GetPinAction().GetPinned() != (m.Index[1] == two.String()) {
			t.Errorf("%v is pinned: %t", m.Index, m.Value.GetPinAction().GetPinned())
		}
	}
	if !slices.Equal(pins, []string{two.String(), one.String()}) {
		t.Errorf("the mutations are of %v", pins)
	}
	var many []stateChange
	for i := range changesAtOnce + 1 {
		many = append(many, wish(ctx, nil, appstate.BuildPin(types.NewJID(string(rune('a'+i)), types.GroupServer), true)))
	}
	if got := batched(many); len(got) != 2 || len(got[0].patch.Mutations) != changesAtOnce {
		t.Errorf("more than a patch holds became %d", len(got))
	}
}

// Where another device is faster the change is built anew; where that goes on and
// on, it is refused in the end.
func TestAChangeIsBuiltAnewWhereAnotherIsFaster(t *testing.T) {
	t.Parallel()
	w, owner, friend, l := chatting(t)
	few := w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone, Type: "regular_low"}, Times: 3, Fault: whatsapp.Fault{Kind: "state_conflict"}})
	l.does(friend, ArchiveChat)
	w.hits(few, 3)
	l.archived(friend, true)
	w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone, Type: "regular_low"}, Fault: whatsapp.Fault{Kind: "state_conflict"}})
	var no *RefusedError
	if err := l.ChangeChat(t.Context(), ChatChange{Chat: phoneOf(friend), Action: UnarchiveChat}); !errors.As(err, &no) || no.Code != 409 {
		t.Errorf("conflicts without end: %v", err)
	}
	w.must(w.s.SetFaults(nil))
	l.does(friend, UnarchiveChat)
	l.archived(friend, false)
}

// The phone and the device change the same at the same time, and agree in the end.
func TestPhoneAndDeviceChangeTheSame(t *testing.T) {
	t.Parallel()
	w, owner, friend, l := chatting(t)
	var both sync.WaitGroup
	both.Go(func() {
		for i := range 20 {
			pinned := i%2 == 0
			if _, err := w.s.PatchChat(owner.Phone, friend.Phone, whatsapp.ChatPatch{Pinned: &pinned}); err != nil {
				t.Error(err)
			}
		}
	})
	for range 5 {
		l.does(friend, ArchiveChat)
		l.does(friend, UnarchiveChat)
	}
	both.Wait()
	l.does(friend, ArchiveChat)
	l.archived(friend, true)
}

// A device whose own notion of the state does not fit reads all of it anew.
func TestAStateThatDoesNotFitIsReadAnew(t *testing.T) {
	t.Parallel()
	w, owner, friend, l := chatting(t)
	l.does(friend, ArchiveChat)
	l.archived(friend, true)
	const name = string(appstate.WAPatchRegularLow)
	version, hash, err := l.device.AppState.GetAppStateVersion(t.Context(), name)
	w.must(err)
	hash[0]++
	kept := l.device.AppState.(*stateStore).wholeStates
	w.must(kept.PutAppStateVersion(t.Context(), name, version, hash))
	pinned := true
	one(w.s.PatchChat(owner.Phone, friend.Phone, whatsapp.ChatPatch{Pinned: &pinned}))(w)
	l.does(friend, UnarchiveChat)
	l.archived(friend, false)
	l.does(friend, ArchiveChat)
	l.archived(friend, true)
}

// A change that WhatsApp took is done, also where the device then cannot read what
// became of it; it reads that later.
func TestAChangeThatCannotBeReadBackIsDone(t *testing.T) {
	t.Parallel()
	w, owner, friend, l := chatting(t)
	l.does(friend, ArchiveChat)
	version := func() uint64 {
		version, _, err := l.device.AppState.GetAppStateVersion(t.Context(), string(appstate.WAPatchRegularLow))
		w.must(err)
		return version
	}
	before := version()
	unread := w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone, Type: "w:sync:app:state collection"}, Fault: whatsapp.Fault{Kind: "iq_error"}})
	l.does(friend, UnarchiveChat)
	l.archived(friend, false)
	if now := version(); now != before {
		t.Errorf("the device is at %d, was at %d", now, before)
	}
	if !w.s.RemoveFault(unread.ID) {
		t.Fatal("there was no such fault")
	}
	w.until("the device to know of it", func() bool { return version() > before })
}

// A collection's version and MACs are seen together, or not yet: what is built upon
// one without the other would break it for all devices of the account.
func TestVersionAndMACsAreSeenTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.pair(w.person())
	ctx, name, index := t.Context(), "of_tests", []byte("an index")
	state := l.device.AppState
	before, _, err := state.GetAppStateVersion(ctx, name)
	w.must(err)
	for i := range uint64(3) {
		version := before + 1 + i
		hash := [128]byte{byte(version)}
		w.must(state.PutAppStateVersion(ctx, name, version, hash))
		w.must(state.DeleteAppStateMutationMACs(ctx, name, [][]byte{index}))
		seen, _, err := state.GetAppStateVersion(ctx, name)
		mac, macErr := state.GetAppStateMutationMAC(ctx, name, index)
		w.must(errors.Join(err, macErr))
		if seen != version-1 || (mac == nil) != (i == 0) {
			t.Errorf("before its MACs, version %d is seen as %d, with MAC %q", version, seen, mac)
		}
		w.must(state.PutAppStateMutationMACs(ctx, name, version, []store.AppStateMutationMAC{{IndexMAC: index, ValueMAC: []byte{byte(version)}}}))
		seen, got, err := state.GetAppStateVersion(ctx, name)
		mac, macErr = state.GetAppStateMutationMAC(ctx, name, index)
		w.must(errors.Join(err, macErr))
		if seen != version || got != hash || !slices.Equal(mac, []byte{byte(version)}) {
			t.Errorf("with its MACs, version %d is seen as %d, with MAC %q", version, seen, mac)
		}
	}
	w.must(state.PutAppStateVersion(ctx, name, 99, [128]byte{}))
	w.must(state.DeleteAppStateVersion(ctx, name))
	w.must(state.PutAppStateMutationMACs(ctx, name, 99, nil))
	if seen, _, err := state.GetAppStateVersion(ctx, name); seen != 0 || err != nil {
		t.Errorf("a collection that was forgotten has version %d, %v", seen, err)
	}
}

// What WhatsApp does not answer is waited for as long as who asked does, and holds
// up no closing.
func TestAChangeThatIsNotAnswered(t *testing.T) {
	t.Parallel()
	w, owner, friend, l := chatting(t)
	l.does(friend, ArchiveChat)
	silent := w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone, Type: "w:sync:app:state"}, Fault: whatsapp.Fault{Kind: "iq_silent"}})
	ctx, cancel := context.WithCancelCause(t.Context())
	given := make(chan error, 1)
	go func() { given <- l.ChangeChat(ctx, ChatChange{Chat: phoneOf(friend), Action: UnarchiveChat}) }()
	w.hits(silent, 1)
	tired := errors.New("tired of waiting")
	cancel(tired)
	if err := <-given; !errors.Is(err, tired) {
		t.Errorf("it ended with %v", err)
	}
	queued := make(chan error, 1)
	go func() { queued <- l.ChangeChat(t.Context(), ChatChange{Chat: phoneOf(friend), Action: MuteChat}) }()
	w.must(l.Close(t.Context()))
	if err := <-queued; providers.AsSendError(err).Sent != providers.No || err == nil {
		t.Errorf("what waited behind it ended with %v", err)
	}
}

// What an account shows of itself is changed on its phone, and told as it is.
func TestTheOwnNameAndPresence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.person(func(c *whatsapp.PhoneConfig) { c.Platform = "smba" })
	l := w.pair(owner, func(ch *providers.Channel) { ch.SendPresence = true })
	own := one(l.Own(t.Context()))(w)
	if own.Phone != owner.Phone || own.LID != owner.LID || own.Platform != "smba" {
		t.Errorf("the own account is %+v", own)
	}
	phone := func() whatsapp.PhoneInfo { return one(w.s.Phone(owner.Phone))(w) }
	w.until("it online", func() bool { return phone().Online })
	w.must(l.SetPresence(t.Context(), false))
	w.until("it offline", func() bool { return !phone().Online })
	w.must(l.SetName(t.Context(), "Loja da Ana"))
	w.until("its new name", func() bool { return phone().Name == "Loja da Ana" })
	if phone().Online {
		t.Error("a new name shows it online")
	}
	w.until("its presence under the new name", func() bool { return l.stanza("presence", "Loja da Ana") })
	if got := one(l.Own(t.Context()))(w).Name; got != "Loja da Ana" {
		t.Errorf("the name is %q", got)
	}
	w.must(l.SetAbout(t.Context(), "Aberta"))
	if got := one(l.Account(t.Context()))(w); got.About != "Aberta" || got.Name != "Loja da Ana" || phone().About != "Aberta" {
		t.Errorf("the account is %+v", got)
	}
}
