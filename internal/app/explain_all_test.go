package app_test

import (
	"context"
	"errors"
	arguments "flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/sessions"
	"github.com/cirrus/omnichannel/migrations"
)

// sent are the commands that the servers of all tests have sent.
var sent = &recorder{shapes: map[string]bson.D{}, on: true, others: true}

// done are the shapes that TestEveryQueryHasItsIndex explains.
var done = map[string]bool{}

// fromTest tells whether a test sends the command that is just being sent.
func fromTest() bool {
	callers := make([]uintptr, 96)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)]) // but for the monitor itself
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.File, "_test.go") || strings.Contains(frame.File, "test/") && !strings.Contains(frame.File, "/mod/") {
			return true
		}
		if !more {
			return false
		}
	}
}

// explained notes shapes that another test looks at.
func (r *recorder) explained(shapes map[string]bson.D) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name := range shapes {
		done[name] = true
	}
}

// verdict explains every other command that the servers sent, once the whole suite
// has run, on 20,000 contacts, sessions and messages in three accounts.
func (r *recorder) verdict(ctx context.Context) error {
	r.mu.Lock()
	r.on = false
	shapes := maps.Clone(r.shapes)
	r.mu.Unlock()
	maps.DeleteFunc(shapes, func(name string, _ bson.D) bool { return done[name] || excuse(name) != "" })
	if whole := arguments.Lookup("test.run"); whole == nil || whole.Value.String() != "" {
		return nil
	}
	db, big, err := filledUp(ctx)
	if err != nil {
		return fmt.Errorf("fill a database to explain commands on: %w", err)
	}
	defer func() { _ = db.Client().Disconnect(ctx) }()
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		if problem := explain(db, big.in(shapes[name])); problem != "" {
			problems = append(problems, fmt.Errorf("%s: %s\n\t%v", name, problem, shapes[name]))
		}
	}
	if len(shapes) < 40 {
		problems = append(problems, fmt.Errorf("only %d shapes of commands were seen: the recorder has lost its way", len(shapes)))
	}
	if err := db.Drop(ctx); err != nil {
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// example is the largest account of a filled database, and a row of each kind.
type example struct {
	filling
	session ids.Session
	contact ids.Contact
	message ids.Message
}

func filledUp(ctx context.Context) (*mongo.Database, example, error) {
	client, err := mongodb.Connect(ctx, mongotest.Address(), mongodb.Options{})
	if err != nil {
		return nil, example{}, err
	}
	db := client.Database("explained_" + bson.NewObjectID().Hex())
	if err := mongodb.Migrate(ctx, db, migrations.All()); err != nil {
		return nil, example{}, err
	}
	var big example
	for _, n := range []int{2_000, 4_000, 14_000} {
		big.filling = filling{ids.NewAccount(), ids.New[ids.Channel](), ids.New[ids.PlatformConfig]()}
		if err := fillRows(ctx, db, big.filling, n); err != nil {
			return nil, example{}, err
		}
	}
	var row messages.Message
	err = db.Collection(messages.Collection).FindOne(ctx, bson.D{{Key: "channelId", Value: big.D360}}).Decode(&row)
	big.session, big.contact, big.message = row.Session, row.Contact, row.ID
	return db, big, err
}

// in puts the account's own values in the place of those that a test's account had.
func (e example) in(command bson.D) bson.D {
	own := map[string]any{"accountId": e.Account, "channelId": e.D360, "platformConfigId": e.Config, "sessionId": e.session, "contactId": e.contact}
	switch command[0].Value {
	case contacts.Collection:
		own["_id"] = e.contact
	case sessions.Collection:
		own["_id"] = e.session
	case messages.Collection:
		own["_id"] = e.message
	}
	return replaced(command, own).(bson.D)
}

func replaced(value any, own map[string]any) any {
	switch v := value.(type) {
	case bson.D:
		out := make(bson.D, 0, len(v))
		for _, field := range v {
			switch now, is := own[field.Key]; field.Value.(type) {
			case string, bson.ObjectID:
				if is {
					field.Value = now
				}
			default:
				if field.Key != "sort" && field.Key != "projection" && field.Key != "hint" && field.Key != "u" && field.Key != "update" {
					field.Value = replaced(field.Value, own)
				}
			}
			out = append(out, field)
		}
		return out
	case bson.A:
		out := make(bson.A, 0, len(v))
		for _, one := range v {
			out = append(out, replaced(one, own))
		}
		return out
	}
	return value
}
