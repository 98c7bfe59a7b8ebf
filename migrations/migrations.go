// Package migrations is the store's schema as numbered steps. Steps are only
// ever appended; a released one is never changed. Between two releases a step
// only expands: a server of the release before must go on working beside it.
package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// All lists every step there is, in order.
func All() []mongodb.Migration {
	return []mongodb.Migration{
		{Version: 1, Name: "conversations", Up: create(conversations)},
		{Version: 2, Name: "provisioning", Up: create(provisioning)},
		{Version: 3, Name: "files_and_answers", Up: create(filesAndAnswers)},
		{Version: 4, Name: "strays_and_redeliveries", Up: straysAndRedeliveries},
		{Version: 5, Name: "mentions", Up: mentions},
		{Version: 6, Name: "deliveries_and_positions", Up: deliveriesAndPositions},
		{Version: 7, Name: "event_batches", Up: eventBatches},
		{Version: 8, Name: "devices", Up: create(devices)},
		{Version: 9, Name: "connections", Up: makeConnections},
		{Version: 10, Name: "chats", Up: makeChats},
		{Version: 11, Name: "notices", Up: notices},
		{Version: 12, Name: "message_numbers", Up: messageNumbers},
		{Version: 13, Name: "traces", Up: create(traces)},
		{Version: 14, Name: "replays", Up: replays},
		{Version: 15, Name: "contact_names", Up: contactNames},
		{Version: 16, Name: "fleeting_events", Up: fleetingEvents},
		{Version: 17, Name: "contact_tags", Up: contactTags},
		{Version: 18, Name: "delivery_batches", Up: deliveryBatches},
	}
}

// mongoIndex is an index as the driver wants it.
type mongoIndex = mongo.IndexModel

// collection is one collection with what every row of it must have.
type collection struct {
	name     string
	required bson.D // field → BSON type; every row has it
	optional bson.D // field → BSON type, where a row has it
	indexes  []mongoIndex
}

// create makes collections with their validators and indexes.
func create(collections []collection) func(context.Context, *mongo.Database) error {
	return func(ctx context.Context, db *mongo.Database) error {
		for _, c := range collections {
			if err := mongodb.EnsureCollection(ctx, db, c.name, c.schema()); err != nil {
				return err
			}
			if err := mongodb.EnsureIndexes(ctx, db.Collection(c.name), c.indexes...); err != nil {
				return err
			}
		}
		return nil
	}
}

func (c collection) schema() bson.D {
	properties, required := bson.D{}, bson.A{}
	for _, field := range c.required {
		required = append(required, field.Key)
		properties = append(properties, bson.E{Key: field.Key, Value: bson.D{{Key: "bsonType", Value: field.Value}}})
	}
	for _, field := range c.optional {
		properties = append(properties, bson.E{Key: field.Key, Value: bson.D{{Key: "bsonType", Value: field.Value}}})
	}
	return bson.D{{Key: "required", Value: required}, {Key: "properties", Value: properties}}
}

// index sorts by the fields in order; a field with a minus before it falls.
func index(fields ...string) mongo.IndexModel {
	keys := bson.D{}
	for _, field := range fields {
		if field[0] == '-' {
			keys = append(keys, bson.E{Key: field[1:], Value: -1})
		} else {
			keys = append(keys, bson.E{Key: field, Value: 1})
		}
	}
	return mongo.IndexModel{Keys: keys, Options: options.Index()}
}

// unique makes an index refuse a second row.
func unique(m mongo.IndexModel) mongo.IndexModel {
	m.Options.SetUnique(true)
	return m
}

// partial limits an index to the rows that fit the filter.
func partial(m mongo.IndexModel, filter bson.D) mongo.IndexModel {
	m.Options.SetPartialFilterExpression(filter)
	return m
}

// ttl lets rows go once their field's time has come.
func ttl(field string) mongo.IndexModel {
	m := index(field)
	m.Options.SetExpireAfterSeconds(0)
	return m
}

// has is the partial filter of rows that have a field.
func has(field string) bson.D {
	return bson.D{{Key: field, Value: bson.D{{Key: "$exists", Value: true}}}}
}
