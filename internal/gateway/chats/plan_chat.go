package chats

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
)

// chatPlan is what becomes of one chat, in one write.
type chatPlan struct {
	channel  ids.Channel
	who      who
	begins   bool // it is made, unless it is there
	last     last
	rows     []Message // that are said in it
	news     []news    // in the order in which they came
	settings bson.D    // a value of nil goes
	pushName string
	first    bson.D // only of a chat that is new
}

// news is what changes how many messages are unread.
type news struct {
	message string // by which it does, where that is new; empty: it was done on the phone
	effect  effect
}

type effect int

const (
	oneMore effect = iota // is unread
	allRead
	marked // as unread, by hand
)

// put sets a field, whatever was planned of it before.
func (c *chatPlan) put(field string, value any) {
	c.settings = append(slices.DeleteFunc(c.settings, func(e bson.E) bool { return e.Key == field }), bson.E{Key: field, Value: value})
}

// putIf sets a field, or lets it go.
func (c *chatPlan) putIf(field string, value any, there bool) {
	if !there {
		value = nil
	}
	c.put(field, value)
}

// heard plans how many messages are unread. What was no news does not count, nor
// does it make anything read.
func (c *chatPlan) heard(isNew func(message string) bool) (more int64, fromNone bool) {
	for _, one := range c.news {
		switch {
		case one.message != "" && !isNew(one.message):
		case one.effect == allRead:
			more, fromNone = 0, true
			c.put("markedUnread", nil)
		case one.effect == marked:
			c.put("markedUnread", true)
		default:
			more++
		}
	}
	return more, fromNone
}

// model makes the chat, or brings it up to date; nil: there is nothing to write.
func (c *chatPlan) model(isNew func(message string) bool) mongo.WriteModel {
	var set, unset, update bson.D
	more, fromNone := c.heard(isNew)
	if fromNone {
		set = append(set, bson.E{Key: "unread", Value: more})
	} else if more > 0 || c.begins && c.first == nil {
		update = append(update, bson.E{Key: "$inc", Value: bson.D{{Key: "unread", Value: more}}})
	}
	for _, one := range c.settings {
		if one.Value == nil {
			unset = append(unset, bson.E{Key: one.Key, Value: ""})
		} else {
			set = append(set, one)
		}
	}
	if c.begins {
		set = append(set, c.names()...)
		update = append(update,
			bson.E{Key: "$setOnInsert", Value: append(bson.D{{Key: "channelId", Value: c.channel}, {Key: "key", Value: c.who.key()}}, c.first...)},
			bson.E{Key: "$max", Value: bson.D{{Key: "last", Value: c.last}}})
	}
	if len(set) > 0 {
		update = append(update, bson.E{Key: "$set", Value: set})
	}
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	if len(update) == 0 {
		return nil
	}
	return mongo.NewUpdateOneModel().SetUpsert(c.begins).SetFilter(bson.D{{Key: "_id", Value: chatID(c.channel, c.who.key())}}).SetUpdate(update)
}

// names are whom the chat is with.
func (c *chatPlan) names() bson.D {
	var names bson.D
	for _, field := range []struct{ name, value string }{
		{"group", c.who.group.Value}, {"phone", c.who.phone.Value}, {"lid", c.who.lid.Value}, {"pushName", c.pushName},
	} {
		if field.value != "" {
			names = append(names, bson.E{Key: field.name, Value: field.value})
		}
	}
	return names
}
