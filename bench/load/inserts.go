package load

import (
	"context"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// inserts is the ceiling that the intake is held against: one bare insertOne a
// message, majority and journalled, of a message's size and with two indexes.
func inserts(ctx context.Context, job Job) (step, end, error) {
	client, err := mongodb.Connect(ctx, job.MongoURI, mongodb.Options{AppName: "bench"})
	if err != nil {
		return nil, nil, err
	}
	rows := client.Database("bench").Collection("inserts")
	_, err = rows.Indexes().CreateMany(ctx, []mongo.IndexModel{
		{Keys: bson.D{{Key: "channelId", Value: 1}, {Key: "key", Value: 1}}}, {Keys: bson.D{{Key: "sessionId", Value: 1}, {Key: "sequence", Value: 1}}},
	})
	close := func(*Result, time.Time) error { return client.Disconnect(ctx) }
	channel := bson.NewObjectID()
	return func(ctx context.Context, _ *wire, rng *rand.Rand) (int, error) {
		_, err := rows.InsertOne(ctx, bson.D{
			{Key: "channelId", Value: channel}, {Key: "sessionId", Value: bson.NewObjectID()}, {Key: "sequence", Value: serial.Add(1)},
			{Key: "key", Value: bson.NewObjectID()}, {Key: "text", Value: "Olá, isto é uma mensagem de tamanho comum"},
			{Key: "at", Value: time.Now()}, {Key: "padding", Value: make([]byte, 300)}, {Key: "n", Value: rng.Int64()},
		})
		return 1, err
	}, close, err
}
