package gateway

import (
	"context"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/web"
)

type setWebhookRequest struct {
	Number string `path:"clientNumber"`
	URL    string `query:"url" validate:"required,max=2048"`
}

// setWebhook sets the URL that the number's events are posted to; the types it
// hears stay as they are.
func (s *Service) setWebhook(ctx context.Context, req *setWebhookRequest) (channels.HookView, error) {
	return s.channels.SetHook(ctx, channelOf(ctx), req.URL, nil)
}

type putWebhookRequest struct {
	Number string   `path:"clientNumber" json:"-"`
	URL    string   `json:"url" validate:"required,max=2048"`
	Events []string `json:"events" validate:"max=64"`
}

// putWebhook sets the URL and the types that it hears; none: all.
func (s *Service) putWebhook(ctx context.Context, req *putWebhookRequest) (channels.HookView, error) {
	return s.channels.SetHook(ctx, channelOf(ctx), req.URL, &req.Events)
}

// webhook tells of the number's webhook.
func (s *Service) webhook(ctx context.Context, _ *numberRequest) (channels.HookView, error) {
	return s.channels.Hook(ctx, channelOf(ctx))
}

// endWebhook ends it.
func (s *Service) endWebhook(ctx context.Context, _ *numberRequest) (web.None, error) {
	return web.None{}, s.channels.EndHook(ctx, channelOf(ctx))
}
