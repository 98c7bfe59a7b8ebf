package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// oldestWireVersion is the wire version of MongoDB 6.0.
const oldestWireVersion = 17

// Options adjust a connection; the zero value is usable.
type Options struct {
	// AppName shows in the server's logs and in currentOp; empty means
	// "omnichannel".
	AppName string
	// Monitor is told of every command; nil means none.
	Monitor *event.CommandMonitor
	// MaxPoolSize bounds the connections per server; 0 means the driver's
	// default of 100, or what the address says.
	MaxPoolSize uint64
}

// Connect gives a client whose reads and writes are majority and journalled,
// whatever the address says, and which reads from the primary. It returns when
// a server has answered that is 6.0 or newer and has transactions (a replica
// set or a sharded cluster). The caller disconnects the client.
func Connect(ctx context.Context, uri string, opts Options) (*mongo.Client, error) {
	if options.Client().ApplyURI(uri).Validate() != nil {
		// The driver's text may hold the address, and that a password.
		return nil, errors.New("OMNI_MONGODB_URI is not an address that the MongoDB driver understands; it begins with mongodb:// or mongodb+srv://")
	}
	client, err := mongo.Connect(clientOptions(uri, opts))
	if err != nil {
		return nil, fmt.Errorf("connect to MongoDB: %w", err)
	}
	if err := checkServer(ctx, client); err != nil {
		return nil, errors.Join(err, client.Disconnect(context.WithoutCancel(ctx)))
	}
	return client, nil
}

func clientOptions(uri string, opts Options) *options.ClientOptions {
	name := opts.AppName
	if name == "" {
		name = "omnichannel"
	}
	journal := true
	client := options.Client().
		SetAppName(name).
		SetConnectTimeout(10 * time.Second).
		SetServerSelectionTimeout(10 * time.Second).
		SetMaxConnIdleTime(5 * time.Minute).
		ApplyURI(uri).
		// After the address: correctness depends on these.
		SetReadConcern(readconcern.Majority()).
		SetReadPreference(readpref.Primary()).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}).
		SetRetryWrites(true).
		SetRetryReads(true)
	if opts.Monitor != nil {
		client.SetMonitor(opts.Monitor)
	}
	if opts.MaxPoolSize != 0 {
		client.SetMaxPoolSize(opts.MaxPoolSize)
	}
	return client
}

// checkServer refuses a server that lacks what this project relies on.
func checkServer(ctx context.Context, client *mongo.Client) error {
	var hello struct {
		SetName        string `bson:"setName"`
		Message        string `bson:"msg"`
		MaxWireVersion int    `bson:"maxWireVersion"`
	}
	command := bson.D{{Key: "hello", Value: 1}}
	if err := client.Database("admin").RunCommand(ctx, command).Decode(&hello); err != nil {
		return fmt.Errorf("reach MongoDB: %w", err)
	}
	if hello.MaxWireVersion < oldestWireVersion {
		return fmt.Errorf("MongoDB is too old (wire version %d): use 6.0 or newer", hello.MaxWireVersion)
	}
	if hello.SetName == "" && hello.Message != "isdbgrid" {
		return errors.New("MongoDB runs as a standalone server, which has no transactions: run it as a replica set (one node is enough)")
	}
	return nil
}
