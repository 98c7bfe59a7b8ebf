package local

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// notYetInitialized is the server's code for a member without a configuration.
const notYetInitialized = 94

// startPatience bounds how long a started mongod may take to become primary;
// a journal that must be recovered makes it long.
const startPatience = time.Minute

// withAdmin gives do the admin database of the member at a port, reached
// directly: it may not be in any replica set yet.
func withAdmin(ctx context.Context, port int, do func(context.Context, *mongo.Database) error) error {
	client, err := mongo.Connect(options.Client().
		ApplyURI("mongodb://127.0.0.1:" + strconv.Itoa(port) + "/?directConnection=true").
		SetServerSelectionTimeout(time.Second).
		SetMaxPoolSize(1))
	if err != nil {
		return fmt.Errorf("connect to the local MongoDB on port %d: %w", port, err)
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }() // nothing to lose: loopback, idle
	return do(ctx, client.Database("admin"))
}

func run(ctx context.Context, admin *mongo.Database, command bson.D, into any) error {
	return admin.RunCommand(ctx, command).Decode(into)
}

// awaitPrimary waits until the member at port serves, is in a replica set
// under its own address, and is its primary. It ends early when mongod exits.
func awaitPrimary(ctx context.Context, port int, exited <-chan struct{}) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startPatience, errors.New("it was not primary within a minute"))
	defer cancel()
	stop := make(chan struct{})
	defer close(stop)
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	go func() {
		select {
		case <-exited:
			fail(errors.New("mongod exited"))
		case <-stop:
		}
	}()
	return withAdmin(ctx, port, func(ctx context.Context, admin *mongo.Database) error {
		if err := until(ctx, func() error { return run(ctx, admin, bson.D{{Key: "ping", Value: 1}}, &bson.M{}) }); err != nil {
			return err
		}
		if err := until(ctx, func() error { return configure(ctx, admin, port) }); err != nil {
			return err
		}
		return until(ctx, func() error { return checkPrimary(ctx, admin) })
	})
}

// until repeats a step until it works. The last error is told with the cause.
func until(ctx context.Context, step func() error) error {
	for {
		err := step()
		if err == nil {
			return nil
		}
		if pause(ctx) != nil {
			return fmt.Errorf("%w (last answer: %w)", context.Cause(ctx), err)
		}
	}
}

// configure gives the member its configuration when it has none, and corrects
// the address in it after a change of port.
func configure(ctx context.Context, admin *mongo.Database, port int) error {
	host := "127.0.0.1:" + strconv.Itoa(port)
	var answer struct {
		Config bson.M `bson:"config"`
	}
	err := run(ctx, admin, bson.D{{Key: "replSetGetConfig", Value: 1}}, &answer)
	var refused mongo.CommandError
	if errors.As(err, &refused) && refused.Code == notYetInitialized {
		members := bson.A{bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: host}}}
		config := bson.D{{Key: "_id", Value: replicaSet}, {Key: "members", Value: members}}
		return run(ctx, admin, bson.D{{Key: "replSetInitiate", Value: config}}, &bson.M{})
	}
	if err != nil {
		return err
	}
	members, _ := answer.Config["members"].(bson.A)
	if len(members) != 1 {
		return fmt.Errorf("the replica set in this folder has %d members; a local one has one", len(members))
	}
	member, _ := members[0].(bson.D)
	moved, changed := withHost(member, host)
	if !changed {
		return nil
	}
	version, _ := answer.Config["version"].(int32)
	answer.Config["version"] = version + 1
	answer.Config["members"] = bson.A{moved}
	// Forced: a member that does not find itself in the configuration has no
	// primary that could accept a change.
	return run(ctx, admin, bson.D{{Key: "replSetReconfig", Value: answer.Config}, {Key: "force", Value: true}}, &bson.M{})
}

func withHost(member bson.D, host string) (moved bson.D, changed bool) {
	for _, e := range member {
		if e.Key == "host" && e.Value != host {
			e.Value, changed = host, true
		}
		moved = append(moved, e)
	}
	return moved, changed
}

func checkPrimary(ctx context.Context, admin *mongo.Database) error {
	var hello struct {
		Primary bool `bson:"isWritablePrimary"`
	}
	if err := run(ctx, admin, bson.D{{Key: "hello", Value: 1}}, &hello); err != nil {
		return err
	}
	if !hello.Primary {
		return errors.New("not primary yet")
	}
	return nil
}

// primaryPID gives the process id of the primary that serves at a port.
func primaryPID(ctx context.Context, port int) (pid int, err error) {
	err = withAdmin(ctx, port, func(ctx context.Context, admin *mongo.Database) error {
		if err := checkPrimary(ctx, admin); err != nil {
			return err
		}
		var status struct {
			PID int64 `bson:"pid"`
		}
		command := bson.D{{Key: "serverStatus", Value: 1}}
		err := run(ctx, admin, command, &status)
		pid = int(status.PID)
		return err
	})
	return pid, err
}

// shutdownCommand asks the server to end. That it hangs up instead of
// answering is the sign that it does.
func shutdownCommand(ctx context.Context, port int) error {
	return withAdmin(ctx, port, func(ctx context.Context, admin *mongo.Database) error {
		// Forced, without a quiet time: there is no other member to wait for.
		err := run(ctx, admin, bson.D{
			{Key: "shutdown", Value: 1}, {Key: "force", Value: true}, {Key: "timeoutSecs", Value: 0},
		}, &bson.M{})
		if err != nil && !mongo.IsNetworkError(err) {
			return fmt.Errorf("shut down the local MongoDB: %w", err)
		}
		return nil
	})
}
