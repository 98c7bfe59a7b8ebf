package messages

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// PassingCollection has the files of messages that nobody keeps, for as long as
// the webhook of their number may fetch them.
const PassingCollection = "passing_files"

// PassedFor is how long a file stays that its number's webhook was told of, so
// that it can be fetched.
const PassedFor = time.Hour

const (
	// passLook is how often it is looked whether the webhook was told.
	passLook = 5 * time.Second
	// passMost is how many files are looked at in one step.
	passMost = 200
)

// passState is how far the file of a message that nobody keeps came.
type passState string

// The states of a passing file.
//
//	pending --it came--> kept --the webhook was told--> told --PassedFor--> ending
//	pending --it will not come--> no row
//	any --its person is erased, or giveUpAt--> ending --the file is deleted--> no row
const (
	passPending passState = "pending"
	passKept    passState = "kept"
	passTold    passState = "told"
	passEnding  passState = "ending"
)

// errPassedAway: the file of a message was brought that nobody may keep any more.
var errPassedAway = errors.New("the message of this file was forgotten meanwhile")

// passingFile is a file on its way through.
type passingFile struct {
	ID      ids.Media   `bson:"_id"`
	Account ids.Account `bson:"accountId"`
	Channel ids.Channel `bson:"channelId"`
	State   passState   `bson:"state"`
	// NextAt is when it is to be looked at next.
	NextAt time.Time `bson:"nextAt"`
	// GiveUpAt is when it ends, whoever holds the channel.
	GiveUpAt time.Time `bson:"giveUpAt"`
	Tries    int       `bson:"tries,omitempty"`
	// Message is what the file belongs to, while pending.
	Message *providers.MessageReceived `bson:"message,omitempty"`
	// Names are the keys of whom it names, for erasing one.
	Names []string `bson:"names,omitempty"`
	// Events are those that tell of the file.
	Events []ids.EventBatch `bson:"events,omitempty"`
}

// passedFile is what came of fetching one.
type passedFile struct {
	id    ids.Media
	event *events.Row // that tells of it; nil: none does
	gone  bool        // it will not come
}

// fetchToPass plans the fetching of the file of a message that names these, and
// of which an event told; nil: none did.
func (b *batch) fetchToPass(ch channelFacts, id ids.Media, message providers.MessageReceived, who []providers.Address, told *events.Row) {
	row := passingFile{
		ID: id, Account: ch.Account, Channel: ch.ID, State: passPending, NextAt: b.now.Add(fetchFirst), GiveUpAt: b.now.Add(events.KeptInGateway),
		Message: &message, Names: contacts.KeysOf(who),
	}
	if told != nil {
		row.Events = append(row.Events, ids.EventBatch(told.ID))
	}
	b.passing = append(b.passing, row)
}

// writePassing writes what is planned of passing files.
func (s *store) writePassing(ctx context.Context, b *batch) error {
	if len(b.passing) > 0 {
		if _, err := s.passing.InsertMany(ctx, b.passing); err != nil {
			return err
		}
	}
	for _, one := range b.passed {
		matched, err := s.settlePassing(ctx, one, b.now)
		if err == nil && matched == 0 { // erased since the plan read it
			err = errStale
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settlePassing writes what came of fetching a pending file, and tells how many
// there were: one or none.
func (s *store) settlePassing(ctx context.Context, one passedFile, now time.Time) (int64, error) {
	pending := bson.D{{Key: "_id", Value: one.id}, {Key: "state", Value: passPending}}
	if one.gone {
		res, err := s.passing.DeleteOne(ctx, pending)
		if err != nil {
			return 0, err
		}
		return res.DeletedCount, nil
	}
	change := bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: passKept}, {Key: "nextAt", Value: now}}}, {Key: "$unset", Value: bson.D{{Key: "message", Value: ""}}}}
	if one.event != nil {
		change = append(change, bson.E{Key: "$push", Value: bson.D{{Key: "events", Value: ids.EventBatch(one.event.ID)}}})
	}
	res, err := s.passing.UpdateOne(ctx, pending, change)
	if err != nil {
		return 0, err
	}
	return res.MatchedCount, nil
}

// readPassing finds how far files came.
func (s *store) readPassing(ctx context.Context, w *wants, b *batch) error {
	if len(w.passing) == 0 {
		return nil
	}
	return each(ctx, s.passing, bson.A{bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: w.passing}}}}}, bson.D{{Key: "state", Value: 1}},
		func(row passingFile) { b.passStates[row.ID] = row.State })
}

// passChange records what came of fetching a passing file, and tells of it.
type passChange struct {
	ch   channelFacts
	row  passingFile
	told notice
	gone bool
}

func (c *passChange) route() string { return string(c.ch.ID[:]) }

func (c *passChange) wants(w *wants) { w.passing = append(w.passing, c.row.ID) }

func (c *passChange) apply(_ context.Context, b *batch) error {
	switch b.passStates[c.row.ID] {
	case passPending:
	case passKept, passTold: // another server was faster
		return nil
	default:
		return errPassedAway
	}
	b.passed = append(b.passed, passedFile{id: c.row.ID, event: b.pass(c.ch, c.told), gone: c.gone})
	return nil
}
