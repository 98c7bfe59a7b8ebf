package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Bell wakes whoever waits for a change in the store, by one change stream for
// the whole server: each further one would read the oplog again. It only wakes;
// what it misses, its listeners must find by looking.
type Bell struct {
	db        *mongo.Database
	listeners map[string]Listener
	order     []string
}

// Listener says which changes of one collection it wants to hear.
type Listener struct {
	Collection string
	Operations []string // insert, update
	Fields     []string // of the inserted document, top level
	// Begun is called, where it is set, before the first Ring of each stream. What
	// no Ring tells of from then on can be read already. It must not wait.
	Begun func()
	// Ring is called for each change, one after the other, in the order of the
	// commits; it must not wait.
	Ring func(Change)
}

// Change is as much of a change as a listener asked for.
type Change struct {
	Operation string
	ID        bson.RawValue // the document's _id
	Fields    bson.Raw      // of the inserted document; empty for an update
}

// NewBell makes a bell that nobody listens to yet.
func NewBell(db *mongo.Database) *Bell { return &Bell{db: db, listeners: map[string]Listener{}} }

// On adds the listener of a collection. It is for the start, before Listen.
func (b *Bell) On(l Listener) {
	b.listeners[l.Collection] = l
	b.order = append(b.order, l.Collection)
}

// Listen rings until ctx ends, or fails when the stream breaks off; it is one
// round of a loop.
func (b *Bell) Listen(ctx context.Context) error {
	stream, err := b.watch(ctx)
	if err == nil {
		defer func() { _ = stream.Close(context.WithoutCancel(ctx)) }() // it was only read
		b.begin()
		err = errors.Join(b.follow(ctx, stream), stream.Err())
	}
	if ctx.Err() != nil {
		return nil
	}
	if err == nil {
		err = errors.New("the stream ended")
	}
	return fmt.Errorf("listen to the store's changes: %w", err)
}

// listenEvery is the least time from one answer with changes to the next: a few at
// a time cost the store as much as many. A change that comes alone does not wait.
const listenEvery = 15 * time.Millisecond

// follow rings for what the stream tells.
func (b *Bell) follow(ctx context.Context, stream *mongo.ChangeStream) error {
	asked := time.Now()
	for stream.Next(ctx) {
		if err := b.ring(stream); err != nil {
			return err
		}
		if stream.RemainingBatchLength() > 0 {
			continue
		}
		if pause(ctx, listenEvery-time.Since(asked)) != nil {
			return nil
		}
		asked = time.Now()
	}
	return nil
}

// watch opens the stream. Where the store chooses its beginning, a change that has
// its time already and is not to be read yet would be neither told nor found: so it
// begins with the last one that is certain. A router of shards knows of none.
func (b *Bell) watch(ctx context.Context) (*mongo.ChangeStream, error) {
	var hello struct {
		LastWrite struct {
			Majority struct {
				At *bson.Timestamp `bson:"ts"`
			} `bson:"majorityOpTime"`
		} `bson:"lastWrite"`
	}
	if err := b.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return nil, err
	}
	from := options.ChangeStream()
	if at := hello.LastWrite.Majority.At; at != nil {
		from.SetStartAtOperationTime(at)
	}
	return b.db.Watch(ctx, b.pipeline(), from)
}

func (b *Bell) begin() {
	for _, collection := range b.order {
		if begun := b.listeners[collection].Begun; begun != nil {
			begun()
		}
	}
}

func (b *Bell) pipeline() mongo.Pipeline {
	wanted := bson.A{}
	shown := bson.D{{Key: "ns", Value: 1}, {Key: "documentKey", Value: 1}, {Key: "operationType", Value: 1}}
	seen := map[string]bool{}
	for _, collection := range b.order {
		l := b.listeners[collection]
		wanted = append(wanted, bson.D{{Key: "ns", Value: bson.D{{Key: "db", Value: b.db.Name()}, {Key: "coll", Value: collection}}}, {Key: "operationType", Value: bson.D{{Key: "$in", Value: l.Operations}}}})
		for _, field := range l.Fields {
			if !seen[field] {
				seen[field] = true
				shown = append(shown, bson.E{Key: "fullDocument." + field, Value: 1})
			}
		}
	}
	return mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "$or", Value: wanted}}}},
		{{Key: "$project", Value: shown}},
	}
}

func (b *Bell) ring(stream *mongo.ChangeStream) error {
	var one struct {
		In struct {
			Collection string `bson:"coll"`
		} `bson:"ns"`
		Key struct {
			ID bson.RawValue `bson:"_id"`
		} `bson:"documentKey"`
		Operation string   `bson:"operationType"`
		Fields    bson.Raw `bson:"fullDocument"`
	}
	if err := bson.Unmarshal(stream.Current, &one); err != nil {
		return err
	}
	if l, ok := b.listeners[one.In.Collection]; ok {
		l.Ring(Change{Operation: one.Operation, ID: one.Key.ID, Fields: one.Fields})
	}
	return nil
}
