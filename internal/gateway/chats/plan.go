package chats

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// plan is what a batch writes: its messages, then what is changed of messages,
// then its chats, and what goes behind all that.
type plan struct {
	chats    map[string]*chatPlan // by id
	order    []*chatPlan
	messages []mongo.WriteModel // that are added, unless they are there
	rows     []Message          // the same
	planned  map[string]bool    // the same, by id
	changes  []mongo.WriteModel // of messages
	after    []removal
	known    func(Message) bool
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
	return &plan{chats: map[string]*chatPlan{}, planned: map[string]bool{}, known: known}
}

// chat gives the plan of a chat, which is left alone where it is not there.
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

// begun gives the plan of a chat, which is made where it is not there.
func (p *plan) begun(channel ids.Channel, in who) *chatPlan {
	one := p.chat(channel, in)
	one.begins = true
	return one
}

// keep plans a message.
func (p *plan) keep(row Message) {
	p.messages, p.rows = append(p.messages, adding(row)), append(p.rows, row)
	p.planned[string(row.ID.Data)] = true
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
			p.begun(in.Channel, who{group: payload.Group.Address}).put("name", name)
		}
	case providers.ChatChanged:
		p.change(in, payload)
	}
}

func (p *plan) message(in providers.Inbound, m providers.MessageReceived, markRead bool) {
	row, of, ok := messageOf(in.Channel, m, "", in.ReceivedAt)
	if !ok || p.known(row) || p.planned[string(row.ID.Data)] {
		return
	}
	p.keep(row)
	chat := p.begun(in.Channel, of)
	chat.rows = append(chat.rows, row)
	if m.Content.Type == providers.TypeReaction {
		return // as phones have it: it is no news of the chat
	}
	if next := row.asLast(); next.after(chat.last) {
		chat.last = next
	}
	effect := oneMore
	if m.FromPhone || markRead {
		effect = allRead
	}
	chat.news = append(chat.news, news{message: string(row.ID.Data), effect: effect})
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
	p.changes = append(p.changes, mongo.NewUpdateOneModel().SetFilter(filter).
		SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "content", Value: edit.Content}, {Key: "editedAt", Value: at}}}}))
}

var absent = bson.D{{Key: "$exists", Value: false}}

// revoke empties a message, as phones do.
func (p *plan) revoke(in providers.Inbound, revoke providers.MessageRevoked) {
	p.changes = append(p.changes, revoking(target(in.Channel, revoke.Target, revoke.FromPhone, revoke.By, ""), orNow(revoke.Timestamp, in.ReceivedAt)))
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
	filter := bson.D{{Key: "_id", Value: messageID(channel, fromMe, id)}, present}
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
		p.changes = append(p.changes, revoking(target(in.Channel, c.Revoked, true, providers.By{}, ""), at))
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
	chat := p.chat(in.Channel, of)
	switch {
	case c.Cleared || c.Deleted || c.Read != nil && *c.Read:
		chat.news = append(chat.news, news{effect: allRead})
	case c.Read != nil:
		chat.news = append(chat.news, news{effect: marked})
	}
	if c.Name != nil {
		chat.putIf("name", *c.Name, *c.Name != "")
	}
	if c.Archived != nil {
		chat.putIf("archived", true, *c.Archived)
	}
	if c.Pinned != nil {
		chat.putIf("pinned", true, *c.Pinned)
	}
	if c.MutedUntil != nil {
		chat.putIf("mutedUntil", *c.MutedUntil, !c.MutedUntil.IsZero())
	}
}

func orNow(at, now time.Time) time.Time {
	if at.IsZero() {
		return now
	}
	return at
}
