package channels

import (
	"context"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// webhookSegment is a provider's name in the URLs of its webhooks, where it is
// another than on the rest of the wire.
var webhookSegment = map[providers.Name]string{providers.D360: "360dialog"}

// webhookURL is where a channel's provider delivers, and the platform in it.
// Without a public URL it is a path; it is empty while the account has no
// platform.
func (s *Service) webhookURL(ctx context.Context, r row) (string, ids.PlatformConfig, error) {
	platform, err := s.platformOf(ctx, r)
	if err != nil || platform.IsZero() {
		return "", platform, err
	}
	segment, other := webhookSegment[r.Provider]
	if !other {
		segment = string(r.Provider)
	}
	return s.publicURL + "/api/webhook/" + segment + "/" + platform.String() + "/" + r.ID.String(), platform, nil
}

// Connect asks the provider how a channel is and tells it again where to
// deliver, though it may know. What it refuses is the provider's fault code;
// capability_unsupported where a provider is told by its operator, conflict
// where our own address is not known.
func (s *Service) Connect(ctx context.Context, id ids.Channel) error {
	_, err := s.check(ctx, id, checkAsked)
	return err
}

// tellWebhook tells the provider where to deliver, unless it knows. set notes
// what became of it, failed is why it could not be done.
func (s *Service) tellWebhook(ctx context.Context, l loaded, conn providers.Conn, why occasion) (set func(*webhook), failed, err error) {
	setter, ok := conn.(providers.WebhookSetter)
	if !ok {
		return nil, s.cannotSet(l.row, why), nil
	}
	wanted, platform, err := s.webhookURL(ctx, l.row)
	if err != nil {
		return nil, nil, err
	}
	if problem := s.obstacle(l.row, wanted, why); problem != "" {
		if why == checkAsked {
			failed = fault.New(fault.Conflict, "The webhook of channel %s cannot be set. %s", l.ID, problem)
		}
		return func(w *webhook) {
			if w.Told != "" || !w.Heard {
				w.Problem = problem
			}
		}, failed, nil
	}
	if l.Webhook.Told == wanted && why != checkAsked {
		return func(w *webhook) { w.Problem = "" }, nil, nil
	}
	refused := setter.SetWebhook(ctx, wanted, map[string]string{"Authorization": "Bearer " + l.secrets.WebhookSecret.Reveal()})
	if refused == nil {
		return func(w *webhook) { w.Told, w.ToldPlatform, w.Problem = wanted, platform, "" }, nil, nil
	}
	send := providers.AsSendError(refused)
	if why == checkAsked {
		failed = send.Fault()
	}
	return func(w *webhook) {
		w.Problem = "The provider was not told where to deliver: " + ended(send.Detail) + " It is tried again every few minutes; POST …/channels/" + l.ID.String() + "/webhook tries at once."
	}, failed, nil
}

// obstacle is why the provider cannot be told, and what to do; empty when it
// can.
func (s *Service) obstacle(r row, wanted string, why occasion) string {
	again := "POST …/channels/" + r.ID.String() + "/webhook"
	switch {
	case wanted == "":
		return "The account has no platform, so there is no URL to deliver to. Make a platform config, then " + again + "."
	case s.publicURL == "":
		return "OMNI_PUBLIC_URL is not set, so the provider was not told where to deliver. Set it, then " + again + "; or register the URL and the secret at the provider by hand."
	case why == checkDue && r.Webhook.Told != "" && r.Webhook.Told != wanted:
		// Two servers with different settings would otherwise take it from
		// each other for ever.
		return "The provider delivers to " + r.Webhook.Told + ", which is not this channel's URL any more. " + again + " tells it the new one."
	default:
		return ""
	}
}

// cannotSet refuses to set a webhook where that was asked for and a provider
// has no such call.
func (s *Service) cannotSet(r row, why occasion) error {
	if why != checkAsked {
		return nil
	}
	return fault.New(fault.CapabilityUnsupported, "Provider %s cannot be told where to deliver by us (capability webhook). Give its sender the URL and the secret.", r.Provider)
}
