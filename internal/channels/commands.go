package channels

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/vault"
)

const (
	// CommandsCollection has what one server asks of the holder of a connection.
	CommandsCollection = "commands"
	// askMost is how long an answer is waited for, where Options says nothing else.
	askMost = 25 * time.Second
	// askLook is how often the asker looks by itself.
	askLook = time.Second
)

// command is one request to the holder of a connection. It is claimed once and
// never again: whoever asked is told when nobody answered in time. Its body and
// answer may name people or hold a pairing code, so they are sealed, and nobody
// keeps them: claiming it takes the body out, and who asked deletes the row with
// its answer. What a server that died leaves behind expires.
type command struct {
	ID        bson.ObjectID `bson:"_id"`
	Channel   ids.Channel   `bson:"channelId"`
	Kind      string        `bson:"kind"`
	Body      vault.Sealed  `bson:"body,omitempty"` // until it is claimed
	Open      bool          `bson:"open"`
	Limit     time.Duration `bson:"limit,omitempty"` // how long whoever asked waits; servers before it wrote none
	Answer    vault.Sealed  `bson:"answer,omitempty"`
	ExpiresAt time.Time     `bson:"expiresAt"` // by the store's clock: servers' clocks may be apart
}

// handler does one kind of command over a connection.
type handler func(ctx context.Context, conn providers.Conn, body bson.Raw) (any, error)

// commands are what this server asks of others, and answers.
type commands struct {
	rows  *mongo.Collection
	vault *vault.Vault
	slots chan struct{}

	mu       sync.Mutex
	handlers map[string]handler
	slow     map[string]bool // kinds that may take long
	waiting  map[bson.ObjectID]chan struct{}
	begun    map[bson.ObjectID]bool // taken up here, or waiting here for their turn
	turns    map[turn]*turns
}

func newCommands(rows *mongo.Collection, v *vault.Vault) *commands {
	return &commands{rows: rows, vault: v, slots: make(chan struct{}, answersMost), handlers: map[string]handler{}, waiting: map[bson.ObjectID]chan struct{}{},
		slow: map[string]bool{}, begun: map[bson.ObjectID]bool{}, turns: map[turn]*turns{}}
}

// Answer registers who does one kind of command where the connection is held.
// Body and result are BSON documents. It is for the start.
func Answer[Body, Result any](s *Service, kind string, fn func(ctx context.Context, conn providers.Conn, body Body) (Result, error)) {
	s.commands.mu.Lock()
	defer s.commands.mu.Unlock()
	s.commands.handlers[kind] = func(ctx context.Context, conn providers.Conn, raw bson.Raw) (any, error) {
		var body Body
		if err := bson.Unmarshal(raw, &body); err != nil {
			return nil, fmt.Errorf("read command %s: %w", kind, err)
		}
		return fn(ctx, conn, body)
	}
}

// Ask lets the holder of a channel's connection, be it this server or another,
// do a command, and gives its result or its error. Fault ProviderTimeout when
// nobody answered in time: it was perhaps done.
func (s *Service) Ask(ctx context.Context, id ids.Channel, kind string, body, result any) error {
	return s.AskFor(ctx, s.askLimit, id, kind, body, result)
}

// AskFor is Ask for what may take another time than Options.AskLimit, such as the
// sending of a large file.
func (s *Service) AskFor(ctx context.Context, limit time.Duration, id ids.Channel, kind string, body, result any) error {
	raw, err := bson.Marshal(body)
	if err != nil {
		return fmt.Errorf("ask %s of channel %s: %w", kind, id, err)
	}
	if conn := s.devices.conn(id); conn != nil {
		out, err := s.commands.run(ctx, conn, kind, raw)
		return read(out, err, result)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fault.New(fault.ProviderTimeout,
		"The server that holds the connection of channel %s gave no answer in time. It was perhaps done; look before asking again.", id))
	defer cancel()
	one := command{ID: bson.NewObjectID(), Channel: id, Kind: kind, Open: true, Limit: limit}
	one.Body = s.vault.Seal(commandBinding(one.ID, "body"), raw)
	got, err := s.commands.ask(ctx, one)
	if err != nil {
		return err
	}
	return read(got.Result, got.err(), result)
}

func read(raw bson.Raw, err error, into any) error {
	if err != nil || into == nil {
		return err
	}
	return bson.Unmarshal(raw, into)
}

// run does a command here.
func (c *commands) run(ctx context.Context, conn providers.Conn, kind string, body bson.Raw) (bson.Raw, error) {
	c.mu.Lock()
	do := c.handlers[kind]
	c.mu.Unlock()
	if do == nil {
		return nil, fmt.Errorf("nobody here does command %q", kind)
	}
	out, err := jobs.Guarded(func() (any, error) { return do(ctx, conn, body) })
	if errors.Is(err, jobs.ErrPanicked) {
		err = fmt.Errorf("command %s: %w", kind, err)
	}
	if err != nil {
		return nil, err
	}
	return bson.Marshal(out)
}

// ask stores a command and waits for its answer; then the row is gone.
func (c *commands) ask(ctx context.Context, one command) (*answer, error) {
	rung := make(chan struct{}, 1)
	c.mu.Lock()
	c.waiting[one.ID] = rung
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waiting, one.ID)
		c.mu.Unlock()
	}()
	if _, err := c.rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: one.ID}}, withEnd(one, "expiresAt", one.Limit), options.UpdateOne().SetUpsert(true)); err != nil {
		return c.giveUp(ctx, one, err)
	}
	look := time.NewTicker(askLook)
	defer look.Stop()
	for {
		select {
		case <-rung:
		case <-look.C:
		case <-ctx.Done():
			return c.giveUp(ctx, one, nil)
		}
		err := c.rows.FindOneAndDelete(ctx, bson.D{{Key: "_id", Value: one.ID}, {Key: "answer", Value: bson.D{{Key: "$exists", Value: true}}}}).Decode(&one)
		if err == nil {
			return c.opened(one)
		}
		// There is none yet, or the store failed: the next look tells more.
	}
}

// withEnd is the change that stores a row with the time after which it counts no
// more, in a field of it. That is the store's own: between servers whose clocks are
// apart, an instant of the one is none of the other.
func withEnd(row any, field string, after time.Duration) mongo.Pipeline {
	end := bson.D{{Key: field, Value: bson.D{{Key: "$add", Value: bson.A{"$$NOW", after.Milliseconds()}}}}}
	return mongo.Pipeline{{{Key: "$replaceWith", Value: bson.D{{Key: "$mergeObjects", Value: bson.A{bson.D{{Key: "$literal", Value: row}}, end}}}}}}
}

// counts is the condition that a row of withEnd still counts.
func counts(field string) bson.E {
	return bson.E{Key: "$expr", Value: bson.D{{Key: "$gt", Value: bson.A{"$" + field, "$$NOW"}}}}
}

// commandBinding ties what is sealed to its row and field.
func commandBinding(id bson.ObjectID, field string) vault.Binding {
	return vault.Binding{Purpose: "command." + field, RowID: id.Hex()}
}

// opened opens a command's answer.
func (c *commands) opened(one command) (*answer, error) {
	raw, err := c.vault.Open(commandBinding(one.ID, "answer"), one.Answer)
	if err != nil {
		return nil, err
	}
	var got answer
	if err := bson.Unmarshal(raw, &got); err != nil {
		return nil, fmt.Errorf("read the answer to %s of channel %s: %w", one.Kind, one.Channel, err)
	}
	return &got, nil
}

// giveUp takes a command back, because ctx has ended or the store has failed: one
// that nobody began was certainly not done, and an answer that came at the last
// moment counts.
func (c *commands) giveUp(ctx context.Context, one command, failure error) (*answer, error) {
	cause := context.Cause(ctx)
	if cause == nil {
		cause = fault.Wrap(failure, fault.ProviderTimeout, "The store failed while the server that holds the connection of channel %s was asked. It was perhaps done; look before asking again.", one.Channel)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := c.rows.FindOneAndDelete(ctx, bson.D{{Key: "_id", Value: one.ID}}).Decode(&one)
	switch {
	case err != nil || !one.Open && one.Answer.IsZero():
		return nil, cause
	case !one.Answer.IsZero():
		return c.opened(one)
	default:
		return nil, fault.New(fault.ProviderUnavailable, "No server has taken this up: the connection of channel %s is on its way to another server, or busy. It was not done; try again in some seconds.", one.Channel)
	}
}

// listenTo hears of commands and of answers.
func (s *Service) listenTo(bell *mongodb.Bell) {
	bell.On(mongodb.Listener{Collection: CommandsCollection, Operations: []string{"insert", "update"}, Fields: []string{"channelId", "kind"}, Ring: func(change mongodb.Change) {
		id, ok := change.ID.ObjectIDOK()
		if !ok {
			return
		}
		s.commands.mu.Lock()
		rung := s.commands.waiting[id]
		s.commands.mu.Unlock()
		if rung != nil {
			if change.Operation == "update" {
				select {
				case rung <- struct{}{}:
				default:
				}
			}
			return // asked by this very server
		}
		if channel, ok := change.Fields.Lookup("channelId").ObjectIDOK(); ok && s.devices.conn(ids.Channel(channel)) != nil {
			kind, _ := change.Fields.Lookup("kind").StringValueOK()
			s.answerSoon(ids.Channel(channel), kind, id)
		}
	}})
}

// answerOpen does what was asked of the devices held here that no bell told of.
func (s *Service) answerOpen(ctx context.Context) error {
	held := s.devices.ids()
	if len(held) == 0 {
		return nil
	}
	cursor, err := s.commands.rows.Find(ctx, bson.D{{Key: "open", Value: true}, {Key: "channelId", Value: bson.D{{Key: "$in", Value: held}}}},
		options.Find().SetProjection(bson.D{{Key: "channelId", Value: 1}, {Key: "kind", Value: 1}}).SetLimit(answersMost))
	if err != nil {
		return fmt.Errorf("look for commands: %w", err)
	}
	var open []command
	if err := mongodb.All(ctx, cursor, &open); err != nil {
		return fmt.Errorf("look for commands: %w", err)
	}
	for _, one := range open {
		s.answerSoon(one.Channel, one.Kind, one.ID)
	}
	return nil
}

// answer claims a command, does it, and writes down what came of it.
func (s *Service) answer(ctx context.Context, channel ids.Channel, id bson.ObjectID) error {
	conn := s.devices.conn(channel)
	if conn == nil {
		return nil // its next holder will
	}
	var one command
	err := s.commands.rows.FindOneAndUpdate(ctx,
		bson.D{{Key: "_id", Value: id}, {Key: "open", Value: true}, counts("expiresAt")},
		bson.D{{Key: "$set", Value: bson.D{{Key: "open", Value: false}}}, {Key: "$unset", Value: bson.D{{Key: "body", Value: ""}}}}).Decode(&one)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil // another has it, or it is too late
	}
	if err != nil {
		return err
	}
	doing, cancel := context.WithTimeout(ctx, cmp.Or(one.Limit, s.askLimit)) // whoever asked may have given up before
	defer cancel()
	var result bson.Raw
	body, err := s.vault.Open(commandBinding(id, "body"), one.Body)
	if err == nil {
		result, err = s.commands.run(doing, conn, one.Kind, body)
	}
	said, err := bson.Marshal(answerFrom(result, err))
	if err != nil {
		return err
	}
	writing, cancelWriting := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancelWriting()
	_, err = s.commands.rows.UpdateOne(writing, bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{{Key: "answer", Value: s.vault.Seal(commandBinding(id, "answer"), said)}}}})
	return err
}
