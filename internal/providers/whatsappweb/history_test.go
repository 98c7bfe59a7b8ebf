package whatsappweb

import (
	"context"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// withPast is a world, somebody whose number is to be linked and who they had a
// chat with before, and a fault of that history.
func withPast(t *testing.T, times int, kind string) (w *world, owner, friend whatsapp.PhoneInfo, broken whatsapp.Rule) {
	t.Helper()
	w = newWorld(t, func(o *Options) { o.History = 10 })
	owner, friend = w.person(), w.person()
	w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "de antes"})
	w.showsText(owner, "de antes")
	return w, owner, friend, w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Times: times, Fault: whatsapp.Fault{Kind: kind}})
}

// tellsPast waits until the sink has the chat with somebody.
func (l *link) tellsPast(friend whatsapp.PhoneInfo) {
	l.w.Helper()
	told(l, "the chat with "+friend.Name, func(s providers.ChatsSynced) bool {
		for _, chat := range s.Chats {
			if hasKey(chat.Addresses, phoneOf(friend)) {
				return len(chat.Messages) == 1 && chat.Messages[0].Message.Content.Text == "de antes"
			}
		}
		return false
	})
}

// noHistoryLeft waits until nothing is noted as left to tell.
func (l *link) noHistoryLeft() {
	l.w.Helper()
	ctx, cancel := context.WithTimeout(l.w.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		row, err := l.noted.GetBufferedEvent(ctx, historyRow)
		if l.w.must(err); row != nil && len(row.Plaintext) == 0 {
			return
		}
	}
	l.w.Fatal("some history is left")
}

// A download that fails is tried again, and the sink asked again that refuses.
func TestHistoryIsReadAgain(t *testing.T) {
	t.Parallel()
	w, owner, friend, broken := withPast(t, 3, "media_truncated")
	l := w.open(owner)
	refusals := 2
	l.sink.refusing(func(p providers.InboundPayload) error {
		if _, is := p.(providers.ChatsSynced); is && refusals > 0 {
			refusals--
			return errRefused
		}
		return nil
	})
	w.must(w.s.Scan(owner.Phone, l.code()))
	l.tellsPast(friend)
	w.hits(broken, 3)
	l.noHistoryLeft()
	l.sink.mu.Lock()
	defer l.sink.mu.Unlock()
	if refusals != 0 {
		t.Errorf("%d refusals are left", refusals)
	}
}

// History that is gone is not asked for again, now or by the next owner.
func TestHistoryIsGone(t *testing.T) {
	t.Parallel()
	w, owner, _, gone := withPast(t, 0, "media_gone")
	l := w.pair(owner)
	w.hits(gone, 1)
	l.noHistoryLeft()
}

// What one owner could not read, the next one does.
func TestTheNextOwnerTellsTheHistory(t *testing.T) {
	t.Parallel()
	w, owner, friend, broken := withPast(t, 0, "media_truncated")
	first := w.pair(owner)
	w.hits(broken, 2)
	w.must(first.Close(t.Context()))
	w.must(w.s.SetFaults(nil))
	other := w.options
	other.Devices = w.store()
	next := w.reopen(New(other), first.channel.ID, owner, 2, newSink())
	next.tellsPast(friend)
	next.noHistoryLeft()
}

// rows are those of messages, of which one is written; away: nothing can be.
type rows struct {
	store.EventBuffer
	plain []byte
	away  bool
}

func (r *rows) GetBufferedEvent(context.Context, [32]byte) (*store.BufferedEvent, error) {
	return &store.BufferedEvent{Plaintext: r.plain}, nil
}

func (r *rows) PutBufferedEvent(_ context.Context, _ [32]byte, plain []byte, _ time.Time) error {
	if r.away {
		return errRefused
	}
	r.plain = plain
	return nil
}

// A notice of history is taken in once it is written down, and counts once however
// often it comes; an answer to a question is nobody's to inherit.
func TestHistoryIsNotedBeforeItIsTakenIn(t *testing.T) {
	t.Parallel()
	notice := func(path, asked string) *events.Message {
		n := &waE2E.HistorySyncNotification{DirectPath: proto.String(path), PeerDataRequestSessionID: proto.String(asked)}
		m := &events.Message{Message: &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{HistorySyncNotification: n}}}
		m.Info.IsFromMe, m.Info.Category = true, "peer"
		return m
	}
	first, _, _ := trapped(t, newSink())
	r := &rows{away: true}
	first.noted = r
	if first.handle(notice("/one", "")) || len(first.history.takeAll()) != 0 {
		t.Error("it was taken in without being written down")
	}
	r.away = false
	for _, e := range []*events.Message{notice("/one", ""), notice("/one", ""), notice("/two", ""), notice("/asked", "3EB0ASKED")} {
		if !first.handle(e) {
			t.Errorf("refused: %v", e.Message)
		}
	}
	pieces := first.history.takeAll()
	if len(pieces) != 3 {
		t.Fatalf("queued %+v", pieces)
	}
	first.historyDone(pieces[0].notice)

	next, _, _ := trapped(t, newSink())
	next.noted, next.own = r, whatsmeowJID("5521980000001")
	next.resumeHistory()
	if left := next.history.takeAll(); len(left) != 1 || left[0].notice.GetDirectPath() != "/two" {
		t.Errorf("left to the next owner: %+v", left)
	}
}
