package messages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// Channels is what this room needs of the channels.
type Channels interface {
	Get(ctx context.Context, id ids.Channel) (channels.Channel, error)
	OfAccount(ctx context.Context, account ids.Account) ([]channels.Channel, error)
	ByNumberID(ctx context.Context, account ids.Account, numberID string) (channels.Channel, bool, error)
	Conn(ctx context.Context, id ids.Channel) (providers.Conn, error)
	Capabilities(provider providers.Name) (providers.Capabilities, bool)
	Report(ctx context.Context, id ids.Channel, state providers.State) error
	// HoldOf tells whether this server may talk to the provider itself.
	HoldOf(ctx context.Context, id ids.Channel) (channels.Hold, error)
	// Elsewhere lists the channels that other servers talk for.
	Elsewhere() []ids.Channel
	// Ask lets the server that holds a channel do a command.
	Ask(ctx context.Context, id ids.Channel, kind string, body, result any) error
	// AskFor is Ask for what may take longer than other commands.
	AskFor(ctx context.Context, limit time.Duration, id ids.Channel, kind string, body, result any) error
	// NoteBattery keeps what is told of the battery of a channel's phone; nil: not
	// told.
	NoteBattery(ctx context.Context, id ids.Channel, charge *float64, plugged *bool) error
	// MessageID makes the id to send under; empty where the provider makes it.
	MessageID(provider providers.Name) ids.ProviderMessage
	// MessageIDOf is the id that a message of ours has wherever it is sent from;
	// empty where the provider makes it.
	MessageIDOf(provider providers.Name, id ids.Message) ids.ProviderMessage
}

// Platforms is what this room needs of the platforms.
type Platforms interface {
	Get(ctx context.Context, account ids.Account, id ids.PlatformConfig) (platforms.Config, error)
	BySlug(ctx context.Context, account ids.Account, slug string) (platforms.Config, bool, error)
	Default(ctx context.Context, account ids.Account) (platforms.Config, bool, error)
	// Hold relies on a config within the caller's transaction; fault NotFound when
	// there is none.
	Hold(ctx context.Context, account ids.Account, id ids.PlatformConfig) error
	// Exists tells whether any account has a config of this id.
	Exists(ctx context.Context, id ids.PlatformConfig) (bool, error)
	// OfChannel gives the webhook of a channel's own; false when it has none.
	OfChannel(ctx context.Context, account ids.Account, channel ids.Channel) (platforms.Config, bool, error)
}

// Options is what the room is made of.
type Options struct {
	DB        *mongo.Database
	Channels  Channels
	Platforms Platforms
	Files     Files
	Gate      WebhookGate
	Now       func() time.Time
	Registry  prometheus.Registerer
	// SendTimeout is how long a request waits for its message's fate.
	SendTimeout time.Duration
}

// Service takes in, keeps and sends messages.
type Service struct {
	store       *store
	group       *group
	openings    openings
	channels    Channels
	platforms   Platforms
	files       Files
	gate        WebhookGate
	now         func() time.Time
	sendTimeout time.Duration
	senders     *senders
	fetchers    *fetchers
	sendMetrics *sendMetrics
	underway    underway
	erased      func(ctx context.Context, channel ids.Channel, gone []ErasedMessage) error // see OnErased

	queueMetrics *queueMetrics
	tracer       trace.Tracer
}

// New makes the room and starts its group commit; Close ends it.
func New(o Options) *Service {
	s := &Service{
		channels: o.Channels, platforms: o.Platforms, files: o.Files, gate: o.Gate, now: o.Now, sendTimeout: o.SendTimeout,
		senders: newSenders(), fetchers: newFetchers(), sendMetrics: newSendMetrics(o.Registry), queueMetrics: newQueueMetrics(o.Registry), tracer: newTracer(),
	}
	s.store = newStore(o.DB, o.Now, s.platformBySlug, o.Platforms)
	s.group = newGroup(s.store, newCommitMetrics(o.Registry), s.settleSoon)
	return s
}

// Close lets what was accepted finish: attempts under way first, then the
// queued changes. It is bounded by ctx.
func (s *Service) Close(ctx context.Context) error {
	err := s.senders.close(ctx)
	done := make(chan struct{})
	go func() {
		s.group.close()
		close(done)
	}()
	select {
	case <-done:
		return err
	case <-ctx.Done():
		return errors.Join(err, fmt.Errorf("drain the group commit: %w", ctx.Err()))
	}
}

// platformBySlug is the commit's view of the platforms; the webhook of a number
// is none.
func (s *Service) platformBySlug(ctx context.Context, account ids.Account, slug string) (sessions.PlatformRef, bool, error) {
	config, ok, err := s.platforms.BySlug(ctx, account, slug)
	if !config.Channel.IsZero() {
		return sessions.PlatformRef{}, false, err
	}
	return sessions.PlatformRef{Slug: config.Slug, Config: config.ID}, ok, err
}

// facts gives what changes need to know of a channel. The holder of new
// sessions is the channel's platform, else the account's default.
func (s *Service) facts(ctx context.Context, id ids.Channel) (channelFacts, error) {
	ch, err := s.channels.Get(ctx, id)
	if err != nil {
		return channelFacts{}, err
	}
	return s.factsOf(ctx, ch, ids.PlatformConfig{})
}

// Holder gives the platform that hears of a contact: that of its open session,
// else the one that would get its next session.
func (s *Service) Holder(ctx context.Context, channel ids.Channel, contact ids.Contact) (ids.PlatformConfig, error) {
	var session sessions.Session
	err := s.store.sessions.FindOne(ctx, bson.D{{Key: "channelId", Value: channel}, {Key: "contactId", Value: contact}, {Key: "state", Value: sessions.Active}}).Decode(&session)
	if err == nil {
		return session.Platform, nil
	}
	if !errors.Is(err, mongo.ErrNoDocuments) {
		return ids.PlatformConfig{}, err
	}
	facts, err := s.facts(ctx, channel)
	if fault.Is(err, fault.NotFound) { // the channel is gone; its contacts stay readable
		return ids.PlatformConfig{}, nil
	}
	return facts.Holder.Config, err
}

// factsOf prefers, in this order: the channel's platform, the one that a
// webhook's URL names, the account's default.
func (s *Service) factsOf(ctx context.Context, ch channels.Channel, named ids.PlatformConfig) (channelFacts, error) {
	facts := channelFacts{ID: ch.ID, Account: ch.Account, Provider: ch.Provider}
	wanted := ch.Platform
	if wanted.IsZero() {
		wanted = named
	}
	var config platforms.Config
	var err error
	if wanted.IsZero() {
		config, _, err = s.platforms.Default(ctx, ch.Account)
	} else {
		config, err = s.platforms.Get(ctx, ch.Account, wanted)
		if fault.Is(err, fault.NotFound) { // deleted since: the account's default steps in
			config, _, err = s.platforms.Default(ctx, ch.Account)
		}
	}
	if err != nil {
		return channelFacts{}, fmt.Errorf("find the platform of channel %s: %w", ch.ID, err)
	}
	facts.Holder = sessions.PlatformRef{Slug: config.Slug, Config: config.ID}
	if named.IsZero() { // what came by a webhook is not sent on by one
		facts.Hook, err = s.hookOf(ctx, ch)
	}
	return facts, err
}

// Accept stores what a provider delivered: nil means durably. It implements
// providers.Sink.
func (s *Service) Accept(ctx context.Context, in ...providers.Inbound) error {
	_, err := s.accept(ctx, in)
	return err
}

// accept gives the changes too, so that a caller can see what became of each.
func (s *Service) accept(ctx context.Context, in []providers.Inbound) ([]change, error) {
	changes := make([]change, 0, len(in))
	for _, one := range in {
		next, err := s.changeOf(ctx, one)
		if err != nil {
			return nil, err
		}
		if next != nil {
			changes = append(changes, next)
		}
	}
	if len(changes) == 0 {
		return nil, nil
	}
	s.afterSends(ctx, in)
	if err := s.group.submit(ctx, changes...); err != nil {
		return nil, err
	}
	if err := dropIgnored(ctx, changes); err != nil {
		return nil, err
	}
	s.fetchSoon(changes)
	s.markProcessed(ctx, changes)
	return changes, nil
}

// markProcessed lets contacts see that their messages were taken in, where the
// provider shows such things and the message came over its connection. One that
// came again is shown again: the server that took it in may have died before.
func (s *Service) markProcessed(ctx context.Context, changes []change) {
	for _, ch := range changes {
		in, ok := ch.(*inboundChange)
		if !ok || !in.live || in.in.FromPhone || in.in.ID == "" || in.result.ignored {
			continue
		}
		hold, err := s.channels.HoldOf(ctx, in.ch.ID)
		if err != nil || hold.Fence == 0 {
			continue
		}
		conn, err := s.channels.Conn(ctx, in.ch.ID)
		if err != nil {
			continue
		}
		if marker, ok := conn.(providers.ProcessMarker); ok {
			marker.MarkProcessed(in.in)
		}
	}
}

// changeOf dispatches an inbound; nil means that there is nothing to store.
func (s *Service) changeOf(ctx context.Context, in providers.Inbound) (change, error) {
	ch, err := s.channels.Get(ctx, in.Channel)
	if err != nil {
		return nil, err
	}
	facts, err := s.factsOf(ctx, ch, in.Platform)
	if err != nil {
		return nil, err
	}
	if event, is := in.Payload.(providers.GatewayEvent); is && event.Type == "BATTERY" {
		return nil, s.noteBattery(ctx, ch.ID, event)
	}
	if ch.Settings.Mode == channels.Gateway {
		return passThrough(ctx, facts, in), nil
	}
	switch payload := bounded(in.Payload).(type) {
	case providers.MessageReceived:
		if len(payload.From.Addresses) == 0 {
			slog.WarnContext(ctx, "a message without a sender is dropped", "channel_id", ch.ID.String())
			return nil, nil
		}
		taken := newInbound(facts, payload, in.ReceivedAt)
		taken.drop = in.Drop
		taken.live = in.Platform.IsZero() // a webhook's URL names one
		return taken, nil
	case providers.MessageEdited:
		edit := newEdit(facts, payload)
		edit.drop = in.Drop
		return edit, nil
	case providers.MessageRevoked:
		return newRevoke(facts, payload), nil
	case providers.StatusChanged:
		return newStatus(facts, payload), nil
	case providers.ContactMoved:
		return newMove(facts, payload), nil
	case providers.GroupSynced:
		return &groupChange{ch: facts, group: payload.Group}, nil
	case providers.ChannelNotice:
		slog.InfoContext(ctx, "the provider has news of a channel", "channel_id", ch.ID.String(), "kind", payload.Kind, "detail", payload.Detail)
		return nil, nil
	case providers.GatewayEvent:
		if !facts.Hook.none() {
			return passThrough(ctx, facts, in), nil
		}
		slog.DebugContext(ctx, "a gateway event is noted", "channel_id", ch.ID.String(), "type", payload.Type)
		return nil, nil
	default:
		slog.ErrorContext(ctx, "an inbound of an unknown kind is dropped", "channel_id", ch.ID.String(), "kind", fmt.Sprintf("%T", payload))
		return nil, nil
	}
}
