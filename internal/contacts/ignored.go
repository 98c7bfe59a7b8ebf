package contacts

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// Ignored gives those of the identities, by channel, that belong to an ignored
// contact. It costs next to nothing: few contacts are.
func (s *Service) Ignored(ctx context.Context, identities map[ids.Channel][]string) (map[ids.Channel][]string, error) {
	any := bson.A{}
	for channel, keys := range identities {
		any = append(any, bson.D{{Key: "isIgnored", Value: true}, {Key: "channelId", Value: channel}, {Key: "identities", Value: bson.D{{Key: "$in", Value: keys}}}})
	}
	if len(any) == 0 {
		return nil, nil
	}
	fields := bson.D{{Key: "channelId", Value: 1}, {Key: "identities", Value: 1}}
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "$or", Value: any}}, options.Find().SetProjection(fields))
	if err != nil {
		return nil, fmt.Errorf("look for ignored contacts: %w", err)
	}
	var rows []Contact
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("look for ignored contacts: %w", err)
	}
	found := map[ids.Channel][]string{}
	for _, row := range rows {
		found[row.Channel] = append(found[row.Channel], row.Identities...)
	}
	return found, nil
}
