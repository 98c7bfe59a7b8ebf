package messages

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
)

// A message names persons beside its contact (who wrote it in a group, reacted
// to it, or is quoted by it) and other messages (the one that it quotes or is
// about). All of them stand in one field, so that one index finds them when a
// person is erased: every index more slows each write of a message.

// byPerson is how a message's mentions name a person, as printed.
func byPerson(id string) string { return "by:" + id }

// ofMessage is how a message's mentions name another message.
func ofMessage(id ids.ProviderMessage) string { return "of:" + string(id) }

// named gives what a message that is about to be stored names.
func (m *Message) named() []string {
	var all []string
	if m.Author != nil {
		all = append(all, byPerson(m.Author.ID))
	}
	if m.Quote != nil {
		all = append(all, ofMessage(m.Quote.ID))
		if !m.Quote.Author.IsZero() {
			all = append(all, byPerson(m.Quote.Author.Value))
		}
	}
	if m.Content.Target != "" {
		all = append(all, ofMessage(m.Content.Target))
	}
	return all
}

// mention notes a person that an existing message names from now on.
func (b *batch) mention(plan *messagePlan, id string) {
	if id == fromSelf || slices.Contains(plan.row.Mentions, byPerson(id)) {
		return
	}
	plan.row.Mentions = append(slices.Clone(plan.row.Mentions), byPerson(id))
	b.update(plan, "mentions", plan.row.Mentions)
}

// mentioning finds the messages of a channel that name any of these, and are
// like that.
func mentioning(channel ids.Channel, names []string, more ...bson.E) bson.D {
	return append(bson.D{{Key: "channelId", Value: channel}, {Key: "mentions", Value: bson.D{{Key: "$in", Value: names}}}}, more...)
}

// unmention takes names off a message.
func unmention(names []string) bson.E {
	return bson.E{Key: "$pull", Value: bson.D{{Key: "mentions", Value: bson.D{{Key: "$in", Value: names}}}}}
}
