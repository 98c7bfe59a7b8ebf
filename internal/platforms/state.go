package platforms

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// Also is done in the transaction in which a config's state changes, and not
// at all where it does not change.
type Also func(ctx context.Context) error

// Disable stops deliveries to a config whose URL said that it is gone. detail
// says what to do. A disabled one stays as it is.
func (s *Service) Disable(ctx context.Context, account ids.Account, id ids.PlatformConfig, detail string, also Also) error {
	return s.move(ctx, account, id, State{Status: Disabled, Detail: detail}, also, Active, Failing)
}

// Fail notes that a config's URL does not take events now. detail says why and
// what to do. Only an active one becomes failing.
func (s *Service) Fail(ctx context.Context, account ids.Account, id ids.PlatformConfig, detail string, also Also) error {
	return s.move(ctx, account, id, State{Status: Failing, Detail: detail}, also, Active)
}

// Recover notes that a failing config's URL takes events again.
func (s *Service) Recover(ctx context.Context, account ids.Account, id ids.PlatformConfig, also Also) error {
	return s.move(ctx, account, id, State{Status: Active}, also, Failing)
}

// move changes a config's condition, from one of these only.
func (s *Service) move(ctx context.Context, account ids.Account, id ids.PlatformConfig, to State, also Also, from ...Status) error {
	to.Since = s.now()
	filter := append(configRequest{Account: account, Config: id}.filter(), bson.E{Key: "state.status", Value: bson.D{{Key: "$in", Value: from}}})
	err := mongodb.Transaction(ctx, s.rows.Database().Client(), func(ctx context.Context) error {
		res, err := s.rows.UpdateOne(ctx, filter, bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: to}}}})
		if err != nil || res.MatchedCount == 0 || also == nil {
			return err
		}
		return also(ctx)
	})
	s.cache.written()
	if err != nil {
		return fmt.Errorf("make platform config %s %s: %w", id, to.Status, err)
	}
	return nil
}
