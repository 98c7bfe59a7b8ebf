package messages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

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
		err = mongodb.All(ctx, cursor, &rows)
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
		err = mongodb.All(ctx, cursor, &rows)
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
