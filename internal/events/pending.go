package events

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// pending reads deliveries that an endpoint still is to get, behind a position, in
// their order and without their attempts.
func (s *Service) pending(ctx context.Context, account ids.Account, config ids.PlatformConfig, behind int64, most int) ([]Delivery, error) {
	pipeline := mongo.Pipeline{
		{{Key: "$match", Value: append(pendingOf(account, config), bson.E{Key: "last", Value: bson.D{{Key: "$gt", Value: behind}}})}},
		{{Key: "$sort", Value: bson.D{{Key: "last", Value: 1}}}},
		{{Key: "$limit", Value: most + 1}}, // each has one at least, but for the row that holds the position
		{{Key: "$project", Value: bson.D{{Key: "deliveries.attempts", Value: 0}}}},
	}
	pipeline = append(pipeline, oneByOne...)
	cursor, err := s.rows.Aggregate(ctx, append(pipeline,
		bson.D{{Key: "$match", Value: bson.D{{Key: "status", Value: Pending}, {Key: "position", Value: bson.D{{Key: "$gt", Value: behind}}}}}},
		bson.D{{Key: "$limit", Value: most}}))
	var found []Delivery
	if err == nil {
		err = mongodb.All(ctx, cursor, &found)
	}
	if err != nil {
		return nil, fmt.Errorf("read what is pending for platform config %s: %w", config, err)
	}
	return found, nil
}

// left counts pending deliveries, up to those of so many rows. The index knows.
func (s *Service) left(ctx context.Context, rows bson.D, most int64) (int64, error) {
	cursor, err := s.rows.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: rows}}, {{Key: "$limit", Value: most}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: nil}, {Key: "n", Value: bson.D{{Key: "$sum", Value: "$left"}}}}}},
	})
	if err != nil {
		return 0, err
	}
	return mongodb.Counted(ctx, cursor)
}

// pendingOf is the filter of the rows with what an endpoint still is to get.
func pendingOf(account ids.Account, config ids.PlatformConfig) bson.D {
	return bson.D{{Key: "pending", Value: true}, {Key: "accountId", Value: account}, {Key: "platformConfigId", Value: config}}
}
