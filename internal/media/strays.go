package media

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// strayAfter is how long a file waits for the message, or the contact, that it
// was kept for. It is longer than any of them waits for its file: what none names
// then was left behind by a commit that failed, or by a server that died.
const strayAfter = 24 * time.Hour

// Doubtful gives files, the oldest first and at most so many, of which nobody
// has looked yet whether their message or contact names them, and should by now.
func (s *Service) Doubtful(ctx context.Context, most int64) ([]File, error) {
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "checkAt", Value: bson.D{{Key: "$lte", Value: s.Now()}}}},
		options.Find().SetSort(bson.D{{Key: "checkAt", Value: 1}}).SetLimit(most))
	if err != nil {
		return nil, fmt.Errorf("read doubtful files: %w", err)
	}
	var rows []File
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("read doubtful files: %w", err)
	}
	return rows, nil
}

// Trust ends the doubt about a file: what it was kept for names it.
func (s *Service) Trust(ctx context.Context, id ids.Media) error {
	_, err := s.rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$unset", Value: bson.D{{Key: "checkAt", Value: ""}}}})
	if err != nil {
		return fmt.Errorf("trust file %s: %w", id, err)
	}
	return nil
}
