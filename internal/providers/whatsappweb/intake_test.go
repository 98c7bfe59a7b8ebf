package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// failing refuses the first n messages.
func failing(n int) (refuse func(providers.InboundPayload) error, left *int) {
	left = &n
	return func(p providers.InboundPayload) error {
		if _, is := p.(providers.MessageReceived); is && *left > 0 {
			*left--
			return errRefused
		}
		return nil
	}, left
}

// What the sink refuses comes again, with nothing lost and nothing done by us.
func TestTheSinkRefusesFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	refuse, _ := failing(3)
	l.sink.refusing(refuse)
	first := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "um"})
	second := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "dois"})
	l.message(first)
	l.message(second)
	l.waitOpen()
	l.settled()
	if n := count(l.sink, func(m providers.MessageReceived) bool { return m.ID == first }); n != 1 {
		t.Errorf("it came %d times", n)
	}
}

// WhatsApp's client acknowledges the placeholder of a view-once message before
// anybody has it, so that it never comes again: the sink is asked until it takes it.
func TestTheSinkRefusesAViewOnceMessageFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	login := l.logins()
	refuse, _ := failing(3)
	l.sink.refusing(refuse)
	w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Times: 1, Fault: whatsapp.Fault{Kind: "view_once"}})
	id := w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "image", ViewOnce: true})
	if m := l.message(id); m.Content.Kind != "view_once" || string(m.Content.Raw) != `{"unavailable":"view_once"}` {
		t.Errorf("got %+v", m.Content)
	}
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "depois"}))
	l.settled()
	if n := count(l.sink, func(m providers.MessageReceived) bool { return m.ID == id }); n != 1 {
		t.Errorf("it came %d times", n)
	}
	if now := l.logins(); now != login {
		t.Errorf("the connection was made anew for nothing: %d logins, then %d", login, now)
	}
}

// What the sink refuses until the connection ends it is asked for once more then.
func TestAViewOnceMessageIsStoredAtTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	l.sink.refusing(func(p providers.InboundPayload) error {
		if m, is := p.(providers.MessageReceived); is && m.Content.Kind == "view_once" && l.ctx.Err() == nil {
			return errRefused
		}
		return nil
	})
	w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Times: 1, Fault: whatsapp.Fault{Kind: "view_once"}})
	id := w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "image", ViewOnce: true})
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "depois"}))
	w.must(l.Close(t.Context()))
	if m := l.message(id); m.Content.Kind != "view_once" {
		t.Errorf("got %+v", m.Content)
	}
}

// What the phone repeats of a message is acknowledged whatever becomes of it, so
// that it never comes again: the sink is asked until it takes it.
func TestTheSinkRefusesWhatThePhoneRepeats(t *testing.T) {
	t.Parallel()
	var log logLines
	w := newWorld(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	login := l.logins()
	refuse, _ := failing(3)
	l.sink.refusing(refuse)
	w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Times: 1, Fault: whatsapp.Fault{Kind: "unavailable"}})
	id := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "repetida"})
	if m := l.message(id); m.Content.Text != "repetida" || m.From.Addresses[0] != phoneOf(friend) {
		t.Errorf("got %+v", m)
	}
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "depois"}))
	l.settled()
	if n := count(l.sink, func(m providers.MessageReceived) bool { return m.ID == id }); n != 1 {
		t.Errorf("it came %d times", n)
	}
	if n := log.about(id, "came again, whole"); n != 1 {
		t.Errorf("the log tells %d times that it came", n)
	}
	if now := l.logins(); now != login {
		t.Errorf("the connection was made anew for nothing: %d logins, then %d", login, now)
	}
}

// Messages succeed in between: each that is refused comes again as soon as the
// first did. Pauses that grew would take hours here.
func TestRefusalsInBetweenAreTriedSoon(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.PauseMost = time.Hour })
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	for i := range 14 {
		refuse, _ := failing(1)
		l.sink.refusing(refuse)
		l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: fmt.Sprint("recusada ", i)}))
		l.waitOpen()
		l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: fmt.Sprint("aceita ", i)}))
		l.settled()
	}
}

// A handler that panics has not taken anything in, whatever the client thinks.
func TestAHandlerPanics(t *testing.T) {
	t.Parallel()
	c := newConn(Options{}.withDefaults(), providers.Channel{}, newSink())
	defer c.reportingCancel()
	if c.handle((*events.JoinedGroup)(nil)) {
		t.Error("it was taken in")
	}
	if signals := c.signals.takeAll(); len(signals) != 1 || signals[0].run == nil {
		t.Errorf("told: %+v", signals)
	}
}

// A sink that panics has not taken anything in, and ends nothing.
func TestTheSinkPanics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	panics := 2
	l.sink.refusing(func(p providers.InboundPayload) error {
		if _, isReport := p.(providers.ConnectionChanged); !isReport && panics > 0 {
			panics--
			panic("a bug")
		}
		return nil
	})
	if m := l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"})); m.Content.Text != "oi" {
		t.Errorf("got %+v", m)
	}
}

// Reports that the sink refuses are told later.
func TestTheSinkRefusesReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	left := 3
	s := newSink()
	s.refusing(func(p providers.InboundPayload) error {
		if _, isReport := p.(providers.ConnectionChanged); isReport && left > 0 {
			left--
			return errRefused
		}
		return nil
	})
	l := w.reopen(w.adapter, ids.New[ids.Channel](), w.person(), 1, s)
	w.must(w.s.Scan(l.owner.Phone, l.code()))
	if got := l.reported(open); got.Paired != phoneOf(l.owner) {
		t.Errorf("reported %+v", got)
	}
}

// slowSink takes longer than it may.
type slowSink struct {
	*sink
	gaveUp chan error
}

func (s slowSink) Accept(ctx context.Context, in ...providers.Inbound) error {
	if _, is := in[0].Payload.(providers.MessageReceived); is {
		<-ctx.Done()
		s.gaveUp <- ctx.Err()
		return ctx.Err()
	}
	return s.sink.Accept(ctx, in...)
}

// A sink that hangs is given up in time, and asked again.
func TestTheSinkHangs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.AcceptLimit = patience / 100 })
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	w.must(l.Close(t.Context()))
	slow := slowSink{newSink(), make(chan error, 100)}
	l.lease.fence++
	conn, err := w.adapter.Open(t.Context(), l.lease.channel(l.channel.ID, owner.Phone), slow)
	w.must(err)
	w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"})
	for range 2 {
		if err := <-slow.gaveUp; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended by %v", err)
		}
	}
	w.must(conn.Close(t.Context()))
}

// What was not taken in before the connection ended goes to the next owner, whose
// keys are those in the store.
func TestTheNextOwnerGetsWhatWasRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	l.sink.refusing(func(p providers.InboundPayload) error {
		if _, is := p.(providers.MessageReceived); is {
			return errRefused
		}
		return nil
	})
	seen := func() int { l.sink.mu.Lock(); defer l.sink.mu.Unlock(); return l.sink.seen }
	before := seen()
	refused := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "recusada"})
	for seen() == before {
		l.sink.mu.Lock()
		news := l.sink.news
		l.sink.mu.Unlock()
		if seen() == before {
			<-news
		}
	}
	w.must(l.Close(t.Context()))
	missed := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "perdida"})
	other := w.options
	other.Devices = w.store()
	next := w.reopen(New(other), l.channel.ID, owner, 2, newSink())
	if m := next.message(refused); m.Content.Text != "recusada" {
		t.Errorf("got %+v", m)
	}
	if m := next.message(missed); m.Content.Text != "perdida" {
		t.Errorf("got %+v", m)
	}
	next.waitOpen()
	out := next.text(phoneOf(friend), "do sucessor")
	next.send(out)
	w.showsText(friend, "do sucessor")
}

// The phone's own messages come too, as such.
func TestTypedOnThePhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	m := l.message(w.write(owner, whatsapp.Draft{To: friend.Phone, Text: "do celular"}))
	if !m.FromPhone || m.From.Addresses[0] != phoneOf(friend) || m.Content.Text != "do celular" {
		t.Errorf("got %+v", m)
	}
}

// One of each kind, as the sink gets it.
func TestEveryKindComesIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	base := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "base"})
	l.message(base)
	for name, c := range map[string]struct {
		draft whatsapp.Draft
		want  func(providers.MessageReceived) bool
	}{
		"text":      {whatsapp.Draft{Text: "oi"}, func(m providers.MessageReceived) bool { return m.Content.Text == "oi" }},
		"quote":     {whatsapp.Draft{Text: "re", Quote: string(base)}, func(m providers.MessageReceived) bool { return m.Quote != nil && m.Quote.ID == base }},
		"forwarded": {whatsapp.Draft{Text: "fwd", Forwarded: true}, func(m providers.MessageReceived) bool { return m.Content.Forwarded }},
		"image":     {whatsapp.Draft{Type: "image", Text: "foto"}, func(m providers.MessageReceived) bool { return m.Content.Text == "foto" && m.Media != nil }},
		"video":     {whatsapp.Draft{Type: "video"}, func(m providers.MessageReceived) bool { return m.Media != nil && m.Media.Mimetype == "video/mp4" }},
		"audio":     {whatsapp.Draft{Type: "audio"}, func(m providers.MessageReceived) bool { return m.Media != nil && !*m.Content.Voice }},
		"voice":     {whatsapp.Draft{Type: "voice"}, func(m providers.MessageReceived) bool { return m.Media != nil && *m.Content.Voice }},
		"document":  {whatsapp.Draft{Type: "document"}, func(m providers.MessageReceived) bool { return m.Media.FileName == "document.pdf" }},
		"sticker":   {whatsapp.Draft{Type: "sticker"}, func(m providers.MessageReceived) bool { return m.Media != nil }},
		"location": {whatsapp.Draft{Type: "location", Location: &whatsapp.Place{Latitude: -22.9, Longitude: -43.2, Name: "Rio"}}, func(m providers.MessageReceived) bool {
			return *m.Content.Latitude == -22.9 && m.Content.Name == "Rio"
		}},
		"contacts": {whatsapp.Draft{Type: "contacts", Contacts: []whatsapp.Card{{Name: "Ana", Phone: "5521980009999"}}}, func(m providers.MessageReceived) bool {
			return strings.Contains(string(m.Content.Contacts), "Ana")
		}},
		"reaction": {whatsapp.Draft{Type: "reaction", Message: string(base), Text: "👍"}, func(m providers.MessageReceived) bool { return m.Content.Target == base && m.Content.Emoji == "👍" }},
		"poll":     {whatsapp.Draft{Type: "poll", Text: "?", Options: []string{"a", "b"}}, func(m providers.MessageReceived) bool { return strings.Contains(m.Content.Text, "- b") }},
		"once:unseen": {whatsapp.Draft{Type: "image", ViewOnce: true}, func(m providers.MessageReceived) bool {
			return m.Media == nil && m.Content.Type == providers.TypeUnsupported
		}},
	} {
		c.draft.To = owner.Phone
		m := l.message(w.write(friend, c.draft))
		kind := providers.ContentType(c.draft.Type)
		switch {
		case c.draft.Type == "" || c.draft.Type == "poll":
			kind = providers.TypeText
		case c.draft.Type == "voice":
			kind = providers.TypeAudio
		case c.draft.ViewOnce:
			kind = providers.TypeUnsupported
		}
		if m.Content.Type != kind || !c.want(m) {
			t.Errorf("%s: %+v media %+v quote %+v", name, m.Content, m.Media, m.Quote)
		}
	}
	w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "edit", Message: string(base), Text: "editada"})
	told(l, "edit", func(e providers.MessageEdited) bool { return e.Target == base && e.Content.Text == "editada" })
	photo := w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "image", Text: "foto"})
	w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "edit", Message: string(photo), Text: "a foto", Bare: true})
	told(l, "caption", func(e providers.MessageEdited) bool {
		return e.Target == photo && e.Content.Type == providers.TypeImage && e.Content.Text == "a foto"
	})
	w.shows(owner, "the picture with its new caption", func(m whatsapp.PhoneMessage) bool {
		return m.ID == string(photo) && m.Text == "a foto" && m.Media != nil && m.Media.Bytes > 0 && m.Edited
	})
	w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "delete", Message: string(base)})
	told(l, "delete", func(r providers.MessageRevoked) bool { return r.Target == base })
}

// What cannot be decrypted is asked for again, of the sender and of the phone:
// it comes at least once, and always whole.
func TestBrokenOnTheWay(t *testing.T) {
	t.Parallel()
	var log logLines
	w := newWorld(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "antes"}))
	for _, kind := range []string{"bad_mac", "unavailable", "duplicate"} {
		w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Times: 1, Fault: whatsapp.Fault{Kind: kind}})
		id := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: kind})
		if m := l.message(id); m.Content.Text != kind {
			t.Errorf("%s: %+v", kind, m)
		}
		l.settled()
		whole := func(m providers.MessageReceived) bool { return m.ID == id && m.Content.Text == kind }
		any := func(m providers.MessageReceived) bool { return m.ID == id }
		if n := count(l.sink, any); n != count(l.sink, whole) || (kind == "duplicate" && n != 1) {
			t.Errorf("%s: it came %d times, whole %d times", kind, n, count(l.sink, whole))
		}
		told := 1
		if kind == "duplicate" {
			told = 0
		}
		if broken, came := log.about(id, "level=WARN"), log.about(id, "came again, whole"); broken != told || came != told {
			t.Errorf("%s: the log tells %d times that it cannot be decrypted, and %d times that it came, want %d", kind, broken, came, told)
		}
	}
}

// logLines are what was logged.
type logLines struct {
	mu   sync.Mutex
	text []string
}

// Write implements io.Writer: each call is a line.
func (l *logLines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, string(line))
	return len(line), nil
}

// about counts the lines that name a message and have these words.
func (l *logLines) about(id ids.ProviderMessage, words string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.text {
		if strings.Contains(line, "message_id="+string(id)) && strings.Contains(line, words) {
			n++
		}
	}
	return n
}

func TestGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend, third := w.person(), w.person(), w.person()
	before := one(w.s.CreateGroup(friend.Phone, whatsapp.GroupDraft{Subject: "antes", Members: []string{owner.Phone}}))(w)
	l := w.pair(owner)
	synced := func(id, name string, members int) func(providers.GroupSynced) bool {
		return func(g providers.GroupSynced) bool {
			return g.Group.Address.Value == id && g.Group.Name == name && len(g.Group.Participants) == members
		}
	}
	told(l, "the group that there was", synced(before.ID, "antes", 2))
	made := one(w.s.CreateGroup(friend.Phone, whatsapp.GroupDraft{Subject: "novo", Members: []string{owner.Phone}}))(w)
	told(l, "the new group", synced(made.ID, "novo", 2))
	one(w.s.ChangeMembers(friend.Phone, made.ID, "add", []string{third.Phone}))(w)
	told(l, "the new member", synced(made.ID, "novo", 3))
	name := "outro nome"
	one(w.s.PatchGroup(friend.Phone, made.ID, whatsapp.GroupPatch{Subject: &name}))(w)
	told(l, "the new name", synced(made.ID, name, 3))
	l.settled()

	m := l.message(w.write(friend, whatsapp.Draft{To: made.ID, Text: "no grupo"}))
	if m.Group == nil || m.Group.Address.Value != made.ID || m.From.Addresses[0] != phoneOf(friend) {
		t.Errorf("got %+v", m)
	}
	out := l.text(providers.Address{Kind: providers.KindGroup, Value: made.ID}, "ao grupo")
	if receipt := l.send(out); receipt.Address != out.To {
		t.Errorf("receipt %+v", receipt)
	}
	w.showsText(friend, "ao grupo")
	w.showsText(third, "ao grupo")
	if groups := one(l.Groups(t.Context()))(w); len(groups) != 2 {
		t.Errorf("%d groups", len(groups))
	}
	one(w.s.ChangeMembers(friend.Phone, made.ID, "remove", []string{owner.Phone}))(w)
	l.settled() // the client changes its list of members while a send may read it
	if e := l.refusedAs(l.text(out.To, "ainda?")); e.Sent != providers.No || e.Reason != providers.ReasonRecipientUnavailable {
		t.Errorf("after being removed: %+v", e)
	}
}

// A sink that is away when groups are told gets them at the next login.
func TestGroupsAreToldAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	group := one(w.s.CreateGroup(friend.Phone, whatsapp.GroupDraft{Subject: "grupo", Members: []string{owner.Phone}}))(w)
	l := w.open(owner)
	refusedOnce := make(chan struct{})
	times := 0
	l.sink.refusing(func(p providers.InboundPayload) error {
		if _, is := p.(providers.GroupSynced); is {
			if times++; times == 1 {
				close(refusedOnce)
				return errRefused
			}
		}
		return nil
	})
	w.must(w.s.Scan(owner.Phone, l.code()))
	<-refusedOnce
	w.must(w.s.Cut(owner.Phone, 0, ""))
	told(l, "the group", func(g providers.GroupSynced) bool { return g.Group.Address.Value == group.ID })
}

// logins counts how often the device logged in.
func (l *link) logins() (n int) {
	for _, s := range l.w.s.Stanzas() {
		if !s.FromClient && s.Tag == "success" && s.Phone == l.owner.Phone {
			n++
		}
	}
	return n
}
