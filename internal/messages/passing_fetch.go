package messages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/providers"
)

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
		change.told.kind, change.told.fleeting = events.NumberAttachment, true
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
	ref := row.Message.Media
	return s.fetch(ctx, ch, *ref, media.Hint{Mimetype: ref.Mimetype, FileName: ref.FileName, MaxBytes: ch.Settings.MediaMaxBytes, ID: row.ID})
}
