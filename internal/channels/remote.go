package channels

import (
	"context"
	"errors"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// The commands that every connection answers.
const (
	commandTyping = "typing"
	commandRead   = "read"
	commandRevoke = "revoke"
	commandCheck  = "check"
)

// checkMost is how long the holder's word on a recipient is waited for.
const checkMost = 3 * time.Second

// remote is a connection that another server holds, or that is on its way from
// one to another: what is asked of it travels as a command.
type remote struct {
	room    *Service
	id      ids.Channel
	adapter providers.Adapter
	state   providers.State
}

var (
	_ providers.Conn       = (*remote)(nil)
	_ providers.Typer      = (*remote)(nil)
	_ providers.ReadMarker = (*remote)(nil)
	_ providers.Revoker    = (*remote)(nil)
)

// Check refuses what can be told without a connection, and a recipient that the
// holder refuses. What its holder cannot be asked now, the send asks.
func (r *remote) Check(ctx context.Context, out providers.Outbound) error {
	checker, ok := r.adapter.(providers.Checker)
	if !ok {
		return nil
	}
	if err := checker.CheckOutbound(ctx, out); err != nil || out.To.Kind != providers.KindPhone {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, checkMost)
	defer cancel()
	var refused *providers.SendError
	if err := r.room.Ask(ctx, r.id, commandCheck, sign{To: out.To}, nil); errors.As(err, &refused) && !refused.Retryable {
		return refused
	}
	return nil
}

// Send refuses: the message's row is what travels. Who sends looks at Hold first.
func (r *remote) Send(context.Context, providers.Outbound) (providers.Receipt, error) {
	return providers.Receipt{}, &providers.SendError{
		Reason: providers.ReasonConnectionClosed, Retryable: true,
		Detail: "Channel " + r.id.String() + " is held by another server; its holder sends the message.",
	}
}

// State is what its holder reported last.
func (r *remote) State() providers.State { return r.state }

// Close does nothing: the connection is another's.
func (r *remote) Close(context.Context) error { return nil }

// sign is what typing, read and revoke need.
type sign struct {
	To     providers.Address     `bson:"to"`
	Author providers.Address     `bson:"author,omitempty"`
	ID     ids.ProviderMessage   `bson:"id,omitempty"`
	State  providers.TypingState `bson:"state,omitempty"`
	// Marks are what is read, the newest first; Author and ID are its newest, for
	// servers that know no more.
	Marks []providers.ReadMark `bson:"marks,omitempty"`
}

// SendTyping lets the holder show the state.
func (r *remote) SendTyping(ctx context.Context, to providers.Address, last ids.ProviderMessage, state providers.TypingState) error {
	return r.room.Ask(ctx, r.id, commandTyping, sign{To: to, ID: last, State: state}, nil)
}

// MarkRead lets the holder mark messages.
func (r *remote) MarkRead(ctx context.Context, to providers.Address, messages ...providers.ReadMark) error {
	if len(messages) == 0 {
		return nil
	}
	return r.room.Ask(ctx, r.id, commandRead, sign{To: to, Author: messages[0].Author, ID: messages[0].ID, Marks: messages}, nil)
}

// Revoke lets the holder delete a message for everyone.
func (r *remote) Revoke(ctx context.Context, to providers.Address, id ids.ProviderMessage) error {
	return r.room.Ask(ctx, r.id, commandRevoke, sign{To: to, ID: id}, nil)
}

// ownCommands are the handlers of the above.
func (s *Service) ownCommands() {
	unable := &providers.SendError{Reason: providers.ReasonCapabilityUnsupported, Detail: "The provider of this channel cannot do that."}
	Answer(s, commandTyping, func(ctx context.Context, conn providers.Conn, c sign) (struct{}, error) {
		typer, ok := conn.(providers.Typer)
		if !ok {
			return struct{}{}, unable
		}
		return struct{}{}, typer.SendTyping(ctx, c.To, c.ID, c.State)
	})
	Answer(s, commandRead, func(ctx context.Context, conn providers.Conn, c sign) (struct{}, error) {
		marker, ok := conn.(providers.ReadMarker)
		if !ok {
			return struct{}{}, unable
		}
		if len(c.Marks) == 0 {
			c.Marks = []providers.ReadMark{{ID: c.ID, Author: c.Author}}
		}
		return struct{}{}, marker.MarkRead(ctx, c.To, c.Marks...)
	})
	Answer(s, commandCheck, func(ctx context.Context, conn providers.Conn, c sign) (struct{}, error) {
		return struct{}{}, conn.Check(ctx, providers.Outbound{To: c.To, Content: providers.Content{Type: providers.TypeText, Text: "?"}})
	})
	Answer(s, commandForget, func(ctx context.Context, conn providers.Conn, c people) (struct{}, error) {
		forgetter, ok := conn.(providers.Forgetter)
		if !ok {
			return struct{}{}, unable
		}
		device := func() error { return forgetter.Forget(ctx, c.Who) }
		if c.Channel.IsZero() {
			return struct{}{}, device()
		}
		return struct{}{}, s.forgetHere(ctx, c.Channel, c.Who, device)
	})
	Answer(s, commandUnlink, func(ctx context.Context, conn providers.Conn, _ struct{}) (struct{}, error) {
		unlinker, ok := conn.(providers.Unlinker)
		if !ok {
			return struct{}{}, unable
		}
		return struct{}{}, unlinker.Logout(ctx)
	})
	Answer(s, commandRevoke, func(ctx context.Context, conn providers.Conn, c sign) (struct{}, error) {
		revoker, ok := conn.(providers.Revoker)
		if !ok {
			return struct{}{}, unable
		}
		return struct{}{}, revoker.Revoke(ctx, c.To, c.ID)
	})
}
