package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/gateway/chats"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
)

// Channels is what this room needs of the channels.
type Channels interface {
	Now(ctx context.Context, id ids.Channel) (ch channels.Channel, linked string, err error)
	ByNumber(ctx context.Context, provider providers.Name, digits string) ([]channels.Channel, error)
	KnowsAccessCode(ctx context.Context, id ids.Channel, code string) (bool, error)
	AccessCode(ctx context.Context, id ids.Channel) (channels.AccessCode, error)
	NewAccessCode(ctx context.Context, id ids.Channel) (code string, told channels.AccessCode, err error)
	Pairing(ctx context.Context, id ids.Channel) (channels.Pairing, bool, error)
	Want(ctx context.Context, id ids.Channel, wanted bool) error
	Restart(ctx context.Context, id ids.Channel) error
	GiveUp(ctx context.Context, id ids.Channel, also channels.Gone) (done bool, err error)
	Ask(ctx context.Context, id ids.Channel, kind string, body, result any) error
	SetHook(ctx context.Context, id ids.Channel, url string, wanted *[]string) (channels.HookView, error)
	Hook(ctx context.Context, id ids.Channel) (channels.HookView, error)
	EndHook(ctx context.Context, id ids.Channel) error
}

// Messages sends what a caller wants to say.
type Messages interface {
	// SendOver sends over a channel of the caller's, as POST /api/message does;
	// in mode gateway nothing of it is kept.
	SendOver(ctx context.Context, channel ids.Channel, message messages.ToNumber) (messages.NumberAnswer, error)
	// Marks tells where the conversation with a person or group stands.
	Marks(ctx context.Context, channel ids.Channel, chat providers.Address) (messages.Marks, error)
	// SetRead sets the unread counter to 0 of the session that marks are of.
	SetRead(ctx context.Context, marks messages.Marks) error
	// Shown tells how far messages came, and where their files are.
	Shown(ctx context.Context, channel ids.Channel, wanted []messages.Ref) (map[messages.Ref]messages.Shown, error)
}

// Service answers the gateway's routes.
type Service struct {
	channels  Channels
	messages  Messages
	chats     *chats.Service
	files     Files
	publicURL string
	version   string
	now       func() time.Time
	guesses   *guesses
	askLimit  time.Duration
}

// Options are what the room needs.
type Options struct {
	Channels Channels
	Messages Messages
	Chats    *chats.Service
	Files    Files
	// PublicURL stands before links; empty: they are relative.
	PublicURL string
	// Version is that of this service.
	Version string
	Now     func() time.Time
	// AskLimit is how long a request waits for what the holder of a connection is
	// to do; zero: 25 s.
	AskLimit time.Duration
}

// New makes the room. Commands says what its connections must be able to do
// where they are held.
func New(o Options) *Service {
	return &Service{channels: o.Channels, messages: o.Messages, chats: o.Chats, files: o.Files, publicURL: strings.TrimRight(o.PublicURL, "/"), version: o.Version, now: o.Now, askLimit: cmp.Or(o.AskLimit, askMost), guesses: newGuesses()}
}

// The commands that a linked device answers for this room.
const (
	commandPairCode       = "pairCode"
	commandAnswerPasskey  = "answerPasskey"
	commandConfirmPasskey = "confirmPasskey"
	commandLogout         = "logout"
)

// pairer is a connection that can be linked to a phone.
type pairer interface {
	State() providers.State
	PairByCode(ctx context.Context, number string) (string, error)
	AnswerPasskey(ctx context.Context, response json.RawMessage) error
	ConfirmPasskey(ctx context.Context) error
	Logout(ctx context.Context) error
}

type (
	pairCommand struct {
		Number string `bson:"number,omitempty"`
		Answer string `bson:"answer,omitempty"` // JSON
	}
	pairCode struct {
		Code   string `bson:"code"`
		Number string `bson:"number"` // as WhatsApp has it
	}
)

// Commands registers what the server that holds a connection does for this room.
func Commands(s *channels.Service) {
	pairingCommands(s)
	peopleCommands(s)
	groupCommands(s)
	contactCommands(s)
	chatCommands(s)
	accountCommands(s)
	groupPhotoCommands(s)
	chatActionCommands(s)
}

func pairingCommands(s *channels.Service) {
	unable := &providers.SendError{Reason: providers.ReasonCapabilityUnsupported, Detail: "This channel has no linked device."}
	on := func(kind string, do func(ctx context.Context, p pairer, c pairCommand) (pairCode, error)) {
		channels.Answer(s, kind, func(ctx context.Context, conn providers.Conn, c pairCommand) (pairCode, error) {
			p, ok := conn.(pairer)
			if !ok {
				return pairCode{}, unable
			}
			result, err := do(ctx, p, c)
			return result, refused(err, p.State())
		})
	}
	on(commandPairCode, func(ctx context.Context, p pairer, c pairCommand) (pairCode, error) {
		return pairByCode(ctx, p, c.Number)
	})
	on(commandAnswerPasskey, func(ctx context.Context, p pairer, c pairCommand) (pairCode, error) {
		return pairCode{}, p.AnswerPasskey(ctx, json.RawMessage(c.Answer))
	})
	on(commandConfirmPasskey, func(ctx context.Context, p pairer, _ pairCommand) (pairCode, error) {
		return pairCode{}, p.ConfirmPasskey(ctx)
	})
	on(commandLogout, func(ctx context.Context, p pairer, _ pairCommand) (pairCode, error) {
		return pairCode{}, p.Logout(ctx)
	})
}

// pairByCode asks for a code under each way to write the number, until WhatsApp
// knows one: it does not tell beforehand with how many digits it has a number.
func pairByCode(ctx context.Context, p pairer, number string) (pairCode, error) {
	var err error
	for _, form := range phone.Forms(number) {
		var code string
		if code, err = p.PairByCode(ctx, form); err == nil {
			return pairCode{Code: code, Number: form}, nil
		}
		if !errors.Is(err, whatsappweb.ErrUnknownNumber) {
			return pairCode{}, err
		}
	}
	return pairCode{}, fault.Wrap(err, fault.NumberNotOnWhatsApp, "WhatsApp does not have the number %s. Register it on a phone first.", number)
}

// refused says what a failed step means to whoever asked for it. A time that ran
// out stays what it is, since only the asker knows whose it was.
func refused(err error, state providers.State) error {
	var f *fault.Error
	var send *providers.SendError
	var no *whatsappweb.RefusedError
	var unseen *whatsappweb.UnseenError
	switch {
	case errors.As(err, &unseen):
		return fault.Wrap(err, fault.ProviderTimeout, "WhatsApp did it, and then did not tell how the group is. There is nothing to try again: GET …/groups tells what came of it.")
	case errors.As(err, &no):
		return refusal(no)
	}
	if err == nil || errors.As(err, &f) || errors.As(err, &send) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	switch state.Status {
	case providers.StatusConnecting, providers.StatusQR, providers.StatusPairing, providers.StatusOpen:
		return fault.Wrap(err, fault.ProviderUnavailable, "WhatsApp did not do it. Try again; GET …/status tells how the connection is.")
	default:
		return fault.Wrap(err, fault.WhatsAppConnectionClosed, "The connection is %s. %s", state.Status, state.Detail)
	}
}
