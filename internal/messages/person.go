package messages

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// traceFor is how long an erased message's id stays, and nothing else of it: a
// provider redelivers for seven days and would bring the person back.
const traceFor = 8 * 24 * time.Hour

// erasedName stands where the name of an erased person stood.
const erasedName = "erased"

// eraseStep is how many messages are erased at once.
const eraseStep = 500

// Erase deletes a person's messages and their files, what the person wrote in
// groups, and the person's reactions there.
func (s *Service) Erase(ctx context.Context, p contacts.Person) (contacts.Erased, error) {
	var total contacts.Erased
	// What is shown without being read may be of the person, in a group; also what
	// was committed before this and is remembered meanwhile.
	s.group.memory.fresh.Purge()
	defer s.group.memory.fresh.Purge()
	if err := s.forgetWaiting(ctx, p); err != nil {
		return total, err
	}
	if err := s.forgetPassing(ctx, p); err != nil {
		return total, err
	}
	own, err := s.ownSessions(ctx, p)
	if err != nil {
		return total, err
	}
	for _, session := range own {
		erased, err := s.eraseWhere(ctx, p.Channel, session)
		total.Add(erased)
		if err != nil {
			return total, err
		}
	}
	names := p.Printed()
	if len(names) == 0 {
		return total, nil
	}
	erased, err := s.eraseAuthor(ctx, p.Channel, names)
	total.Add(erased)
	return total, err
}

func (s *Service) ownSessions(ctx context.Context, p contacts.Person) ([]ids.Session, error) {
	var own []ids.Session
	type row struct {
		ID ids.Session `bson:"_id"`
	}
	err := each(ctx, s.store.sessions, bson.A{bson.D{{Key: "contactId", Value: bson.D{{Key: "$in", Value: p.Family}}}}}, bson.D{{Key: "_id", Value: 1}},
		func(r row) { own = append(own, r.ID) })
	return own, err
}

// ErasedMessage names a message of a channel that is being erased.
type ErasedMessage struct {
	ID     ids.ProviderMessage
	FromMe bool // it is one of the channel's own number
}

// OnErased registers who is told of messages, some at a time, before they are
// erased. What it answers with an error is not erased yet. It is for the start.
func (s *Service) OnErased(hook func(ctx context.Context, channel ids.Channel, gone []ErasedMessage) error) {
	s.erased = hook
}

// tellErased tells whoever wants to know which messages are being erased.
func (s *Service) tellErased(ctx context.Context, channel ids.Channel, rows []Message) error {
	if s.erased == nil {
		return nil
	}
	gone := make([]ErasedMessage, 0, len(rows))
	for _, row := range rows {
		if row.ProviderID != "" {
			gone = append(gone, ErasedMessage{ID: row.ProviderID, FromMe: row.Direction == Outbound})
		}
	}
	return s.erased(ctx, channel, gone)
}

// eraseWhere leaves of each message only what tells its redelivery.
func (s *Service) eraseWhere(ctx context.Context, channel ids.Channel, session ids.Session) (contacts.Erased, error) {
	var total contacts.Erased
	for {
		rows, err := s.some(ctx, bson.D{{Key: "channelId", Value: channel}, {Key: "sessionId", Value: session}})
		if err != nil || len(rows) == 0 {
			return total, err
		}
		if err := s.tellErased(ctx, channel, rows); err != nil {
			return total, err
		}
		for _, row := range rows {
			if err := s.cutLoose(ctx, row, &total, s.leaveTrace); err != nil {
				return total, err
			}
		}
	}
}

func (s *Service) some(ctx context.Context, filter bson.D) ([]Message, error) {
	cursor, err := s.store.messages.Find(ctx, filter, options.Find().SetLimit(eraseStep).SetProjection(messageFields))
	if err != nil {
		return nil, err
	}
	var rows []Message
	err = mongodb.All(ctx, cursor, &rows)
	return rows, err
}

// cutLoose deletes what hangs on a message, erases it, and counts that. One whose
// file has come since it was read is left for the next time.
func (s *Service) cutLoose(ctx context.Context, row Message, total *contacts.Erased, erase func(context.Context, Message) (int64, error)) error {
	files, err := s.dropFile(ctx, row)
	if err != nil {
		return err
	}
	total.Media += files
	if err := s.forgetReferences(ctx, row); err != nil {
		return err
	}
	erased, err := erase(ctx, row)
	total.Messages += erased
	return err
}

// withFile finds a message as long as its file is the one that was read.
func withFile(row Message) bson.D {
	file := bson.A{nil, ids.Media{}}
	if row.Media != nil && !row.Media.ID.IsZero() {
		file = bson.A{row.Media.ID}
	}
	return bson.D{{Key: "_id", Value: row.ID}, {Key: "channelId", Value: row.Channel}, {Key: "media.id", Value: bson.D{{Key: "$in", Value: file}}}}
}

// dropFile deletes a message's file, unless a caller uploaded it: that one is
// the caller's.
func (s *Service) dropFile(ctx context.Context, row Message) (int64, error) {
	if row.Media == nil || row.Media.ID.IsZero() {
		return 0, nil
	}
	removed, err := s.files.Release(ctx, row.Media.ID)
	if err != nil {
		return 0, fmt.Errorf("delete the file of message %s: %w", row.ID, err)
	}
	if removed {
		return 1, nil
	}
	return 0, nil
}

// forgetReferences takes a message's provider id, which may hold the person's
// number, and its quoted words out of the messages of others that name it.
func (s *Service) forgetReferences(ctx context.Context, row Message) error {
	if row.ProviderID == "" {
		return nil
	}
	names := []string{ofMessage(row.ProviderID)}
	return s.changeMentioning(ctx, row.Channel, names, "message "+row.ID.String(), map[string]bson.E{
		"quotedMessage.id": {Key: "$unset", Value: bson.D{{Key: "quotedMessage", Value: ""}}},
		"content.target":   {Key: "$set", Value: bson.D{{Key: "content.target", Value: erasedName}}},
	}, row.ProviderID)
}

// changeMentioning changes, where one of the fields has one of the values, the
// messages with these mentions, and takes the mentions off.
func (s *Service) changeMentioning(ctx context.Context, channel ids.Channel, names []string, what string, changes map[string]bson.E, values ...any) error {
	err := s.store.messages.FindOne(ctx, mentioning(channel, names), options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	}
	changed := bson.E{Key: "$inc", Value: bson.D{{Key: "rev", Value: 1}}}
	for field, change := range changes {
		if err == nil {
			_, err = s.store.messages.UpdateMany(ctx, mentioning(channel, names, bson.E{Key: field, Value: bson.D{{Key: "$in", Value: values}}}), bson.D{change, changed})
		}
	}
	if err == nil {
		_, err = s.store.messages.UpdateMany(ctx, mentioning(channel, names), bson.D{unmention(names), changed})
	}
	if err != nil {
		return fmt.Errorf("forget who named %s: %w", what, err)
	}
	return nil
}

// leaveTrace leaves of a message what tells its redelivery, and of one to the
// person also where the provider gave it no id yet: its statuses name ours. It
// tells whether it did: 1 or 0.
func (s *Service) leaveTrace(ctx context.Context, row Message) (int64, error) {
	keyed := len(row.DedupeKey.Data) > 0
	if !keyed && row.Direction != Outbound {
		res, err := s.store.messages.DeleteOne(ctx, withFile(row))
		if err != nil {
			return 0, err
		}
		return res.DeletedCount, nil
	}
	trace := bson.D{{Key: "_id", Value: row.ID}, {Key: "channelId", Value: row.Channel}, {Key: "expiresAt", Value: s.now().Add(traceFor)}}
	if keyed {
		trace = append(trace, bson.E{Key: "dedupeKey", Value: row.DedupeKey})
	}
	res, err := s.store.messages.ReplaceOne(ctx, withFile(row), trace)
	if err != nil {
		return 0, err
	}
	return res.MatchedCount, nil
}

// eraseAuthor empties what a person wrote in groups; the message stays in its
// place, so that the group's numbers have no gap.
func (s *Service) eraseAuthor(ctx context.Context, channel ids.Channel, names []string) (contacts.Erased, error) {
	var total contacts.Erased
	persons := make([]string, 0, len(names))
	for _, name := range names {
		persons = append(persons, byPerson(name))
	}
	wrote := mentioning(channel, persons, bson.E{Key: "author.id", Value: bson.D{{Key: "$in", Value: names}}})
	for {
		rows, err := s.some(ctx, wrote)
		if err != nil {
			return total, err
		}
		if len(rows) == 0 {
			return total, s.eraseMentions(ctx, channel, persons, names)
		}
		if err := s.tellErased(ctx, channel, rows); err != nil {
			return total, err
		}
		for _, row := range rows {
			if err := s.cutLoose(ctx, row, &total, s.leavePlace); err != nil {
				return total, err
			}
		}
	}
}

// leavePlace empties a message, and tells whether it did: 1 or 0.
func (s *Service) leavePlace(ctx context.Context, row Message) (int64, error) {
	res, err := s.store.messages.UpdateOne(ctx, withFile(row), bson.D{
		{Key: "$set", Value: bson.D{{Key: "author", Value: Author{ID: erasedName}}, {Key: "content", Value: bson.D{{Key: "type", Value: "unsupported"}, {Key: "kind", Value: erasedName}}}}},
		{Key: "$unset", Value: bson.D{{Key: "media", Value: ""}, {Key: "edits", Value: ""}, {Key: "quotedMessage", Value: ""}, {Key: "providerId", Value: ""}}},
		{Key: "$inc", Value: bson.D{{Key: "rev", Value: 1}}},
	})
	if err != nil {
		return 0, err
	}
	return res.MatchedCount, nil
}

// eraseMentions takes a person out of what others wrote: as the author of a
// quote, and of a reaction.
func (s *Service) eraseMentions(ctx context.Context, channel ids.Channel, persons, names []string) error {
	values := make([]any, 0, len(names))
	for _, name := range names {
		values = append(values, name)
	}
	return s.changeMentioning(ctx, channel, persons, "an erased person", map[string]bson.E{
		"quotedMessage.author.value": {Key: "$unset", Value: bson.D{{Key: "quotedMessage", Value: ""}}},
		"reactions.author.id":        {Key: "$pull", Value: bson.D{{Key: "reactions", Value: bson.D{{Key: "author.id", Value: bson.D{{Key: "$in", Value: names}}}}}}},
	}, values...)
}

// Export hands out a person's messages, session by session, and what the
// person wrote in groups.
func (s *Service) Export(ctx context.Context, p contacts.Person, emit func(section string, item any) error) error {
	own, err := s.ownSessions(ctx, p)
	if err != nil {
		return err
	}
	var filters, sorts []bson.D
	for _, session := range own {
		filters = append(filters, bson.D{{Key: "channelId", Value: p.Channel}, {Key: "sessionId", Value: session}})
		sorts = append(sorts, bson.D{{Key: "sequence", Value: 1}})
	}
	for _, name := range p.Printed() {
		filters = append(filters, bson.D{{Key: "channelId", Value: p.Channel}, {Key: "mentions", Value: byPerson(name)}, {Key: "author.id", Value: name}})
		sorts = append(sorts, bson.D{{Key: "_id", Value: 1}})
	}
	for i, filter := range filters {
		if err := s.exportWhere(ctx, filter, sorts[i], emit); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) exportWhere(ctx context.Context, filter, sort bson.D, emit func(section string, item any) error) error {
	cursor, err := s.store.messages.Find(ctx, filter, options.Find().SetSort(sort))
	if err != nil {
		return err
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }() // who asked may have hung up
	for cursor.Next(ctx) {
		var row Message
		if err := cursor.Decode(&row); err != nil {
			return err
		}
		if err := emit("messages", s.View(row)); err != nil {
			return err
		}
	}
	return cursor.Err()
}
