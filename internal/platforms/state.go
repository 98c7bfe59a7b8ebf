package platforms

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// Moved is told of each new state of a config, in the transaction of the change.
type Moved func(ctx context.Context, config Config) error

// SetMoved registers who is told of new states; before any of them changes.
func (s *Service) SetMoved(hook Moved) { s.moved = hook }

// Disable stops deliveries to a config whose URL said that it is gone. detail
// says what to do. A disabled one stays as it is.
func (s *Service) Disable(ctx context.Context, account ids.Account, id ids.PlatformConfig, detail string) error {
	return s.move(ctx, account, id, State{Status: Disabled, Detail: detail}, Active, Failing)
}

// Fail notes that a config's URL does not take events now. detail says why and
// what to do. Only an active one becomes failing.
func (s *Service) Fail(ctx context.Context, account ids.Account, id ids.PlatformConfig, detail string) error {
	return s.move(ctx, account, id, State{Status: Failing, Detail: detail}, Active)
}

// Recover notes that a failing config's URL takes events again.
func (s *Service) Recover(ctx context.Context, account ids.Account, id ids.PlatformConfig) error {
	return s.move(ctx, account, id, State{Status: Active}, Failing)
}

// move changes a config's condition, from one of these only.
func (s *Service) move(ctx context.Context, account ids.Account, id ids.PlatformConfig, to State, from ...Status) error {
	to.Since = s.now()
	filter := append(configRequest{Account: account, Config: id}.filter(), bson.E{Key: "state.status", Value: bson.D{{Key: "$in", Value: from}}})
	err := mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		var config Config
		err := s.rows.FindOneAndUpdate(ctx, filter, bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: to}}}},
			options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&config)
		if errors.Is(err, mongo.ErrNoDocuments) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.tell(ctx, config)
	})
	s.cache.written()
	if err != nil {
		return fmt.Errorf("make platform config %s %s: %w", id, to.Status, err)
	}
	return nil
}

func (s *Service) tell(ctx context.Context, config Config) error {
	if s.moved == nil {
		return nil
	}
	return s.moved(ctx, config)
}
