package messages

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

// maxDepth is how deep a webhook's JSON may nest.
const maxDepth = 64

// WebhookGate is what a webhook must pass before it is read.
type WebhookGate interface {
	// Receiver reads the provider's webhooks.
	Receiver(provider providers.Name) (providers.WebhookReceiver, bool)
	// AdmitWebhook refuses, before its body is read, a request that no body can
	// make good.
	AdmitWebhook(ctx context.Context, ch channels.Channel, header http.Header, query url.Values) error
	// VerifyWebhook refuses a request that does not prove to know the
	// channel's secret.
	VerifyWebhook(ctx context.Context, ch channels.Channel, header http.Header, query url.Values, body []byte) error
	// NoteURL shows in the channel's state that verified webhooks come to a URL
	// whose platform config is gone; zero: this one came to a good URL.
	NoteURL(ctx context.Context, ch channels.Channel, gone ids.PlatformConfig)
}

type webhookAnswer struct {
	Received  int  `json:"received"`
	Duplicate bool `json:"duplicate,omitempty"`
}

// webhook takes in what a provider delivers: 200 only once it is stored.
func (s *Service) webhook(provider providers.Name) func(*gin.Context) error {
	return func(c *gin.Context) error {
		to, err := s.addressed(c, provider)
		if err != nil {
			return err
		}
		ch := to.ch
		if err := s.gate.AdmitWebhook(c.Request.Context(), ch, c.Request.Header, c.Request.URL.Query()); err != nil {
			return err
		}
		body, err := web.ReadBody(c)
		if err != nil {
			return err
		}
		if err := s.gate.VerifyWebhook(c.Request.Context(), ch, c.Request.Header, c.Request.URL.Query(), body); err != nil {
			return err
		}
		s.gate.NoteURL(c.Request.Context(), ch, to.gone)
		if to.platform.IsZero() {
			return noChannel(provider)
		}
		if err := web.CheckJSON(body, maxDepth); err != nil {
			return err
		}
		in, err := s.read(c, ch, to.platform, body)
		if err != nil {
			return err
		}
		changes, err := s.accept(c.Request.Context(), in)
		if err != nil {
			return err
		}
		web.Answer(c, webhookAnswer{Received: len(in), Duplicate: allDuplicates(changes)})
		return nil
	}
}

// destination is whom a webhook is for.
type destination struct {
	ch       channels.Channel
	platform ids.PlatformConfig // zero: the account has none at all
	gone     ids.PlatformConfig // what the URL names, where that is there no more
}

func noChannel(provider providers.Name) error {
	return fault.New(fault.NotFound, "There is no channel of provider %s under this URL. Copy it from the channel's `webhook.url`.", provider)
}

// addressed finds the channel and the platform of the webhook's URL. Both must
// be of one account. For a platform that nobody has, as when it was deleted, the
// account's default steps in: what a customer wrote must not be lost with it.
func (s *Service) addressed(c *gin.Context, provider providers.Name) (destination, error) {
	missing, ctx := noChannel(provider), c.Request.Context()
	config, errConfig := ids.Parse[ids.PlatformConfig](c.Param("platformConfigId"))
	id, errChannel := ids.Parse[ids.Channel](c.Param("channelId"))
	if errConfig != nil || errChannel != nil {
		return destination{}, missing
	}
	ch, err := s.channels.Get(ctx, id)
	if err != nil || ch.Provider != provider {
		if err != nil && !fault.Is(err, fault.NotFound) {
			return destination{}, err
		}
		return destination{}, missing
	}
	platform, err := s.platforms.Get(ctx, ch.Account, config)
	switch {
	case fault.Is(err, fault.NotFound):
		return s.instead(ctx, ch, config, missing)
	case err == nil && !platform.Channel.IsZero():
		err = platform.NoPlatform("platformConfigId")
	}
	return destination{ch: ch, platform: config}, err
}

// instead gives the account's default for a platform that is gone; missing, when
// it is another account's.
func (s *Service) instead(ctx context.Context, ch channels.Channel, gone ids.PlatformConfig, missing error) (destination, error) {
	there, err := s.platforms.Exists(ctx, gone)
	if err == nil && there {
		err = missing
	}
	if err != nil {
		return destination{}, err
	}
	config, _, err := s.platforms.Default(ctx, ch.Account)
	return destination{ch: ch, platform: config.ID, gone: gone}, err
}

// read turns the body into inbounds, each on the channel that it is for.
func (s *Service) read(c *gin.Context, ch channels.Channel, platform ids.PlatformConfig, body []byte) ([]providers.Inbound, error) {
	ctx := c.Request.Context()
	receiver, ok := s.gate.Receiver(ch.Provider)
	if !ok {
		return nil, fault.New(fault.Internal, "no receiver for provider %s is registered", ch.Provider)
	}
	now := s.now()
	received, err := receiver.Receive(body, now)
	if err != nil {
		slog.WarnContext(ctx, "a webhook could not be read", "channel_id", ch.ID.String(), "error", err, "bytes", len(body))
		return nil, fault.Wrap(err, fault.MalformedRequest, "The body is not a webhook of provider %s: %v.", ch.Provider, err)
	}
	for _, problem := range received.Problems {
		slog.WarnContext(ctx, "an element of a webhook could not be read", "channel_id", ch.ID.String(), "error", problem)
	}
	in := make([]providers.Inbound, 0, len(received.Items))
	for _, item := range received.Items {
		channel, err := s.channelFor(ctx, ch, item.Number)
		if err != nil {
			return nil, err
		}
		if len(received.Items) == 1 {
			item.Payload = named(item.Payload, c.Request.Header)
		}
		in = append(in, providers.Inbound{Channel: channel, Platform: platform, ReceivedAt: now, Payload: item.Payload})
	}
	return in, nil
}

// named gives a message without an id the one that its sender put into a
// header. It counts only where the webhook is one message: two would share it.
func named(payload providers.InboundPayload, header http.Header) providers.InboundPayload {
	message, ok := payload.(providers.MessageReceived)
	if !ok || message.ID != "" {
		return payload
	}
	for _, name := range []string{"Webhook-Id", "Idempotency-Key"} {
		if id := header.Get(name); id != "" {
			message.DedupeKey, message.DedupeWindow = "header\x00"+id, 0
			return message
		}
	}
	return payload
}

// channelFor routes a webhook that mixes numbers, within the account only; an
// unknown number goes to the URL's channel.
func (s *Service) channelFor(ctx context.Context, ch channels.Channel, number string) (ids.Channel, error) {
	if number == "" || number == ch.NumberID {
		return ch.ID, nil
	}
	other, ok, err := s.channels.ByNumberID(ctx, ch.Account, number)
	if err != nil || !ok || other.Provider != ch.Provider {
		return ch.ID, err
	}
	return other.ID, nil
}

// allDuplicates tells whether every message of a webhook was there already.
func allDuplicates(changes []change) bool {
	messages := 0
	for _, ch := range changes {
		switch one := ch.(type) {
		case *inboundChange:
			if !one.result.duplicate {
				return false
			}
		case *gatewayChange:
			if !one.duplicate {
				return false
			}
		default:
			return false
		}
		messages++
	}
	return messages > 0
}
