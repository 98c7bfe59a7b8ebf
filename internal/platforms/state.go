package platforms

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
)

// Disable stops deliveries to a config whose URL said that it is gone. detail
// says what to do. A disabled one stays as it is.
func (s *Service) Disable(ctx context.Context, account ids.Account, id ids.PlatformConfig, detail string) error {
	return s.move(ctx, account, id, Disabled, detail, Active, Failing)
}

// Fail notes that a config's URL does not take events now. detail says why and
// what to do. Only an active one becomes failing.
func (s *Service) Fail(ctx context.Context, account ids.Account, id ids.PlatformConfig, detail string) error {
	return s.move(ctx, account, id, Failing, detail, Active)
}

// Recover notes that a failing config's URL takes events again.
func (s *Service) Recover(ctx context.Context, account ids.Account, id ids.PlatformConfig) error {
	return s.move(ctx, account, id, Active, "", Failing)
}

// move changes a config's condition, from one of these only.
func (s *Service) move(ctx context.Context, account ids.Account, id ids.PlatformConfig, to Status, detail string, from ...Status) error {
	filter := append(configRequest{Account: account, Config: id}.filter(), bson.E{Key: "state.status", Value: bson.D{{Key: "$in", Value: from}}})
	_, err := s.rows.UpdateOne(ctx, filter, bson.D{{Key: "$set", Value: bson.D{
		{Key: "state", Value: State{Status: to, Since: s.now(), Detail: detail}},
	}}})
	s.cache.written()
	if err != nil {
		return fmt.Errorf("make platform config %s %s: %w", id, to, err)
	}
	return nil
}
