package gateway

import (
	"context"
	"errors"
	"time"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

const (
	// settleMost is how long a request waits for a connection's next state.
	settleMost = 20 * time.Second
	// settleLook is how often it looks.
	settleLook = 100 * time.Millisecond
	// askMost is how long it waits for what the holder of a connection is to do.
	askMost = 25 * time.Second
)

type numberRequest struct {
	Number string `path:"clientNumber"`
}

// StatusView is the condition of a number, as the gateway prints it.
type StatusView struct {
	Status providers.Status `json:"status"`
	// QR is the text of the code that a phone can scan now; null: none.
	QR *string `json:"qr"`
	// Battery, in percent, and Plugged: as another gateway told by its webhook; a
	// phone with linked devices does not tell.
	Battery *float64 `json:"battery"`
	Plugged *bool    `json:"plugged"`

	Detail  string      `json:"detail"`
	Since   *int64      `json:"since"`  // Unix seconds
	Number  *string     `json:"number"` // that the device is linked to; null: none
	Channel ids.Channel `json:"channelId"`
}

// status tells a number's condition.
func (s *Service) status(ctx context.Context, _ *numberRequest) (StatusView, error) {
	return s.view(ctx, channelOf(ctx))
}

func (s *Service) view(ctx context.Context, id ids.Channel) (StatusView, error) {
	ch, linked, err := s.channels.Now(ctx, id)
	if err != nil {
		return StatusView{}, err
	}
	view := StatusView{Status: ch.State.Status, Detail: ch.State.Detail, Since: web.Seconds(ch.State.Since), Number: given(linked), Channel: id,
		Battery: ch.Battery.Charge, Plugged: ch.Battery.Plugged}
	if ch.State.Status == providers.StatusQR || ch.State.Status == providers.StatusPairing {
		p, ok, err := s.channels.Pairing(ctx, id)
		if err != nil {
			return StatusView{}, err
		}
		if ok {
			view.QR = given(p.QR)
		}
	}
	return view, nil
}

// connect asks for the connection and waits for a moment to see what comes of
// it. It is idempotent.
func (s *Service) connect(ctx context.Context, _ *numberRequest) (StatusView, error) {
	id := channelOf(ctx)
	if err := s.channels.Want(ctx, id, true); err != nil {
		return StatusView{}, err
	}
	return s.settled(ctx, id)
}

// disconnect ends the connection; the device stays linked. It is idempotent.
func (s *Service) disconnect(ctx context.Context, _ *numberRequest) (StatusView, error) {
	id := channelOf(ctx)
	if err := s.channels.Want(ctx, id, false); err != nil {
		return StatusView{}, err
	}
	return s.view(ctx, id)
}

// reset closes the connection and opens it anew.
func (s *Service) reset(ctx context.Context, _ *numberRequest) (StatusView, error) {
	id := channelOf(ctx)
	if err := s.channels.Restart(ctx, id); err != nil {
		return StatusView{}, err
	}
	return s.settled(ctx, id)
}

// logout unlinks the device from its phone. One that is not linked is logged
// out already; one that nobody can open is given up.
func (s *Service) logout(ctx context.Context, _ *numberRequest) (StatusView, error) {
	id := channelOf(ctx)
	_, linked, err := s.channels.Now(ctx, id)
	if err != nil {
		return StatusView{}, err
	}
	if done, err := s.channels.GiveUp(ctx, id, s.chats.Forget); err != nil {
		return StatusView{}, err
	} else if done {
		return s.view(ctx, id)
	}
	if linked == "" {
		if err := s.channels.Want(ctx, id, false); err != nil {
			return StatusView{}, err
		}
		return s.view(ctx, id)
	}
	if err := s.channels.Want(ctx, id, true); err != nil {
		return StatusView{}, err
	}
	if err := s.ask(ctx, id, commandLogout, pairCommand{}, nil); err != nil {
		return StatusView{}, err
	}
	return s.await(ctx, id, func(v StatusView) bool { return v.Status == providers.StatusLoggedOut && v.Number == nil })
}

// settled waits until a connection is not connecting any more, and gives what
// it then is: to be scanned, with the code, which is stored a moment later.
func (s *Service) settled(ctx context.Context, id ids.Channel) (StatusView, error) {
	return s.await(ctx, id, func(v StatusView) bool {
		return v.Status != providers.StatusConnecting && (v.Status != providers.StatusQR || v.QR != nil)
	})
}

// linked waits until a pairing has come to its end.
func (s *Service) linked(ctx context.Context, id ids.Channel) (StatusView, error) {
	return s.await(ctx, id, func(v StatusView) bool {
		return v.Status != providers.StatusConnecting && v.Status != providers.StatusPairing
	})
}

// await waits for a condition, and gives how the number is when it holds, or
// when the time is up.
func (s *Service) await(ctx context.Context, id ids.Channel, holds func(StatusView) bool) (StatusView, error) {
	waiting, cancel := context.WithTimeout(ctx, settleMost)
	defer cancel()
	for {
		view, err := s.view(ctx, id)
		if err != nil || holds(view) || jobs.Pause(waiting, settleLook) != nil {
			return view, err
		}
	}
}

// ask lets the holder of the connection do something; what it refuses is a
// fault of ours. An answer that did not come in time is ProviderTimeout, whoever's
// time it was: the caller's, the holder's, or that of a question which went out to
// WhatsApp before its connection was cut.
func (s *Service) ask(ctx context.Context, id ids.Channel, kind string, body, result any) error {
	ctx, cancel := context.WithTimeout(ctx, s.askLimit)
	defer cancel()
	err := s.channels.Ask(ctx, id, kind, body, result)
	var send *providers.SendError
	var f *fault.Error
	switch {
	case errors.As(err, &send):
		return send.Fault()
	case !errors.As(err, &f) && errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(err, fault.ProviderTimeout, "WhatsApp gave no answer for channel %s in time. It was perhaps done; GET …/status tells how the connection is.", id)
	}
	return err
}
