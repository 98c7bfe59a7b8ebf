package chats

import (
	"bytes"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// plan is what a batch writes.
type plan struct {
	chats    map[string]*chatPlan // by id
	order    []*chatPlan
	messages []mongo.WriteModel
	changes  []mongo.WriteModel // of chats, behind what was said in them
	after    []removal
	fresh    []Message // that messages adds, unless they are there
	known    func(Message) bool
}

// chatPlan is what was said in one chat.
type chatPlan struct {
	channel  ids.Channel
	who      who
	last     last
	unread   int64
	read     bool // unread counts from 0
	pushName string
	name     *string
	first    bson.D // only of a chat that is new
}

// removal is what goes once the rest is written.
type removal struct {
	channel ids.Channel
	keys    []string // of the chat
	until   time.Time
	chat    bool        // the chat goes, too
	message bson.Binary // only this
}

func newPlan(known func(Message) bool) *plan {
	return &plan{chats: map[string]*chatPlan{}, known: known}
}

// chat gives the plan of a chat.
func (p *plan) chat(channel ids.Channel, in who) *chatPlan {
	id := chatID(channel, in.key())
	one := p.chats[id]
	if one == nil {
		one = &chatPlan{channel: channel, who: in, last: last{At: time.Unix(0, 0).UTC(), ID: nobody(channel)}}
		p.chats[id] = one
		p.order = append(p.order, one)
	}
	if one.who.lid.IsZero() {
		one.who.lid = in.lid
	}
	return one
}

// add plans one delivery.
func (p *plan) add(in providers.Inbound, markRead bool) {
	switch payload := in.Payload.(type) {
	case providers.MessageReceived:
		p.message(in, payload, markRead)
	case providers.SentHere:
		p.message(in, payload.Message, markRead)
	case providers.MessageEdited:
		p.edit(in, payload)
	case providers.MessageRevoked:
		p.revoke(in, payload)
	case providers.GroupSynced:
		if name := payload.Group.Name; name != "" {
			p.chat(in.Channel, who{group: payload.Group.Address}).name = &name
		}
	case providers.ChatChanged:
		p.change(in, payload)
	}
}

func (p *plan) message(in providers.Inbound, m providers.MessageReceived, markRead bool) {
	row, of, ok := messageOf(in.Channel, m, "", in.ReceivedAt)
	if !ok || p.known(row) || slices.ContainsFunc(p.fresh, func(other Message) bool { return bytes.Equal(other.ID.Data, row.ID.Data) }) {
		return
	}
	p.messages = append(p.messages, adding(row))
	p.fresh = append(p.fresh, row)
	chat := p.chat(in.Channel, of)
	if m.Content.Type == providers.TypeReaction {
		return // as phones have it: it is no news of the chat
	}
	if next := row.asLast(); next.after(chat.last) {
		chat.last = next
	}
	if m.FromPhone || markRead {
		chat.read, chat.unread = true, 0
	} else {
		chat.unread++
	}
	if m.Group == nil && m.From.Name != "" {
		chat.pushName = m.From.Name
	}
}

// after tells whether this one is the later.
func (l last) after(other last) bool { return l.Order > other.Order }

func (m *Message) asLast() last { return last{Order: m.Order, At: m.Timestamp, ID: m.ID} }

// adding adds a message that is not there.
func adding(row Message) mongo.WriteModel {
	return mongo.NewUpdateOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: row.ID}}).
		SetUpdate(bson.D{{Key: "$setOnInsert", Value: row}})
}

// edit replaces what a message says, unless its edit was made by somebody else
// than its author.
func (p *plan) edit(in providers.Inbound, edit providers.MessageEdited) {
	at := orNow(edit.Timestamp, in.ReceivedAt)
	filter := append(target(in.Channel, edit.Target, edit.FromPhone, edit.By, "by:"),
		bson.E{Key: "revokedAt", Value: absent}, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "editedAt", Value: absent}}, bson.D{{Key: "editedAt", Value: bson.D{{Key: "$lte", Value: at}}}},
		}})
	p.messages = append(p.messages, mongo.NewUpdateOneModel().SetFilter(filter).
		SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "content", Value: edit.Content}, {Key: "editedAt", Value: at}}}}))
}

var absent = bson.D{{Key: "$exists", Value: false}}

// revoke empties a message, as phones do.
func (p *plan) revoke(in providers.Inbound, revoke providers.MessageRevoked) {
	p.messages = append(p.messages, revoking(target(in.Channel, revoke.Target, revoke.FromPhone, revoke.By, ""), orNow(revoke.Timestamp, in.ReceivedAt)))
}

// kindRevoked is what a message is that was deleted for everyone.
const kindRevoked = "revoked"

func revoking(filter bson.D, at time.Time) mongo.WriteModel {
	return mongo.NewUpdateOneModel().SetFilter(append(filter, bson.E{Key: "revokedAt", Value: absent})).SetUpdate(bson.D{
		{Key: "$set", Value: bson.D{{Key: "content", Value: providers.Content{Type: providers.TypeUnsupported, Kind: kindRevoked}}, {Key: "revokedAt", Value: at}}},
		{Key: "$unset", Value: bson.D{{Key: "mimetype", Value: ""}, {Key: "fileName", Value: ""}, {Key: "quotedMessage", Value: ""}}},
	})
}

// target finds an earlier message where whoever did something to it might. In a
// group, author is the mark of its author among the people of a message; empty:
// an admin may, too.
func target(channel ids.Channel, id ids.ProviderMessage, fromMe bool, by providers.By, author string) bson.D {
	filter := bson.D{{Key: "_id", Value: messageID(channel, fromMe, id)}}
	keys := keysOf(by.Addresses)
	switch {
	case len(keys) == 0: // the number itself
		return filter
	case by.Group.IsZero():
		return append(filter, bson.E{Key: "chat", Value: bson.D{{Key: "$in", Value: keys}}}, bson.E{Key: "fromMe", Value: absent})
	}
	filter = append(filter, bson.E{Key: "chat", Value: by.Group.Key()})
	if author != "" {
		filter = append(filter, bson.E{Key: "people", Value: bson.D{{Key: "$in", Value: prefixed(author, keys)}}})
	}
	return filter
}

// change does what a person did on the phone. A chat that is not known is left
// so: there is nothing to show of it.
func (p *plan) change(in providers.Inbound, c providers.ChatChanged) {
	of, at := whoOf(c.Addresses), orNow(c.Timestamp, in.ReceivedAt)
	if c.Revoked != "" {
		p.messages = append(p.messages, revoking(bson.D{{Key: "_id", Value: messageID(in.Channel, true, c.Revoked)}}, at))
	}
	if c.Removed != "" {
		p.after = append(p.after, removal{channel: in.Channel, message: messageID(in.Channel, c.RemovedOwn, c.Removed)})
	}
	if of.key() == "" {
		return
	}
	if c.Cleared || c.Deleted {
		p.after = append(p.after, removal{channel: in.Channel, keys: of.keys(), until: at, chat: c.Deleted})
	}
	set, unset := bson.D{}, bson.D{}
	put := func(field string, value any, there bool) {
		if there {
			set = append(set, bson.E{Key: field, Value: value})
		} else {
			unset = append(unset, bson.E{Key: field, Value: ""})
		}
	}
	if c.Name != nil {
		put("name", *c.Name, *c.Name != "")
	}
	if c.Archived != nil {
		put("archived", true, *c.Archived)
	}
	if c.Pinned != nil {
		put("pinned", true, *c.Pinned)
	}
	if c.MutedUntil != nil {
		put("mutedUntil", *c.MutedUntil, !c.MutedUntil.IsZero())
	}
	if c.Read != nil {
		put("markedUnread", true, !*c.Read)
	}
	if c.Read != nil && *c.Read || c.Cleared {
		set = append(set, bson.E{Key: "unread", Value: int64(0)})
	}
	update := bson.D{}
	if len(set) > 0 {
		update = append(update, bson.E{Key: "$set", Value: set})
	}
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	if len(update) > 0 {
		p.changes = append(p.changes, mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: chatID(in.Channel, of.key())}}).SetUpdate(update))
	}
}

func orNow(at, now time.Time) time.Time {
	if at.IsZero() {
		return now
	}
	return at
}

// models are the writes of the plan's chats.
func (p *plan) models() []mongo.WriteModel {
	models := make([]mongo.WriteModel, 0, len(p.order)+len(p.changes))
	for _, one := range p.order {
		models = append(models, one.model(nil))
	}
	return append(models, p.changes...)
}

// model makes the chat, or brings it up to date; more is set beside.
func (c *chatPlan) model(more bson.D) mongo.WriteModel {
	set := append(bson.D{}, more...)
	for _, field := range []struct{ name, value string }{
		{"group", c.who.group.Value}, {"phone", c.who.phone.Value}, {"lid", c.who.lid.Value}, {"pushName", c.pushName},
	} {
		if field.value != "" {
			set = append(set, bson.E{Key: field.name, Value: field.value})
		}
	}
	if c.name != nil && *c.name != "" {
		set = append(set, bson.E{Key: "name", Value: *c.name})
	}
	update := bson.D{
		{Key: "$setOnInsert", Value: append(bson.D{{Key: "channelId", Value: c.channel}, {Key: "key", Value: c.who.key()}}, c.first...)},
		{Key: "$max", Value: bson.D{{Key: "last", Value: c.last}}},
	}
	if c.read {
		set = append(set, bson.E{Key: "unread", Value: c.unread})
		update = append(update, bson.E{Key: "$unset", Value: bson.D{{Key: "markedUnread", Value: ""}}})
	} else if c.unread > 0 || more == nil {
		update = append(update, bson.E{Key: "$inc", Value: bson.D{{Key: "unread", Value: c.unread}}})
	}
	update = append(update, bson.E{Key: "$set", Value: set})
	return mongo.NewUpdateOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: chatID(c.channel, c.who.key())}}).SetUpdate(update)
}
