package channels

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
)

// ByNumber gives the channels of a number at a provider, in all accounts,
// whichever way its ninth digit is written; the oldest first.
func (s *Service) ByNumber(ctx context.Context, provider providers.Name, digits string) ([]Channel, error) {
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "identifierKey", Value: phone.Key(digits)}, {Key: "provider", Value: provider}, {Key: "live", Value: true}}, sortedByAge())
	if err != nil {
		return nil, fmt.Errorf("look for the channels of a number: %w", err)
	}
	var rows []row
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("look for the channels of a number: %w", err)
	}
	list := make([]Channel, 0, len(rows))
	for _, r := range rows {
		list = append(list, r.channel())
	}
	return list, nil
}
