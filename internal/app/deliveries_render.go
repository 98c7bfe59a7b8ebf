package app

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// lastMessages is how many messages of a session go with its transfer.
const lastMessages = 20

// subjects reads what events speak of: a query a kind, for all events of a
// batch.
type subjects struct {
	db       *mongo.Database
	messages *messages.Service
	sessions *sessions.Service
	channels *channels.Service
}

// Read implements events.Reader.
func (s subjects) Read(ctx context.Context, account ids.Account, wanted events.Wanted) (events.Subjects, error) {
	found := events.Subjects{Messages: map[ids.Message]any{}, Sessions: map[ids.Session]any{}, Last: map[ids.Session]any{}, Codes: map[ids.Channel]string{}}
	for _, channel := range wanted.Codes {
		pairing, _, err := s.channels.Pairing(ctx, channel)
		if err != nil {
			return found, err
		}
		found.Codes[channel] = pairing.QR
	}
	var err error
	if found.Contacts, err = s.contacts(ctx, account, wanted.Contacts); err != nil {
		return found, err
	}
	unread := wanted.Messages
	for _, id := range wanted.Received {
		if row, there := s.messages.Fresh(account, id); there {
			found.Messages[id] = s.messages.View(row)
		} else {
			unread = append(unread, id)
		}
	}
	rows, err := byID[messages.Message](ctx, s.db, messages.Collection, account, unread)
	if err != nil {
		return found, err
	}
	for _, row := range rows {
		found.Messages[row.ID] = s.messages.View(row)
	}
	talks, err := byID[sessions.Session](ctx, s.db, sessions.Collection, account, wanted.Sessions)
	if err != nil {
		return found, err
	}
	views, err := s.sessions.Views(ctx, talks...)
	if err != nil {
		return found, err
	}
	for _, view := range views {
		found.Sessions[view.ID] = view
	}
	for _, talk := range talks {
		if slices.Contains(wanted.Last, talk.ID) {
			if found.Last[talk.ID], err = s.last(ctx, talk); err != nil {
				return found, err
			}
		}
	}
	return found, nil
}

// contacts gives the live ones; one that was merged stands for its survivor.
func (s subjects) contacts(ctx context.Context, account ids.Account, wanted []ids.Contact) (map[ids.Contact]any, error) {
	found := map[ids.Contact]any{}
	rows, err := byID[contacts.Contact](ctx, s.db, contacts.Collection, account, wanted)
	if err != nil {
		return nil, err
	}
	merged := map[ids.Contact][]ids.Contact{} // by their survivor
	for _, row := range rows {
		switch row.Condition {
		case contacts.Live:
			found[row.ID] = row.View()
		case contacts.Merged:
			merged[row.MergedInto] = append(merged[row.MergedInto], row.ID)
		}
	}
	survivors := make([]ids.Contact, 0, len(merged))
	for id := range merged {
		survivors = append(survivors, id)
	}
	rows, err = byID[contacts.Contact](ctx, s.db, contacts.Collection, account, survivors)
	for _, row := range rows {
		for _, id := range merged[row.ID] {
			if row.Condition == contacts.Live {
				found[id] = row.View()
			}
		}
	}
	return found, err
}

// last gives a session's last messages, the newest last.
func (s subjects) last(ctx context.Context, talk sessions.Session) ([]messages.View, error) {
	cursor, err := s.db.Collection(messages.Collection).Find(ctx, bson.D{{Key: "channelId", Value: talk.Channel}, {Key: "sessionId", Value: talk.ID}},
		options.Find().SetSort(bson.D{{Key: "sequence", Value: -1}}).SetLimit(lastMessages))
	if err != nil {
		return nil, err
	}
	var rows []messages.Message
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, err
	}
	slices.Reverse(rows)
	views := make([]messages.View, 0, len(rows))
	for _, row := range rows {
		views = append(views, s.messages.View(row))
	}
	return views, nil
}

// byID reads rows of an account; those that are not there are left out.
func byID[Row any, ID ~[12]byte](ctx context.Context, db *mongo.Database, collection string, account ids.Account, wanted []ID) ([]Row, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	cursor, err := db.Collection(collection).Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: wanted}}}, {Key: "accountId", Value: account}})
	if err != nil {
		return nil, err
	}
	var rows []Row
	err = mongodb.All(ctx, cursor, &rows)
	return rows, err
}

// answered is what platforms answered to events: a room like others when a
// person is erased.
type answered struct{ events *events.Service }

// Erase deletes what was told to the webhook of a number, or waits to be, and names
// the person, and the answers to events of the person and of others on its channel.
func (a answered) Erase(ctx context.Context, p contacts.Person) (contacts.Erased, error) {
	return contacts.Erased{}, a.events.Erase(ctx, p.Channel, contacts.KeysOf(p.Addresses), p.Family)
}

// Export hands out nothing: the answers are not about the person.
func (a answered) Export(context.Context, contacts.Person, func(string, any) error) error { return nil }
