package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/web"
)

// heartbeatEvery is the longest silence of a stream.
const heartbeatEvery = 15 * time.Second

// reconnectAfter is what a client is told to wait after a break.
const reconnectAfter = time.Second

type streamRequest struct {
	Account ids.Account   `path:"clientIdentifier"`
	Types   []Type        `query:"type" validate:"max=32"`
	Slugs   []string      `query:"platformSlug" validate:"max=32"`
	Session []ids.Session `query:"sessionId" validate:"max=32"`
	Last    *int64        `header:"Last-Event-ID" validate:"omitempty,min=0"`
}

// stream sends an account's events as they happen: from a position on, or from
// now.
func (s *Service) stream(ctx context.Context, req *streamRequest, to *web.Stream) error {
	l, err := s.listener(ctx, req, to)
	if err != nil {
		return err
	}
	s.metrics.listeners.Inc()
	defer s.metrics.listeners.Dec()
	f := s.join(l.account, l.newest)
	defer s.quit(f)
	return l.run(ctx, f)
}

// listener is one client of the stream.
type listener struct {
	room     *Service
	account  ids.Account
	to       *web.Stream
	wants    func(Type, ids.Session, []ids.PlatformConfig) bool
	newest   int64 // when it came
	position int64 // up to which it has everything
	told     int64 // up to which it knows that
}

func (s *Service) listener(ctx context.Context, req *streamRequest, to *web.Stream) (*listener, error) {
	wants, err := s.filter(ctx, req)
	if err != nil {
		return nil, err
	}
	newest, err := s.position(ctx, req.Account)
	if err != nil {
		return nil, err
	}
	l := &listener{room: s, account: req.Account, to: to, wants: wants, newest: newest, position: newest}
	if req.Last == nil {
		return l, nil
	}
	if *req.Last > newest {
		// After the store was restored from a backup, say.
		return nil, fault.New(fault.CursorExpired, "The last event of account %s has position %d; %d is none of this store's. Read what you need of sessions and contacts again, then listen without Last-Event-ID.", req.Account, newest, *req.Last)
	}
	l.position = *req.Last
	return l, s.kept(ctx, req.Account, l.position, newest)
}

// filter makes a condition of the request.
func (s *Service) filter(ctx context.Context, req *streamRequest) (func(Type, ids.Session, []ids.PlatformConfig) bool, error) {
	for i, t := range req.Types {
		if err := checkType(fmt.Sprintf("type.%d", i), t, streamed); err != nil {
			return nil, err
		}
	}
	var configs []ids.PlatformConfig
	for i, slug := range req.Slugs {
		config, there, err := s.platforms.BySlug(ctx, req.Account, slug)
		if err != nil {
			return nil, err
		}
		if !there {
			return nil, fault.Invalid(fmt.Sprintf("platformSlug.%d", i), "unknown", "Account %s has no platform config with this slug.", req.Account)
		}
		configs = append(configs, config.ID)
	}
	return func(t Type, session ids.Session, platforms []ids.PlatformConfig) bool {
		return (len(req.Types) == 0 || slices.Contains(req.Types, t)) && (len(req.Session) == 0 || slices.Contains(req.Session, session)) &&
			(len(configs) == 0 || slices.ContainsFunc(platforms, func(id ids.PlatformConfig) bool { return slices.Contains(configs, id) }))
	}, nil
}

// run sends until the client goes, the server stops, or the key is revoked.
func (l *listener) run(ctx context.Context, f *feed) error {
	if err := l.to.Send(fmt.Appendf(nil, "retry: %d\nid: %d\n\n", reconnectAfter.Milliseconds(), l.position)); err != nil {
		return err
	}
	l.told = l.position
	heartbeat := time.NewTicker(heartbeatEvery)
	defer heartbeat.Stop()
	for {
		more, err := l.step(ctx, f)
		if err != nil {
			return err
		}
		if more == nil { // there may be more already
			more = ready
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-l.room.streams.Done():
			return nil
		case <-heartbeat.C:
			if err := l.beat(ctx); err != nil {
				return err
			}
		case <-more:
		}
	}
}

// ready is always.
var ready = func() <-chan struct{} {
	closed := make(chan struct{})
	close(closed)
	return closed
}()

// step sends some of what there is. When that is nothing, more is closed once
// there is more.
func (l *listener) step(ctx context.Context, f *feed) (more <-chan struct{}, err error) {
	frames, more, known := f.after(l.position)
	var upTo int64
	switch {
	case !known:
		if frames, upTo, err = l.read(ctx); err == nil && upTo == l.position {
			err = expired(l.account, l.position)
		}
		if err != nil {
			return nil, errors.Join(err, l.tellPosition(err))
		}
	case len(frames) == 0:
		return more, nil
	default:
		upTo = frames[len(frames)-1].position
	}
	if err := l.send(frames); err != nil {
		return nil, err
	}
	l.position = upTo
	return nil, nil
}

// read takes from the store what the feed does not have: few at a time, so that
// many who come back at once leave the store to others.
func (l *listener) read(ctx context.Context) ([]frame, int64, error) {
	select {
	case l.room.readers <- struct{}{}:
		defer func() { <-l.room.readers }()
	case <-l.room.streams.Done():
		return nil, 0, l.room.streams.Err()
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	return l.room.page(ctx, l.account, l.position, func(row *Row) bool { return l.wants(row.Type, row.Session, row.Platforms) })
}

// send writes those that the client wants, in one piece.
func (l *listener) send(frames []frame) error {
	var text []byte
	for _, f := range frames {
		if f.text != nil && l.wants(f.kind, f.session, f.platforms) {
			text = append(text, f.text...)
			l.told = f.position
		}
	}
	if text == nil {
		return nil
	}
	return l.to.Send(text)
}

// tellPosition lets the client know how far it is before a stream ends at what is
// not kept any more: it comes back behind that, and is refused.
func (l *listener) tellPosition(end error) error {
	if !fault.Is(end, fault.CursorExpired) || l.told == l.position {
		return nil
	}
	l.told = l.position
	return l.to.Send(fmt.Appendf(nil, "id: %d\n\n", l.position))
}

// beat shows that the connection lives, and how far the client is when nothing
// of late was for it.
func (l *listener) beat(ctx context.Context) error {
	if err := l.to.Allowed(ctx); err != nil {
		return err
	}
	if l.told == l.position {
		return l.to.Send([]byte(":\n\n"))
	}
	l.told = l.position
	return l.to.Send(fmt.Appendf(nil, "id: %d\n\n", l.position))
}
