package messages

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// A session may open for a platform that another server has just deleted: its
// server remembers configs for platforms.CacheFor, and holding the config in the
// transaction would make all openings of an account write to one row. So both
// sides look again when they are done: who opened, whether the platform is there
// (settleIn); who deleted, whether a session has opened (PlatformRemoved). One of
// the two comes after the other and moves the session on.

const (
	// rehomedBy is who asked for such a transfer, for the record.
	rehomedBy = "omnichannel"
	// rehomeTries is how often another platform is looked for: what is remembered
	// may be gone, too.
	rehomeTries = 3
	// rehomePatience bounds it all.
	rehomePatience = 30 * time.Second
	// settleEvery is the least time from one look at what opened to the next.
	settleEvery = 100 * time.Millisecond
)

// openings are sessions that have opened, and whose platform is to be looked for.
type openings struct {
	mu      sync.Mutex
	list    []sessions.Session
	looking bool
}

// settleSoon lets settleIn look at sessions: at once, or with others that open
// meanwhile.
func (s *Service) settleSoon(list []sessions.Session) {
	s.openings.mu.Lock()
	defer s.openings.mu.Unlock()
	s.openings.list = append(s.openings.list, list...)
	if !s.openings.looking {
		s.openings.looking = true
		s.group.wg.Go(s.settleAll)
	}
}

func (s *Service) settleAll() {
	for {
		s.openings.mu.Lock()
		list := s.openings.list
		s.openings.list = nil
		s.openings.looking = len(list) > 0
		s.openings.mu.Unlock()
		if len(list) == 0 {
			return
		}
		s.settleIn(list)
		time.Sleep(settleEvery) // what closes waits for as long
	}
}

// settleIn looks whether the platforms of sessions that have just opened are
// there. It costs a read for each platform, which nobody waits for.
func (s *Service) settleIn(list []sessions.Session) {
	ctx, cancel := context.WithTimeout(context.Background(), rehomePatience)
	defer cancel()
	there := map[ids.PlatformConfig]bool{}
	for _, row := range list {
		if _, looked := there[row.Platform]; !looked {
			exists, err := s.platforms.Exists(ctx, row.Platform)
			if err != nil {
				slog.WarnContext(ctx, "the platform of a new session was not looked up", "session_id", row.ID.String(), "error", err)
			}
			there[row.Platform] = exists || err != nil
		}
		if there[row.Platform] {
			continue
		}
		if err := s.rehome(ctx, row); err != nil {
			slog.ErrorContext(ctx, "a new session names a deleted platform", "session_id", row.ID.String(), "platform_config_id", row.Platform.String(), "error", err)
		}
	}
}

// PlatformRemoved moves sessions on that opened while their platform was being
// deleted.
func (s *Service) PlatformRemoved(ctx context.Context, config platforms.Config) error {
	cursor, err := s.store.sessions.Find(ctx, bson.D{
		{Key: "accountId", Value: config.Account}, {Key: "platformSlug", Value: config.Slug},
		{Key: "platformConfigId", Value: config.ID}, {Key: "state", Value: sessions.Active},
	})
	var open []sessions.Session
	if err == nil {
		err = mongodb.All(ctx, cursor, &open)
	}
	if err != nil {
		return err
	}
	for _, row := range open {
		if err := s.rehome(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// rehome gives a session whose platform is gone to the one that steps in: the
// channel's, else the account's default. Where there is none it stays.
func (s *Service) rehome(ctx context.Context, row sessions.Session) error {
	for try := 1; ; try++ {
		facts, err := s.facts(ctx, row.Channel)
		if fault.Is(err, fault.NotFound) || err == nil && facts.Holder.Config.IsZero() {
			return nil // nobody is there to answer
		}
		if err == nil && facts.Holder.Config != row.Platform {
			_, err = s.changeSession(ctx, row, rehomed(row.Platform, sessions.Transfer{
				ID: ids.New[ids.Transfer](), By: rehomedBy, To: sessions.Holder{Platform: facts.Holder},
			}))
			if err == nil {
				return nil
			}
		}
		if try == rehomeTries {
			return err
		}
		if err := jobs.Pause(ctx, platforms.CacheFor); err != nil {
			return err
		}
	}
}

// rehomed moves a session from a platform that is gone, if it is still there.
func rehomed(gone ids.PlatformConfig, one sessions.Transfer) func(*batch, *sessionPlan) error {
	return func(b *batch, plan *sessionPlan) error {
		if plan.row.State == sessions.Finished || plan.row.Platform != gone {
			return nil
		}
		return transfer(one)(b, plan)
	}
}
