package mongodb

import (
	"context"
	"fmt"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// Insert inserts documents in order, up to the first that is refused; its errors
// are those of InsertMany. ctx must carry a transaction: nothing is tried again
// here. Every document must have its _id.
//
// It is for what is written most: InsertMany takes each finished document apart
// twice, to tell its _id and to write it once more, which cost several times as
// much as making it.
func Insert[T any](ctx context.Context, into *mongo.Collection, documents []T) error {
	if len(documents) == 0 {
		return nil
	}
	at, command := bsoncore.AppendDocumentStart(nil)
	command = bsoncore.AppendStringElement(command, "insert", into.Name())
	list, command := bsoncore.AppendArrayElementStart(command, "documents")
	for i, document := range documents {
		one, err := marshal(document)
		if err != nil {
			return fmt.Errorf("write a row of %s: %w", into.Name(), err)
		}
		command = bsoncore.AppendDocumentElement(command, strconv.Itoa(i), one)
	}
	command, err := bsoncore.AppendArrayEnd(command, list)
	if err != nil {
		return err
	}
	if command, err = bsoncore.AppendDocumentEnd(command, at); err != nil {
		return err
	}
	return into.Database().RunCommand(ctx, bson.Raw(command)).Err()
}

// marshal is bson.Marshal without the copy that it makes of what a Marshaler gives.
func marshal(document any) ([]byte, error) {
	if own, is := document.(bson.Marshaler); is {
		return own.MarshalBSON()
	}
	return bson.Marshal(document)
}
