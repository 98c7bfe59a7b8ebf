package messages

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/media"
)

// dropStrays deletes files that no message names, and photos that no contact
// does: their commit failed, or the server died before it. Each file is looked at once.
func (s *Service) dropStrays(ctx context.Context) error {
	for {
		files, err := s.files.Doubtful(ctx, sweepMost)
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := s.judge(ctx, file); err != nil {
				return err
			}
		}
		if len(files) < sweepMost {
			return nil
		}
	}
}

func (s *Service) judge(ctx context.Context, file media.File) error {
	of, named := s.store.messages, bson.D{{Key: "_id", Value: file.Message}, {Key: "media.id", Value: file.ID}}
	if !file.Contact.IsZero() {
		of, named = s.store.contacts, bson.D{{Key: "_id", Value: file.Contact}, {Key: "photoFile", Value: file.ID}}
	}
	err := of.FindOne(ctx, named,
		options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		_, err = s.files.Release(ctx, file.ID)
		return err
	}
	if err != nil {
		return err
	}
	return s.files.Trust(ctx, file.ID)
}
