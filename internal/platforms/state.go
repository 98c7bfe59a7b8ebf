package platforms

import (
	"context"
	"errors"
	"fmt"
	"time"

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

// Called names a config by the URL that was called, whose answers say nothing of
// another one that it was given meanwhile.
type Called struct {
	Account ids.Account
	Config  ids.PlatformConfig
	URL     string
}

func (c Called) filter() bson.D {
	return append(configRequest{Account: c.Account, Config: c.Config}.filter(), bson.E{Key: "url", Value: c.URL})
}

// Disable stops deliveries to a config whose URL said that it is gone. detail
// says what to do. A disabled one stays as it is. It tells whether the config
// has that URL; else nothing changes.
func (s *Service) Disable(ctx context.Context, c Called, detail string) (bool, error) {
	return s.moveCalled(ctx, c, State{Status: Disabled, Detail: detail}, Active, Failing)
}

// Fail notes that a config's URL does not take events now, and is not to be
// called before a time. detail says why and what to do. Only an active one
// becomes failing. It tells whether the config has that URL; else nothing changes.
func (s *Service) Fail(ctx context.Context, c Called, probeAt time.Time, detail string) (bool, error) {
	return s.moveCalled(ctx, c, State{Status: Failing, Detail: detail, Failures: 1, ProbeAt: probeAt}, Active)
}

// FailAgain notes that so many calls in a row found a failing config's URL down,
// and that it is not to be called before a time. Only Fresh shows that at once.
func (s *Service) FailAgain(ctx context.Context, c Called, failures int, probeAt time.Time) error {
	_, err := s.rows.UpdateOne(ctx, append(c.filter(), bson.E{Key: "state.status", Value: Failing}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "state.failures", Value: failures}, {Key: "state.probeAt", Value: probeAt}}}})
	if err != nil {
		return fmt.Errorf("note that platform config %s is still failing: %w", c.Config, err)
	}
	return nil
}

// Recover notes that a failing config's URL takes events again.
func (s *Service) Recover(ctx context.Context, account ids.Account, id ids.PlatformConfig) error {
	return s.move(ctx, configRequest{Account: account, Config: id}.filter(), State{Status: Active}, Failing)
}

// moveCalled is move where the config has the URL that was called.
func (s *Service) moveCalled(ctx context.Context, c Called, to State, from ...Status) (bool, error) {
	if err := s.move(ctx, c.filter(), to, from...); err != nil {
		return false, err
	}
	found, err := s.Fresh(ctx, c.Account, c.Config)
	return err == nil && found[c.Config].URL == c.URL, err
}

// move changes the condition of the config that a filter finds, from one of these
// only.
func (s *Service) move(ctx context.Context, filter bson.D, to State, from ...Status) error {
	to.Since = s.now()
	filter = append(filter, bson.E{Key: "state.status", Value: bson.D{{Key: "$in", Value: from}}})
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
		return fmt.Errorf("make platform config %v %s: %w", filter[0].Value, to.Status, err)
	}
	return nil
}

func (s *Service) tell(ctx context.Context, config Config) error {
	if s.moved == nil {
		return nil
	}
	return s.moved(ctx, config)
}
