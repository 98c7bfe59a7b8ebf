package channels

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// lookNow lets the loop look before its time.
func (s *Service) lookNow() {
	select {
	case s.devices.look <- struct{}{}:
	default:
	}
}

// watchDevices takes the devices that are wanted and that nobody holds, ends
// those that are not wanted any more, and does what other servers ask.
func (s *Service) watchDevices(ctx context.Context) error {
	rows, err := s.wanted(ctx)
	if err != nil {
		return fmt.Errorf("look for channels to connect: %w", err)
	}
	wanted := map[ids.Channel]wish{}
	var all []ids.Channel
	var names []string
	for _, r := range rows {
		if adapter, runs := s.adapters[r.Provider]; !runs || stateless(adapter) {
			continue
		}
		wanted[r.ID] = wish{as: s.toldDevice(s.opened(r)), restarts: r.Link.Restarts}
		all, names = append(all, r.ID), append(names, leaseName(r.ID))
	}
	s.devices.shown(wanted)
	if len(all) == 0 {
		return nil
	}
	taken, err := s.devices.leases.Taken(ctx, names)
	if err != nil {
		return err
	}
	for i, id := range all {
		if !taken[names[i]] {
			s.devices.take(id, func(ctx context.Context, one *device) { s.keep(ctx, id, one) })
		}
	}
	return s.answerOpen(ctx)
}

func leaseName(id ids.Channel) string { return "device/" + id.String() }

// told is what an adapter learns of a channel.
func (s *Service) told(l loaded) providers.Channel {
	return providers.Channel{
		ID: l.ID, Account: l.Account, Identifier: l.Identifier, APIKey: l.secrets.APIKey.Reveal(),
		PerSecond: int(l.Settings.MessagesPerSecond), MaxFile: l.Settings.MediaMaxBytes,
	}
}

// toldDevice is what the adapter of a linked device learns beside it: what the
// contact sees of a person who has the phone in their hand.
func (s *Service) toldDevice(l loaded) providers.Channel {
	as := s.told(l)
	as.TypingBeforeText, as.MarkReadOnProcess, as.SendPresence = l.Settings.TypingBeforeText, l.Settings.MarkReadOnProcess, l.Settings.SendPresence
	return as
}

// keep takes the lease of a device and keeps its connection open under it.
func (s *Service) keep(ctx context.Context, id ids.Channel, one *device) {
	if jobs.Pause(ctx, time.Duration(rand.Int64N(int64(openSpread)))) != nil {
		return
	}
	select {
	case s.devices.opening <- struct{}{}:
	case <-ctx.Done():
		return
	}
	opening := sync.OnceFunc(func() { <-s.devices.opening })
	defer opening()
	err := s.devices.leases.Hold(ctx, leaseName(id), func(ctx context.Context, held *jobs.Held) error {
		return s.live(ctx, id, one, held, opening)
	})
	switch {
	case err == nil, errors.Is(err, jobs.ErrHeld), ctx.Err() != nil:
	case errors.Is(err, jobs.ErrLost):
		slog.Warn("a device was lost to another server", "channel_id", id.String(), "error", err)
	default:
		slog.Error("a device could not be held", "channel_id", id.String(), "error", err)
		opening()                                  // others need not wait for this one
		_ = jobs.Pause(s.devices.ctx, time.Second) // its place is taken while it waits
	}
}

// live opens the connection and is there until it ends, is not wanted any
// more, or the lease is gone.
func (s *Service) live(ctx context.Context, id ids.Channel, one *device, held *jobs.Held, opened func()) error {
	r, err := s.read(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !r.Link.due(s.now()) {
		return nil // whoever had it a moment ago has seen its end
	}
	if err != nil {
		return err
	}
	l := s.opened(r)
	wanted := wish{as: s.toldDevice(l), restarts: r.Link.Restarts}
	if l.unopened != nil {
		return s.unopenable(ctx, id, held.Term(), wanted, l.unopened)
	}
	as := wanted.as
	as.Lease = leaseOf(held)
	s.mu.Lock()
	sink := s.sink
	s.mu.Unlock()
	s.devices.under(one, held)
	defer s.devices.under(one, nil)
	if err := s.unoffer(ctx, id); err != nil { // what the connection before this one showed
		return fmt.Errorf("open channel %s: %w", id, err)
	}
	conn, err := openDevice(ctx, s.adapters[r.Provider], as, sink)
	if err != nil {
		return s.unopenable(ctx, id, held.Term(), wanted, err)
	}
	s.devices.opened(one, wanted, conn)
	s.devices.wg.Go(func() {
		s.connecting(ctx, conn)
		opened()
	})
	s.metrics.devices.Inc()
	defer s.metrics.devices.Dec()
	s.begun(ctx, id)
	ending, byItself := s.await(ctx, conn)
	s.devices.gone(one)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closePatience)
	defer cancel()
	if err := conn.Close(closing); err != nil {
		slog.Warn("a connection did not close", "channel_id", id.String(), "error", err)
	}
	if !byItself {
		return nil
	}
	return s.ended(closing, id, held.Term(), wanted, ending)
}

// openDevice opens a device. A panic of its adapter, such as at a row that nobody
// thought of, is an error: it would end this process, and then each that takes the
// device next.
func openDevice(ctx context.Context, adapter providers.Adapter, as providers.Channel, sink providers.Sink) (providers.Conn, error) {
	conn, err := jobs.Guarded(func() (providers.Conn, error) { return adapter.Open(ctx, as, sink) })
	if errors.Is(err, jobs.ErrPanicked) {
		slog.ErrorContext(ctx, "an adapter panicked", "channel_id", as.ID.String(), "error", err)
		err = errors.New("its adapter panicked") // the channel's state shows it
	}
	return conn, err
}

// connectMost is how long a connection that does not come counts as being
// opened.
const connectMost = 5 * time.Second

// connecting waits until a connection is there, or does not come.
func (s *Service) connecting(ctx context.Context, conn providers.Conn) {
	ctx, cancel := context.WithTimeout(ctx, connectMost)
	defer cancel()
	for conn.State().Status == providers.StatusConnecting {
		if jobs.Pause(ctx, 50*time.Millisecond) != nil {
			return
		}
	}
}

// openAgain is when a device that could not be opened is tried again.
const openAgain = time.Minute

// unopenable shows that a device cannot be opened, and why; a moment's trouble
// of the store is only tried again.
func (s *Service) unopenable(ctx context.Context, id ids.Channel, term jobs.Term, wanted wish, cause error) error {
	cause = fmt.Errorf("open channel %s: %w", id, cause)
	if ctx.Err() != nil || mongodb.IsTransient(cause) {
		return cause
	}
	ending := providers.Ending{Again: openAgain, State: providers.State{
		Status: providers.StatusFailed, Detail: "The linked device cannot be opened: " + ended(cause.Error()) + " It is tried again every minute. POST .../logout gives it up, so that the number can be linked anew.",
	}}
	return errors.Join(cause, s.over(ctx, id, term, wanted, ending, true))
}

// await waits for the end of a connection; false when somebody else wants it.
func (s *Service) await(ctx context.Context, conn providers.Conn) (providers.Ending, bool) {
	lived, ok := conn.(providers.Lived)
	if !ok {
		<-ctx.Done()
		return providers.Ending{}, false
	}
	select {
	case <-lived.Done():
		return lived.Ending(), ctx.Err() == nil // else it was ended from here
	case <-ctx.Done():
		return providers.Ending{}, false
	}
}

// begun tells those who wait for a channel that this server holds it.
func (s *Service) begun(ctx context.Context, id ids.Channel) {
	s.mu.Lock()
	hooks := s.held
	s.mu.Unlock()
	for _, hook := range hooks {
		hook(ctx, id)
	}
	s.lookNow() // what was asked of it meanwhile
}

// OnHeld registers who is told when this server takes a channel's connection.
// It is for the start.
func (s *Service) OnHeld(hook Held) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = append(s.held, hook)
}

// Hold says whether this server may talk to a channel's provider itself.
type Hold struct {
	Here bool
	// Fence is that of the lease which the connection is held under, 0 where
	// there is no connection to hold.
	Fence int64
}

// HoldOf tells how this server holds a channel: always, where there is no
// connection to hold. Fault NotFound when there is no such channel.
func (s *Service) HoldOf(ctx context.Context, id ids.Channel) (Hold, error) {
	l, err := s.load(ctx, id)
	if err != nil {
		return Hold{}, err
	}
	adapter, runs := s.adapters[l.Provider]
	if !runs || stateless(adapter) {
		return Hold{Here: true}, nil
	}
	fence, here := s.devices.fence(id)
	return Hold{Here: here, Fence: fence}, nil
}

// Elsewhere lists the channels whose connection is wanted and not held here, as
// last looked at: what is to be sent or fetched over them is others' work.
func (s *Service) Elsewhere() []ids.Channel {
	s.devices.mu.Lock()
	defer s.devices.mu.Unlock()
	list := []ids.Channel{}
	for _, id := range s.devices.wanted {
		if one := s.devices.taken[id]; one == nil || one.conn == nil {
			list = append(list, id)
		}
	}
	return list
}

// MessageID makes the id of a message that is to be sent; empty where the
// provider makes it.
func (s *Service) MessageID(provider providers.Name) ids.ProviderMessage {
	if maker, ok := s.adapters[provider].(providers.IDMaker); ok {
		return maker.NewMessageID()
	}
	return ""
}

// MessageIDOf is the provider's id that a message of ours always has; empty where
// the provider makes it.
func (s *Service) MessageIDOf(provider providers.Name, id ids.Message) ids.ProviderMessage {
	if maker, ok := s.adapters[provider].(providers.IDMaker); ok {
		return maker.MessageIDOf(id)
	}
	return ""
}

// Held lists the channels whose connection this server holds.
func (s *Service) Held() []ids.Channel { return s.devices.ids() }
