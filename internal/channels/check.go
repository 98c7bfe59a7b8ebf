package channels

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// CheckEvery is how often a provider is asked how a number is.
	CheckEvery = 5 * time.Minute
	// checkSoon is when it is asked again after it gave no answer.
	checkSoon = time.Minute
	// checkPatience bounds one check.
	checkPatience = 10 * time.Second
	// checkers is how many channels one server checks at once.
	checkers = 8
)

// Loop is something that this room must do again and again; app runs it.
type Loop struct {
	Name     string
	Interval time.Duration
	Run      func(ctx context.Context) error
	Wake     <-chan struct{} // starts a run early; nil: nothing does
}

// Loops lists what must run beside the requests. Every server may run all of
// them at once: each check is claimed in the store.
func (s *Service) Loops() []Loop {
	return []Loop{
		{Name: "channel_checks", Interval: 5 * time.Second, Run: s.watch},
		{Name: "channel_connections", Interval: 10 * time.Second, Run: s.sweep},
		{Name: "channel_devices", Interval: deviceLook, Run: s.watchDevices, Wake: s.devices.look},
		{Name: "channel_discards", Interval: discardLook, Run: s.discard},
	}
}

// watch checks every channel that is due.
func (s *Service) watch(ctx context.Context) error {
	var group sync.WaitGroup
	errs := make([]error, checkers)
	for i := range checkers {
		group.Go(func() {
			for ctx.Err() == nil && errs[i] == nil {
				var r row
				if r, errs[i] = s.claimCheck(ctx); r.ID.IsZero() {
					return
				}
				_, err := s.check(ctx, r.ID, checkDue)
				if err != nil && !fault.Is(err, fault.NotFound) { // deleted meanwhile
					errs[i] = err
				}
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// claimCheck takes a channel that is due; the zero row when none is. A server
// that dies with it only delays it until the next time.
func (s *Service) claimCheck(ctx context.Context) (row, error) {
	now := s.now()
	var r row
	err := s.rows.FindOneAndUpdate(ctx,
		bson.D{{Key: "live", Value: true}, {Key: "checkAt", Value: bson.D{{Key: "$lte", Value: now}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "checkAt", Value: now.Add(CheckEvery)}}}},
		options.FindOneAndUpdate().SetSort(bson.D{{Key: "checkAt", Value: 1}}).SetReturnDocument(options.After)).Decode(&r)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return row{}, nil
	}
	if err != nil {
		return row{}, fmt.Errorf("claim a channel's check: %w", err)
	}
	return r, nil
}

// occasion is why a channel is checked.
type occasion int

const (
	checkDue     occasion = iota // it is time
	checkChanged                 // it is new, or has new credentials
	checkAsked                   // somebody asked to set its webhook again
)

// finding is what a check found.
type finding struct {
	state   providers.State // zero: not known, the stored one stands
	number  string          // the provider's id of the number; empty: not told
	webhook func(*webhook)  // what became of the webhook; nil: nothing
	failed  error           // why the webhook could not be set
	silent  bool            // the provider gave no answer
}

// check asks the provider how a number is, tells it where to deliver where
// that is still to be done, and stores both. What the provider refuses is no
// error: it shows in the state; with checkAsked, a refused webhook is one.
func (s *Service) check(ctx context.Context, id ids.Channel, why occasion) (row, error) {
	r, err := s.read(ctx, id)
	if err != nil {
		return row{}, err
	}
	asking, cancel := context.WithTimeout(ctx, checkPatience)
	f, err := s.examine(asking, s.opened(r), why)
	cancel()
	if err != nil {
		return row{}, err
	}
	after, err := s.change(ctx, id, func(now *row) {
		if !bytes.Equal(now.Credentials.Box, r.Credentials.Box) || now.Platform != r.Platform {
			return // what was found is about what it no longer is
		}
		f.apply(now, s.now(), why)
	})
	return after, errors.Join(f.failed, err)
}

func (f finding) apply(r *row, now time.Time, why occasion) {
	if f.state.Status == providers.StatusCreated {
		r.become(f.state, now)
	} else {
		r.report(f.state, now)
	}
	if f.number != "" {
		r.NumberID = f.number
	}
	if f.webhook != nil {
		f.webhook(&r.Webhook)
	}
	switch {
	case f.silent:
		r.CheckAt = now.Add(checkSoon)
	case why != checkDue: // else the claim has set it
		r.CheckAt = now.Add(CheckEvery)
	}
}

// examine looks at a channel without changing anything here.
func (s *Service) examine(ctx context.Context, l loaded, why occasion) (finding, error) {
	adapter, runs := s.adapters[l.Provider]
	switch {
	case !runs:
		return finding{state: providers.State{Status: providers.StatusFailed, Detail: notRunning}, failed: s.cannotSet(l.row, why)}, nil
	case !stateless(adapter):
		f := finding{failed: s.cannotSet(l.row, why)}
		if l.Connection.Detail == notRunning { // it runs again
			f.state = providers.State{Status: providers.StatusCreated}
		}
		return f, nil
	}
	conn, err := s.open(ctx, l, adapter)
	if err != nil {
		if ctx.Err() != nil || fault.CodeOf(err) == fault.WhatsAppConnectionClosed { // stopping
			return finding{}, err
		}
		f := finding{state: providers.State{Status: providers.StatusFailed, Detail: ended(err.Error())}}
		if why == checkAsked {
			f.failed = fault.Wrap(err, fault.Conflict, "The webhook of channel %s cannot be set: it cannot be opened. Its state says why.", l.ID)
		}
		return f, nil
	}
	f := s.askHealth(ctx, l.row, conn)
	if f.state.Status != providers.StatusFailed && !f.silent || why == checkAsked {
		f.webhook, f.failed, err = s.tellWebhook(ctx, l, conn, why)
	}
	return f, err
}

// askHealth asks the provider how the number is.
func (s *Service) askHealth(ctx context.Context, r row, conn providers.Conn) finding {
	checker, ok := conn.(providers.HealthChecker)
	if !ok {
		return finding{state: conn.State()}
	}
	health, err := checker.Health(ctx)
	f, outcome := healthFinding(r, health, err)
	s.metrics.checks.WithLabelValues(string(r.Provider), outcome).Inc()
	return f
}

// healthFinding reads a provider's word. No answer is no news: an open channel
// stays open, and the next send will tell.
func healthFinding(r row, health providers.Health, err error) (finding, string) {
	switch {
	case err == nil && health.CanSend:
		return finding{state: providers.State{Status: providers.StatusOpen, Detail: health.Detail}, number: health.NumberID}, "open"
	case err == nil:
		return finding{state: providers.State{Status: providers.StatusFailed, Detail: health.Detail}, number: health.NumberID}, "cannot_send"
	}
	failed := providers.AsSendError(err)
	if failed.TellOperator || failed.Reason == providers.ReasonInvalidToken || failed.Reason == providers.ReasonAccountBlocked {
		return finding{state: providers.State{Status: providers.StatusFailed, Detail: failed.Detail}}, "refused"
	}
	f := finding{silent: true}
	if r.Connection.Status == providers.StatusCreated || r.Connection.Status == providers.StatusConnecting {
		f.state = providers.State{Status: providers.StatusConnecting, Detail: "The provider could not be asked how the number is; it is asked again within a minute. " + failed.Detail}
	}
	return f, "silent"
}

// ended closes a sentence.
func ended(text string) string {
	if text == "" || text[len(text)-1] == '.' {
		return text
	}
	return text + "."
}
