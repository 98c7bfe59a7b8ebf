package chats

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/migrations"
)

func TestMain(m *testing.M) { os.Exit(mongotest.Run(m)) }

// house stands for the rooms around.
type house struct {
	channels map[ids.Channel]channels.Channel
	ignored  map[ids.Channel][]string
}

func (h *house) Get(_ context.Context, id ids.Channel) (channels.Channel, error) {
	if ch, ok := h.channels[id]; ok {
		return ch, nil
	}
	return channels.Channel{}, fault.Missing("channel", id)
}

func (h *house) Ignored(context.Context, map[ids.Channel][]string) (map[ids.Channel][]string, error) {
	return h.ignored, nil
}

// bench is a room of its own, with one channel.
type bench struct {
	*Service
	t       *testing.T
	db      *mongo.Database
	house   *house
	channel channels.Channel
	at      time.Time
	sent    int
}

func newBench(t *testing.T, limit int) *bench {
	t.Helper()
	db := mongotest.Fresh(t) // the sweep looks at every channel
	if err := mongodb.Migrate(t.Context(), db, migrations.All()); err != nil {
		t.Fatal(err)
	}
	ch := channels.Channel{ID: ids.New[ids.Channel](), Provider: providers.WhatsAppWeb, Settings: channels.DefaultSettings()}
	ch.Settings.MarkReadOnProcess = false
	b := &bench{t: t, db: db, channel: ch, house: &house{channels: map[ids.Channel]channels.Channel{ch.ID: ch}, ignored: map[ids.Channel][]string{}}, at: time.Unix(1_700_000_000, 0).UTC()}
	b.Service = b.open(limit)
	return b
}

// open makes another server's room over the same rows.
func (b *bench) open(limit int) *Service {
	s := New(Options{DB: b.db, Channels: b.house, Contacts: b.house, Now: func() time.Time { return b.at }, Limit: limit})
	b.t.Cleanup(s.Close)
	return s
}

func (b *bench) take(s *Service, payloads ...providers.InboundPayload) {
	b.t.Helper()
	in := make([]providers.Inbound, 0, len(payloads))
	for _, p := range payloads {
		in = append(in, providers.Inbound{Channel: b.channel.ID, ReceivedAt: b.at, Payload: p})
	}
	if err := s.Take(b.t.Context(), in...)(); err != nil {
		b.t.Fatal(err)
	}
}

// says is a message of somebody under these names, a millisecond after the last.
func (b *bench) says(text string, from ...providers.Address) providers.MessageReceived {
	b.sent++
	b.at = b.at.Add(time.Millisecond)
	return providers.MessageReceived{
		ID: ids.ProviderMessage(fmt.Sprintf("3EB0%06d", b.sent)), From: providers.Party{Addresses: from, Name: "Ana"}, Timestamp: b.at.Truncate(time.Second),
		Content: providers.Content{Type: providers.TypeText, Text: text},
	}
}

func (b *bench) list() []Chat {
	b.t.Helper()
	page, err := b.List(b.t.Context(), mongodb.ListQuery{Filter: Of(b.channel.ID), SortField: Order, Desc: true, Limit: 100})
	if err != nil {
		b.t.Fatal(err)
	}
	return page.Items
}

func (b *bench) texts(with providers.Address) []string {
	b.t.Helper()
	_, rows, err := b.Past(b.t.Context(), With(b.channel.ID, with), 0, 100)
	if err != nil {
		b.t.Fatal(err)
	}
	texts := []string{}
	for _, row := range rows {
		texts = append(texts, row.Content.Text)
	}
	return texts
}

func (b *bench) want(what string, got, want any) {
	b.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func number(digits string) providers.Address {
	return providers.Address{Kind: providers.KindPhone, Value: digits}
}

func hidden(user string) providers.Address {
	return providers.Address{Kind: providers.KindLID, Value: user}
}

func group(user string) providers.Address {
	return providers.Address{Kind: providers.KindGroup, Value: user}
}

// Somebody who wrote by the hidden address first has one chat once the number is
// known, found by all their names.
func TestOnePersonIsOneChat(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	b.take(b.Service, b.says("um", hidden("1888")), b.says("dois", hidden("1888")))
	b.take(b.Service, b.says("três", number("552188887777"), hidden("1888")))
	b.take(b.open(100), b.says("quatro", number("5521988887777")))
	all := b.list()
	if len(all) != 1 || all[0].LID != "1888" || all[0].Unread != 4 {
		t.Errorf("the chats are %+v", all)
	}
	for _, name := range []providers.Address{number("5521988887777"), number("552188887777"), hidden("1888")} {
		b.want(name.Value, b.texts(name), []string{"quatro", "três", "dois", "um"})
	}
	b.take(b.Service, b.says("cinco", hidden("1999")))
	b.want("chats", len(b.list()), 2)
}

// What comes again, to this server or another, changes nothing.
func TestARepeatChangesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	first, second := b.says("um", number("5521988887777")), b.says("dois", number("5521988887777"))
	b.take(b.Service, first, first, second)
	b.take(b.Service, second, first)
	b.want("unread", b.list()[0].Unread, 2)
	b.take(b.Service, providers.SentHere{Message: providers.MessageReceived{ID: first.ID, FromPhone: true, From: first.From, Timestamp: first.Timestamp, Content: first.Content}})
	b.want("messages", b.texts(number("5521988887777")), []string{"um", "dois", "um"})
	b.want("unread, answered", b.list()[0].Unread, 0)
	third := b.says("três", number("5521988887777"))
	b.take(b.Service, third)
	typed := providers.SentHere{Message: providers.MessageReceived{ID: first.ID, FromPhone: true, From: first.From, Timestamp: first.Timestamp, Content: first.Content}}
	b.take(b.open(100), first, typed)
	b.want("messages, by another server", b.texts(number("5521988887777")), []string{"três", "um", "dois", "um"})
	b.want("unread, by another server", b.list()[0].Unread, 1)
}

// A chat keeps the newest of its messages, also of those in one second.
func TestAChatKeepsItsNewest(t *testing.T) {
	t.Parallel()
	b := newBench(t, 4)
	person := number("5521988887777")
	var want []string
	for i := range 30 {
		text := fmt.Sprint("mensagem ", i)
		b.take(b.Service, b.says(text, person))
		want = append([]string{text}, want...)
	}
	if err := b.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.want("kept", b.texts(person), want[:4])
	last, err := b.Newest(t.Context(), b.list())
	if err != nil || len(last) != 1 || last[b.list()[0].ID].Content.Text != want[0] {
		t.Errorf("the newest is %v, %v", last, err)
	}
	b.most = 2
	for i := range 4 {
		b.take(b.Service, b.says("oi", number(fmt.Sprint("552197000000", i))))
	}
	b.walked = ""
	if err := b.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, chat := range b.list() {
		left = append(left, chat.Phone)
	}
	b.want("chats", left, []string{"5521970000003", "5521970000002"})
	delete(b.house.channels, b.channel.ID)
	b.walked = ""
	if err := b.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := b.messages.CountDocuments(t.Context(), bson.D{})
	if err != nil || rows != 0 || len(b.list()) != 0 {
		t.Errorf("of a channel that is gone %d messages are kept, %v", rows, err)
	}
}

// A message is edited by who wrote it, and deleted by them or in a group by an
// admin.
func TestOthersMessagesAreNotChanged(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana, rui, room := number("5521988887777"), number("5521911112222"), group("1203634")
	direct, inRoom := b.says("direto", ana), b.says("na sala", ana)
	inRoom.Group = &providers.Group{Address: room}
	b.take(b.Service, direct, inRoom)
	edit := func(target ids.ProviderMessage, by providers.By) providers.MessageEdited {
		return providers.MessageEdited{Target: target, By: by, Timestamp: b.at, Content: providers.Content{Type: providers.TypeText, Text: "outro"}}
	}
	by := func(who providers.Address, in providers.Address) providers.By {
		return providers.By{Addresses: []providers.Address{who}, Group: in}
	}
	b.take(b.Service, edit(direct.ID, by(rui, providers.Address{})), edit(inRoom.ID, by(rui, room)), edit(inRoom.ID, by(ana, group("999"))),
		providers.MessageRevoked{Target: direct.ID, By: by(rui, providers.Address{})}, providers.MessageRevoked{Target: inRoom.ID, By: by(ana, group("999"))})
	b.want("direct", b.texts(ana), []string{"direto"})
	b.want("in the room", b.texts(room), []string{"na sala"})
	b.take(b.Service, edit(direct.ID, by(ana, providers.Address{})), edit(inRoom.ID, by(ana, room)))
	b.want("direct, by its author", b.texts(ana), []string{"outro"})
	b.want("in the room, by its author", b.texts(room), []string{"outro"})
	b.take(b.Service, providers.MessageRevoked{Target: inRoom.ID, By: by(rui, room), Timestamp: b.at}, providers.MessageRevoked{Target: direct.ID, By: by(ana, providers.Address{})})
	b.want("deleted", slices.Concat(b.texts(ana), b.texts(room)), []string{"", ""})
}

// Of who is ignored nothing is kept, whoever tells of them.
func TestWhoIsIgnoredHasNoChat(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana := number("5521988887777")
	b.house.ignored[b.channel.ID] = []string{ana.Key()}
	told := []providers.ChatMessage{{Message: b.says("antes", ana)}}
	b.take(b.Service, b.says("oi", ana), providers.ChatsSynced{Chats: []providers.Chat{{Addresses: []providers.Address{ana}, Messages: told}}})
	if rows, err := b.Add(t.Context(), b.channel, With(b.channel.ID, ana), 0, told); err != nil || len(rows) != 1 {
		t.Errorf("told: %v, %v", rows, err)
	}
	b.want("chats", len(b.list()), 0)
	b.want("messages", b.texts(ana), []string{})
}

// What somebody wrote before they were ignored is not changed to what they say
// since; it may be taken back.
func TestWhoIsIgnoredEditsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana := number("5521988887777")
	said := b.says("antes", ana)
	by := providers.By{Addresses: []providers.Address{ana}}
	b.take(b.Service, said)
	b.house.ignored[b.channel.ID] = []string{ana.Key()}
	b.take(b.Service, providers.MessageEdited{Target: said.ID, By: by, Timestamp: b.at, Content: providers.Content{Type: providers.TypeText, Text: "depois"}})
	b.want("edited", b.texts(ana), []string{"antes"})
	b.take(b.Service, providers.MessageRevoked{Target: said.ID, By: by, Timestamp: b.at})
	b.want("taken back", b.texts(ana), []string{""})
}

// What a phone tells of the unread does not undo what was heard since.
func TestAHistoryIsNotNews(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana, room, unread := number("5521988887777"), group("1203634"), 7
	before := b.says("antes", ana)
	b.at = b.at.Add(time.Minute)
	b.take(b.Service, providers.GroupSynced{Group: providers.Group{Address: room, Name: "Sala"}}, b.says("depois", ana))
	b.take(b.Service, providers.ChatsSynced{Chats: []providers.Chat{
		{Addresses: []providers.Address{ana}, Unread: &unread, Archived: providers.Bool(true), Messages: []providers.ChatMessage{{Message: before}}},
		{Addresses: []providers.Address{room}, Unread: &unread, LastMessageAt: b.at}, {Addresses: []providers.Address{number("5521911112222")}, Unread: &unread},
	}})
	counts := map[string]int64{}
	for _, chat := range b.list() {
		counts[chat.Key] = chat.Unread
	}
	b.want("unread", counts, map[string]int64{ana.Key(): 1, room.Key(): 7, "phone:5521911112222": 7})
	b.want("messages", b.texts(ana), []string{"depois", "antes"})
}

func TestOrders(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_700_000_000, 0)
	orders := []int64{
		orderOf(at.Add(-time.Second), at.Add(time.Hour*24*365)), orderTold(at, told), orderTold(at, 500), orderTold(at, 0), orderOf(at, at.Add(-time.Second)),
		orderOf(at, at.Add(time.Second)), orderOf(at, at.Add(time.Second+5*time.Millisecond)), orderOf(at, at.Add(24*time.Hour)), orderTold(at.Add(time.Second), told),
		orderOf(at.Add(time.Second), at),
	}
	if !slices.IsSorted(orders) || len(slices.Compact(slices.Clone(orders))) != len(orders) {
		t.Errorf("the orders are %v", orders)
	}
}

// fromHistory is a history in which a phone tells of one chat, newest first.
func fromHistory(with providers.Address, newestFirst ...providers.MessageReceived) providers.ChatsSynced {
	chat := providers.Chat{Addresses: []providers.Address{with}, Name: "Ana Maria"}
	for _, m := range newestFirst {
		chat.Messages = append(chat.Messages, providers.ChatMessage{Message: m})
	}
	return providers.ChatsSynced{Chats: []providers.Chat{chat}}
}

// What was erased does not come back when it comes again: not by a redelivery to
// another server, which knows nothing of it, nor by a history, and what is older
// in that neither. Who writes anew has a new chat, with only that in it.
func TestWhatWasErasedDoesNotComeBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana, rui, room := number("5521988887777"), number("5521911112222"), group("1203634")
	older, first, second := b.says("mais antes", ana), b.says("um", ana), b.says("dois", ana)
	answer := b.says("resposta", ana)
	answer.FromPhone = true
	inRoom, quoting := b.says("de Ana", ana), b.says("de Rui", rui)
	inRoom.Group, quoting.Group = &providers.Group{Address: room}, &providers.Group{Address: room}
	quoting.Quote = &providers.Quote{ID: inRoom.ID, Author: ana, Text: "de Ana"}
	b.take(b.Service, first, second, answer, inRoom, quoting)
	b.must(b.Erase(t.Context(), b.channel.ID, []providers.Address{ana}))
	b.must(b.Forget(t.Context(), b.channel.ID)) // its device is linked anew
	restarted := b.open(100)
	b.take(restarted, second)
	b.take(restarted, answer, inRoom, first)
	b.take(b.open(100), fromHistory(ana, answer, second, first, older), fromHistory(room, quoting, inRoom))
	self := providers.By{}
	b.take(restarted, providers.MessageEdited{Target: answer.ID, FromPhone: true, By: self, Timestamp: b.at, Content: answer.Content},
		providers.ChatChanged{Revoked: answer.ID}, providers.ChatChanged{Removed: answer.ID, RemovedOwn: true})
	b.take(restarted, answer)
	b.want("hers", b.texts(ana), []string{})
	b.want("in the room", b.texts(room), []string{"de Rui"})
	b.want("chats", len(b.list()), 1)
	rows, err := b.messages.CountDocuments(t.Context(), bson.D{{Key: "content", Value: bson.D{{Key: "$exists", Value: true}}}})
	b.must(err)
	b.want("messages", rows, 1)
	quotes, err := b.messages.CountDocuments(t.Context(), bson.D{{Key: "quotedMessage", Value: bson.D{{Key: "$exists", Value: true}}}})
	b.must(err)
	b.want("quotes of her", quotes, 0)
	if kept, err := b.Add(t.Context(), b.channel, With(b.channel.ID, ana), 0, fromHistory(ana, first, older).Chats[0].Messages); err != nil || len(kept) != 2 {
		t.Errorf("told: %v, %v", kept, err)
	}
	b.want("hers, asked for", b.texts(ana), []string{})
	anew := b.says("voltei", ana)
	b.take(restarted, anew)
	b.take(restarted, fromHistory(ana, anew, answer, second, first, older))
	b.want("hers, anew", b.texts(ana), []string{"voltei"})
}

// What another room knows to be erased does not come in, whether it was here or
// not, and neither does its chat.
func TestWhatWasErasedElsewhereDoesNotComeIn(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana := number("5521988887777")
	here, never := b.says("um", ana), b.says("dois", ana)
	b.take(b.Service, here)
	for range 2 {
		b.must(b.Erased(t.Context(), b.channel.ID, []messages.ErasedMessage{{ID: here.ID}, {ID: never.ID}}))
	}
	b.want("here", b.texts(ana), []string{})
	b.must(b.Erase(t.Context(), b.channel.ID, []providers.Address{ana}))
	b.take(b.open(100), here, never)
	b.want("chats", len(b.list()), 0)
	b.want("messages", b.texts(ana), []string{})
	b.must(b.Drop(t.Context(), b.channel.ID))
	left, err := b.Service.messages.CountDocuments(t.Context(), bson.D{})
	b.must(err)
	b.want("rows of a channel that is gone", left, 0)
}
