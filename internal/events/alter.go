package events

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// alterMost is how many rows are changed at once.
const alterMost = 200

// rowID is as much of a row as is read of it.
type rowID struct {
	ID ids.DeliveryBatch `bson:"_id"`
}

// alter changes all deliveries of some rows for which is holds, and tells how many
// those were. What it has done when it fails stays.
func (s *Service) alter(ctx context.Context, rows bson.D, is, change any) (n int64, err error) {
	cursor, err := s.rows.Find(ctx, rows, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return 0, err
	}
	var found []rowID
	if err := mongodb.All(ctx, cursor, &found); err != nil {
		return 0, err
	}
	for len(found) > 0 {
		some := found[:min(alterMost, len(found))]
		found = found[len(some):]
		done, err := s.alterThese(ctx, some, is, change)
		if err != nil {
			return n, err
		}
		n += done
	}
	return n, nil
}

// alterThese counts and changes in one transaction: what one update changed, it does
// not tell.
func (s *Service) alterThese(ctx context.Context, rows []rowID, is, change any) (n int64, err error) {
	list := make([]ids.DeliveryBatch, 0, len(rows))
	for i := range rows {
		list = append(list, rows[i].ID)
	}
	these := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: list}}}}
	err = mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		cursor, err := s.rows.Aggregate(ctx, mongo.Pipeline{
			{{Key: "$match", Value: these}},
			{{Key: "$group", Value: bson.D{{Key: "_id", Value: nil}, {Key: "n", Value: bson.D{{Key: "$sum", Value: sizeOf(is)}}}}}},
		})
		if err != nil {
			return err
		}
		if n, err = mongodb.Counted(ctx, cursor); err != nil || n == 0 {
			return err
		}
		_, err = s.rows.UpdateMany(ctx, these, changed(nil, is, change))
		return err
	})
	return n, err
}
