package messages

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
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

// fetchToPass plans the fetching of a message's file.
func (b *batch) fetchToPass(c *gatewayChange, told *events.Row) {
	message, _ := c.in.Payload.(providers.MessageReceived)
	row := passingFile{ID: c.file, Account: c.ch.Account, Channel: c.ch.ID, State: passPending, NextAt: b.now.Add(fetchFirst), GiveUpAt: b.now.Add(events.KeptInGateway), Message: &message}
	row.Names = contacts.KeysOf(c.notices()[0].who)
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

// passInTurn fetches a passing file.
func (s *Service) passInTurn(id ids.Media, ch channelFacts, ref *providers.MediaRef) {
	s.inTurn(ids.Message(id), hostOf(ch.Provider, ref), func(ctx context.Context) {
		if err := s.passOne(ctx, id); err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
			slog.Warn("what became of a passing file could not be recorded", "media_id", id.String(), "error", err)
		}
	})
}

// passOne claims a pending file, brings it and tells of it.
func (s *Service) passOne(ctx context.Context, id ids.Media) error {
	now := s.now()
	var row passingFile
	err := s.store.passing.FindOneAndUpdate(ctx,
		bson.D{{Key: "_id", Value: id}, {Key: "state", Value: passPending}, {Key: "$or", Value: bson.A{
			bson.D{{Key: "tries", Value: nil}}, bson.D{{Key: "nextAt", Value: bson.D{{Key: "$lte", Value: now}}}},
		}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "nextAt", Value: now.Add(fetchHold)}}}, {Key: "$inc", Value: bson.D{{Key: "tries", Value: 1}}}},
		options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&row)
	if err != nil {
		return err
	}
	if row.Message == nil || row.Message.Media == nil {
		return fmt.Errorf("passing file %s has no message", id)
	}
	kept, err := s.bringPassing(ctx, row)
	switch {
	case err != nil && again(err) && row.Tries <= len(fetchPauses):
		slog.WarnContext(ctx, "a passing file was not fetched", "media_id", id.String(), "try", row.Tries, "error", err)
		_, err := s.store.passing.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "state", Value: passPending}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "nextAt", Value: s.now().Add(fetchPauses[row.Tries-1])}}}})
		return err
	case err != nil:
		slog.WarnContext(ctx, "a passing file cannot be fetched", "media_id", id.String(), "error", err)
	}
	err = s.tellPassed(ctx, row, kept, err)
	if errors.Is(err, errPassedAway) {
		_, err = s.files.Release(ctx, id)
	}
	return err
}

// tellPassed commits what came of a passing file.
func (s *Service) tellPassed(ctx context.Context, row passingFile, kept media.File, failure error) error {
	facts, err := s.facts(ctx, row.Channel)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	change := &passChange{ch: facts, row: row, gone: failure != nil}
	if change.ch.ID.IsZero() { // the channel is gone: nobody is told
		change.ch.ID = row.Channel
	}
	if !facts.Hook.none() {
		at := &file{id: kept.ID, mimetype: kept.Mimetype, name: kept.FileName, size: kept.Size, sha256: kept.SHA256, status: MediaReady}
		if failure != nil {
			at = &file{mimetype: row.Message.Media.Mimetype, name: row.Message.Media.FileName, status: MediaFailed, problem: reasonOf(failure)}
		}
		change.told = facts.Hook.heard(*row.Message, at)
		change.told.kind = events.NumberAttachment
	}
	if err := s.group.submit(ctx, change); err != nil {
		return fmt.Errorf("record passing file %s: %w", row.ID, err)
	}
	return nil
}

// bringPassing opens the file where its message says it is and keeps it.
func (s *Service) bringPassing(ctx context.Context, row passingFile) (media.File, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchHold/2)
	defer cancel()
	ch, err := s.channels.Get(ctx, row.Channel)
	if err != nil {
		return media.File{}, err
	}
	conn, err := s.channels.Conn(ctx, row.Channel)
	if err != nil {
		return media.File{}, err
	}
	fetcher, ok := conn.(providers.MediaFetcher)
	if !ok {
		return media.File{}, fault.New(fault.MediaUnavailable, "Provider %s has no files to fetch.", ch.Provider)
	}
	ref := row.Message.Media
	content, err := fetcher.FetchMedia(ctx, *ref)
	if err != nil {
		return media.File{}, err
	}
	defer func(c io.Closer) { _ = c.Close() }(content) // read to its end, or given up
	return s.files.Keep(ctx, row.Account, content, media.Hint{Mimetype: ref.Mimetype, FileName: ref.FileName, MaxBytes: ch.Settings.MediaMaxBytes, ID: row.ID})
}

// passOn takes every passing file whose time has come one step further.
func (s *Service) passOn(ctx context.Context) error {
	now := s.now()
	filter := bson.D{{Key: "nextAt", Value: bson.D{{Key: "$lte", Value: now}}}}
	if elsewhere := s.channels.Elsewhere(); len(elsewhere) > 0 { // who holds the device fetches
		filter = append(filter, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "state", Value: bson.D{{Key: "$ne", Value: passPending}}}},
			bson.D{{Key: "channelId", Value: bson.D{{Key: "$nin", Value: elsewhere}}}},
			bson.D{{Key: "giveUpAt", Value: bson.D{{Key: "$lte", Value: now}}}},
		}})
	}
	cursor, err := s.store.passing.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "nextAt", Value: 1}}).SetLimit(passMost))
	var rows []passingFile
	if err == nil {
		err = cursor.All(ctx, &rows)
	}
	if err != nil {
		return fmt.Errorf("read passing files: %w", err)
	}
	for _, row := range rows {
		if err := s.stepOn(ctx, row, now); err != nil {
			slog.WarnContext(ctx, "a passing file was not taken further", "media_id", row.ID.String(), "state", string(row.State), "error", err)
		}
	}
	return nil
}

func (s *Service) stepOn(ctx context.Context, row passingFile, now time.Time) error {
	if !now.Before(row.GiveUpAt) {
		return s.endPassing(ctx, row.ID)
	}
	switch row.State {
	case passPending:
		if row.Message == nil {
			return fmt.Errorf("passing file %s has no message", row.ID)
		}
		s.passInTurn(row.ID, channelFacts{ID: row.Channel, Provider: providers.WhatsAppWeb}, row.Message.Media)
		return nil
	case passKept:
		waiting, err := s.untold(ctx, row.Events)
		if err != nil {
			return err
		}
		next := bson.D{{Key: "nextAt", Value: now.Add(passLook)}}
		if !waiting {
			until := now.Add(PassedFor)
			if until.After(row.GiveUpAt) {
				until = row.GiveUpAt
			}
			next = bson.D{{Key: "nextAt", Value: until}, {Key: "state", Value: passTold}}
		}
		_, err = s.store.passing.UpdateOne(ctx, bson.D{{Key: "_id", Value: row.ID}, {Key: "state", Value: passKept}}, bson.D{{Key: "$set", Value: next}})
		return err
	default:
		return s.endPassing(ctx, row.ID)
	}
}

// endPassing deletes a passing file. It is pending no more before its file is
// deleted, so that whoever is still fetching it deletes what comes; the row goes
// last, so that what was interrupted is found.
func (s *Service) endPassing(ctx context.Context, id ids.Media) error {
	_, err := s.store.passing.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, bson.D{
		{Key: "$set", Value: bson.D{{Key: "state", Value: passEnding}, {Key: "nextAt", Value: s.now()}}}, {Key: "$unset", Value: bson.D{{Key: "message", Value: ""}}},
	})
	if err != nil {
		return err
	}
	if _, err := s.files.Release(ctx, id); err != nil {
		return err
	}
	_, err = s.store.passing.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}})
	return err
}

// forgetPassing deletes the passing files that name a person.
func (s *Service) forgetPassing(ctx context.Context, p contacts.Person) error {
	cursor, err := s.store.passing.Find(ctx, bson.D{{Key: "channelId", Value: p.Channel}, {Key: "names", Value: bson.D{{Key: "$in", Value: contacts.KeysOf(p.Addresses)}}}},
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	var rows []passingFile
	if err == nil {
		err = cursor.All(ctx, &rows)
	}
	for i := 0; err == nil && i < len(rows); i++ {
		err = s.endPassing(ctx, rows[i].ID)
	}
	if err != nil {
		return fmt.Errorf("forget passing files: %w", err)
	}
	return nil
}

// untold tells whether any of these events still waits for its delivery.
func (s *Service) untold(ctx context.Context, list []ids.EventBatch) (bool, error) {
	if len(list) == 0 {
		return false, nil
	}
	err := s.store.events.Collection(events.Collection).FindOne(ctx,
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: list}}}, {Key: "events.gone", Value: bson.D{{Key: "$ne", Value: true}}}},
		options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	return err == nil, err
}
